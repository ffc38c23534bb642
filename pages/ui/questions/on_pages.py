"""Questions on the Pooling, Loss, Activation and Train pages: the state that shows exactly their numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from lab.questions.question import Question
from lab.theory.pool_window import PoolKind
from pages.ui.pooling.state import PoolingState

if TYPE_CHECKING:
    from pages.ui.state import PageState

_KINDS = {
    "max": PoolKind.MAX,
    "avg": PoolKind.AVERAGE,
    "MaxPool2d": PoolKind.MAX,
    "AvgPool2d": PoolKind.AVERAGE,
}


def pooling(values: Mapping[str, Any]) -> PoolingState | None:
    """The stage with this layer on one channel; ``None`` for rectangular windows and large maps: it has none."""
    _, height, width = values["input"]
    pairs = {name: values[name] for name in ("kernel_size", "stride", "padding", "dilation") if name in values}
    if any(pair[0] != pair[1] for pair in pairs.values()):
        return None
    others = {name: values[name] for name in ("ceil_mode", "count_include_pad") if name in values}
    sizes = {name: pair[0] for name, pair in pairs.items()}
    return _pooling_state({"height": height, "width": width, "kind": _KINDS[values["kind"]], **sizes, **others})


def pooling_by_hand(values: Mapping[str, Any], upstream: Any = ()) -> PoolingState | None:
    """The stage with the question's own numbers in every cell, and the gradient that arrives, where one is given."""
    rows = values["input"][0]
    arriving = tuple((y, x, value) for y, row in enumerate(upstream) for x, value in enumerate(row))
    edits = tuple(("digits", y, x, value) for y, row in enumerate(rows) for x, value in enumerate(row))
    options = {name: values[name] for name in ("kernel_size", "stride", "padding", "ceil_mode") if name in values}
    height, width = values["input_size"]
    kind = _KINDS[values["mode"]]
    fields = {"height": height, "width": width, "edits": edits, "upstream_edits": arriving, "kind": kind, **options}
    return _pooling_state(fields)


def _pooling_state(fields: Mapping[str, Any]) -> PoolingState | None:
    try:
        return PoolingState(**fields)
    except ValidationError:
        return None


def loss(given: Mapping[str, Any]) -> PageState:
    """One prediction with the question's logits; of a batch the first picture.

    Softmax at a temperature is softmax of the divided logits, and the stage has no other way to show it.
    """
    from pages.ui.loss.state import LossState

    target = given["target"] if "target" in given else given["targets"][0]
    if "probabilities" in given:
        logits = [math.log(part) for part in given["probabilities"]]
    else:
        temperature = given.get("temperature", 1)
        logits = [value / temperature for value in (given["logits"] if "logits" in given else given["rows"][0])]
    fields = {f"z{k}": value for k, value in enumerate(logits, 1)}
    smoothing = given.get("smoothing", 0.0)
    shown = ("label-smoothing", "cross-entropy") if smoothing else LossState().shown
    return LossState(n_classes=len(logits), target=target, smoothing=smoothing, shown=shown, **fields)


def number_step(question: Question) -> PageState:
    """A step down a squared error whose gradient at the start is the question's, so that it ends at the answer.

    The weight is the prediction ``p``, and ``(p - t)²`` has the gradient ``2 (p - t)``.
    """
    from lab.questions.training import sgd_path
    from pages.ui.loss.state import LossState

    given: Any = question.given
    weight, lr, gradients = given["weight"], given["lr"], given["gradients"]
    path = sgd_path(weight, gradients, lr, momentum=given["momentum"], weight_decay=given["weight_decay"])
    start, end = [weight, *path][-2:]
    return LossState(prediction=start, truth=start - (start - end) / lr / 2, number_lr=lr)


def activation(given: Mapping[str, Any]) -> PageState:
    """The question's curve at its input, drawn wide enough to see it."""
    from pages.ui.activation.state import CurvesState, parameter_values

    kind, x = str(given["kind"]), float(given["x"])
    fields = {"kinds": (kind,), "x": x, "span": max(4.0, abs(x)), **parameter_values(kind, given["options"])}
    return CurvesState.model_validate(fields)


def recipe(given: Mapping[str, Any]) -> PageState:
    """A training with the question's batch size and epochs, and as many images where the lab takes so few or many."""
    from pages.ui.train.state import TrainState

    fields = {"batch_size": given["batch_size"], "epochs": given["epochs"]}
    try:
        return TrainState.model_validate({**fields, "n_train": given["n_images"]})
    except ValidationError:
        return TrainState.model_validate(fields)
