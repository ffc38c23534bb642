"""The third stage: a loss of two numbers as a map, and the ways of four optimisers down it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from lab.theory.surface_names import OPTIMISERS, SURFACES, OptimiserName, SurfaceName, SurfaceRow
from pages.ui import live, state
from pages.ui.loss.rounding import rounded
from pages.ui.loss.state import LossState
from pages.ui.loss.together import keep_together

if TYPE_CHECKING:
    from lab.theory.descent import Path

STAGE = live.Stage("loss_walk", scripts=("loss/table", "loss/walk"), styles=("loss/prediction", "loss/walk"))
# Twice the drawn size, for sharp screens.
MAP_WIDTH_PX, MAP_HEIGHT_PX = 640, 480
N_BANDS = 20
# Of the map's ink: the lowest band is the darkest, and a contour line a little darker than its band.
LEAST_INK, MOST_INK, CONTOUR_INK = 10, 150, 45
RATES = tuple(float(f"{digits}e{power}") for power in range(-4, 1) for digits in (1, 1.5, 2, 3, 4, 5, 6, 8))
START_STEP = 0.05
SHARES = (0.5, 0.8, 0.9, 0.95, 0.99, 0.999)
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
        live.slider(LossState, "walk_lr", choices=_listed(RATES, chosen.walk_lr)),
        live.slider(LossState, "momentum", most=0.99, step=0.01),
        live.switch(LossState, "nesterov"),
        live.slider(LossState, "n_steps"),
        *batches,
        live.slider(LossState, "walk_adaptive_lr", choices=_listed(RATES, chosen.walk_adaptive_lr), group=ADAPTIVE),
        live.slider(LossState, "alpha", choices=_listed(SHARES, chosen.alpha), group=ADAPTIVE),
        live.slider(LossState, "beta1", most=0.99, step=0.01, group=ADAPTIVE),
        live.slider(LossState, "beta2", choices=_listed(SHARES, chosen.beta2), group=ADAPTIVE),
        live.slider(LossState, "start_x", label=row.axes[0], least=left, most=right, step=START_STEP, group=START),
        live.slider(LossState, "start_y", label=row.axes[1], least=low, most=high, step=START_STEP, group=START),
    )


def _listed(values: tuple[float, ...], now: float) -> tuple[tuple[float, str], ...]:
    """The values on offer, and the present one, which a link may have brought."""
    return tuple((value, f"{value:g}") for value in sorted({*values, now}))


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
        "map": _map_uri(chosen.surface),
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
    """The optimisers that share a learning rate walk together, so a drag at one rate leaves the others' ways alone."""
    from lab.theory.descent import descend_together

    start, settings = (chosen.start_x, chosen.start_y), chosen.walk_settings()
    beside = tuple((x, chosen.start_y) for x in _places(chosen.surface))
    paths: dict[str, Path] = {}
    for pair in (("sgd", "momentum"), ("rmsprop", "adam")):
        names = tuple(name for name in pair if name in chosen.walkers)
        if names:
            walked = descend_together(chosen.surface, names, start, settings.of(*names), beside)
            paths |= {path.name: path for path in walked}
    return [_walker(name, chosen.surface, paths.get(name)) for name in OPTIMISERS]


@lru_cache(maxsize=16)
def _places(surface: SurfaceName) -> tuple[float, ...]:
    """Where the slider of the first number stops: a drag at it walks once."""
    left, right = SURFACES[surface].x_range
    return tuple(round(left + i * START_STEP, 6) for i in range(round((right - left) / START_STEP) + 1))


def _walker(name: OptimiserName, surface: SurfaceName, path: Path | None) -> dict[str, Any]:
    shown = {"name": name, "title": OPTIMISERS[name], "colour": list(OPTIMISERS).index(name)}
    if path is None:
        return {**shown, "is_shown": False}
    from lab.theory.descent import verdict

    lowest = SURFACES[surface].lowest
    return {
        **shown,
        "is_shown": True,
        "points": [rounded(point) for point in path.points],
        "losses": rounded(path.losses),
        "above": rounded(
            min(HIGHEST, max(DEEPEST, loss - lowest)) if math.isfinite(loss) else HIGHEST for loss in path.losses
        ),
        "sentence": verdict(surface, path),
        "is_lost": path.lost_at is not None,
    }


def _stability(chosen: LossState) -> str:
    from lab.theory.loss_lines import number_text
    from lab.theory.surfaces import curvatures

    low, high = curvatures(chosen.surface, (chosen.start_x, chosen.start_y))
    flat, steep = number_text(low, 3), number_text(high, 3)
    text = f"At the start the curvature is {flat} in the flattest direction and {steep} in the steepest."
    if high <= 0:
        return text
    limit = number_text(2 / high, 3)
    return f"{text} In a bowl of curvature {steep} plain SGD comes to rest below a rate of 2 / {steep} = {limit}."


@lru_cache(maxsize=16)
def _map_uri(surface: SurfaceName) -> str:
    """Draw the surface as ink: the lower the loss, the more; on a logarithmic scale, in bands with contour lines."""
    import io

    import torch
    from PIL import Image

    from lab.theory.surfaces import surface_grid
    from pages.ui.picture import data_uri

    bands = _bands(surface_grid(surface, MAP_WIDTH_PX, MAP_HEIGHT_PX), SURFACES[surface].lowest)
    ink = MOST_INK - bands * (MOST_INK - LEAST_INK) // (N_BANDS - 1)
    edge = torch.zeros_like(bands, dtype=torch.bool)
    edge[1:] |= bands[1:] != bands[:-1]
    edge[:, 1:] |= bands[:, 1:] != bands[:, :-1]
    alpha = Image.fromarray((ink + CONTOUR_INK * edge).to(torch.uint8).numpy())
    picture = Image.new("LA", alpha.size, (255, 0))
    picture.putalpha(alpha)
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=6)
    return data_uri(file.getvalue())


def _bands(grid: Any, lowest: float) -> Any:
    import torch

    height = (grid - lowest).clamp(min=0)
    # A little of the whole is added, or the logarithm would spend most of its bands on the last millimetres.
    levels = (height + 0.05 * float(height.quantile(0.1))).log()
    share = (levels - levels.min()) / (levels.max() - levels.min())
    return (share * (N_BANDS - 1e-6)).to(torch.int64)
