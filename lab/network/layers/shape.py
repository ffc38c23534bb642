"""Layers that move numbers without learning: flatten, enlarge, pad, pass on."""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import ClassVar, Literal

from pydantic import Field

from lab.network.layers.base import LayerSpec, Pair, Shape, Window
from lab.network.layers.fields import PaddingPx, ScaleFactor


class Flatten(LayerSpec):
    """Maps become one vector."""

    title: ClassVar[str] = "Flatten"
    group: ClassVar[str] = "Shape"
    sentence: ClassVar[str] = (
        "Writes all maps one after the other into one vector, row by row; where a value was is forgotten."
    )
    stem: ClassVar[str] = "flatten"
    takes: ClassVar[Literal["maps", "vector", "either"]] = "either"

    kind: Literal["Flatten"] = "Flatten"

    def _output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        return (prod(inputs[0]),)

    def keras(self, inputs: tuple[Shape, ...]) -> tuple[str, ...]:
        """Bring the channels to the front first, so that the vector has PyTorch's order."""
        flatten = f'layers.Flatten(name="{self.id}")({{x}})'
        if len(inputs[0]) == 1 or inputs[0][0] == 1 or inputs[0][1:] == (1, 1):
            return (flatten,)
        return f'layers.Permute((3, 1, 2), name="{self.id}_channels_first")({{x}})', flatten


class Upsample(LayerSpec):
    """Enlargement by a whole factor."""

    title: ClassVar[str] = "Upsampling"
    group: ClassVar[str] = "Shape"
    sentence: ClassVar[str] = "Enlarges the maps by repeating pixels or by drawing straight lines between them."
    stem: ClassVar[str] = "up"

    kind: Literal["Upsample"] = "Upsample"
    scale_factor: ScaleFactor = Field(default=(2, 2), description="How many times higher and wider the maps become.")
    mode: Literal["nearest", "bilinear"] = Field(
        default="nearest", description="Repeat pixels, or interpolate between them."
    )

    def _output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        channels, height, width = inputs[0]
        return channels, height * self.scale_factor[0], width * self.scale_factor[1]

    def arguments(self, inputs: tuple[Shape, ...]) -> dict[str, object]:
        """Give the constructor's arguments, the factors as the floats it asks for."""
        return {"scale_factor": tuple(map(float, self.scale_factor)), "mode": self.mode}

    def window(self, inputs: tuple[Shape, ...]) -> Window:
        """Look at one pixel, or at the two neighbours that are blended; pixel centres stay in proportion."""
        taps = [1 if self.mode == "nearest" or factor == 1 else 2 for factor in self.scale_factor]
        steps = [Fraction(1, factor) for factor in self.scale_factor]
        centres = [(step - 1) / 2 for step in steps]
        return Window((taps[0], taps[1]), (steps[0], steps[1]), (1, 1), (centres[0], centres[1]))

    def reach(self, inputs: tuple[Shape, ...], axis: int, first: int, last: int) -> Pair:
        """Read the pixels that PyTorch reads: ``o // factor``, or both neighbours of ``(o + 0.5) / factor - 0.5``."""
        factor = self.scale_factor[axis]
        if self.mode == "nearest" or factor == 1:
            return first // factor, last // factor
        low, high = (Fraction(2 * position + 1, 2 * factor) - Fraction(1, 2) for position in (first, last))
        return low.numerator // low.denominator, -(-high.numerator // high.denominator)

    def keras(self, inputs: tuple[Shape, ...]) -> tuple[str, ...]:
        """Write Keras's layer, which uses the same pixel centres."""
        factor = (self.scale_factor[0], self.scale_factor[1])
        return (f'layers.UpSampling2D({factor}, interpolation="{self.mode}", name="{self.id}")({{x}})',)


class ZeroPad2d(LayerSpec):
    """Zeros around the maps, each side on its own."""

    title: ClassVar[str] = "Zero padding"
    group: ClassVar[str] = "Shape"
    sentence: ClassVar[str] = "Puts zeros around the maps; each side can have its own width."
    stem: ClassVar[str] = "pad"
    left_out: ClassVar[frozenset[str]] = frozenset()  # PyTorch has no default here

    kind: Literal["ZeroPad2d"] = "ZeroPad2d"
    padding: tuple[PaddingPx, PaddingPx, PaddingPx, PaddingPx] = Field(
        default=(1, 1, 1, 1), description="Pixels at the left, right, top and bottom."
    )

    def _output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        channels, height, width = inputs[0]
        left, right, top, bottom = self.padding
        return channels, height + top + bottom, width + left + right

    def window(self, inputs: tuple[Shape, ...]) -> Window:
        """Look at one pixel, shifted by the padding."""
        return Window(centre=(Fraction(-self.padding[2]), Fraction(-self.padding[0])))

    def keras(self, inputs: tuple[Shape, ...]) -> tuple[str, ...]:
        """Write Keras's layer, which names the sides in another order."""
        left, right, top, bottom = self.padding
        return (f'layers.ZeroPadding2D((({top}, {bottom}), ({left}, {right})), name="{self.id}")({{x}})',)


class Identity(LayerSpec):
    """Nothing happens."""

    title: ClassVar[str] = "Identity"
    group: ClassVar[str] = "Shape"
    sentence: ClassVar[str] = "Passes everything on unchanged; a name for a place in the network."
    stem: ClassVar[str] = "same"
    takes: ClassVar[Literal["maps", "vector", "either"]] = "either"

    kind: Literal["Identity"] = "Identity"

    def keras(self, inputs: tuple[Shape, ...]) -> tuple[str, ...]:
        """Write Keras's layer of the same name."""
        return (f'layers.Identity(name="{self.id}")({{x}})',)
