"""The stage of numbers: one small map, one window, every number written out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from lab.errors import GeometryError
from lab.theory.pool_window import AxisWindows, PoolKind, PoolSpec, axis_windows, bounds, nearest_possible
from pages.ui import live, state
from pages.ui.maths.mended import keep_mended, mended_sentence
from pages.ui.photo import Photo
from pages.ui.pooling.arithmetic import number_or_nan, picture_cells
from pages.ui.pooling.layer import code_lines
from pages.ui.pooling.maps import numbers, upstream_numbers
from pages.ui.pooling.state import (
    KIND_NAMES,
    LIMIT,
    MAP_NAMES,
    MOST_KERNEL,
    MOST_STRIDE,
    SLIDING,
    WEIGHT_NAMES,
    PoolingState,
)
from pages.ui.pooling.words import facts, name_with_setting, size_lines

if TYPE_CHECKING:
    from torch import Tensor

    from lab.theory.pooling import PoolingDetail

STAGE = live.Stage("pooling", scripts=("pooling/numbers",), styles=("pooling/numbers",))
_SQUARE = ("kernel_size", "padding", "dilation")


@STAGE.fragment
def show_numbers_stage(photo: Photo) -> None:
    """Draw the stage; the photo is for the map that is made of it."""
    import torch

    from lab.theory.pooling import take_apart

    chosen, message = _possible(state.load(PoolingState))
    grid = torch.tensor(numbers(chosen, photo), dtype=torch.float64)
    detail = take_apart(grid, chosen.spec)
    upstream = upstream_numbers(chosen, (detail.output.shape[0], detail.output.shape[1]))
    detail = detail.with_upstream(torch.tensor(upstream, dtype=torch.float64))
    STAGE.show(
        PoolingState,
        key="_pooling.numbers",
        controls=_controls(chosen),
        picture={
            **numbers_picture(detail, map_name=chosen.map, is_grey=chosen.map == "photo"),
            "upstream": upstream,
        },
        message=message,
    )


def _possible(chosen: PoolingState) -> tuple[PoolingState, str]:
    """Bring a setting that does not fit (an old link, a map made smaller) to the nearest that does, and say so."""
    size = (chosen.height, chosen.width)
    fitting = nearest_possible(chosen.spec, size)
    if fitting == chosen.spec:
        return chosen, mended_sentence(chosen)
    changed = chosen.model_copy(update={name: min(getattr(fitting, name)) for name in _SQUARE})
    sentence = (
        f"A window of {chosen.kernel_size} with padding {chosen.padding} and dilation {chosen.dilation} does not fit "
        f"a map of {size[0]}×{size[1]}; the window is {changed.kernel_size} with padding {changed.padding} now."
    )
    keep_mended(changed, sentence)
    return changed, sentence


def _controls(chosen: PoolingState) -> tuple[live.Control, ...]:
    """Only what the kind takes, each between the values for which there is a result."""
    found = bounds(chosen.spec, (chosen.height, chosen.width), most_kernel=MOST_KERNEL, most_stride=MOST_STRIDE)
    every = {
        name: live.slider(PoolingState, name, least=found[name].least, most=found[name].most)
        for name in ("kernel_size", "stride", "padding", "dilation", "output_size")
    }
    every |= {name: live.switch(PoolingState, name) for name in ("ceil_mode", "count_include_pad")}
    every["norm_type"] = live.slider(PoolingState, "norm_type")
    every["weights"] = live.choice(PoolingState, "weights", choices=_pairs(WEIGHT_NAMES))
    order = ("kernel_size", "stride", "output_size", "norm_type", "weights", "padding", "dilation", "ceil_mode")
    return (
        live.choice(PoolingState, "kind", choices=_pairs(KIND_NAMES)),
        *(every[name] for name in (*order, "count_include_pad") if name in chosen.spec.options),
        live.choice(PoolingState, "map", choices=_pairs(MAP_NAMES), group="The map"),
        live.slider(PoolingState, "height", group="The map"),
        live.slider(PoolingState, "width", group="The map"),
    )


def _pairs(names: dict[Any, str]) -> list[tuple[Any, str]]:
    return list(names.items())


def numbers_picture(
    detail: PoolingDetail, *, map_name: str, is_grey: bool, about: Sequence[str] = ()
) -> dict[str, Any]:
    """Everything the browser draws.

    Args:
        detail: the pooling taken apart.
        map_name: whose numbers can be typed over; empty where they cannot.
        is_grey: drawn as a picture, 0 black and the largest white.
        about: sentences to begin with.
    """
    spec, gradient = detail.spec, detail.gradient
    size = (detail.rows.size, detail.cols.size)
    unread = (detail.rows.unread, detail.cols.unread)
    return {
        "kind": KIND_NAMES[spec.kind],
        "map": detail.picture.tolist(),
        "map_name": map_name,
        "is_grey": is_grey,
        "limit": max(1e-9, float(detail.picture.abs().max())),
        "edit_limit": LIMIT,
        "outside": "−∞" if spec.kind.takes_maximum else "0",
        "frame": [_frame(detail.rows, spec, 0), _frame(detail.cols, spec, 1)],
        "rows": detail.rows.taps,
        "cols": detail.cols.taps,
        "dropped": _dropped(detail),
        "unread": [[y, x] for y in range(size[0]) for x in range(size[1]) if y in unread[0] or x in unread[1]],
        "output": _shown(detail.output),
        "output_limit": max(1e-9, float(detail.output.nan_to_num(0.0).abs().max())),
        "cells": picture_cells(detail),
        "lost": (~detail.lost.passed[0]).nonzero().tolist(),
        "gradient": _shown(gradient),
        "gradient_limit": max(1e-9, float(gradient.nan_to_num(0.0).abs().max())),
        "others": _others(detail),
        "weight": None if detail.weight is None else detail.weight.tolist(),
        "sizes": size_lines(spec, size),
        "facts": [*about, *facts(detail)],
        "code": code_lines(spec, size),
    }


def _shown(values: Tensor) -> list[list[float | str]]:
    return [[number_or_nan(value) for value in row] for row in values.tolist()]


def _frame(windows: AxisWindows, spec: PoolSpec, axis: int) -> dict[str, int]:
    """What is drawn around the map on one axis, in rows or columns.

    Returns:
        ``before`` and ``after``: padding, and all else that some window reads; ``beyond``: behind that, where only a
        dropped window would reach.
    """
    padding = spec.effective().padding[axis]
    last = max(taps[-1] for taps in windows.taps)
    after = max(padding, last - windows.size + 1)
    reach = after if windows.dropped is None else windows.dropped.taps[-1] - windows.size + 1
    return {"before": padding, "after": after, "beyond": max(0, reach - after)}


def _dropped(detail: PoolingDetail) -> list[list[int]]:
    """The places of the first window that was dropped on each axis."""
    rows, cols = detail.rows, detail.cols
    pairs = [(rows.dropped.taps, cols.taps[0])] if rows.dropped else []
    pairs += [(rows.taps[0], cols.dropped.taps)] if cols.dropped else []
    return [[y, x] for ys, xs in pairs for y in ys for x in xs]


def _others(detail: PoolingDetail) -> list[dict[str, Any]]:
    """What the other kinds make of the same windows; a kind that cannot look through them is left out."""
    from lab.theory.pooling import pool

    spec, size = detail.spec, (detail.rows.size, detail.cols.size)
    kinds = SLIDING if spec.kind.slides else (PoolKind.MAX, PoolKind.AVERAGE)
    found = []
    for kind in kinds:
        other = spec.model_copy(update={"kind": _twin(kind, spec)})
        if _windows(other, size) == [detail.rows.taps, detail.cols.taps]:
            values = pool(detail.picture[None, None], other)[0, 0]
            found.append({"name": name_with_setting(other), "values": _shown(values), "mark": other.kind is spec.kind})
    return found


def _windows(spec: PoolSpec, size: tuple[int, int]) -> list[tuple[tuple[int, ...], ...]] | None:
    """The windows of both axes; ``None`` where they do not fit: LP has no padding to stand on."""
    try:
        return [axis_windows(spec, size[axis], axis).taps for axis in (0, 1)]
    except GeometryError:
        return None


def _twin(kind: PoolKind, spec: PoolSpec) -> PoolKind:
    """The adaptive or global sister of a kind, where the setting is such a one."""
    if spec.kind.slides:
        return kind
    return PoolKind(f"{spec.kind.value.split('_')[0]}_{kind.value}")
