"""What a setting costs and how it is written: the size formula with today's numbers, parameters, MACs, code."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any

from lab.errors import LabError
from lab.network.layers.convolution import ConvTranspose2d
from lab.network.summary import FLOAT_BYTES
from pages.ui import units
from pages.ui.convolution.layer import Layer, Shape
from pages.ui.convolution.state import KERNELS, ConvolutionState

if TYPE_CHECKING:
    from lab.theory.convolution import ConvSetting


def facts_of(layer: Layer, setting: ConvSetting, shape: Shape) -> dict[str, Any]:
    """All facts of a layer on an input of this shape, as sentences and rows for the screen."""
    inputs = (shape,)
    output = layer.output_shape(inputs)
    n_params, n_macs = layer.n_params(inputs), layer.n_macs(inputs)
    return {
        "size": _size_lines(layer, setting),
        "symbols": _symbols(layer, setting),
        "rows": [
            ["Output", units.shape(output), f"{units.count(prod(output))} values"],
            ["Parameters", units.count(n_params), _params_words(layer, setting)],
            ["MACs", units.count(n_macs), _macs_words(setting)],
            ["Memory", units.size(FLOAT_BYTES * (prod(output) + n_params)), _memory_words(prod(output), n_params)],
            ["Not read", *_unread_words(setting)],
        ],
        "code": [["PyTorch", layer.pytorch(inputs)], ["Keras", _keras(layer, inputs)]],
    }


def _size_lines(layer: Layer, setting: ConvSetting) -> list[list[str]]:
    """The size formula of each axis, or one line where both are the same: [name, symbols, numbers]."""
    lines = [[name, *_size_line(layer, setting, axis)] for axis, name in enumerate(("Height", "Width"))]
    return [["Size", *lines[0][1:]]] if lines[0][1:] == lines[1][1:] else lines


def _size_line(layer: Layer, setting: ConvSetting, axis: int) -> list[str]:
    i, k = setting.size[axis], setting.kernel_size[axis]
    s, d, (before, after) = setting.stride[axis], setting.dilation[axis], setting.padding[axis]
    out = setting.output_size[axis]
    if isinstance(layer, ConvTranspose2d):
        extra = layer.output_padding[axis]
        return [
            "(i − 1)·s − 2p + d·(k − 1) + a + 1",
            f"({i} − 1)·{s} − 2·{before} + {d}·({k} − 1) + {extra} + 1 = {out}",
        ]
    around = f"2·{before}" if before == after else f"{before} + {after}"
    symbol = "2p" if before == after else "p + p′"
    return [
        f"⌊(i + {symbol} − d·(k − 1) − 1) / s⌋ + 1",
        f"⌊({i} + {around} − {d}·({k} − 1) − 1) / {s}⌋ + 1 = {out}",
    ]


def _symbols(layer: Layer, setting: ConvSetting) -> list[list[str]]:
    """What each letter of the formula stands for: [letter, words]."""
    is_uneven = any(before != after for before, after in setting.padding)
    padding = [["p", "padding before"], ["p′", "padding after"]] if is_uneven else [["p", "padding on each side"]]
    own = [["a", "output padding"]] if isinstance(layer, ConvTranspose2d) else [["⌊ ⌋", "rounded down"]]
    return [["i", "input size"], ["k", "kernel size"], ["s", "stride"], *padding, ["d", "dilation"], *own]


def _params_words(layer: Layer, setting: ConvSetting) -> str:
    height, width = setting.kernel_size
    share = setting.in_channels // setting.groups
    words = f"{height}·{width} weights × {share} in × {setting.out_channels} out"
    if setting.groups > 1:
        words = f"{height}·{width} weights × {share} in of each group × {setting.out_channels} out"
    return f"{words} + {units.count(setting.out_channels)} bias" if layer.bias else words


def _macs_words(setting: ConvSetting) -> str:
    height, width = setting.size if setting.transposed else setting.output_size
    share = setting.in_channels // setting.groups
    kernel = f"{setting.kernel_size[0]}·{setting.kernel_size[1]}"
    if setting.transposed:
        out = setting.out_channels // setting.groups
        return f"{height}·{width} input pixels × {kernel} × {setting.in_channels} in × {out} out"
    return f"{height}·{width} positions × {kernel} × {share} in × {setting.out_channels} out"


def _memory_words(n_output: int, n_params: int) -> str:
    return f"{units.size(FLOAT_BYTES * n_output)} output + {units.size(FLOAT_BYTES * n_params)} weights, float32"


def _unread_words(setting: ConvSetting) -> list[str]:
    rows, columns = len(setting.rows.unread), len(setting.columns.unread)
    height, width = setting.size
    unread = height * width - (height - rows) * (width - columns)
    if not unread:
        return ["0", "every pixel counts"]
    return [units.count(unread), f"of {units.count(height * width)} pixels a map: no position reaches them"]


def _keras(layer: Layer, inputs: tuple[Shape, ...]) -> str:
    """The Keras lines, one after the other; the reason where there is none."""
    try:
        return "\n".join(f"x = {line.replace('{x}', 'x')}" for line in layer.keras(inputs))
    except LabError as error:
        return f"# {error.what}"


def matrix_sentence(setting: ConvSetting, shape: tuple[int, ...], n_held: int) -> str:
    """Say what the matrix of one output map is like, by numbers."""
    n_weights = prod(setting.kernel_size) * setting.in_channels // setting.groups
    return (
        f"One row for each of the {units.count(shape[0])} output cells, one column for each of the "
        f"{units.count(shape[1])} input pixels. {units.count(n_held)} of {units.count(prod(shape))} entries hold a "
        f"weight, the others are 0 for good; there are only {units.count(n_weights)} different weights in it."
    )


def kernel_note(chosen: ConvolutionState) -> str:
    """What the chosen preset does to a picture; empty for kernels that have no name."""
    return KERNELS[chosen.kernel].sentence if chosen.kernel in KERNELS and not chosen.kernel_edits else ""
