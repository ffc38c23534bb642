"""Which rows and columns of its input an output row or column reads, for every kind of layer.

All layers on pictures are separable in this respect: the rows that an output pixel reads depend on its row alone, the
columns on its column alone. So two short tables say everything that a drawn window needs, with stride, padding,
dilation, ``ceil_mode`` and padding modes already worked in::

    Conv2d(3, stride=2, padding=1) on 5 rows:   row 0 reads (-1, 0, 1), row 1 reads (1, 2, 3), row 2 reads (3, 4, -1)

where -1 is a padded row that holds no picture.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lab.theory.geometry import adaptive_window, same_padding

if TYPE_CHECKING:
    from lab.network.spec import LayerSpec

PADDED = -1
"""Stands for a row or column that the input does not have."""

AxisTable = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Windows:
    """Per output row the input rows it reads, in the kernel's order, and the same for columns; -1 is padding."""

    rows: AxisTable
    cols: AxisTable


def windows(layer: LayerSpec, input_shape: tuple[int, ...], output_shape: tuple[int, ...]) -> Windows | None:
    """The windows of one layer.

    Args:
        layer: the layer's spec.
        input_shape: ``(C, H, W)`` or ``(F,)`` of the input in question, without the batch axis.
        output_shape: the same of its output.

    Returns:
        The two tables; ``None`` where every output value reads every input value (dense layers, group norm).
    """
    if len(input_shape) != 3 or len(output_shape) != 3 or layer.kind in _READS_EVERYTHING:
        return None
    rule = _RULES.get(layer.kind, _same_place)
    return Windows(
        rows=rule(layer, 0, input_shape[1], output_shape[1]),
        cols=rule(layer, 1, input_shape[2], output_shape[2]),
    )


_READS_EVERYTHING = frozenset({"Flatten", "Linear", "GroupNorm"})


def _field(layer: LayerSpec, name: str, axis: int, default: int) -> int:
    value: Any = getattr(layer, name, default)
    if value is None:
        value = default
    return int(value[axis]) if isinstance(value, (tuple, list)) else int(value)


def _convolution(layer: LayerSpec, axis: int, n_in: int, n_out: int) -> AxisTable:
    kernel, dilation = _field(layer, "kernel_size", axis, 1), _field(layer, "dilation", axis, 1)
    stride = _field(layer, "stride", axis, 1)
    before = _padding_before(layer, axis, kernel, dilation)
    wrap = _PADDING_MODES[getattr(layer, "padding_mode", "zeros")]
    return tuple(
        tuple(wrap(out * stride - before + tap * dilation, n_in) for tap in range(kernel)) for out in range(n_out)
    )


def _padding_before(layer: LayerSpec, axis: int, kernel: int, dilation: int) -> int:
    padding = getattr(layer, "padding", 0)
    if padding == "valid":
        return 0
    if padding == "same":
        return same_padding(kernel, dilation)[0]
    return _field(layer, "padding", axis, 0)


def _zeros(index: int, size: int) -> int:
    return index if 0 <= index < size else PADDED


def _reflect(index: int, size: int) -> int:
    if index < 0:
        return -index
    return 2 * (size - 1) - index if index >= size else index


def _replicate(index: int, size: int) -> int:
    return min(max(index, 0), size - 1)


def _circular(index: int, size: int) -> int:
    return index % size


_PADDING_MODES: dict[str, Callable[[int, int], int]] = {
    "zeros": _zeros,
    "reflect": _reflect,
    "replicate": _replicate,
    "circular": _circular,
}


def _transposed(layer: LayerSpec, axis: int, n_in: int, n_out: int) -> AxisTable:
    """Input row q reaches output row ``q * stride - padding + tap * dilation``: read backwards, where it divides."""
    kernel, dilation = _field(layer, "kernel_size", axis, 1), _field(layer, "dilation", axis, 1)
    stride, padding = _field(layer, "stride", axis, 1), _field(layer, "padding", axis, 0)

    def source(out: int, tap: int) -> int:
        quotient, remainder = divmod(out + padding - tap * dilation, stride)
        return _zeros(quotient, n_in) if remainder == 0 else PADDED

    return tuple(tuple(source(out, tap) for tap in range(kernel)) for out in range(n_out))


def _pooling(layer: LayerSpec, axis: int, n_in: int, n_out: int) -> AxisTable:
    kernel, dilation = _field(layer, "kernel_size", axis, 1), _field(layer, "dilation", axis, 1)
    stride, padding = _field(layer, "stride", axis, kernel), _field(layer, "padding", axis, 0)
    return tuple(
        tuple(_zeros(out * stride - padding + tap * dilation, n_in) for tap in range(kernel)) for out in range(n_out)
    )


def _adaptive(_layer: LayerSpec, _axis: int, n_in: int, n_out: int) -> AxisTable:
    spans = [adaptive_window(n_in, n_out, out) for out in range(n_out)]
    return tuple(tuple(range(first, last + 1)) for first, last in spans)


def _upsample(layer: LayerSpec, _axis: int, n_in: int, n_out: int) -> AxisTable:
    if getattr(layer, "mode", "nearest") == "nearest":
        return tuple((i * n_in // n_out,) for i in range(n_out))
    return tuple(_blended(i, n_in, n_out) for i in range(n_out))


def _blended(index: int, n_in: int, n_out: int) -> tuple[int, ...]:
    """The two input rows between which a bilinear output row lies; rows are where their middles are."""
    position = max((index + 0.5) * n_in / n_out - 0.5, 0.0)
    low = min(math.floor(position), n_in - 1)
    return (low,) if position == low else (low, min(low + 1, n_in - 1))


def _zero_pad(layer: LayerSpec, axis: int, n_in: int, n_out: int) -> AxisTable:
    left, _right, top, _bottom = getattr(layer, "padding", (0, 0, 0, 0))
    before = (top, left)[axis]
    return tuple((_zeros(i - before, n_in),) for i in range(n_out))


def _same_place(_layer: LayerSpec, _axis: int, n_in: int, n_out: int) -> AxisTable:
    return tuple((min(i, n_in - 1),) for i in range(n_out))


_RULES: dict[str, Callable[[LayerSpec, int, int, int], AxisTable]] = {
    "Conv2d": _convolution,
    "ConvTranspose2d": _transposed,
    "MaxPool2d": _pooling,
    "AvgPool2d": _pooling,
    "LPPool2d": _pooling,
    "AdaptiveAvgPool2d": _adaptive,
    "AdaptiveMaxPool2d": _adaptive,
    "Upsample": _upsample,
    "ZeroPad2d": _zero_pad,
}
