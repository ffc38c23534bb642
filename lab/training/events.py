"""What a training tells while it runs; see :func:`lab.training.loop.train`."""

from __future__ import annotations

from dataclasses import dataclass

from lab.training.history import EpochRow
from lab.training.run_status import Status


@dataclass(frozen=True)
class StepEvent:
    """Some steps were taken; for a progress bar.

    Attributes:
        step, n_steps: steps taken, and steps of the whole run.
        epoch: the epoch they belong to, from 1.
        loss: of the last of these steps.
        lr: learning rate of the last of these steps.
        images_per_s: training images per second.
        time_left_s: estimated seconds to the end.
    """

    step: int
    n_steps: int
    epoch: int
    loss: float
    lr: float
    images_per_s: float
    time_left_s: float | None


@dataclass(frozen=True)
class EpochEvent:
    """An epoch is complete, evaluated and saved; epoch 0 is the untrained network."""

    row: EpochRow
    n_epochs: int


@dataclass(frozen=True)
class EndEvent:
    """Nothing more will come: done, stopped, interrupted, or paused and given way."""

    run_id: str
    status: Status
    message: str


Event = StepEvent | EpochEvent | EndEvent
Ending = tuple[Status, str]
"""The status that a training ends with, and its message."""
