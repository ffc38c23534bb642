"""The stage of the photo: every kind of pooling on the learner's picture, through the same window."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from lab.theory.pool_window import PoolKind, PoolSpec
from pages.ui import live, state
from pages.ui.photo import Photo
from pages.ui.pooling.photo_tensor import WHITE, Held, fit_window, photo_tensor, picture_uri, window_bounds
from pages.ui.pooling.state import KIND_NAMES, WEIGHT_NAMES, PhotoPoolState
from pages.ui.units import whole_percent

if TYPE_CHECKING:
    from torch import Tensor

    from lab.theory.pooling import Lost

STAGE = live.Stage("pooling_photo", scripts=("pooling/photo",), styles=("pooling/photo",))
SHOWN = (
    PoolKind.MAX,
    PoolKind.AVERAGE,
    PoolKind.LP,
    PoolKind.CONVOLUTION,
    PoolKind.ADAPTIVE_MAX,
    PoolKind.ADAPTIVE_AVERAGE,
    PoolKind.GLOBAL_MAX,
    PoolKind.GLOBAL_AVERAGE,
)
LONGEST_PX = 128  # of the photo that is pooled: eight results in the time between two pictures
_VIEWS = {"result": "The result", "passed": "What was passed on", "difference": "What changed", "gradient": "Gradient"}


@STAGE.fragment
def show_photo_stage(photo: Photo) -> None:
    """Draw the stage for one photo."""
    picture = photo_tensor(photo, LONGEST_PX)
    size = (int(picture.shape[1]), int(picture.shape[2]))
    chosen, message = fit_window(state.load(PhotoPoolState), size)
    STAGE.show(
        PhotoPoolState,
        key="_pooling.photo",
        controls=_controls(chosen, size),
        picture={
            "photo": _photo_uri(photo.key, Held(picture)),
            "size": f"{size[0]}×{size[1]}",
            "ratio": size[1] / size[0],
            "title": photo.title,
            "view": chosen.view,
            "cards": [_card(kind, chosen, picture) for kind in SHOWN],
        },
        message=message,
    )


@lru_cache(maxsize=16)
def _photo_uri(_key: str, held: Held) -> str:
    return picture_uri(held.content)


def _controls(chosen: PhotoPoolState, size: tuple[int, int]) -> tuple[live.Control, ...]:
    found = window_bounds(chosen, size)
    window = [
        live.slider(PhotoPoolState, name, least=found[name].least, most=found[name].most)
        for name in ("kernel_size", "stride", "padding")
    ]
    most_out = min(found["output_size"].most, 64)
    return (
        live.choice(PhotoPoolState, "view", choices=list(_VIEWS.items())),
        *window,
        live.switch(PhotoPoolState, "ceil_mode"),
        live.slider(PhotoPoolState, "norm_type"),
        live.choice(PhotoPoolState, "weights", choices=list(WEIGHT_NAMES.items())),
        live.slider(PhotoPoolState, "output_size", most=most_out),
    )


def _card(kind: PoolKind, chosen: PhotoPoolState, picture: Tensor) -> dict[str, Any]:
    from lab.theory.pooling import gain, pool, what_was_lost

    spec = chosen.spec(kind)
    output = pool(picture[None], spec)[0]
    lost = what_was_lost(picture, spec, output)
    shown = _shown(chosen.view, picture, spec, output, lost)
    return {
        "kind": kind.value,
        "name": KIND_NAMES[kind],
        "src": picture_uri(shown),
        "size": f"{output.shape[1]}×{output.shape[2]}",
        "lost": whole_percent(lost.share_lost),
        "difference": f"{lost.difference:.1f}",
        "alt": _alt(kind, chosen, lost),
        "scaled": f"Divided by {gain(spec):.3g} to be comparable" if gain(spec) != 1 else "",
    }


def _shown(view: str, picture: Tensor, spec: PoolSpec, output: Tensor, lost: Lost) -> Tensor:
    from lab.theory.pooling import gain

    if view == "passed":
        return picture * lost.passed
    if view == "difference":
        return (lost.restored - picture).abs().mean(0, keepdim=True)
    return _gradient_shown(picture, spec) if view == "gradient" else output / gain(spec)


def _gradient_shown(picture: Tensor, spec: PoolSpec) -> Tensor:
    """Where the gradient goes when every output is given 1: the mean of the three colours, brightest at its largest."""
    from lab.theory.pooling import gradient_at

    gradient = gradient_at(picture, spec).abs().mean(0, keepdim=True)
    largest = float(gradient.max())
    return gradient * (WHITE / largest) if largest > 0 else gradient


def _alt(kind: PoolKind, chosen: PhotoPoolState, lost: Lost) -> str:
    share = whole_percent(lost.share_lost)
    return f"{_VIEWS[chosen.view]} of {KIND_NAMES[kind]}; {share} of the pixels are never passed on."
