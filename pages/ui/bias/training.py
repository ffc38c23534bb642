"""The third stage: the same training without and with a bias, side by side, every step sent ahead."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pages.ui import live, state
from pages.ui.bias.numbers import short, shorts
from pages.ui.bias.state import N_STEPS, TrainingState

if TYPE_CHECKING:
    from lab.theory.bias_training import Arm, Fit, Points

STAGE = live.Stage("bias_training", scripts=("bias/map", "bias/plane", "bias/training"), styles=("bias/bias",))
TASKS = (("classes", "two classes"), ("line", "a line"))
X_RANGE, Y_RANGE = (-1.5, 3.5), (-4.5, 6.5)  # of the line's drawing; the points' x goes from -1 to 3
WORDS = {
    "classes": "Dashed: the best line there is, found without steps. For classes the steps minimise the cross-entropy "
    "plus a small weight decay (0.01), or the weights of a perfect line would grow for ever.",
    "line": "Dashed: the best line there is, by least squares.",
}
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
        picture=training_picture(chosen.model_copy(update={"step": 0})) | {"at": chosen.step},
    )


@lru_cache(maxsize=128)
def training_picture(chosen: TrainingState) -> dict[str, Any]:
    """Points, and both trainings step by step."""
    from lab.theory.bias import HALF
    from lab.theory.bias_training import train_both

    points = points_of(chosen)
    is_plane = points.task == "classes"
    x, y = points.inputs[:, 0], points.inputs[:, 1] if is_plane else points.targets
    return {
        "task": points.task,
        "range": {"x": (-HALF, HALF), "y": (-HALF, HALF)} if is_plane else {"x": X_RANGE, "y": Y_RANGE},
        "x": shorts(x.tolist()),
        "y": shorts(y.tolist()),
        "labels": points.targets.int().tolist() if is_plane else [0] * len(x),
        "words": WORDS[points.task],
        "arms": [_arm(points, arm) for arm in train_both(points, lr=chosen.lr, n_steps=N_STEPS, seed=chosen.seed)],
    }


def points_of(chosen: TrainingState) -> Points:
    """What is to be learned."""
    from lab.theory.bias_training import cloud_task, line_task

    if chosen.task == "classes":
        return cloud_task(chosen.shift, spread=chosen.spread, seed=chosen.seed)
    return line_task(chosen.shift, noise=chosen.spread, seed=chosen.seed)


def _arm(points: Points, arm: Arm) -> dict[str, Any]:
    return {
        "has_bias": arm.has_bias,
        "weights": [shorts(fit.weight) for fit in arm.steps],
        "bias": shorts([fit.bias for fit in arm.steps]),
        "loss": shorts([fit.loss for fit in arm.steps]),
        "accuracy": [fit.accuracy if fit.accuracy is None else short(fit.accuracy) for fit in arm.steps],
        "lines": [_ends(points, fit) for fit in arm.steps],
        "best": {
            "weight": shorts(arm.best.weight),
            "bias": short(arm.best.bias),
            "loss": short(arm.best.loss),
            "accuracy": arm.best.accuracy,
            "line": _ends(points, arm.best),
        },
    }


def _ends(points: Points, fit: Fit) -> Sequence[Sequence[float | None]] | None:
    """Both ends of what the fit draws: its decision line, or the line itself."""
    from lab.theory.bias import decision_line

    if points.task == "classes":
        line = decision_line((fit.weight[0], fit.weight[1]), fit.bias)
        return None if line is None else [shorts(end) for end in line]
    heights = [fit.weight[0] * x + fit.bias for x in X_RANGE]
    return [[x, short(y)] for x, y in zip(X_RANGE, heights, strict=True)] if max(map(abs, heights)) < FAR else None
