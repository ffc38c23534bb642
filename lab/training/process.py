"""Is the process that wrote this still alive? Also when its number has been given to another process since."""

from __future__ import annotations

import os
import platform
import time
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
