"""Pooling: each window becomes one number, channel by channel, with nothing to learn."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from lab.errors import Fix
from lab.network.layers.base import LayerSpec, Pair, Shape, Window, sliding_window
from lab.network.layers.fields import Dilation, KernelSize, OutputSize, PaddingPair, Stride, Switch
from lab.theory.geometry import adaptive_window, pool_output_size


class _Pooling(LayerSpec):
    """A pooling window that slides: what max, average and power-average pooling share."""

    group: ClassVar[str] = "Pooling"
    stem: ClassVar[str] = "pool"

    kernel_size: KernelSize = Field(default=(2, 2), description="Height and width of the window in pixels.")
    stride: Stride | None = Field(
        default=None,
        description="How far the window moves; empty means by its own size, so that windows do not overlap.",
    )
    ceil_mode: Switch = Field(default=False, description="Keep a last window that hangs over the edge.")

    @property
    def step(self) -> Pair:
        """The stride in force: the kernel size where none is given."""
        return self.stride or self.kernel_size

    def _padding(self) -> Pair:
        return 0, 0

    def _dilation(self) -> Pair:
        return 1, 1

    def _output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        height, width = (
            pool_output_size(
                inputs[0][1 + axis],
                self.kernel_size[axis],
                stride=self.step[axis],
                padding=self._padding()[axis],
                dilation=self._dilation()[axis],
                ceil_mode=self.ceil_mode,
            )
            for axis in (0, 1)
        )
        return inputs[0][0], height, width

    def window(self, inputs: tuple[Shape, ...]) -> Window:
        """Describe the pooling window."""
        return sliding_window(self.kernel_size, self.step, self._dilation(), self._padding())

    def _overhang(self, inputs: tuple[Shape, ...]) -> Pair:
        """Count the pixels that the last window hangs over the padded end, per axis; negative where some are unread."""
        _, *sizes = self.output_shape(inputs)
        height, width = (
            (sizes[axis] - 1) * self.step[axis]
            + self._dilation()[axis] * (self.kernel_size[axis] - 1)
            + 1
            - inputs[0][1 + axis]
            - 2 * self._padding()[axis]
            for axis in (0, 1)
        )
        return height, width

    def _keras_sides(self, inputs: tuple[Shape, ...]) -> tuple[Pair, Pair]:
        """Give the padding that Keras needs, a window over the edge included, as (before, after) per axis."""
        over = self._overhang(inputs)
        height, width = ((self._padding()[axis], self._padding()[axis] + max(0, over[axis])) for axis in (0, 1))
        return height, width

    def _keras_pool(self, name: str) -> str:
        return f'layers.{name}({self.kernel_size}, strides={self.step}, name="{self.id}")({{x}})'

    def _keras_average(self, inputs: tuple[Shape, ...], *, count_padding: bool) -> tuple[str, ...]:
        """Pad with zeros and average; where PyTorch leaves pixels out of the mean, divide by the share that counts."""
        sides, pool = self._keras_sides(inputs), self._keras_pool("AveragePooling2D")
        if sides == ((0, 0), (0, 0)):
            return (pool,)
        pad = f'layers.ZeroPadding2D({sides}, name="{self.id}_pad")({{x}})'
        counted = [self._padding()[axis] if count_padding else 0 for axis in (0, 1)]
        if all(sides[axis][1] == counted[axis] for axis in (0, 1)):
            return pad, pool
        _, height, width = inputs[0]
        ones = f"ops.ones((1, {height + 2 * counted[0]}, {width + 2 * counted[1]}, 1))"
        rest = ", ".join(f"({sides[axis][0] - counted[axis]}, {sides[axis][1] - counted[axis]})" for axis in (0, 1))
        mask = f"ops.pad({ones}, ((0, 0), {rest}, (0, 0)))"
        share = f'ops.average_pool({mask}, {self.kernel_size}, strides={self.step}, padding="valid")'
        return pad, pool, f"{{x}} / {share}"

    def repairs(self, inputs: tuple[Shape, ...]) -> Iterator[Fix]:
        """Offer a padding or a window that fits."""
        if len(inputs) != 1 or len(inputs[0]) != 3:
            return
        fitting = tuple(min(k, s) for k, s in zip(self.kernel_size, inputs[0][1:], strict=True))
        if "padding" in type(self).model_fields:
            yield from self._enough_padding(inputs[0])
            half = tuple(k // 2 for k in self.kernel_size)
            yield self.set_field("padding", tuple(map(min, self._padding(), half)))
            yield self.set_field("padding", half)
            yield self.set_field(
                "kernel_size", tuple(max(k, 2 * p) for k, p in zip(self.kernel_size, self._padding(), strict=True))
            )
        if "dilation" in type(self).model_fields:
            yield self.set_field("dilation", (1, 1))
        yield self.set_field("kernel_size", fitting)
        yield self.set_field("kernel_size", (2, 2))
        yield self.remove()

    def _enough_padding(self, shape: Shape) -> Iterator[Fix]:
        """Offer the least padding with which the window fits; more than half the window is not allowed."""
        spans = (step * (kernel - 1) + 1 for step, kernel in zip(self._dilation(), self.kernel_size, strict=True))
        sizes = zip(spans, shape[1:], self._padding(), strict=True)
        enough = tuple(max(padding, -(-(span - size) // 2)) for span, size, padding in sizes)
        if enough != self._padding() and all(2 * p <= k for p, k in zip(enough, self.kernel_size, strict=True)):
            yield self.set_field("padding", enough)


class MaxPool2d(_Pooling):
    """Max pooling."""

    title: ClassVar[str] = "Max pooling"
    sentence: ClassVar[str] = "Keeps the largest value of each window: was the feature anywhere in here?"

    kind: Literal["MaxPool2d"] = "MaxPool2d"
    padding: PaddingPair = Field(
        default=(0, 0), description="Pixels of minus infinity around the maps; at most half the window."
    )
    dilation: Dilation = Field(default=(1, 1), description="Distance between neighbouring pixels of the window.")

    def _padding(self) -> Pair:
        return self.padding

    def _dilation(self) -> Pair:
        return self.dilation

    def keras(self, inputs: tuple[Shape, ...]) -> tuple[str, ...]:
        """Pad with minus infinity where PyTorch does, then pool without padding."""
        if self.dilation != (1, 1):
            raise self.cannot_export("Keras has no pooling with dilation")
        sides, pool = self._keras_sides(inputs), self._keras_pool("MaxPooling2D")
        if sides == ((0, 0), (0, 0)):
            return (pool,)
        return f'ops.pad({{x}}, ((0, 0), {sides[0]}, {sides[1]}, (0, 0)), constant_values=float("-inf"))', pool


class AvgPool2d(_Pooling):
    """Average pooling."""

    title: ClassVar[str] = "Average pooling"
    sentence: ClassVar[str] = "Keeps the mean of each window: how much of the feature is in here?"

    kind: Literal["AvgPool2d"] = "AvgPool2d"
    padding: PaddingPair = Field(default=(0, 0), description="Pixels of zero around the maps; at most half the window.")
    count_include_pad: Switch = Field(default=True, description="Count the padded zeros when taking the mean.")

    def _padding(self) -> Pair:
        return self.padding

    def keras(self, inputs: tuple[Shape, ...]) -> tuple[str, ...]:
        """Pad with zeros where PyTorch does, then pool without padding."""
        return self._keras_average(inputs, count_padding=self.count_include_pad)


class LPPool2d(_Pooling):
    """Power-average pooling: between the sum (p = 1) and the maximum (p → ∞)."""

    title: ClassVar[str] = "Power-average pooling"
    sentence: ClassVar[str] = (
        "Takes the p-th root of the sum of p-th powers in each window: between adding up and the maximum."
    )

    kind: Literal["LPPool2d"] = "LPPool2d"
    norm_type: Annotated[int, Field(strict=True, ge=1, le=8)] = Field(
        default=2, description="The power p: 1 adds up, larger comes closer to the maximum."
    )

    def keras(self, inputs: tuple[Shape, ...]) -> tuple[str, ...]:
        """Average the powers, scale the mean to a sum, take the root."""
        n_pixels = self.kernel_size[0] * self.kernel_size[1]
        return (
            f"ops.power({{x}}, {self.norm_type})",
            *self._keras_average(inputs, count_padding=True),
            f"ops.power(ops.sign({{x}}) * ops.relu(ops.absolute({{x}})) * {n_pixels}, {1 / self.norm_type!r})",
        )


class _AdaptivePooling(LayerSpec):
    """A pooling whose windows follow from the output size."""

    group: ClassVar[str] = "Pooling"
    stem: ClassVar[str] = "pool"
    keras_name: ClassVar[str]

    output_size: OutputSize = Field(
        default=(1, 1), description="Height and width that come out; 1 pools each whole map."
    )

    def _output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        return inputs[0][0], *self.output_size

    def window(self, inputs: tuple[Shape, ...]) -> Window:
        """Describe the widest window; they differ by a pixel where the sizes do not divide."""
        kernels, steps, centres = [], [], []
        for size, out in zip(inputs[0][1:], self.output_size, strict=True):
            spans = [adaptive_window(size, out, index) for index in range(out)]
            kernels.append(max(last - first + 1 for first, last in spans))
            steps.append(Fraction(size, out))
            centres.append(Fraction(sum(spans[0]), 2))
        return Window((kernels[0], kernels[1]), (steps[0], steps[1]), (1, 1), (centres[0], centres[1]))

    def reach(self, inputs: tuple[Shape, ...], axis: int, first: int, last: int) -> Pair:
        """Read the first pixel of the first window to the last pixel of the last."""
        size, out = inputs[0][1 + axis], self.output_size[axis]
        return adaptive_window(size, out, first)[0], adaptive_window(size, out, last)[1]

    def keras(self, inputs: tuple[Shape, ...]) -> tuple[str, ...]:
        """Pool with fixed windows where the sizes divide; otherwise Keras 3.13 or newer is needed."""
        sizes = inputs[0][1:]
        if any(size % out for size, out in zip(sizes, self.output_size, strict=True)):
            return (f'layers.Adaptive{self.keras_name}({self.output_size}, name="{self.id}")({{x}})',)
        window = tuple(size // out for size, out in zip(sizes, self.output_size, strict=True))
        return (f'layers.{self.keras_name}({window}, strides={window}, name="{self.id}")({{x}})',)


class AdaptiveAvgPool2d(_AdaptivePooling):
    """Average pooling to a given output size."""

    title: ClassVar[str] = "Adaptive average pooling"
    sentence: ClassVar[str] = "Averages windows so that a given size comes out; with size 1 each map becomes its mean."
    keras_name: ClassVar[str] = "AveragePooling2D"

    kind: Literal["AdaptiveAvgPool2d"] = "AdaptiveAvgPool2d"


class AdaptiveMaxPool2d(_AdaptivePooling):
    """Max pooling to a given output size."""

    title: ClassVar[str] = "Adaptive max pooling"
    sentence: ClassVar[str] = (
        "Keeps the maximum of windows so that a given size comes out; with size 1 each map's maximum."
    )
    keras_name: ClassVar[str] = "MaxPooling2D"

    kind: Literal["AdaptiveMaxPool2d"] = "AdaptiveMaxPool2d"

    def onnx_gap(self, inputs: tuple[Shape, ...]) -> str:
        """Refuse windows of unequal size."""
        uneven = any(size % out for size, out in zip(inputs[0][1:], self.output_size, strict=True))
        return "ONNX has no max pooling with windows of unequal size" if uneven else ""
