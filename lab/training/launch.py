"""Starting workers as processes and sessions of their own, so that they outlive the page and the server.

Importing torch takes seconds, and a learner who presses Start wants to see a curve. So a server may keep one **spare**
worker: a process that has imported everything and waits, at the lowest priority, for the name of a run on its standard
input. It ends by itself when the server does, or when nobody has needed it for a while.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import lab
from lab.training.process import ProcessId, process_id

# Where `python -m lab.training.worker` finds the package, wherever the server was started.
_PACKAGE_ROOT = Path(lab.__file__).resolve().parent.parent
# How long a spare waits before it ends; it takes about 300 MB while it does.
SPARE_LIFETIME_S = 900.0
# A spare this close to its end is left alone: it might end while it is being asked.
_SPARE_MARGIN_S = 30.0
# Windows: no signals from the server's console, lowest priority (elsewhere a session of its own; the worker is nice).
if sys.platform == "win32":
    _CREATION_FLAGS = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.IDLE_PRIORITY_CLASS
else:
    _CREATION_FLAGS = 0


def start_worker(run_folder: Path) -> ProcessId:
    """Have ``run_folder`` trained, by the spare if there is one, and return at once.

    Raises:
        OSError: the system starts no process, or the log cannot be opened.
    """
    spare = _take_spare(run_folder.parent.parent)
    if spare is not None and spare.take(run_folder):
        return process_id(spare.process.pid)
    with (run_folder / "log.txt").open("ab") as log:
        process = _popen([str(run_folder)], run_folder.parent.parent, stdin=subprocess.DEVNULL, output=log.fileno())
    return process_id(process.pid)


def keep_spare(home: Path) -> None:
    """Start a spare worker unless there is one; costs some seconds of a processor that has nothing better to do."""
    global _spare  # noqa: PLW0603 (one spare a server is the point)
    with _spare_lock:
        if _spare is None or not _spare.is_usable(home):
            _drop_spare()
            process = _popen(["--wait"], home, stdin=subprocess.PIPE, output=subprocess.DEVNULL)
            _spare = _Spare(process, home, time.monotonic())


def drop_spare() -> None:
    """End the spare worker, if there is one."""
    with _spare_lock:
        _drop_spare()


@dataclass(frozen=True)
class _Spare:
    process: subprocess.Popen[bytes]
    home: Path
    started_at: float

    def is_usable(self, home: Path) -> bool:
        is_young = time.monotonic() - self.started_at < SPARE_LIFETIME_S - _SPARE_MARGIN_S
        return self.home == home and is_young and self.process.poll() is None

    def take(self, run_folder: Path) -> bool:
        """Give it its run; ``False`` when it has just ended."""
        assert self.process.stdin is not None  # noqa: S101 (started with a pipe)
        try:
            self.process.stdin.write(f"{run_folder}\n".encode())
            self.process.stdin.close()
        except OSError:
            return False
        return True


_spare: _Spare | None = None
_spare_lock = threading.Lock()


def _take_spare(home: Path) -> _Spare | None:
    global _spare
    with _spare_lock:
        if _spare is None or not _spare.is_usable(home):
            return None
        spare, _spare = _spare, None
        return spare


def _drop_spare() -> None:
    global _spare  # noqa: PLW0603
    if _spare is not None and _spare.process.stdin is not None:
        with contextlib.suppress(OSError):  # it may have ended already, with the pipe
            _spare.process.stdin.close()
        _spare.process.wait()
    _spare = None


def _popen(arguments: list[str], home: Path, *, stdin: int, output: int) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(  # noqa: S603 (our own interpreter, a path that open_run has checked)
        [sys.executable, "-m", "lab.training.worker", *arguments, "--beside-page"],
        stdin=stdin,
        stdout=output,
        stderr=output,
        cwd=_PACKAGE_ROOT,
        env=os.environ | {"LAB_HOME": str(home)},
        start_new_session=True,
        creationflags=_CREATION_FLAGS,
    )
    # A parent that never asks keeps a dead child in the process table; this thread asks.
    threading.Thread(target=process.wait, name=f"reap-{process.pid}", daemon=True).start()
    return process
