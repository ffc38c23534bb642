"""The depth experiment: signal and gradient through 1 to 50 layers, live."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from lab.network.catalogue import CATALOGUE
from lab.network.layers import LayerSpec
from pages.ui import live, state
from pages.ui.activation.parameters import parameter_controls
from pages.ui.activation.state import KINDS, Depth, DepthState, parameters_of

if TYPE_CHECKING:
    from lab.theory.depth import DepthResult, Stack

KEY = "_depth.stage"
STAGE = live.Stage("activation_depth", scripts=("activation/depth",), styles=("activation/activation",))
# The axis holds at least these, so that it does not jump while everything is well.
LEAST_RANGE = (1e-2, 1e2)


@STAGE.fragment
def show_depth() -> None:
    """Draw the stage."""
    chosen = state.load(DepthState)
    STAGE.show(DepthState, key=KEY, controls=_controls(chosen), picture=_picture(chosen))


def _controls(chosen: Depth) -> tuple[live.Control, ...]:
    from lab.theory.depth import INITIALISATIONS

    inits = [(name, entry.title) for name, entry in INITIALISATIONS.items()]
    strength = (
        live.slider(DepthState, "std", step=0.001) if chosen.init == "normal" else live.slider(DepthState, "scale")
    )
    return (
        live.choice(DepthState, "kind", choices=[(kind, CATALOGUE[kind].title) for kind in KINDS]),
        live.slider(DepthState, "depth"),
        live.choice(DepthState, "init", choices=inits),
        strength,
        live.slider(DepthState, "bias", step=0.05),
        live.slider(DepthState, "width"),
        live.number(DepthState, "seed"),
        *parameter_controls(DepthState, (chosen.kind,)),
    )


def _picture(chosen: Depth) -> dict[str, Any]:
    from lab.inspection.activation_set import activation_layer
    from lab.theory.depth import INITIALISATIONS, Stack, describe_depth

    layer = activation_layer(chosen.kind, parameters_of(chosen, chosen.kind))
    scale = chosen.std if chosen.init == "normal" else chosen.scale
    result = _measured(Stack(chosen.depth, chosen.width, chosen.init, scale, chosen.bias, chosen.seed), layer)
    low, high = _range(result)
    return {
        "layers": list(range(chosen.depth + 1)),
        "signal": _drawable(result.signal),
        "spread": _drawable(result.spread),
        "gradient": _drawable(result.gradient),
        "range": (low, high),
        "bands": _bands(low, high),
        "sentences": describe_depth(result),
        "rule": f"{INITIALISATIONS[chosen.init].sentence} Measured here: n · Var(w) = {result.n_variance:.3g}.",
    }


@lru_cache(maxsize=64)
def _measured(stack: Stack, layer: LayerSpec) -> DepthResult:
    from lab.inspection.activation_set import activation_module
    from lab.theory.depth import measure_depth

    return measure_depth(stack, activation_module(layer))


def _drawable(sizes: tuple[float, ...]) -> list[float | None]:
    """Sizes that a logarithmic axis can show, to four digits; a line ends where its size is exactly 0."""
    return [float(f"{size:.4g}") if 0 < size < math.inf else None for size in sizes]


def _range(result: DepthResult) -> tuple[float, float]:
    """Whole powers of ten around everything that is drawn."""
    sizes = [size for sizes in (result.signal, result.spread, result.gradient) for size in sizes]
    shown = [size for size in sizes if 0 < size < math.inf]
    low, high = min([LEAST_RANGE[0], *shown]), max([LEAST_RANGE[1], *shown])
    return 10.0 ** max(-300, math.floor(math.log10(low))), 10.0 ** min(300, math.ceil(math.log10(high)))


def _bands(low: float, high: float) -> list[dict[str, Any]]:
    """Where training's float32 ends, as far as it is on the picture."""
    from lab.theory.depth import FLOAT32

    small, large = FLOAT32
    below = [{"axis": "y", "from": low, "to": small, "label": "too small for float32"}] if low < small else []
    above = [{"axis": "y", "from": large, "to": high, "label": "too large for float32"}] if high > large else []
    return below + above
