"""Training one run from its folder, from wherever it stands to its end, told as events."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import FrameType

import torch

from lab.errors import Code, LabError, RunError, TrainingError
from lab.files import hold_alone
from lab.training import run_status
from lab.training.device import keep_large_blocks
from lab.training.events import EndEvent, EpochEvent, Event, StepEvent
from lab.training.orders import Order, OrderBox
from lab.training.pulse import Heart
from lab.training.queue import withdraw
from lab.training.recipe import TrainSpec
from lab.training.run_folder import Run
from lab.training.run_status import Marker, Status
from lab.training.trainer import SAVE_INTERVAL_S, Trainer

__all__ = ["EndEvent", "EpochEvent", "Event", "StepEvent", "ending_politely", "train"]

# A worker that has just paused and given way may still be closing its files.
_LOCK_PATIENCE_S = 3.0


def train(
    spec: TrainSpec,
    *,
    run: Run,
    give_way: Callable[[], bool] | None = None,
    save_interval_s: float = SAVE_INTERVAL_S,
) -> Iterator[Event]:
    """Train a run, or go on with it from its last checkpoint.

    The steps are taken while the events are asked for. Orders in the run's folder (pause, resume, stop, learning rate)
    are followed between steps. torch's global random state belongs to this training while it lasts, for dropout.

    Args:
        spec: the recipe, equal to ``run.spec()``.
        run: where everything is written.
        give_way: asked while paused; ``True`` ends the iterator with the run still paused, to free the device.
        save_interval_s: most seconds between two states to resume from, besides those at the end of each epoch.

    Yields:
        What happened, the last an :class:`EndEvent`.

    Raises:
        RunError: another process trains this run, or no checkpoint is whole.
        TrainingError: TRAIN-DIVERGED, TRAIN-DEVICE, TRAIN-RECIPE.
        DataError: the images cannot be had.
        LabError: DISK-FULL. Whatever is raised, the run's status says it too.
    """
    withdraw(run)
    with hold_alone(run.path / "lock", patience_s=_LOCK_PATIENCE_S) as is_mine:
        if not is_mine:
            raise RunError(Code.RUN_STATE, "another process is training this run", where=run.id)
        with Heart(run.path) as heart, _failure_in_status(run):
            keep_large_blocks()
            trainer = Trainer(spec, run, heart, give_way or (lambda: False), save_interval_s)
            _mark(run, "running", trainer.message)
            try:
                status, message = yield from trainer.events()
            except (KeyboardInterrupt, GeneratorExit):
                trainer.save_if_between_steps()
                _mark(run, "interrupted", "Interrupted. Resume goes on from the last checkpoint.")
                raise
            _mark(run, status, message)
        yield EndEvent(run.id, status, message)


@contextlib.contextmanager
def ending_politely(run: Run, *signals: signal.Signals) -> Iterator[None]:
    """Let ``signals`` (Ctrl-C, the system's request to end) finish the step and save before training ends.

    Works in the main thread only, as signals do.
    """
    orders: list[Path] = []

    def leave_order(_number: int, _frame: FrameType | None) -> None:
        orders.append(OrderBox(run.path).put(Order("interrupt")))

    before = {number: signal.signal(number, leave_order) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for order in orders:  # a second Ctrl-C, never taken, would end the resumed run at its first step
            order.unlink(missing_ok=True)


@contextlib.contextmanager
def _failure_in_status(run: Run) -> Iterator[None]:
    """Whatever goes wrong inside ends as a sentence in the run's status too."""
    try:
        yield
    except LabError as error:
        _mark(run, "failed", error.sentence, error.code.value)
        raise
    except Exception as error:
        explained = _in_words(error)
        if explained is None:
            name = type(error).__name__
            _mark(run, "failed", f"Training ended with an error of the lab itself ({name}); the log says more.")
            raise
        _mark(run, "failed", explained.sentence, explained.code.value)
        raise explained from error


def _in_words(error: Exception) -> TrainingError | None:
    """Explain the failures that a recipe can cause and that only PyTorch notices."""
    text = str(error)
    if isinstance(error, torch.OutOfMemoryError | MemoryError) or "allocate memory" in text:
        what = "there is not enough memory for this network and batch size"
        now = "choose a smaller batch_size, a smaller network or smaller pictures"
        return TrainingError(Code.TRAINING_DEVICE, what, where="batch_size", now=now)
    if "more than 1 value per channel" in text:
        what = "batch normalisation needs more than one number per channel, and this batch has a single one"
        return TrainingError(Code.RECIPE, what, where="batch_size", now="choose a batch_size of at least 2")
    return None


def _mark(run: Run, status: Status, message: str = "", code: str = "") -> None:
    before = run_status.read_marker(run.path) or Marker(status)
    try:
        run_status.write_marker(run.path, replace(before, status=status, message=message, code=code))
    except LabError as error:
        # A full disk: the vanished worker will be seen as an interruption, and nothing saved is lost.
        print(error.sentence, flush=True)
