"""A pulse on every page: the queue of runs is tended, and a tab left open heals after a restart of the server."""

from __future__ import annotations

import threading
import time

import streamlit as st

from lab.training import queue
from pages.ui import messages, state

PULSE_S = 5.0


class _Pulse:
    """When the queue was last tended, for all sessions together: thirty open tabs tend it once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last_s = 0.0

    def due(self, now_s: float) -> bool:
        """Whether this caller is the one to tend the queue now."""
        with self._lock:
            if now_s - self._last_s < 0.8 * PULSE_S:
                return False
            self._last_s = now_s
            return True


@st.cache_resource(show_spinner=False)
def _pulse() -> _Pulse:
    return _Pulse()


@st.fragment(run_every=PULSE_S)
def beat() -> None:
    """Tend the queue of runs every few seconds while any page is open."""
    state.settle()  # for fragments that do not do it themselves
    if not _pulse().due(time.monotonic()):
        return
    with messages.guarded():
        queue.tend()
