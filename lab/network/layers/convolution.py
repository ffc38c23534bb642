"""Convolutions: a small kernel slides over the maps, the same weights at every position."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import gcd
from types import MappingProxyType
from typing import ClassVar, Literal

from pydantic import Field

from lab.errors import Fix
from lab.network.layers.base import LayerSpec, Pair, Shape, Window, sliding_window
from lab.network.layers.fields import (
    Count,
    Dilation,
    KernelSize,
    Padding,
    PaddingPair,
    Stride,
    Switch,
)
from lab.theory.cost import conv_n_macs, conv_n_params
from lab.theory.geometry import padded_output_size, same_padding, transposed_output_size

Sides = tuple[Pair, Pair]  # (before, after) for height, then for width


class _Convolution(LayerSpec):
    """What the two directions share: channels, groups, their checks and their parameters."""

    group: ClassVar[str] = "Convolution"

    in_channels: Count | None = Field(default=None, description="Channels expected; empty takes what arrives.")
    out_channels: Count = Field(description="How many kernels, and so how many maps come out.")
    kernel_size: KernelSize = Field(default=(3, 3), description="Height and width of the kernel in pixels.")
    stride: Stride = Field(default=(1, 1), description="How far the kernel moves from one position to the next.")
    padding: Padding
    dilation: Dilation = Field(default=(1, 1), description="Distance between neighbouring taps; 1 means no gaps.")
    groups: Count = Field(
        default=1, description="Channel groups that do not see each other; as many as channels: depth-wise."
    )
    bias: Switch = Field(default=True, description="Add one learnable number to each map.")

    def n_params(self, inputs: tuple[Shape, ...]) -> int:
        """Count one kernel value per tap and input channel of the group, and a bias per map."""
        return conv_n_params(inputs[0][0], self.out_channels, self.kernel_size, groups=self.groups, bias=self.bias)

    def arguments(self, inputs: tuple[Shape, ...]) -> dict[str, object]:
        """Give the constructor's arguments, with the channels that arrive."""
        return {**super().arguments(inputs), "in_channels": inputs[0][0]}

    def _check_channels(self, inputs: tuple[Shape, ...]) -> None:
        channels = inputs[0][0]
        if self.in_channels not in (None, channels):
            raise self.misfit(
                f"{self.kind} expects {self.in_channels} channels but {self.source} gives {channels}",
                field="in_channels",
            )
        for name, count in (("input", channels), ("output", self.out_channels)):
            if count % self.groups:
                raise self.misfit(f"{self.groups} groups do not divide the {count} {name} channels", field="groups")

    def repairs(self, inputs: tuple[Shape, ...]) -> Iterator[Fix]:
        """Offer channels and groups that fit."""
        if len(inputs) != 1 or len(inputs[0]) != 3:
            return
        channels = inputs[0][0]
        if self.in_channels not in (None, channels):
            yield self.set_field("in_channels", channels)
        common = gcd(channels, self.out_channels, self.groups)
        if common != self.groups:
            yield self.set_field("groups", common)
            yield self.set_field("out_channels", max(1, round(self.out_channels / self.groups)) * self.groups)


class Conv2d(_Convolution):
    """Convolution (cross-correlation, as in every framework): the kernel is not flipped."""

    title: ClassVar[str] = "Convolution"
    sentence: ClassVar[str] = (
        "Slides each kernel over the maps; at every position it multiplies, adds up over all input channels "
        "and adds a bias."
    )
    stem: ClassVar[str] = "conv"
    starter: ClassVar[Mapping[str, object]] = MappingProxyType({"out_channels": 16, "padding": 1})

    kind: Literal["Conv2d"] = "Conv2d"
    padding: Padding = Field(
        default=(0, 0), description="Pixels added around the maps; 'same' keeps the size (stride 1), 'valid' adds none."
    )
    padding_mode: Literal["zeros", "reflect", "replicate", "circular"] = Field(
        default="zeros", description="What the added pixels contain: 0, the mirrored, the edge or the opposite pixels."
    )

    def sides(self) -> Sides:
        """Give the padding in pixels as ((top, bottom), (left, right))."""
        if self.padding == "valid":
            return (0, 0), (0, 0)
        if self.padding == "same":
            height, width = (same_padding(k, d) for k, d in zip(self.kernel_size, self.dilation, strict=True))
            return height, width
        assert not isinstance(self.padding, str)  # noqa: S101 - narrows the type, the field allows no other text
        return (self.padding[0], self.padding[0]), (self.padding[1], self.padding[1])

    def _output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        self._check_channels(inputs)
        if self.padding == "same" and self.stride != (1, 1):
            raise self.misfit("padding 'same' keeps the size, which a stride above 1 cannot", field="padding")
        self._check_padding_mode(inputs[0])
        return (self.out_channels, *self._positions(inputs[0]))

    def _positions(self, shape: Shape) -> Pair:
        height, width = (
            padded_output_size(
                shape[1 + axis],
                self.kernel_size[axis],
                stride=self.stride[axis],
                padding=self.sides()[axis],
                dilation=self.dilation[axis],
            )
            for axis in (0, 1)
        )
        return height, width

    def _check_padding_mode(self, shape: Shape) -> None:
        most = {"reflect": -1, "circular": 0}.get(self.padding_mode)
        for size, sides in zip(shape[1:], self.sides(), strict=True):
            if most is not None and max(sides) > size + most:
                raise self.misfit(
                    f"{self.padding_mode} padding of {max(sides)} px needs more than the {size} px there are",
                    field="padding_mode",
                )

    def n_macs(self, inputs: tuple[Shape, ...]) -> int:
        """Count every kernel value once at every window position."""
        channels = inputs[0][0]
        return conv_n_macs(
            channels, self.out_channels, self.kernel_size, self._positions(inputs[0]), groups=self.groups
        )

    def window(self, inputs: tuple[Shape, ...]) -> Window:
        """Describe the kernel as a sliding window."""
        (top, _), (left, _) = self.sides()
        return sliding_window(self.kernel_size, self.stride, self.dilation, (top, left))

    def keras(self, inputs: tuple[Shape, ...]) -> tuple[str, ...]:
        """Pad explicitly, then convolve without padding: Keras's own 'same' pads other sides than PyTorch."""
        if self.stride != (1, 1) and self.dilation != (1, 1):
            raise self.cannot_export("Keras has no convolution with both a stride and a dilation above 1")
        return (*self._keras_padding(), self._keras_convolution())

    def _keras_convolution(self) -> str:
        options = "".join(
            f", {name}={value!r}"
            for name, value, default in (
                ("strides", self.stride, (1, 1)),
                ("dilation_rate", self.dilation, (1, 1)),
                ("groups", self.groups, 1),
                ("use_bias", self.bias, True),
            )
            if value != default
        )
        return f'layers.Conv2D({self.out_channels}, {self.kernel_size}{options}, name="{self.id}")({{x}})'

    def _keras_padding(self) -> tuple[str, ...]:
        sides = self.sides()
        if sides == ((0, 0), (0, 0)):
            return ()
        if self.padding_mode == "zeros":
            return (f'layers.ZeroPadding2D({sides}, name="{self.id}_pad")({{x}})',)
        if self.padding_mode == "reflect":
            return (f'ops.pad({{x}}, ((0, 0), {sides[0]}, {sides[1]}, (0, 0)), mode="reflect")',)
        # Not every backend of Keras pads with these modes, so the rows are put together by hand.
        write = _keras_circular if self.padding_mode == "circular" else _keras_replicate
        return tuple(write(axis + 1, *sides[axis]) for axis in (0, 1) if any(sides[axis]))

    def repairs(self, inputs: tuple[Shape, ...]) -> Iterator[Fix]:
        """Offer channels, groups, padding and kernel sizes that fit."""
        yield from super().repairs(inputs)
        half = (self.kernel_size[0] // 2, self.kernel_size[1] // 2)
        if self.padding == "same" and self.stride != (1, 1):
            yield self.set_field("padding", half)
            yield self.set_field("stride", (1, 1))
        if self.padding_mode != "zeros":
            yield self.set_field("padding_mode", "zeros")
        if len(inputs) == 1 and len(inputs[0]) == 3:
            yield from _window_repairs(self, inputs[0])


class ConvTranspose2d(_Convolution):
    """Transposed convolution: the shapes of a convolution, backwards."""

    title: ClassVar[str] = "Transposed convolution"
    sentence: ClassVar[str] = (
        "Spreads each input value over the output, weighted by the kernel, and adds up where they overlap; "
        "it enlarges maps."
    )
    stem: ClassVar[str] = "deconv"
    starter: ClassVar[Mapping[str, object]] = MappingProxyType({"out_channels": 16, "kernel_size": 2, "stride": 2})

    kind: Literal["ConvTranspose2d"] = "ConvTranspose2d"
    padding: PaddingPair = Field(default=(0, 0), description="Pixels cut away around the output.")
    output_padding: PaddingPair = Field(
        default=(0, 0), description="Extra pixels at the bottom and right; below stride or dilation."
    )

    def _output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        self._check_channels(inputs)
        height, width = (
            transposed_output_size(
                inputs[0][1 + axis],
                self.kernel_size[axis],
                stride=self.stride[axis],
                padding=self.padding[axis],
                output_padding=self.output_padding[axis],
                dilation=self.dilation[axis],
            )
            for axis in (0, 1)
        )
        return self.out_channels, height, width

    def n_macs(self, inputs: tuple[Shape, ...]) -> int:
        """Count every kernel value once for every input value."""
        channels, height, width = inputs[0]
        return conv_n_macs(channels, self.out_channels, self.kernel_size, (height, width), groups=self.groups)

    def window(self, inputs: tuple[Shape, ...]) -> Window:
        """Describe which input positions meet in one output position: at most one tap in ``stride``."""
        taps = []
        centres = []
        for axis in (0, 1):
            span = self.dilation[axis] * (self.kernel_size[axis] - 1) + 1
            taps.append(-(-span // self.stride[axis]))
            centres.append((self.padding[axis] - Fraction(span - 1, 2)) / self.stride[axis])
        steps = (Fraction(1, self.stride[0]), Fraction(1, self.stride[1]))
        return Window((taps[0], taps[1]), steps, (1, 1), (centres[0], centres[1]))

    def reach(self, inputs: tuple[Shape, ...], axis: int, first: int, last: int) -> Pair:
        """Solve ``o = i * stride - padding + tap * dilation`` for the smallest and the largest ``i``."""
        stride, span = self.stride[axis], self.dilation[axis] * (self.kernel_size[axis] - 1)
        shifted_first, shifted_last = first + self.padding[axis] - span, last + self.padding[axis]
        return -(-shifted_first // stride), shifted_last // stride

    def keras(self, inputs: tuple[Shape, ...]) -> tuple[str, ...]:
        """Transpose without padding, then cut: Keras's own 'same' cuts other sides than PyTorch."""
        if self.groups > 1:
            raise self.cannot_export("Keras's Conv2DTranspose has no groups")
        if self.dilation != (1, 1):
            raise self.cannot_export("Keras's Conv2DTranspose dilates on some backends only")
        bias = "" if self.bias else ", use_bias=False"
        transpose = f"layers.Conv2DTranspose({self.out_channels}, {self.kernel_size}, strides={self.stride}{bias}"
        pads, cuts = zip(*(self._keras_pad_and_cut(inputs, axis) for axis in (0, 1)), strict=True)
        lines = [f'{transpose}, name="{self.id}")({{x}})']
        if any(map(any, pads)):
            lines.insert(0, f'layers.ZeroPadding2D({pads}, name="{self.id}_pad")({{x}})')
        if any(map(any, cuts)):
            lines.append(f'layers.Cropping2D({cuts}, name="{self.id}_cut")({{x}})')
        return tuple(lines)

    def onnx_gap(self, inputs: tuple[Shape, ...]) -> str:
        """Name the one limit of ONNX that PyTorch does not have."""
        over = any(extra >= step for extra, step in zip(self.output_padding, self.stride, strict=True))
        return "in ONNX the output padding must be smaller than the stride" if over else ""

    def _keras_pad_and_cut(self, inputs: tuple[Shape, ...], axis: int) -> Sides:
        """Give what to pad before and to cut after, as (before, after).

        Zeros at the end of the input add output that holds the bias alone, which is what ``output_padding`` asks for.
        Keras leaves room for a whole stride where the kernel is smaller than the stride.
        """
        stride, kernel, padding = self.stride[axis], self.kernel_size[axis], self.padding[axis]
        surplus = (inputs[0][1 + axis] - 1) * stride + max(kernel, stride) - padding
        surplus -= self.output_shape(inputs)[1 + axis]
        extra = -(-max(0, -surplus) // stride)
        return (0, extra), (padding, surplus + extra * stride)

    def repairs(self, inputs: tuple[Shape, ...]) -> Iterator[Fix]:
        """Offer channels, groups and paddings that fit."""
        yield from super().repairs(inputs)
        most = tuple(max(s, d) - 1 for s, d in zip(self.stride, self.dilation, strict=True))
        yield self.set_field("output_padding", tuple(map(min, self.output_padding, most)))
        yield self.set_field("padding", (0, 0))
        yield self.set_field("padding", tuple((k - 1) // 2 for k in self.kernel_size))


def _window_repairs(layer: Conv2d, shape: Shape) -> Iterator[Fix]:
    """Offer a padding, a dilation or a kernel with which the window fits the input.

    Where it only just fits, one value is left, too little for the layers behind; so there is also the padding that
    keeps the size, and the usual kernel.
    """
    sides = layer.sides()
    spans = [layer.dilation[axis] * (layer.kernel_size[axis] - 1) + 1 for axis in (0, 1)]
    missing = [max(0, spans[axis] - shape[1 + axis] - sum(sides[axis])) for axis in (0, 1)]
    if not any(missing):
        return
    yield layer.set_field("padding", tuple(max(sides[axis]) + -(-missing[axis] // 2) for axis in (0, 1)))
    yield layer.set_field("padding", tuple(span // 2 for span in spans))
    yield layer.set_field("dilation", (1, 1))
    yield layer.set_field(
        "kernel_size",
        tuple(max(1, layer.kernel_size[axis] - -(-missing[axis] // layer.dilation[axis])) for axis in (0, 1)),
    )
    yield layer.set_field("kernel_size", (3, 3))


def _keras_circular(axis: int, before: int, after: int) -> str:
    """Write the opposite pixels in front of and behind an axis (1 is the height)."""
    skip = ":, " * axis
    ends = [f"{{x}}[{skip}-{before}:]"] * bool(before), [f"{{x}}[{skip}:{after}]"] * bool(after)
    return f"ops.concatenate([{', '.join([*ends[0], '{x}', *ends[1]])}], axis={axis})"


def _keras_replicate(axis: int, before: int, after: int) -> str:
    """Write the edge pixels, repeated, in front of and behind an axis (1 is the height)."""
    skip = ":, " * axis
    first, last = (
        f"ops.repeat({{x}}[{skip}:1], {before}, axis={axis})",
        f"ops.repeat({{x}}[{skip}-1:], {after}, axis={axis})",
    )
    ends = [first] * bool(before), [last] * bool(after)
    return f"ops.concatenate([{', '.join([*ends[0], '{x}', *ends[1]])}], axis={axis})"
