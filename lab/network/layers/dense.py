"""The dense layer: every output reads every input, each with its own weight."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import ClassVar, Literal

from pydantic import Field

from lab.errors import Fix, InsertLayer
from lab.network.layers.base import LayerSpec, Shape
from lab.network.layers.fields import Switch
from lab.theory.cost import linear_n_macs, linear_n_params


class Linear(LayerSpec):
    """Dense (fully connected) layer."""

    title: ClassVar[str] = "Linear (dense)"
    group: ClassVar[str] = "Dense"
    sentence: ClassVar[str] = "Every output is a weighted sum of all inputs and a bias; the classic layer of neurons."
    stem: ClassVar[str] = "fc"
    takes: ClassVar[Literal["maps", "vector", "either"]] = "vector"
    starter: ClassVar[Mapping[str, object]] = MappingProxyType({"out_features": 10})
    mixes_vector: ClassVar[bool] = True

    kind: Literal["Linear"] = "Linear"
    out_features: int = Field(
        strict=True, ge=1, le=65_536, description="How many neurons, and so how many values come out."
    )
    bias: Switch = Field(default=True, description="Add one learnable number to each neuron.")
    in_features: int | None = Field(
        default=None, strict=True, ge=1, le=16_777_216, description="Inputs expected; empty takes what arrives."
    )

    def _output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        if self.in_features not in (None, inputs[0][0]):
            raise self.misfit(
                f"Linear expects {self.in_features} inputs but {self.source} gives {inputs[0][0]}", field="in_features"
            )
        return (self.out_features,)

    def n_params(self, inputs: tuple[Shape, ...]) -> int:
        """Count a weight for every input of every neuron, and the biases."""
        return linear_n_params(inputs[0][0], self.out_features, bias=self.bias)

    def n_macs(self, inputs: tuple[Shape, ...]) -> int:
        """Count every weight once."""
        return linear_n_macs(inputs[0][0], self.out_features)

    def arguments(self, inputs: tuple[Shape, ...]) -> dict[str, object]:
        """Give the constructor's arguments, with the inputs that arrive."""
        return {"in_features": inputs[0][0], "out_features": self.out_features, "bias": self.bias}

    def keras(self, inputs: tuple[Shape, ...]) -> tuple[str, ...]:
        """Write Keras's name for it."""
        bias = "" if self.bias else ", use_bias=False"
        return (f'layers.Dense({self.out_features}{bias}, name="{self.id}")({{x}})',)

    def repairs(self, inputs: tuple[Shape, ...]) -> Iterator[Fix]:
        """Offer to flatten or to pool globally before the layer, or to expect what arrives."""
        if len(inputs[0]) == 1:
            yield self.set_field("in_features", inputs[0][0])
            return
        flatten = InsertLayer("Flatten", self.id)
        pool = InsertLayer("AdaptiveAvgPool2d", self.id)
        yield Fix(f"Insert Flatten before {self.id}", (flatten,))
        yield Fix(f"Insert a global average pool and Flatten before {self.id}", (pool, flatten))
