"""The third stage: a loss of two numbers as a map, and the ways of four optimizers down it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from lab.theory.surface_names import OPTIMIZERS, SURFACES, OptimizerName, SurfaceName, SurfaceRow
from pages.ui import live, state
from pages.ui.loss.map import map_uri
from pages.ui.loss.rounding import CURVE_DIGITS, rounded, rounded_lists
from pages.ui.loss.state import LossState
from pages.ui.loss.together import keep_together, moving

if TYPE_CHECKING:
    from lab.theory.descent import Beside, Path

STAGE = live.Stage("loss_walk", scripts=("loss/table", "loss/walk"), styles=("loss/prediction", "loss/walk"))
RATES = tuple(float(f"{digits}e{power}") for power in range(-4, 1) for digits in (1, 1.5, 2, 3, 4, 5, 6, 8))
START_STEP = 0.05
SHARES = (0.5, 0.8, 0.9, 0.95, 0.99, 0.999)
HUNDREDTHS = tuple(k / 100 for k in range(100))
DEEPEST, HIGHEST = 1e-8, 1e6
ADAPTIVE = "RMSprop and Adam"
START = "Start (or click on the map)"


@STAGE.fragment
def show_walk() -> None:
    """Read the state, compute, show."""
    chosen = state.load(LossState)
    STAGE.show(LossState, key="_loss.walk", controls=_controls(chosen), picture=_picture(chosen), also=_follow_surface)
    keep_together("walk")


def _controls(chosen: LossState) -> tuple[live.Control, ...]:
    row = SURFACES[chosen.surface]
    (left, right), (low, high) = row.x_range, row.y_range
    batches = (live.slider(LossState, "batch_size"),) if row.has_data else ()
    return (
        live.choice(LossState, "surface", choices=tuple((name, entry.title) for name, entry in SURFACES.items())),
        live.slider(LossState, "walk_lr", stops=RATES),
        live.slider(LossState, "momentum", most=0.99, step=0.01),
        live.switch(LossState, "nesterov"),
        live.slider(LossState, "n_steps"),
        *batches,
        live.slider(LossState, "walk_adaptive_lr", stops=RATES, group=ADAPTIVE),
        live.slider(LossState, "alpha", stops=SHARES, group=ADAPTIVE),
        live.slider(LossState, "beta1", most=0.99, step=0.01, group=ADAPTIVE),
        live.slider(LossState, "beta2", stops=SHARES, group=ADAPTIVE),
        live.slider(LossState, "start_x", label=row.axes[0], least=left, most=right, step=START_STEP, group=START),
        live.slider(LossState, "start_y", label=row.axes[1], least=low, most=high, step=START_STEP, group=START),
    )


def _follow_surface(changed: Mapping[str, Any]) -> Mapping[str, Any]:
    """A new surface brings a good start and good learning rates for it."""
    row = SURFACES.get(changed.get("surface", ""))
    if row is None:
        return {}
    return surface_values(row)


def surface_values(row: SurfaceRow) -> dict[str, float]:
    """The fields that suit a surface."""
    x, y = row.start
    return {"start_x": x, "start_y": y, "walk_lr": row.lr, "walk_adaptive_lr": row.adaptive_lr}


def _picture(chosen: LossState) -> dict[str, Any]:
    """Everything that the stage draws."""
    row = SURFACES[chosen.surface]
    return {
        "map": map_uri(chosen.surface),
        "axes": row.axes,
        "x_range": row.x_range,
        "y_range": row.y_range,
        "formula": row.formula,
        "sentence": row.sentence,
        "start": [chosen.start_x, chosen.start_y],
        "stability": _stability(chosen),
        "n_steps": chosen.n_steps,
        "walkers": _walkers(chosen),
        "loss_range": [DEEPEST, HIGHEST],
    }


def _walkers(chosen: LossState) -> list[dict[str, Any]]:
    from lab.theory.descent import descend_together

    names = tuple(name for name in OPTIMIZERS if name in chosen.walkers)
    start = (chosen.start_x, chosen.start_y)
    walked = descend_together(chosen.surface, names, start, chosen.walk_settings(), _beside(chosen))
    paths = {path.name: path for path in walked}
    return [_walker(name, chosen.surface, paths.get(name)) for name in OPTIMIZERS]


# A field of the page and the field of the walk's settings that it sets, with the places where its slider stops.
_STOPS: dict[str, tuple[str, tuple[float, ...]]] = {
    "walk_lr": ("lr", RATES),
    "momentum": ("momentum", HUNDREDTHS),
    "walk_adaptive_lr": ("adaptive_lr", RATES),
    "alpha": ("alpha", SHARES),
    "beta1": ("beta1", HUNDREDTHS),
    "beta2": ("beta2", SHARES),
}


def _beside(chosen: LossState) -> Beside:
    """What the drag that is going on will ask for next: it is walked along."""
    from lab.theory.descent import Beside

    field = moving("walk")
    if field in _STOPS:
        return Beside(field=_STOPS[field][0], values=_STOPS[field][1])
    return Beside(starts=_starts(chosen, field))


def _starts(chosen: LossState, field: str) -> tuple[tuple[float, float], ...]:
    """All starts that a slider leads to; only the present one if no slider for the start is moving."""
    row = SURFACES[chosen.surface]
    if field == "start_x":
        return tuple((x, chosen.start_y) for x in _places(row.x_range))
    if field == "start_y":
        return tuple((chosen.start_x, y) for y in _places(row.y_range))
    return ((chosen.start_x, chosen.start_y),)


@lru_cache(maxsize=32)
def _places(shown: tuple[float, float]) -> tuple[float, ...]:
    """Where the slider of a start stops."""
    least, most = shown
    return tuple(round(least + i * START_STEP, 6) for i in range(round((most - least) / START_STEP) + 1))


def _walker(name: OptimizerName, surface: SurfaceName, path: Path | None) -> dict[str, Any]:
    shown = {"name": name, "title": OPTIMIZERS[name], "colour": list(OPTIMIZERS).index(name)}
    if path is None:
        return {**shown, "is_shown": False}
    from lab.theory.descent import verdict

    lowest = SURFACES[surface].lowest
    above = [min(HIGHEST, max(DEEPEST, loss - lowest)) if math.isfinite(loss) else HIGHEST for loss in path.losses]
    xs, ys, losses = rounded_lists([[x for x, _ in path.points], [y for _, y in path.points], path.losses])
    return {
        **shown,
        "is_shown": True,
        "x": xs,
        "y": ys,
        "losses": losses,
        "above": rounded(above, CURVE_DIGITS),
        "sentence": verdict(surface, path),
        "is_lost": path.lost_at is not None,
    }


def _stability(chosen: LossState) -> str:
    from lab.theory.loss_lines import number_text
    from lab.theory.surfaces import all_curvatures

    start, starts = (chosen.start_x, chosen.start_y), _starts(chosen, moving("walk"))
    low, high = all_curvatures(chosen.surface, starts if start in starts else (start,))[start]
    flat, steep = number_text(low, 3), number_text(high, 3)
    text = f"At the start the curvature is {flat} in the flattest direction and {steep} in the steepest."
    if high <= 0:
        return text
    limit = number_text(2 / high, 3)
    return f"{text} In a bowl of curvature {steep} plain SGD comes to rest below a rate of 2 / {steep} = {limit}."
