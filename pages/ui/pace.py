"""Something that all sessions together do at most once in a while."""

from __future__ import annotations

import math
import threading


class Pace:
    """Says to one caller in each interval that it is due: thirty open tabs do it once.

    Examples:
        >>> pace = Pace(5.0)
        >>> pace.due(100.0), pace.due(101.0), pace.due(105.0)
        (True, False, True)
    """

    def __init__(self, interval_s: float) -> None:
        self._interval_s = interval_s
        self._lock = threading.Lock()
        self._last_s = -math.inf

    def due(self, now_s: float) -> bool:
        """Whether this caller is the one to do it now."""
        with self._lock:
            if now_s - self._last_s < self._interval_s:
                return False
            self._last_s = now_s
            return True
