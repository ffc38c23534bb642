"""The stage that moves the picture: how much each kind's output changes, measured for every shift."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from lab.theory.pool_window import PoolKind, PoolSpec
from lab.theory.shift import Compare, ShiftCurve
from pages.ui import live, state
from pages.ui.photo import Photo
from pages.ui.pooling.photo_tensor import WHITE, Held, fit_window, photo_tensor, picture_uri, window_bounds
from pages.ui.pooling.state import KIND_NAMES, MOST_SHIFT, WEIGHT_NAMES, ShiftState
from pages.ui.units import whole_percent

if TYPE_CHECKING:
    from torch import Tensor

STAGE = live.Stage("pooling_shift", scripts=("pooling/shift",), styles=("pooling/shift",))
LONGEST_PX = 96  # in grey: every kind is measured at every shift while a control is dragged
DRAWN_SIDE_PX = 96
MEASURED = (
    PoolKind.MAX,
    PoolKind.AVERAGE,
    PoolKind.LP,
    PoolKind.CONVOLUTION,
    PoolKind.ADAPTIVE_MAX,
    PoolKind.ADAPTIVE_AVERAGE,
    PoolKind.GLOBAL_MAX,
    PoolKind.GLOBAL_AVERAGE,
)
_PICTURES = {"photo": "The photo", "dot": "One bright dot", "stripes": "Stripes 2 px wide"}
_COMPARE = {"in_place": "the one at its place before", "moved_along": "the one that should arrive there"}
SHIFTS = tuple(range(MOST_SHIFT + 1))


@STAGE.fragment
def show_shift_stage(photo: Photo) -> None:
    """Draw the stage for one photo."""
    key, picture = _picture_of(state.load(ShiftState).picture, photo)
    size = (int(picture.shape[1]), int(picture.shape[2]))
    chosen, message = fit_window(state.load(ShiftState), size)
    STAGE.show(
        ShiftState,
        key="_pooling.shift",
        controls=_controls(chosen, size),
        picture=_drawing(chosen, key, picture),
        message=message,
    )


def _picture_of(name: str, photo: Photo) -> tuple[str, Tensor]:
    """A name for caches, and the picture: (1, H, W), 0 to 255."""
    import torch

    if name == "photo":
        return photo.key, photo_tensor(photo, LONGEST_PX, grey=True)
    drawn = torch.zeros(1, DRAWN_SIDE_PX, DRAWN_SIDE_PX)
    if name == "dot":
        drawn[0, DRAWN_SIDE_PX // 2, DRAWN_SIDE_PX // 2] = WHITE
    else:
        drawn[..., torch.arange(DRAWN_SIDE_PX) % 4 < 2] = WHITE
    return name, drawn


def _controls(chosen: ShiftState, size: tuple[int, int]) -> tuple[live.Control, ...]:
    found = window_bounds(chosen, size)
    kinds = [(kind, KIND_NAMES[kind]) for kind in MEASURED]
    return (
        live.slider(ShiftState, "shift"),
        live.choice(ShiftState, "kind", choices=kinds),
        live.choice(ShiftState, "picture", choices=list(_PICTURES.items())),
        live.choice(ShiftState, "compare", choices=list(_COMPARE.items())),
        *(
            live.slider(ShiftState, name, least=found[name].least, most=found[name].most)
            for name in ("kernel_size", "stride", "padding")
        ),
        live.slider(ShiftState, "norm_type"),
        live.choice(ShiftState, "weights", choices=list(WEIGHT_NAMES.items())),
        live.slider(ShiftState, "output_size", most=min(found["output_size"].most, 64)),
    )


def _drawing(chosen: ShiftState, key: str, picture: Tensor) -> dict[str, Any]:
    lines = _lines(chosen, key, picture)
    shown = next(line for line in lines if line["kind"] == chosen.kind.value)
    return {
        "shift": chosen.shift,
        "lines": lines,
        "shown": shown,
        "shifts": SHIFTS,
        "pictures": _pictures(chosen, picture),
        "measure": _measure(chosen),
        "verdict": _verdict(chosen, lines, picture),
        "sentence": _sentence(chosen, lines),
        "ratio": picture.shape[2] / picture.shape[1],
    }


def _lines(chosen: ShiftState, key: str, picture: Tensor) -> list[dict[str, Any]]:
    """Every kind's curve in percent, and that of the picture without any pooling."""
    rows: list[tuple[str, str, PoolSpec | None]] = [("none", "No pooling", None)]
    rows += [(kind.value, KIND_NAMES[kind], chosen.spec(kind).effective()) for kind in MEASURED]
    return [
        {"kind": name, "name": title, "y": [100 * y for y in _curve(key, Held(picture), spec, chosen.compare).changes]}
        for name, title, spec in rows
    ]


@lru_cache(maxsize=512)
def _curve(_key: str, held: Held, spec: PoolSpec | None, compare: Compare) -> ShiftCurve:
    from lab.theory.shift import measure_shift

    return measure_shift(held.content, spec, SHIFTS, compare=compare)


def _pictures(chosen: ShiftState, picture: Tensor) -> list[dict[str, str]]:
    """The moved picture, the chosen kind's output before and after, and what changed in place."""
    from lab.theory.pooling import gain, pool
    from lab.theory.shift import shifted

    spec = chosen.spec(chosen.kind)
    moved = shifted(picture, chosen.shift)
    before, after = (pool(one[None], spec)[0] / gain(spec) for one in (picture, moved))
    name = KIND_NAMES[chosen.kind]
    rows = (
        ("The picture, moved", moved),
        (f"{name}, before", before),
        (f"{name}, after", after),
        ("What changed in place", (after - before).abs()),
    )
    return [{"name": title, "src": picture_uri(values)} for title, values in rows]


def _sentence(chosen: ShiftState, lines: list[dict[str, Any]]) -> str:
    """The curves at this shift in words, the steadiest kind first."""
    at = {line["name"]: line["y"][chosen.shift] for line in lines}
    ranked = sorted(at.items(), key=lambda row: row[1])
    words = ", ".join(f"{name} {change:.0f} %" for name, change in ranked)
    return f"Moved by {chosen.shift} px, in % of the contrast: {words}."


def _measure(chosen: ShiftState) -> str:
    """What the height of a line means."""
    beside = "what they were" if chosen.compare == "in_place" else "those that should arrive at their places"
    return (
        f"The picture is moved to the right and pooled again. Each line is one way to pool: how far the numbers of its "
        f"output are from {beside} (root mean square), in % of the picture's contrast (its standard deviation)."
    )


def _verdict(chosen: ShiftState, lines: list[dict[str, Any]], picture: Tensor) -> str:
    """Which of the two usual kinds changes more, and why; empty where there is nothing between them."""
    at = {line["kind"]: line["y"][chosen.shift] for line in lines}
    largest, mean = at[PoolKind.MAX.value], at[PoolKind.AVERAGE.value]
    if round(largest) == round(mean):
        return ""
    more = "more" if largest > mean else "less"
    told = f"Max pooling changes {more} than average pooling here, {largest:.0f} % against {mean:.0f} %"
    if chosen.compare == "moved_along" or chosen.shift >= chosen.kernel_size:
        return f"{told}."
    told = f"{told}: {whole_percent(_kept_share(chosen, picture))} of its numbers stay exactly the same"
    if largest > mean:
        told += ", but where the largest pixel leaves its window, the number jumps to another pixel's"
    return f"{told}. A mean exchanges {chosen.shift} of its {chosen.kernel_size} columns."


def _kept_share(chosen: ShiftState, picture: Tensor) -> float:
    """How many of max pooling's outputs are the same before and after."""
    from lab.theory.pooling import pool
    from lab.theory.shift import shifted

    before, after = (pool(one[None], chosen.spec(PoolKind.MAX)) for one in (picture, shifted(picture, chosen.shift)))
    return float((before == after).float().mean())
