"""The worker's sign of life, renewed by a thread of its own, so that one long step does not look like a death."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from lab.errors import LabError
from lab.training.process import this_process
from lab.training.run_status import Pulse, write_pulse

_INTERVAL_S = 0.5


class Heart:
    """Writes a pulse twice a second while it is entered.

    Args:
        run_folder: the run's folder.
        pulse: the first one; :meth:`set` changes it.
    """

    def __init__(self, run_folder: Path, pulse: Pulse | None = None) -> None:
        self._folder = run_folder
        self._pulse = pulse or Pulse(this_process(), time.time())
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._beat_until_stopped, name="heart", daemon=True)

    def set(self, **changes: object) -> None:
        """Change fields of the pulse; the next beat writes them."""
        self._pulse = replace(self._pulse, **changes)  # type: ignore[arg-type]

    def beat(self) -> None:
        """Write the pulse now."""
        try:
            write_pulse(self._folder, replace(self._pulse, heartbeat=time.time()))
        except (LabError, OSError) as error:
            # Only a sign of life: training goes on, and what matters reports a full disk itself.
            print(f"the sign of life could not be written: {error}", flush=True)

    def __enter__(self) -> Heart:
        self.beat()
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stopped.set()
        self._thread.join()
        self.beat()

    def _beat_until_stopped(self) -> None:
        while not self._stopped.wait(_INTERVAL_S):
            self.beat()
