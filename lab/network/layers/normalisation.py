"""Normalisation: shift and scale activations to a standard size, then let the network choose its own."""

from __future__ import annotations

from collections.abc import Iterator
from math import gcd
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from lab.errors import Fix
from lab.network.layers.base import LayerSpec, Shape
from lab.network.layers.fields import Count, Switch

Epsilon = Annotated[float, Field(strict=True, gt=0, le=1)]
Momentum = Annotated[float, Field(strict=True, ge=0, le=1)]


class _BatchNorm(LayerSpec):
    """Batch normalisation of maps or vectors: they differ in nothing but what they take."""

    group: ClassVar[str] = "Normalisation"
    stem: ClassVar[str] = "bn"

    eps: Epsilon = Field(default=1e-5, description="Added to the variance, so that nothing is divided by zero.")
    momentum: Momentum = Field(
        default=0.1, description="How much of each batch goes into the running mean and variance."
    )
    affine: Switch = Field(default=True, description="Learn a scale and a shift for each channel.")
    num_features: Count | None = Field(default=None, description="Channels expected; empty takes what arrives.")

    def _output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        if self.num_features not in (None, inputs[0][0]):
            raise self.misfit(
                f"{self.kind} expects {self.num_features} channels but {self.source} gives {inputs[0][0]}",
                field="num_features",
            )
        return inputs[0]

    def n_params(self, inputs: tuple[Shape, ...]) -> int:
        """Count a scale and a shift per channel; the running statistics are not learned."""
        return 2 * inputs[0][0] if self.affine else 0

    def arguments(self, inputs: tuple[Shape, ...]) -> dict[str, object]:
        """Give the constructor's arguments, with the channels that arrive."""
        return {"num_features": inputs[0][0], "eps": self.eps, "momentum": self.momentum, "affine": self.affine}

    def keras(self, inputs: tuple[Shape, ...]) -> tuple[str, ...]:
        """Normalise over the last axis; Keras's momentum is what is kept, PyTorch's what is taken in."""
        affine = "" if self.affine else ", center=False, scale=False"
        kept = round(1 - self.momentum, 12)
        return (f'layers.BatchNormalization(momentum={kept}, epsilon={self.eps}{affine}, name="{self.id}")({{x}})',)

    def repairs(self, inputs: tuple[Shape, ...]) -> Iterator[Fix]:
        """Offer the number of channels that arrives."""
        yield self.set_field("num_features", inputs[0][0])


class BatchNorm2d(_BatchNorm):
    """Batch normalisation of maps."""

    title: ClassVar[str] = "Batch normalisation"
    sentence: ClassVar[str] = (
        "Gives every channel mean 0 and variance 1 over the batch, then scales and shifts it; "
        "makes the bias before it redundant."
    )
    vector_twin: ClassVar[str | None] = "BatchNorm1d"

    kind: Literal["BatchNorm2d"] = "BatchNorm2d"


class BatchNorm1d(_BatchNorm):
    """Batch normalisation of a vector."""

    title: ClassVar[str] = "Batch normalisation of a vector"
    sentence: ClassVar[str] = (
        "Gives every value of the vector mean 0 and variance 1 over the batch, then scales and shifts it."
    )
    takes: ClassVar[Literal["maps", "vector", "either"]] = "vector"
    vector_twin: ClassVar[str | None] = "BatchNorm2d"

    kind: Literal["BatchNorm1d"] = "BatchNorm1d"


class GroupNorm(LayerSpec):
    """Group normalisation."""

    title: ClassVar[str] = "Group normalisation"
    group: ClassVar[str] = "Normalisation"
    sentence: ClassVar[str] = (
        "Gives each group of channels mean 0 and variance 1 within one image, whatever else is in the batch."
    )
    stem: ClassVar[str] = "gn"
    takes: ClassVar[Literal["maps", "vector", "either"]] = "either"

    kind: Literal["GroupNorm"] = "GroupNorm"
    num_groups: Count = Field(default=1, description="How many groups; 1 normalises all channels together.")
    eps: Epsilon = Field(default=1e-5, description="Added to the variance, so that nothing is divided by zero.")
    affine: Switch = Field(default=True, description="Learn a scale and a shift for each channel.")

    def _output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        if inputs[0][0] % self.num_groups:
            raise self.misfit(f"{self.num_groups} groups do not divide the {inputs[0][0]} channels", field="num_groups")
        return inputs[0]

    def n_params(self, inputs: tuple[Shape, ...]) -> int:
        """Count a scale and a shift per channel."""
        return 2 * inputs[0][0] if self.affine else 0

    def arguments(self, inputs: tuple[Shape, ...]) -> dict[str, object]:
        """Give the constructor's arguments, with the channels that arrive."""
        return {"num_groups": self.num_groups, "num_channels": inputs[0][0], "eps": self.eps, "affine": self.affine}

    def keras(self, inputs: tuple[Shape, ...]) -> tuple[str, ...]:
        """Normalise groups of the last axis."""
        affine = "" if self.affine else ", center=False, scale=False"
        return (f'layers.GroupNormalization({self.num_groups}, epsilon={self.eps}{affine}, name="{self.id}")({{x}})',)

    def repairs(self, inputs: tuple[Shape, ...]) -> Iterator[Fix]:
        """Offer numbers of groups that divide."""
        yield self.set_field("num_groups", gcd(self.num_groups, inputs[0][0]))
        yield self.set_field("num_groups", 1)
