"""The third stage: the same training without and with a bias, side by side, every step sent ahead."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pages.ui import live, state
from pages.ui.bias.numbers import packed, short, shorts
from pages.ui.bias.state import N_STEPS, TrainingState
from pages.ui.together import Together

if TYPE_CHECKING:
    from torch import Tensor

    from lab.theory.bias_fit import Points
    from lab.theory.bias_training import Arm

STAGE = live.Stage("bias_training", scripts=("bias/map", "bias/plane", "bias/training"), styles=("bias/bias",))
TASKS = (("classes", "two classes"), ("line", "a line"))
X_RANGE, Y_RANGE = (-1.5, 3.5), (-4.5, 6.5)  # of the line's drawing; the points' x goes from -1 to 3
WORDS = {
    "classes": "Dashed: the best line there is, found without steps. For classes the steps minimise the cross-entropy "
    "plus a small weight decay (0.01), or the weights of a perfect line would grow for ever.",
    "line": "Dashed: the best line there is, by least squares.",
}
POINT_ROOM = 0.15  # from a point's middle to its rim, on the plane
FAR = 1e6  # a line beyond it, of a training that diverges, is not drawn


@STAGE.fragment
def show_training() -> None:
    """Draw the stage."""
    chosen = state.load(TrainingState)
    STAGE.show(
        TrainingState,
        key="_bias.training",
        controls=(
            live.choice(TrainingState, "task", choices=TASKS),
            live.slider(TrainingState, "shift", step=0.05),
            live.slider(TrainingState, "spread", step=0.05),
            live.slider(TrainingState, "lr", label="Learning rate", step=0.01),
            live.slider(TrainingState, "seed"),
        ),
        picture=training_picture(_all_steps(chosen)) | {"at": chosen.step},
        together=lambda states: training_picture.prepare(map(_all_steps, states)),
    )


def _all_steps(chosen: TrainingState) -> TrainingState:
    """The same whichever step is shown."""
    return chosen.model_copy(update={"step": 0})


def _pictures(states: Sequence[TrainingState]) -> list[dict[str, Any]]:
    """Points, and both trainings step by step; trained for all of these settings at once."""
    from lab.theory.bias_training import train_many

    found: dict[TrainingState, dict[str, Any]] = {}
    for task, _ in TASKS:
        mine = [chosen for chosen in states if chosen.task == task]
        if not mine:
            continue
        points = [points_of(chosen) for chosen in mine]
        arms = train_many(
            points, lrs=[chosen.lr for chosen in mine], n_steps=N_STEPS, seeds=[chosen.seed for chosen in mine]
        )
        found |= {chosen: _picture(*rest) for chosen, rest in zip(mine, zip(points, arms, strict=True), strict=True)}
    return [found[chosen] for chosen in states]


training_picture = Together(_pictures, most=256)


def _picture(points: Points, arms: tuple[Arm, Arm]) -> dict[str, Any]:
    is_plane = points.task == "classes"
    x, y = points.inputs[:, 0], points.inputs[:, 1] if is_plane else points.targets
    return {
        "task": points.task,
        "range": _range(points),
        "x": shorts(x.tolist()),
        "y": shorts(y.tolist()),
        "labels": points.targets.int().tolist() if is_plane else [0] * len(x),
        "words": WORDS[points.task],
        "arms": [_arm(points, arm) for arm in arms],
    }


def plane_half(points: Points) -> float:
    """How far the plane is drawn to each side: so far that all points are in it, at least as far as the neuron's."""
    from lab.theory.bias import HALF

    return max(HALF, math.ceil(float(points.inputs.abs().max()) + POINT_ROOM))


def _range(points: Points) -> dict[str, tuple[float, float]]:
    """What is drawn, both axes: all points, and no less than is drawn of tame ones."""
    if points.task == "classes":
        half = plane_half(points)
        return {"x": (-half, half), "y": (-half, half)}
    low, high = float(points.targets.min()) - POINT_ROOM, float(points.targets.max()) + POINT_ROOM
    return {"x": X_RANGE, "y": (min(Y_RANGE[0], math.floor(low)), max(Y_RANGE[1], math.ceil(high)))}


def points_of(chosen: TrainingState) -> Points:
    """What is to be learned."""
    from lab.theory.bias_fit import cloud_task, line_task

    if chosen.task == "classes":
        return cloud_task(chosen.shift, spread=chosen.spread, seed=chosen.seed)
    return line_task(chosen.shift, noise=chosen.spread, seed=chosen.seed)


def _arm(points: Points, arm: Arm) -> dict[str, Any]:
    """A row of numbers for every step: weights, bias, loss, accuracy (of classes), x and y of the line's two ends."""
    import torch

    best = torch.tensor([[*arm.best.weight, arm.best.bias]], dtype=arm.path.dtype)
    measured = [arm.losses] if arm.accuracies is None else [arm.losses, arm.accuracies]
    rows = torch.cat([arm.path, torch.stack(measured, dim=1), _ends(points, arm.path)], dim=1)
    return {
        "has_bias": arm.has_bias,
        "n_steps": len(rows),
        "steps": packed(rows),
        "best": {
            "bias": short(arm.best.bias),
            "loss": short(arm.best.loss),
            "accuracy": arm.best.accuracy,
            "line": shorts(_ends(points, best)[0].tolist()),
        },
    }


def _ends(points: Points, path: Tensor) -> Tensor:
    """What each fit draws, its decision line or the line itself: ``(N, 4)``, not a number where nothing is drawn."""
    import torch

    from lab.theory.bias import decision_lines

    if points.task == "classes":
        return decision_lines(path[:, :2], path[:, 2], plane_half(points)).flatten(1)
    low, high = (path[:, 0] * x + path[:, 1] for x in X_RANGE)
    ends = torch.stack([torch.full_like(low, X_RANGE[0]), low, torch.full_like(low, X_RANGE[1]), high], dim=1)
    return torch.where((ends.abs() < FAR).all(dim=1, keepdim=True), ends, torch.nan)
