"""One run's curves: what a history becomes on the Train page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from lab.training.history import EpochRow, History
from pages.ui.curves import PERCENT_TICKS, Curve, thin_out
from pages.ui.palette import SERIES, STATUS, Scheme
from pages.ui.units import percent

MOST_LOSS = 4.0  # times the loss before training
Points = tuple[tuple[float, float], ...]
BAR_HEIGHT = 30  # pixels: one line of text and its gap


def epoch_points(rows: Sequence[EpochRow], field: str) -> Points:
    """Take one column of the epochs; rows without it (the network before training has no train loss) are left out.

    What was measured after an epoch stands at its end. A mean over the epoch's batches (``train_…``) stands at its
    middle: at its end it would look worse than the test, only because the network was still learning.
    """
    shift = 0.5 if field.startswith("train_") else 0.0
    return tuple((row.epoch - shift, getattr(row, field)) for row in rows if getattr(row, field) is not None)


def step_points(history: History, steps_per_epoch: float, field: str) -> Points:
    """Take one column of the steps, over epochs."""
    return thin_out(tuple((row.step / steps_per_epoch, getattr(row, field)) for row in history.steps))


def loss_curves(history: History, steps_per_epoch: float, scheme: Scheme) -> tuple[Curve, ...]:
    """The loss of the batches, and on the test images after each epoch.

    A run that diverged goes to 1e23 in its last steps; cut at some times the untrained network's loss, its curve runs
    into the upper edge and everything before can still be read; the label at its end tells the uncut value.
    """
    curves = _curves(history, steps_per_epoch, scheme, "loss")
    if not history.epochs:
        return curves
    most = MOST_LOSS * max(history.epochs[0].test_loss, 0.1)
    return tuple(_cut(one, most) for one in curves)


def _cut(curve: Curve, most: float) -> Curve:
    points = tuple((x, min(y, most)) for x, y in curve.points)
    return replace(curve, points=points, end=curve.points[-1][1] if curve.points else None)


def accuracy_curves(history: History, steps_per_epoch: float, scheme: Scheme) -> tuple[Curve, ...]:
    """The share of images classified correctly: in the batches, and on the test images after each epoch."""
    return _curves(history, steps_per_epoch, scheme, "accuracy")


def _curves(history: History, steps_per_epoch: float, scheme: Scheme, what: str) -> tuple[Curve, ...]:
    train, test = SERIES[scheme][0], SERIES[scheme][1]
    return (
        Curve("batches", step_points(history, steps_per_epoch, what), train, faint=True),
        Curve("train", epoch_points(history.epochs, f"train_{what}"), train, marked=True),
        Curve("test", epoch_points(history.epochs, f"test_{what}"), test, dash=(6, 3), marked=True),
    )


def lr_curve(history: History, steps_per_epoch: float, scheme: Scheme) -> tuple[Curve, ...]:
    """The learning rate as it was applied."""
    return (Curve("learning rate", step_points(history, steps_per_epoch, "lr"), SERIES[scheme][2], label="rate"),)


def class_bars(labels: Sequence[str], confusion: Sequence[Sequence[int]], scheme: Scheme) -> tuple[list[Any], Any]:
    """Bars of the share recognised per class, the hardest class first.

    Args:
        labels: K class names.
        confusion: K rows of K counts, row = what the images are.
        scheme: light or dark.

    Returns:
        Rows and Vega-Lite specification.
    """
    rows: list[dict[str, Any]] = []
    for k, (label, counts) in enumerate(zip(labels, confusion, strict=True)):
        total = sum(counts)
        share = counts[k] / total if total else 0.0
        rows.append({"class": label, "share": share, "text": f"{percent(share)}, {counts[k]} of {total}"})
    rows.sort(key=lambda row: row["share"])
    return rows, _bar_spec(rows, SERIES[scheme][0], STATUS[scheme]["muted"])


def _bar_spec(rows: Sequence[dict[str, Any]], colour: str, muted: str) -> dict[str, Any]:
    y: dict[str, Any] = {"field": "class", "type": "nominal", "sort": [row["class"] for row in rows], "title": None}
    y |= {"axis": {"labelLimit": 120, "labelOverlap": False, "ticks": False, "domain": False}}
    axis = {**PERCENT_TICKS, "values": [0, 0.25, 0.5, 0.75, 1]}
    x = {"field": "share", "type": "quantitative", "title": "recognised", "scale": {"domain": [0, 1.6]}, "axis": axis}
    text = {
        "mark": {"type": "text", "align": "left", "dx": 6},
        "encoding": {"text": {"field": "text"}, "color": {"value": muted}},
    }
    return {
        "height": BAR_HEIGHT * len(rows),
        "layer": [{"mark": {"type": "bar", "color": colour, "cornerRadiusEnd": 3, "height": {"band": 0.7}}}, text],
        "encoding": {"x": x, "y": y},
    }
