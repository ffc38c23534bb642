"""The layer that the controls describe, as the catalogue's own spec; and how far each control may go.

Size, cost and both lines of code come from the spec, and a setting is possible when the spec says so: a control cannot
reach what has no result.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from lab.errors import GeometryError, LabError
from lab.network.layers.convolution import Conv2d, ConvTranspose2d
from lab.theory.geometry import effective_kernel_size
from pages.ui.convolution.state import MAX_CHANNELS, MAX_OUTPUT, ConvolutionState
from pages.ui.fields import facts

if TYPE_CHECKING:
    from lab.theory.convolution import ConvSetting

Layer = Conv2d | ConvTranspose2d
Shape = tuple[int, int, int]

_USUAL = ConvolutionState()
# What the geometry of a setting depends on; the numbers in the cells are not among it.
_GEOMETRY = (
    "transposed", "square", "size", "size_width", "in_channels", "kernel_size", "kernel_size_width", "stride",
    "stride_width", "padding_kind", "padding", "padding_width", "padding_mode", "dilation", "dilation_width",
    "output_padding", "output_padding_width", "out_channels", "groups", "bias",
)  # fmt: skip


def shape_of(chosen: ConvolutionState) -> Shape:
    """The input's (C, H, W)."""
    return chosen.in_channels, *chosen.pair("size")


def layer_of(chosen: ConvolutionState) -> Layer:
    """The catalogue's spec of the chosen layer; what a transposed layer does not have is left aside."""
    shared = {
        "id": "conv",
        "out_channels": chosen.out_channels,
        "kernel_size": chosen.pair("kernel_size"),
        "stride": chosen.pair("stride"),
        "dilation": chosen.pair("dilation"),
        "groups": chosen.groups,
        "bias": chosen.bias,
    }
    if chosen.transposed:
        return ConvTranspose2d(**shared, padding=_pixels(chosen), output_padding=chosen.pair("output_padding"))
    padding = chosen.padding_kind if chosen.padding_kind in ("same", "valid") else _pixels(chosen)
    return Conv2d(**shared, padding=padding, padding_mode=chosen.padding_mode)


def _pixels(chosen: ConvolutionState) -> tuple[int, int]:
    """The padding in pixels a side, where PyTorch takes no word for it."""
    if chosen.padding_kind == "numbers":
        return chosen.pair("padding")
    spans = [
        effective_kernel_size(k, d) for k, d in zip(chosen.pair("kernel_size"), chosen.pair("dilation"), strict=True)
    ]
    share = {"valid": 0, "same": 0.5, "full": 1}[chosen.padding_kind]
    return int((spans[0] - 1) * share), int((spans[1] - 1) * share)


def setting_of(chosen: ConvolutionState) -> ConvSetting:
    """The same layer for the theory, which takes it apart."""
    return setting_from(layer_of(chosen), shape_of(chosen), flipped=chosen.flipped)


def setting_from(layer: Layer, shape: Shape, *, flipped: bool = False) -> ConvSetting:
    """A layer of the catalogue on an input of this shape, for the theory."""
    from lab.theory.convolution import ConvSetting

    if isinstance(layer, ConvTranspose2d):
        own = {
            "padding": tuple((cut, cut) for cut in layer.padding),
            "output_padding": layer.output_padding,
            "transposed": True,
        }
    else:
        own = {"padding": layer.sides(), "padding_mode": layer.padding_mode}
    return ConvSetting.model_validate(
        {
            "size": shape[1:],
            "in_channels": shape[0],
            "out_channels": layer.out_channels,
            "kernel_size": layer.kernel_size,
            "stride": layer.stride,
            "dilation": layer.dilation,
            "groups": layer.groups,
            "flipped": flipped,
            **own,
        }
    )


def output_shape(chosen: ConvolutionState) -> Shape:
    """The output's (C, H, W).

    Raises:
        LabError: the setting has no result, or one too large to be drawn; one sentence with the numbers.
    """
    channels, height, width = layer_of(chosen).output_shape((shape_of(chosen),))
    if max(height, width) > MAX_OUTPUT:
        raise GeometryError(
            f"the output has {height}×{width} cells and at most {MAX_OUTPUT} on a side are drawn",
            now="use a smaller input, stride or padding",
        )
    return channels, height, width


def is_possible(chosen: ConvolutionState, **changes: object) -> bool:
    """Whether the setting, with these changes, has a result that can be drawn."""
    return _is_possible(tuple(changes.get(name, getattr(chosen, name)) for name in _GEOMETRY))


@lru_cache(maxsize=8192)
def _is_possible(geometry: tuple[object, ...]) -> bool:
    chosen = _USUAL.model_copy(update=dict(zip(_GEOMETRY, geometry, strict=True)))
    try:
        output_shape(chosen)
    except LabError:
        return False
    return True


def bounds(chosen: ConvolutionState, field: str) -> tuple[int, int]:
    """How far a control may go from where it stands, everything else as it is: (least, most)."""
    fact = facts(ConvolutionState, field)
    low, high = fact.least or 0, fact.most or 0
    least = most = int(getattr(chosen, field))
    while least > low and is_possible(chosen, **{field: least - 1}):
        least -= 1
    while most < high and is_possible(chosen, **{field: most + 1}):
        most += 1
    return least, most


def possible(chosen: ConvolutionState, field: str, offered: tuple[object, ...]) -> tuple[object, ...]:
    """The choices of a field that have a result."""
    return tuple(value for value in offered if is_possible(chosen, **{field: value}))


def channel_counts(chosen: ConvolutionState, field: str) -> tuple[int, ...]:
    """The channel counts and groups that fit each other."""
    return tuple(int(str(value)) for value in possible(chosen, field, tuple(range(1, MAX_CHANNELS + 1))))
