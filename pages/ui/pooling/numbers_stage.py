"""The stage of numbers: one small map, one window, every number written out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from lab.theory.pool_window import AxisWindows, PoolKind, PoolSpec, axis_windows, bounds, nearest_possible
from pages.ui import live, state
from pages.ui.photo import Photo
from pages.ui.pooling.arithmetic import number_or_nan, picture_cells
from pages.ui.pooling.layer import code_lines
from pages.ui.pooling.maps import numbers
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
from pages.ui.pooling.words import facts, size_lines

if TYPE_CHECKING:
    from torch import Tensor

    from lab.theory.pooling import PoolingDetail

STAGE = live.Stage("pooling", scripts=("pooling/numbers",), styles=("pooling/numbers",))
_SQUARE = ("kernel_size", "padding", "dilation")


@st.fragment
def show_numbers_stage(photo: Photo) -> None:
    """Draw the stage; the photo is for the map that is made of it."""
    import torch

    from lab.theory.pooling import take_apart

    chosen, message = _possible(state.load(PoolingState))
    grid = torch.tensor(numbers(chosen, photo), dtype=torch.float64)
    detail = take_apart(grid, chosen.spec)
    STAGE.show(
        PoolingState,
        key="_pooling.numbers",
        controls=_controls(chosen),
        picture=_picture(chosen, detail, grid),
        message=message,
    )


def _possible(chosen: PoolingState) -> tuple[PoolingState, str]:
    """Bring a setting that does not fit (an old link, a map made smaller) to the nearest that does, and say so."""
    size = (chosen.height, chosen.width)
    fitting = nearest_possible(chosen.spec, size)
    if fitting == chosen.spec:
        return chosen, ""
    values = {name: min(getattr(fitting, name)) for name in _SQUARE}
    changed = chosen.model_copy(update=values)
    state.keep(changed)
    return changed, (
        f"A window of {chosen.kernel_size} with padding {chosen.padding} and dilation {chosen.dilation} does not fit "
        f"a map of {size[0]}×{size[1]}; the window is {changed.kernel_size} with padding {changed.padding} now."
    )


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


def _picture(chosen: PoolingState, detail: PoolingDetail, grid: Tensor) -> dict[str, Any]:
    spec, size = chosen.spec, (chosen.height, chosen.width)
    gradient = detail.gradient
    return {
        "kind": KIND_NAMES[spec.kind],
        "map": detail.picture.tolist(),
        "map_name": chosen.map,
        "map_title": MAP_NAMES[chosen.map],
        "is_grey": chosen.map == "photo",
        "limit": max(1.0, float(grid.abs().max())),
        "edit_limit": LIMIT,
        "outside": "−∞" if spec.kind.takes_maximum else "0",
        "frame": [_frame(detail.rows, spec, 0), _frame(detail.cols, spec, 1)],
        "rows": detail.rows.taps,
        "cols": detail.cols.taps,
        "output": _shown(detail.output),
        "output_limit": max(1.0, float(detail.output.nan_to_num(0.0).abs().max())),
        "cells": picture_cells(detail),
        "lost": (~detail.lost.passed[0]).nonzero().tolist(),
        "gradient": _shown(gradient),
        "gradient_limit": max(1e-9, float(gradient.nan_to_num(0.0).abs().max())),
        "others": _others(spec, grid, detail),
        "weight": None if detail.weight is None else detail.weight.tolist(),
        "sizes": size_lines(spec, size),
        "facts": facts(detail),
        "code": code_lines(spec, size),
    }


def _shown(values: Tensor) -> list[list[float | str]]:
    return [[number_or_nan(value) for value in row] for row in values.tolist()]


def _frame(windows: AxisWindows, spec: PoolSpec, axis: int) -> list[int]:
    """How many rows (columns) of padding are drawn before and behind the map: all that some window reads."""
    padding = spec.effective().padding[axis]
    last = max(taps[-1] for taps in windows.taps)
    return [padding, max(padding, last - windows.size + 1)]


def _others(spec: PoolSpec, grid: Tensor, detail: PoolingDetail) -> list[dict[str, Any]]:
    """What the other kinds make of the same windows; ``None`` for a kind that cannot look through them."""
    from lab.theory.pooling import pool

    kinds = SLIDING if spec.kind.slides else (PoolKind.MAX, PoolKind.AVERAGE)
    found = []
    for kind in kinds:
        other = spec.model_copy(update={"kind": _twin(kind, spec)})
        windows = [axis_windows(other, size, axis).taps for axis, size in enumerate(grid.shape)]
        if windows == [detail.rows.taps, detail.cols.taps]:
            values = pool(grid[None, None], other)[0, 0]
            found.append({"name": KIND_NAMES[other.kind], "values": _shown(values), "mark": other.kind is spec.kind})
    return found


def _twin(kind: PoolKind, spec: PoolSpec) -> PoolKind:
    """The adaptive or global sister of a kind, where the setting is such a one."""
    if spec.kind.slides:
        return kind
    return PoolKind(f"{spec.kind.value.split('_')[0]}_{kind.value}")
