"""Starting a worker as a process and session of its own, so that it outlives the page and the server."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import lab
from lab.training.process import ProcessId, process_id

# Where `python -m lab.training.worker` finds the package, wherever the server was started.
_PACKAGE_ROOT = Path(lab.__file__).resolve().parent.parent
# Windows: no signals from the server's console, lowest priority (elsewhere a session of its own; the worker is nice).
if sys.platform == "win32":
    _CREATION_FLAGS = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.IDLE_PRIORITY_CLASS
else:
    _CREATION_FLAGS = 0


def start_worker(run_folder: Path) -> ProcessId:
    """Start a worker for ``run_folder`` and return at once.

    Raises:
        OSError: the system starts no process, or the log cannot be opened.
    """
    with (run_folder / "log.txt").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 (our own interpreter, a path that open_run has checked)
            [sys.executable, "-m", "lab.training.worker", str(run_folder), "--beside-page"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=_PACKAGE_ROOT,
            env=os.environ | {"LAB_HOME": str(run_folder.parent.parent)},
            start_new_session=True,
            creationflags=_CREATION_FLAGS,
        )
    identity = process_id(process.pid)
    reap(process)
    return identity


def reap(process: subprocess.Popen[bytes]) -> None:
    """Collect the process when it ends: a parent that never asks keeps a dead child in the process table."""
    threading.Thread(target=process.wait, name=f"reap-{process.pid}", daemon=True).start()
