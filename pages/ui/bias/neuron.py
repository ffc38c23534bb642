"""The first stage: a neuron's line in the plane, and its answer everywhere, as weights and bias move."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pages.ui import live, state
from pages.ui.bias.numbers import short, shorts, signed_map
from pages.ui.bias.state import NeuronState

STAGE = live.Stage("bias_neuron", scripts=("bias/map", "bias/plane", "bias/neuron"), styles=("bias/bias",))
# The answer that is drawn white, and how far from it the colours reach: the activation's own ends, or 5.
SCALES = {"step": (0.5, 0.5), "sigmoid": (0.5, 0.5), "tanh": (0.0, 1.0), "relu": (0.0, 5.0), "identity": (0.0, 5.0)}


@STAGE.fragment
def show_neuron() -> None:
    """Draw the stage."""
    STAGE.show(
        NeuronState,
        key="_bias.neuron",
        controls=(
            live.slider(NeuronState, "bias", least=-6, most=6, step=0.05),
            live.slider(NeuronState, "w1", step=0.05),
            live.slider(NeuronState, "w2", step=0.05),
            live.slider(NeuronState, "shift", step=0.05),
            live.choice(NeuronState, "activation"),
        ),
        picture=neuron_picture(state.load(NeuronState)),
        on_action=follow,
    )


def follow(name: str, details: Mapping[str, Any]) -> None:
    """Move the line under the pointer: the bias that puts it there; what a browser sends is checked."""
    if name != "through":
        return
    from lab.theory.bias import HALF, bias_through

    place = (details.get("x"), details.get("y"))
    # A pointer that is held may leave the plane.
    if not all(isinstance(part, int | float) and math.isfinite(part) and abs(part) <= 2 * HALF for part in place):
        return
    chosen = state.load(NeuronState)
    bias = bias_through((chosen.w1, chosen.w2), (float(place[0]), float(place[1])))  # type: ignore[arg-type]
    state.keep(chosen.model_copy(update={"bias": max(-6.0, min(6.0, round(bias, 2)))}))


@lru_cache(maxsize=256)
def neuron_picture(chosen: NeuronState) -> dict[str, Any]:
    """Everything that is drawn, as plain numbers."""
    from lab.theory.bias import HALF, decision_line, neuron_view, two_clouds

    points, labels = two_clouds(chosen.shift)
    weight = (chosen.w1, chosen.w2)
    view = neuron_view(weight, chosen.bias, points, labels, activation=chosen.activation)
    without = neuron_view(weight, 0.0, points, labels, activation=chosen.activation, side=1)
    middle, limit = SCALES[chosen.activation]
    return {
        "half": HALF,
        "scale": [middle - limit if chosen.activation != "relu" else 0.0, middle, middle + limit],
        "bias": chosen.bias,
        "map": signed_map(view.response - middle, limit),
        "line": view.line,
        "foot": view.foot,
        "plain": decision_line(weight, 0.0),
        "distance": short(view.distance),
        "n": len(points),
        "n_right": view.n_right,
        "n_right_without": without.n_right,
        "x1": shorts(points[:, 0].tolist()),
        "x2": shorts(points[:, 1].tolist()),
        "labels": labels.int().tolist(),
        "right": view.is_right.tolist(),
        "products": [shorts((points[:, k] * weight[k]).tolist()) for k in (0, 1)],
        "sums": shorts(view.sums.tolist()),
        "outputs": shorts(view.outputs.tolist()),
    }
