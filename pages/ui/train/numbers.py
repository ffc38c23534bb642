"""The numbers above a run's curves, each with a note where it would puzzle and a hint."""

from __future__ import annotations

from dataclasses import dataclass

from lab.training.history import History
from lab.training.recipe import TrainSpec
from lab.training.run_status import RunStatus
from lab.training.schedule import WARM_UP_SHARE
from pages.ui import units


@dataclass(frozen=True)
class Number:
    """One number: what it is, its text, what a question mark beside it tells, and a few words below it."""

    label: str
    value: str
    hint: str
    note: str = ""


def numbers(status: RunStatus, history: History, spec: TrainSpec) -> tuple[Number, ...]:
    """The six numbers, in the order in which one looks for them."""
    last = history.epochs[-1] if history.epochs else None
    best = max((row.test_accuracy for row in history.epochs), default=None)
    accuracy = "Share of the test images classified correctly"
    return (
        Number(
            "Last test accuracy", _percent(last.test_accuracy if last else None), f"{accuracy} after the latest epoch."
        ),
        Number("Best test accuracy", _percent(best), f"{accuracy} after the best epoch so far."),
        Number(
            "Last test loss",
            f"{last.test_loss:.3f}" if last else "–",
            "Mean loss on images the network never trains on.",
        ),
        _speed(status, history),
        _rate(status, history, spec),
        _time(status, history),
    )


def _percent(share: float | None) -> str:
    return "–" if share is None else units.percent(share)


def _speed(status: RunStatus, history: History) -> Number:
    """Now while it trains, none while it waits, of the last epoch once it has ended."""
    speeds = [row.images_per_s for row in history.epochs if row.images_per_s]
    speed = status.images_per_s or (speeds[-1] if speeds and status.status != "paused" else 0.0)
    text = units.count(round(speed)) if speed else "–"
    return Number("Images per second", text, "Training images; evaluation not counted.")


def _rate(status: RunStatus, history: History, spec: TrainSpec) -> Number:
    if status.lr is None:
        return Number("Learning rate", "–", "Of the latest step.")
    hint, note = "Of the latest step.", ""
    if history.lr_changes and history.lr_changes[-1].lr is not None:
        hint, note = "Of the latest step; set by hand, the schedule waits.", "set by hand"
    elif is_warming_up(status, spec):
        hint = f"Of the latest step. Warm-up: the schedule raises it to {short_rate(spec.lr)}, then lowers it to 0."
        note = "warm-up"
    elif status.lr == 0:
        hint, note = "The schedule lowers the learning rate to 0 at the last step.", "end of the schedule"
    return Number("Learning rate", short_rate(status.lr), hint, note)


def is_warming_up(status: RunStatus, spec: TrainSpec) -> bool:
    """Whether the schedule is still raising the learning rate."""
    return spec.schedule == "one-cycle" and 0 < status.step < WARM_UP_SHARE * status.n_steps


def short_rate(rate: float) -> str:
    """Write a learning rate as it was applied: three significant digits.

    Examples:
        >>> short_rate(0.0784313), short_rate(0.00001234), short_rate(0.0)
        ('0.0784', '1.23e-05', '0')
    """
    return f"{rate:.3g}"


def _time(status: RunStatus, history: History) -> Number:
    """What the worker counted, or the finished epochs where it is ahead of its last sign of life."""
    took_s = max(status.time_s, sum(row.time_s for row in history.epochs))
    text = units.duration(took_s) if took_s else "–"
    return Number("Training time", text, "The epoch under way and evaluation included, pauses not.")
