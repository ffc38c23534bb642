"""A few output cells of one map of a layer, cut out as a small convolution of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab.network.layers.convolution import Conv2d, ConvTranspose2d
from pages.ui.convolution.layer import setting_from
from pages.ui.convolution.state import LayerStageState

if TYPE_CHECKING:
    from torch import Tensor

    from lab.theory.convolution import ConvSetting

N_CELLS = 5  # output cells on a side
N_CHANNELS = 3  # the input maps that matter most; the others are summed up


@dataclass(frozen=True, eq=False)
class Part:
    """A few output cells of one map as a small convolution of its own.

    Args:
        setting: the small convolution; of an ordinary one without padding, as what it reads is padded already.
        image: (shown channels, height, width) of what these cells read.
        weight: ``setting.weight_shape``, for the one map.
        channels: which input maps are shown, the strongest first.
        others: (height, width): what all other input maps add to each cell.
        output: (height, width) of the layer's output.
        place: row and column of the first output cell.
    """

    setting: ConvSetting
    image: Tensor
    weight: Tensor
    channels: tuple[int, ...]
    others: Tensor
    output: Tensor
    place: tuple[int, int]


@dataclass(frozen=True)
class _AxisPart:
    """Some output cells of one axis: the pixels they read, of the padded input, and what a transposed layer cuts."""

    pixels: slice
    cut: tuple[int, int] = (0, 0)
    output_padding: int = 0


def part_of(
    layer: Conv2d | ConvTranspose2d, image: Tensor, weight: Tensor, bias: Tensor | None, chosen: LayerStageState
) -> Part:
    """Cut the chosen cells out of a layer.

    Args:
        layer: the layer's spec.
        image: (C, H, W), what it takes.
        weight: its parameters, as torch stores them.
        bias: (out_channels,), or ``None``.
        chosen: which map, and the first row and column of its cells; brought inside.
    """
    from lab.theory.convolution import ConvSetting, convolve, kernels_of, pad

    channels, height, width = map(int, image.shape)
    whole = setting_from(layer, (channels, height, width))
    shown = min(chosen.output_map, whole.out_channels) - 1
    (top, n_rows), (left, n_columns) = (
        _cells(start - 1, size)
        for start, size in zip((chosen.first_row, chosen.first_column), whole.output_size, strict=True)
    )
    find = _stamping if whole.transposed else _reading
    rows, columns = find(whole, 0, top, n_rows), find(whole, 1, left, n_columns)
    channels_read = whole.channels_read(shown)
    read = pad(whole, image[channels_read.start : channels_read.stop])
    cut = read[:, rows.pixels, columns.pixels]
    kernels = kernels_of(whole, weight, shown)
    kept = _strongest(cut, kernels)
    setting = ConvSetting(
        size=(int(cut.shape[1]), int(cut.shape[2])),
        in_channels=len(kept),
        kernel_size=whole.kernel_size,
        stride=whole.stride,
        dilation=whole.dilation,
        transposed=whole.transposed,
        padding=(rows.cut, columns.cut),
        output_padding=(rows.output_padding, columns.output_padding),
    )
    sums = convolve(setting, cut[kept], _stored(setting, kernels[kept]))[0]
    added = 0.0 if bias is None else bias[shown]
    # Only these cells of only this map: a drag must not wait for a whole layer.
    here = convolve(setting.model_copy(update={"in_channels": len(cut)}), cut, _stored(setting, kernels))[0] + added
    names = tuple(channels_read[place] for place in kept)
    return Part(setting, cut[kept], _stored(setting, kernels[kept]), names, here - sums - added, here, (top, left))


def _cells(start: int, size: int) -> tuple[int, int]:
    """The first cell and how many."""
    n_cells = min(N_CELLS, size)
    return min(start, size - n_cells), n_cells


def _reading(whole: ConvSetting, axis: int, first: int, n_cells: int) -> _AxisPart:
    """What some cells of an ordinary convolution read of the padded input."""
    begin = first * whole.stride[axis]
    return _AxisPart(slice(begin, begin + (n_cells - 1) * whole.stride[axis] + _span(whole, axis)))


def _stamping(whole: ConvSetting, axis: int, first: int, n_cells: int) -> _AxisPart:
    """Which pixels stamp the kernel on some cells of a transposed convolution, and what else they stamp on."""
    stride, span, last = whole.stride[axis], _span(whole, axis), whole.size[axis] - 1
    begin = first + whole.padding[axis][0]  # the cells' place before anything is cut away
    low = max(0, min(-(-(begin - span + 1) // stride), begin // stride, last))
    high = max(low, min(last, (begin + n_cells - 1) // stride))
    before = begin - low * stride
    after = (high - low) * stride + span - before - n_cells
    return _AxisPart(slice(low, high + 1), (before, max(0, after)), max(0, -after))


def _span(whole: ConvSetting, axis: int) -> int:
    return whole.dilation[axis] * (whole.kernel_size[axis] - 1) + 1


def _stored(setting: ConvSetting, kernels: Tensor) -> Tensor:
    """The kernels of one map in PyTorch's order: a transposed layer has its input channels first."""
    return kernels[:, None] if setting.transposed else kernels[None]


def _strongest(image: Tensor, kernels: Tensor) -> list[int]:
    """The input maps whose size times weight is largest, in their own order."""
    strength = image.abs().sum((1, 2)) * kernels.abs().sum((1, 2))
    kept: list[int] = strength.topk(min(N_CHANNELS, len(strength))).indices.tolist()
    return sorted(kept)
