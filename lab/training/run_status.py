"""How a run is doing: a marker that is always whole, a pulse that its worker renews, and what both mean together."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from lab.files import write_json
from lab.training.process import ProcessId, is_alive
from lab.training.saved import read_saved, saved

Status = Literal["queued", "running", "paused", "done", "stopped", "failed", "interrupted", "damaged"]

MARKER_FILE = "status.json"
PULSE_FILE = "worker.json"
# Statuses in which a worker has the run in its hands.
_HELD = ("running", "paused")


@saved
@dataclass(frozen=True)
class Marker:
    """The last thing that happened to a run, written durably at each change.

    Attributes:
        status: see :data:`Status`.
        message: one sentence for the learner, empty when the status says it all.
        code: of the error that ended the run, empty otherwise.
        changed_at: seconds since 1970.
        queued_at: when it was last submitted, seconds since 1970; 0 when never.
        device: the device it waits for or runs on.
    """

    status: Status
    message: str = ""
    code: str = ""
    changed_at: float = 0.0
    queued_at: float = 0.0
    device: str = ""


@saved
@dataclass(frozen=True)
class Pulse:
    """A worker's sign of life, renewed about twice a second; may be lost in a power cut.

    Attributes:
        process: who writes it.
        heartbeat: when, seconds since 1970.
        epoch: the epoch it is in, from 1; 0 before the first step.
        step, n_steps: steps taken, and steps of the whole run.
        images_per_s: training images per second, a moving average; 0 before the first.
        time_left_s: estimated seconds to the end, evaluation included; ``None`` before it can be said.
        device: where it computes, in words.
        lr: learning rate of the last step.
        time_s: seconds trained so far, evaluation and the epoch under way included, pauses not.
    """

    process: ProcessId
    heartbeat: float
    epoch: int = 0
    step: int = 0
    n_steps: int = 0
    images_per_s: float = 0.0
    time_left_s: float | None = None
    device: str = ""
    lr: float | None = None
    time_s: float = 0.0


@dataclass(frozen=True)
class RunStatus:
    """How a run is doing right now.

    Attributes:
        status: queued, running, paused, done, stopped, failed, interrupted or damaged.
        place_in_line: 1 is next; 0 when it does not wait.
        message: one sentence, possibly empty.
        epoch, n_epochs: finished or current epoch, and planned ones.
        step, n_steps: steps taken and planned; ``n_steps`` is 0 before the worker has counted them.
        images_per_s: training images per second; 0 when it does not run.
        time_left_s: estimated seconds to the end; ``None`` when unknown or not running.
        device: where it computes or is to compute, in words.
        lr: learning rate of the last step; ``None`` before the first.
        heartbeat: the worker's last sign of life, seconds since 1970; 0 when there was none.
        code: of the error that ended the run, empty otherwise.
        changed_at: when the status last changed, seconds since 1970.
        time_s: seconds trained so far, as in :class:`Pulse`.
    """

    status: Status
    place_in_line: int = 0
    message: str = ""
    epoch: int = 0
    n_epochs: int = 0
    step: int = 0
    n_steps: int = 0
    images_per_s: float = 0.0
    time_left_s: float | None = None
    device: str = ""
    lr: float | None = None
    heartbeat: float = 0.0
    code: str = ""
    changed_at: float = 0.0
    time_s: float = 0.0

    @property
    def is_active(self) -> bool:
        """Whether something can still change by itself: it waits, runs, or a worker holds it paused."""
        return self.status in ("queued", "running", "paused")


def write_marker(run_folder: Path, marker: Marker) -> None:
    """Write the marker durably, stamped with the time."""
    write_json(run_folder / MARKER_FILE, asdict(replace(marker, changed_at=time.time())))


def read_marker(run_folder: Path) -> Marker | None:
    """Read the marker; ``None`` when it is missing or damaged."""
    try:
        return read_saved(Marker, (run_folder / MARKER_FILE).read_bytes())
    except (OSError, ValueError):
        return None


def write_pulse(run_folder: Path, pulse: Pulse) -> None:
    """Renew the sign of life, without waiting for the disk."""
    write_json(run_folder / PULSE_FILE, asdict(pulse), durable=False)


def read_pulse(run_folder: Path) -> Pulse | None:
    """Read the last sign of life; ``None`` when there is none or it is damaged."""
    try:
        return read_saved(Pulse, (run_folder / PULSE_FILE).read_bytes())
    except (OSError, ValueError):
        return None


def has_live_worker(run_folder: Path) -> bool:
    """Whether the process that last held this run still lives."""
    pulse = read_pulse(run_folder)
    return pulse is not None and is_alive(pulse.process, pulse.heartbeat)


def current_marker(run_folder: Path) -> Marker | None:
    """Read the marker, seeing through a worker that vanished: such a run counts as interrupted, or stays paused."""
    marker = read_marker(run_folder)
    if marker is None or marker.status not in _HELD or has_live_worker(run_folder):
        return marker
    if marker.status == "paused":
        return marker
    return replace(marker, status="interrupted", message=INTERRUPTED_MESSAGE)


INTERRUPTED_MESSAGE = "The training process ended unexpectedly. Resume goes on from the last checkpoint."
