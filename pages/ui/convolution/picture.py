"""What the numbers stage draws: every number that torch computed, and the tables of what touches what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pages.ui.convolution import facts
from pages.ui.convolution.layer import layer_of, setting_of, shape_of
from pages.ui.convolution.numbers import input_numbers, kernel_numbers, patch_place, shrunk, upstream_numbers
from pages.ui.convolution.state import ConvolutionState
from pages.ui.photo import Photo
from pages.ui.picture import data_uri, png

if TYPE_CHECKING:
    from torch import Tensor

    from lab.theory.convolution import ConvSetting
    from lab.theory.taps import AxisTaps

# Float64 keeps the numbers of the hand as they are; nine decimals are far below what is shown and cut its last noise.
DECIMALS = 9


def draw(chosen: ConvolutionState, photo: Photo | None) -> dict[str, Any]:
    """Compute the chosen layer and put everything that is shown into plain data.

    Raises:
        LabError: the setting has no result.
    """
    from torch import from_numpy, tensor

    setting = setting_of(chosen)
    image = from_numpy(input_numbers(chosen, photo))
    weight = _weight(setting, chosen)
    bias = tensor(chosen.bias_values[: setting.out_channels], dtype=image.dtype) if chosen.bias else None
    layer = layer_of(chosen)
    upstream = from_numpy(upstream_numbers(chosen, (setting.out_channels, *setting.output_size)))
    return {
        **describe(
            setting,
            image,
            weight,
            bias,
            chosen.out_channel,
            chosen.view,
            (chosen.row, chosen.column),
            upstream=upstream if chosen.upstream == "map" else None,
        ),
        "upstream": chosen.upstream,
        "is_grey": chosen.source == "photo",
        "is_editable": True,
        "facts": facts.facts_of(layer, setting, shape_of(chosen)),
        "patch": _patch(chosen, photo),
        "note": facts.kernel_note(chosen),
    }


def _weight(setting: ConvSetting, chosen: ConvolutionState) -> Tensor:
    """The kernels in PyTorch's order: a transposed layer has its input channels first."""
    from torch import from_numpy

    share = setting.in_channels // setting.groups
    stored = kernel_numbers(chosen, (setting.out_channels, share, *setting.kernel_size))
    if not setting.transposed:
        return from_numpy(stored)
    # (groups, out of the group, in of the group) -> (groups, in of the group, out of the group)
    grouped = stored.reshape(setting.groups, -1, share, *setting.kernel_size).swapaxes(1, 2)
    return from_numpy(np.ascontiguousarray(grouped.reshape(setting.weight_shape)))


def describe(
    setting: ConvSetting,
    image: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    out_channel: int,
    view: str,
    cell: tuple[int, int],
    upstream: Tensor | None = None,
) -> dict[str, Any]:
    """Take one layer apart, also one of the learner's network.

    Args:
        setting: what is convolved how.
        image: (C, H, W).
        weight: ``setting.weight_shape``.
        bias: (out_channels,), or ``None``.
        out_channel: the map that is shown; the last one when there are fewer.
        view: what stands below: ``"sum"``, ``"matrix"`` or ``"backward"``.
        cell: (row, column) of the chosen output cell; brought inside the map.
        upstream: (out_channels, h, w): the gradient that arrives at the output; ``None`` for a 1 at the chosen cell.
    """
    from lab.theory.convolution import convolve, kernels_of, pad, products

    shown = min(out_channel, setting.out_channels - 1)
    output = convolve(setting, image, weight, bias)
    parts = products(setting, image, weight, shown)
    height, width = setting.output_size
    place = (min(cell[0], height - 1), min(cell[1], width - 1))
    return {
        "transposed": setting.transposed,
        "input": plain(pad(setting, image)),
        "channels": list(setting.channels_read(shown)),
        "rows": _axis(setting.rows, setting.size[0]),
        "columns": _axis(setting.columns, setting.size[1]),
        "kernel": plain(kernels_of(setting, weight, shown)),
        "bias": None if bias is None else plain(bias)[shown],
        "output": plain(output),
        "shown": shown,
        "products": plain(parts.flatten(3)),
        "sums": plain(parts.sum((3, 4))),
        "view": view,
        "cell": list(place),
        "matrix": _matrix(setting, weight, shown) if view == "matrix" else None,
        "backward": _backward(setting, image, weight, bias, (shown, *place), upstream) if view == "backward" else None,
    }


def plain(values: Tensor) -> Any:
    """Nested lists, without the noise of the last binary digits."""
    return values.detach().double().round(decimals=DECIMALS).tolist()


def _axis(taps: AxisTaps, size: int) -> dict[str, Any]:
    return {
        "size": size,
        "before": taps.before,
        "frame": taps.frame,
        "reads": taps.reads,
        "unread": taps.unread,
        "untouched": taps.untouched,
    }


def _matrix(setting: ConvSetting, weight: Tensor, shown: int) -> dict[str, Any]:
    """The rows of the shown map, sparse: (row, column, value) of all places that a kernel value stands in."""
    from lab.theory.conv_matrix import conv_matrix

    cells = setting.output_size[0] * setting.output_size[1]
    rows = conv_matrix(setting, weight)[shown * cells : (shown + 1) * cells]
    # Which places hold a kernel value does not depend on its being 0.
    held = conv_matrix(setting, weight.new_ones(weight.shape))[shown * cells : (shown + 1) * cells] != 0
    at = held.nonzero()
    return {
        "height": rows.shape[0],
        "width": rows.shape[1],
        "at": at.tolist(),
        "values": plain(rows[at[:, 0], at[:, 1]]),
        "sentence": facts.matrix_sentence(setting, tuple(rows.shape), len(at)),
    }


def _backward(
    setting: ConvSetting,
    image: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    cell: tuple[int, int, int],
    upstream: Tensor | None,
) -> dict[str, Any]:
    from lab.theory.conv_gradient import cell_gradient, conv_gradient
    from lab.theory.convolution import kernels_of

    slope = (
        cell_gradient(setting, image, weight, bias, cell)
        if upstream is None
        else conv_gradient(setting, image, weight, bias, upstream)
    )
    return {
        "upstream": None if upstream is None else plain(upstream)[cell[0]],
        "input": plain(slope.image),
        "kernel": plain(kernels_of(setting, slope.weight, cell[0])),
        "bias": None if slope.bias is None else plain(slope.bias)[cell[0]],
    }


def _patch(chosen: ConvolutionState, photo: Photo | None) -> dict[str, Any] | None:
    """The shrunken photo and where the patch lies in it, as shares of its sides."""
    if chosen.source != "photo" or photo is None:
        return None
    pixels = shrunk(photo, chosen.patch_px)
    rows, columns = pixels.shape[:2]
    place = patch_place(chosen, photo)
    return {
        "src": data_uri(png(pixels)),
        "title": photo.title,
        "width": columns,
        "height": rows,
        "box": [place.left / columns, place.top / rows, place.width / columns, place.height / rows],
        "free": [max(1, columns - place.width) / columns, max(1, rows - place.height) / rows],
    }
