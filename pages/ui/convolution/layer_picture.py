"""A window into a layer of the learner's network: a few cells of one map, with the input that they read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lab.network.layers.convolution import Conv2d
from pages.ui.convolution import facts
from pages.ui.convolution.layer import setting_from
from pages.ui.convolution.picture import describe, plain
from pages.ui.convolution.state import LayerStageState
from pages.ui.maths.your_network import YourLayer

if TYPE_CHECKING:
    from torch import Tensor

    from lab.theory.convolution import ConvSetting

N_CELLS = 5  # output cells on a side
N_CHANNELS = 3  # the input maps that matter most; the others are summed up


@dataclass(frozen=True, eq=False)
class Part:
    """A few output cells of one map as a small convolution of its own.

    Args:
        setting: the small convolution, without padding: what it reads is padded already.
        image: (shown channels, height, width) of the padded input.
        weight: (1, shown channels, kernel height, kernel width).
        channels: which input maps are shown, the strongest first.
        others: (height, width): what all other input maps add to each cell.
        output: (height, width) of the layer's output.
    """

    setting: ConvSetting
    image: Tensor
    weight: Tensor
    channels: tuple[int, ...]
    others: Tensor
    output: Tensor


def part_of(layer: Conv2d, image: Tensor, weight: Tensor, bias: Tensor | None, chosen: LayerStageState) -> Part:
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
    (top, rows), (left, columns) = (
        _range(start - 1, n_cells)
        for start, n_cells in zip((chosen.first_row, chosen.first_column), whole.output_size, strict=True)
    )
    spans = [d * (k - 1) + 1 for d, k in zip(whole.dilation, whole.kernel_size, strict=True)]
    first = top * whole.stride[0], left * whole.stride[1]
    size = (rows - 1) * whole.stride[0] + spans[0], (columns - 1) * whole.stride[1] + spans[1]
    channels_read = whole.channels_read(shown)
    read = pad(whole, image[channels_read.start : channels_read.stop])
    cut = read[:, first[0] : first[0] + size[0], first[1] : first[1] + size[1]]
    kernels = kernels_of(whole, weight, shown)
    kept = _strongest(cut, kernels)
    setting = ConvSetting(
        size=size, in_channels=len(kept), kernel_size=whole.kernel_size, stride=whole.stride, dilation=whole.dilation
    )
    sums = convolve(setting, cut[kept], kernels[kept][None])[0]
    added = 0.0 if bias is None else bias[shown]
    # Only these cells of only this map: a drag must not wait for a whole layer.
    here = convolve(setting.model_copy(update={"in_channels": len(cut)}), cut, kernels[None])[0] + added
    names = tuple(channels_read[place] for place in kept)
    return Part(setting, cut[kept], kernels[kept][None], names, here - sums - added, here)


def _range(start: int, size: int) -> tuple[int, int]:
    """The first cell and how many."""
    n_cells = min(N_CELLS, size)
    return min(start, size - n_cells), n_cells


def _strongest(image: Tensor, kernels: Tensor) -> list[int]:
    """The input maps whose size times weight is largest, in their own order."""
    strength = image.abs().sum((1, 2)) * kernels.abs().sum((1, 2))
    kept: list[int] = strength.topk(min(N_CHANNELS, len(strength))).indices.tolist()
    return sorted(kept)


def draw(found: YourLayer, layer: Conv2d, chosen: LayerStageState) -> dict[str, Any]:
    """Put the chosen cells into plain data, as :func:`pages.ui.convolution.picture.draw` does."""
    from torch import tensor

    weight = found.weight
    if weight is None:
        raise ValueError("a convolution without weights")
    part = part_of(layer, found.input, weight, found.bias, chosen)
    shown = min(chosen.output_map, layer.out_channels) - 1
    bias = None if found.bias is None else tensor([float(found.bias[shown])])
    described = describe(part.setting, part.image, part.weight, bias, 0, chosen.view, (chosen.row, chosen.column))
    channels, height, width = map(int, found.input.shape)
    shape = (channels, height, width)
    return {
        **described,
        "output": [plain(part.output)],
        "names": [channel + 1 for channel in part.channels],
        "map": shown + 1,
        "others": plain(part.others),
        "n_others": channels // layer.groups - len(part.channels),
        "is_grey": False,
        "is_editable": False,
        "facts": facts.facts_of(layer, setting_from(layer, shape), shape),
        "patch": None,
        "note": "",
    }
