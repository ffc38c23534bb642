"""Is the process that wrote this still alive? Also when its number has been given to another process since."""

from __future__ import annotations

import contextlib
import os
import platform
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# A worker writes its heartbeat every half second from a thread of its own; a laptop that wakes up needs some seconds.
HEARTBEAT_TIMEOUT_S = 30.0


@dataclass(frozen=True)
class ProcessId:
    """A process that cannot be mistaken for another.

    Attributes:
        pid: its number on its machine; numbers are given out again after a process has ended.
        started: when it started, in the system's own words; empty where the system does not tell.
        host: the machine, and which start of it where that is known: after a restart no old process lives.
    """

    pid: int
    started: str
    host: str


def this_process() -> ProcessId:
    """Identify the running process."""
    return process_id(os.getpid())


def process_id(pid: int) -> ProcessId:
    """Identify process number ``pid`` of this machine."""
    return ProcessId(pid, _start_time(pid) or "", host_id())


def is_alive(process: ProcessId, heartbeat: float) -> bool:
    """Tell whether ``process`` still runs.

    On this machine, where ``/proc`` exists, number and start time decide; elsewhere the age of the heartbeat does.

    Args:
        process: as the worker wrote it.
        heartbeat: its last sign of life, seconds since 1970.
    """
    if process.host == host_id() and process.started:
        return _start_time(process.pid) == process.started
    return time.time() - heartbeat < HEARTBEAT_TIMEOUT_S


def host_id() -> str:
    """Name this machine and, on Linux, this start of it."""
    try:
        return f"{platform.node()} {Path('/proc/sys/kernel/random/boot_id').read_text().strip()}"
    except OSError:
        return platform.node()


def _start_time(pid: int) -> str | None:
    """Return field 22 of ``/proc/<pid>/stat``; ``None`` when there is no such process, or it ended (a zombie)."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    # The second field is the program's name in brackets and may itself contain spaces and brackets.
    state, *rest = text.rpartition(")")[2].split()
    return None if state in "ZX" else rest[18]


@contextlib.contextmanager
def hold_alone(path: Path, *, patience_s: float = 0.0) -> Iterator[bool]:
    """Try to hold the lock file ``path``; the system lets go of it when the process ends, however it ends.

    Args:
        path: the file; made if missing, never removed.
        patience_s: how long to try.

    Yields:
        Whether it is held; ``False`` when another process has it.
    """
    with path.open("ab") as file:
        deadline = time.monotonic() + patience_s
        while not (is_held := _try_lock(file.fileno())) and time.monotonic() < deadline:
            time.sleep(0.05)
        yield is_held


def _try_lock(descriptor: int) -> bool:
    try:
        _lock(descriptor)
    except OSError:
        return False
    return True


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
