"""What the stage of curves is told, as JSON: every number from ``lab``, rounded to what a screen can show."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from lab.network.catalogue import CATALOGUE
from lab.network.layers import LayerSpec
from pages.ui import units
from pages.ui.activation.state import KINDS, OVER_CHANNELS, Curves, parameters_of

if TYPE_CHECKING:
    from lab.inspection.activation_set import Reaching
    from lab.theory.activations import Corner, Extremes
    from lab.theory.saturation import Effect, Histogram

Json = dict[str, Any]

N_POINTS = 141
DIGITS = 5
SHARES = ("flat", "saturated", "dead")
# A curve that leaves this is cut by the frame: SELU at 10 must not press tanh into a line.
Y_MOST = 6.0
# A bar higher than this many times the highest of the others is cut and its share written beside it.
CUT = 2.0


def curves_picture(chosen: Curves) -> Json:
    """The curves' part of the stage."""
    span = round(chosen.span, 6)
    layers = _layers(chosen)
    rows = [_row(layer, span, chosen.x, chosen.other) for layer in layers]
    return {
        "span": span,
        "x": chosen.x,
        "xs": _xs(span),
        "rows": rows,
        "y_range": _y_range(rows),
        "slope_range": _slope_range(rows),
        "menu": _menu(),
        "other": chosen.other if OVER_CHANNELS & set(chosen.kinds) else None,
    }


def layer_picture(chosen: Curves, reaching: Reaching | None, words: str) -> Json:
    """The real layer's part of the stage.

    Args:
        chosen: the page's state.
        reaching: the values that reach the chosen layer, or ``None`` where there are none.
        words: what they are, or why there are none.
    """
    if reaching is None:
        return {"words": words, "before": None, "rows": []}
    span = round(chosen.span, 6)
    rows = [
        {
            "title": CATALOGUE[layer.kind].title,
            "after": _after(reaching, layer, span, chosen.gain, chosen.shift, chosen.other),
        }
        for layer in _layers(chosen)
    ]
    before = _before(reaching, span, chosen.gain, chosen.shift)
    return {"words": words, "before": before, "rows": rows, "meaning": _meaning()}


def _meaning() -> str:
    from lab.theory.saturation import FLAT, MOSTLY

    return (
        f"Flat: the slope at the value is below {FLAT}, so hardly any gradient passes back. Saturated: at least "
        f"{10 * MOSTLY:.0f} in 10 of a unit's values are flat, but it is not dead. Dead: the slope is exactly 0 at "
        "every value of the unit. "
        "A unit is one channel of a map, or one number of a vector."
    )


def _layers(chosen: Curves) -> list[LayerSpec]:
    return [_layer(chosen, kind) for kind in chosen.kinds]


def _layer(chosen: Curves, kind: str) -> LayerSpec:
    from lab.inspection.activation_set import activation_layer

    return activation_layer(kind, parameters_of(chosen, kind))


@lru_cache(maxsize=1)
def _menu() -> list[Json]:
    return [{"kind": kind, "title": CATALOGUE[kind].title, "sentence": CATALOGUE[kind].sentence} for kind in KINDS]


@lru_cache(maxsize=8)
def _xs(span: float) -> list[float]:
    step = 2 * span / (N_POINTS - 1)
    return [round(-span + i * step, DIGITS) for i in range(N_POINTS)]


def _rounded(values: Sequence[float]) -> list[float]:
    return [round(value, DIGITS) for value in values]


# --- one activation ---------------------------------------------------------------------------------------------------


def _row(layer: LayerSpec, span: float, x: float, other: float) -> Json:
    from lab.inspection.activation_set import activation_module
    from lab.theory.activations import tangent

    still = _still(layer, span, other)
    touch = tangent(activation_module(layer), x, other=other)
    ends = (-span, span)
    return {
        **still,
        "at": {"y": touch.y, "slope": touch.slope, "intercept": touch.intercept},
        "tangent": {"x": ends, "y": [touch.intercept + touch.slope * end for end in ends]},
    }


@lru_cache(maxsize=128)
def _still(layer: LayerSpec, span: float, other: float) -> Json:
    """What does not move with x, the same for all who ask."""
    from lab.inspection.activation_set import activation_module
    from lab.theory.activation_formulas import corners, formula_text
    from lab.theory.activations import beside, find_corners, find_extremes, is_over_channels, trace_curve

    module = activation_module(layer)
    parameters = layer.model_dump()
    over = is_over_channels(module)
    curve = trace_curve(module, -span, span, n_points=N_POINTS, other=other)
    found = () if over else find_corners(module, corners(layer.kind, parameters))
    extremes = find_extremes(module, -span, span, other=other)
    inside = [corner for corner in found if abs(corner.x) < span]
    return {
        "kind": layer.kind,
        "title": CATALOGUE[layer.kind].title,
        "sentence": CATALOGUE[layer.kind].sentence,
        "formula": formula_text(layer.kind, parameters),
        "y": _rounded(curve.y),
        "slope": _rounded(curve.slope),
        "leaps": {
            "y": [[corner.x, *_rounded(beside(module, corner.x))] for corner in inside if corner.jump],
            "slope": [[corner.x, *_rounded((corner.left, corner.used, corner.right))] for corner in inside],
        },
        "facts": [*_extreme_sentences(extremes), *(corner_sentence(corner) for corner in found)],
    }


def _extreme_sentences(extremes: Extremes) -> list[str]:
    dip = (
        f"Lowest {_plain(extremes.lowest)} at {_plain(extremes.lowest_at or 0.0)}."
        if extremes.lowest is not None
        else ""
    )
    place = "" if extremes.steepest_at is None else f" at {_plain(extremes.steepest_at)}"
    return [*([dip] if dip else []), f"Steepest slope {_plain(extremes.steepest)}{place}."]


def corner_sentence(corner: Corner) -> str:
    """Say what is at a corner or jump, and which slope PyTorch takes there.

    Examples:
        >>> from lab.theory.activations import Corner
        >>> corner_sentence(Corner(0.0, 0.0, 1.0, 0.0, 0.0))
        'Corner at 0: slope 0 to the left, 1 to the right; PyTorch takes 0.'
    """
    place = _plain(corner.x)
    if corner.jump:
        return f"Jump at {place}, by {_plain(corner.jump)}; PyTorch takes the slope {_plain(corner.used)} there."
    sides = f"slope {_plain(corner.left)} to the left, {_plain(corner.right)} to the right"
    return f"Corner at {place}: {sides}; PyTorch takes {_plain(corner.used)}."


def _plain(value: float) -> str:
    return f"{round(value, 5) + 0.0:.4g}".replace("-", "−")


def _y_range(rows: Sequence[Json]) -> tuple[float, float]:
    low = max(-Y_MOST, min(min(row["y"]) for row in rows))
    high = min(Y_MOST, max(max(row["y"]) for row in rows))
    margin = 0.06 * max(high - low, 1.0)
    return low - margin, high + margin


def _slope_range(rows: Sequence[Json]) -> tuple[float, float]:
    low = max(-2.0, min(-0.1, *(min(row["slope"]) for row in rows)))
    high = min(3.0, max(1.1, *(max(row["slope"]) for row in rows)))
    return low - 0.05, high + 0.05


# --- what it does to a layer ------------------------------------------------------------------------------------------


# Keyed by the object that a cache hands out, which is the same for the same layer of the same network.
@lru_cache(maxsize=32)
def _before(reaching: Reaching, span: float, gain: float, shift: float) -> Json:
    from lab.theory.saturation import describe_values

    return _effect(describe_values(gain * reaching.values + shift, -span, span))


@lru_cache(maxsize=128)
def _after(reaching: Reaching, layer: LayerSpec, span: float, gain: float, shift: float, other: float) -> Json:
    import torch

    from lab.inspection.activation_set import activation_module
    from lab.theory.activations import is_over_channels
    from lab.theory.saturation import activation_effect

    module = activation_module(layer, torch.float32)
    still = _still(layer, span, other)
    low, high = min(still["y"]), max(still["y"])
    if is_over_channels(module):
        low, high = (-span, span) if layer.kind in ("GLU", "LogSoftmax") else (0.0, 1.0)
    if layer.kind == "GLU" and reaching.values.shape[1] % 2:
        return {"refusal": f"GLU halves the channels, and {reaching.values.shape[1]} is an odd number."}
    return _effect(activation_effect(module, gain * reaching.values + shift, low, high))


def _effect(effect: Effect) -> Json:
    health = effect.health
    return {
        "bars": _bars(effect.histogram),
        "low": effect.histogram.low,
        "high": effect.histogram.high,
        "mean": effect.mean,
        "std": effect.std,
        "zero": effect.zero_share,
        "zero_text": units.whole_percent(effect.zero_share),
        "health": None if health is None else {name: _share(getattr(health, name)) for name in SHARES},
    }


def _share(share: float) -> Json:
    return {"value": share, "text": units.whole_percent(share)}


def _bars(histogram: Histogram) -> Json:
    """Heights from 0 to 1, and the one bar that had to be cut with its share, where there is one."""
    shares = histogram.shares
    order = sorted(range(len(shares)), key=lambda i: shares[i], reverse=True)
    second = shares[order[1]]
    is_cut = second > 0 and shares[order[0]] > CUT * second
    top = CUT * second if is_cut else max(shares[order[0]], 1e-12)
    return {
        "heights": [round(min(share / top, 1.0), 4) for share in shares],
        "cut": {"bar": order[0], "text": units.whole_percent(shares[order[0]])} if is_cut else None,
    }
