"""Layers that join several branches: skips (Add) and parallel paths (Concat)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

from lab.errors import Fix
from lab.network.layers.base import LayerSpec, Shape, describe, shown

if TYPE_CHECKING:
    from torch import nn


class _Merge(LayerSpec):
    """Several inputs, one output, nothing to learn."""

    group: ClassVar[str] = "Merge"
    takes: ClassVar[Literal["maps", "vector", "either"]] = "either"
    n_sources: ClassVar[tuple[int, int]] = (2, 64)

    def repairs(self, inputs: tuple[Shape, ...]) -> Iterator[Fix]:
        """Offer to bring each branch to the shape of another one, or to leave it out."""
        for number, name in enumerate(self.inputs):
            for shape in dict.fromkeys(inputs):
                if shape != inputs[number]:
                    yield from self._fit_branch(name, inputs[number], shape)
        if len(self.inputs) > self.n_sources[0]:
            for name in self.inputs:
                rest = tuple(other for other in self.inputs if other != name)
                yield self.set_field("inputs", rest, f"Let {self.id} leave out {name}")

    def _fit_branch(self, name: str, arriving: Shape, wanted: Shape) -> Iterator[Fix]:
        """Offer a layer between ``name`` and this one that gives the wanted shape."""
        if len(arriving) == 3 and len(wanted) == 3:
            channels, strides = (
                wanted[0],
                [-(-have // want) for have, want in zip(arriving[1:], wanted[1:], strict=True)],
            )
            stride = (max(1, strides[0]), max(1, strides[1]))
            with_stride = f" with stride {shown(stride)}" if stride != (1, 1) else ""
            label = f"Insert a 1×1 convolution{with_stride} between {name} and {self.id}"
            yield self.insert_before(
                "Conv2d",
                label,
                inputs=(name,),
                out_channels=channels,
                kernel_size=(1, 1),
                stride=stride,
                padding=(0, 0),
            )
            label = f"Insert an average pool to {wanted[1]}×{wanted[2]} between {name} and {self.id}"
            yield self.insert_before("AdaptiveAvgPool2d", label, inputs=(name,), output_size=wanted[1:])
        elif len(arriving) == 3:
            yield self.insert_before("Flatten", f"Insert Flatten between {name} and {self.id}", inputs=(name,))
        elif len(wanted) == 1:
            label = f"Insert a linear layer between {name} and {self.id}"
            yield self.insert_before("Linear", label, inputs=(name,), out_features=wanted[0])

    def pytorch(self, inputs: tuple[Shape, ...]) -> str:
        """Write nothing: an expression in ``forward`` does the work."""
        return ""


class Add(_Merge):
    """Element-wise sum."""

    title: ClassVar[str] = "Add (skip connection)"
    sentence: ClassVar[str] = (
        "Adds what two or more branches computed, value by value; the heart of a residual network."
    )
    stem: ClassVar[str] = "add"

    kind: Literal["Add"] = "Add"

    def module(self, inputs: tuple[Shape, ...]) -> nn.Module:
        """Build our own module; torch has none."""
        from lab.network.merging import Add as AddModule

        return AddModule()

    def _output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        if len(set(inputs)) > 1:
            raise self.misfit(f"Add needs equal shapes but {_listing(self, inputs)}")
        return inputs[0]

    def pytorch_call(self, inputs: tuple[Shape, ...], names: tuple[str, ...]) -> str:
        """Write the sum."""
        return " + ".join(names)

    def keras(self, inputs: tuple[Shape, ...]) -> tuple[str, ...]:
        """Write Keras's layer of the same name."""
        return (f'layers.Add(name="{self.id}")({{x}})',)


class Concat(_Merge):
    """Concatenation along the channels."""

    title: ClassVar[str] = "Concatenate (branches)"
    sentence: ClassVar[str] = (
        "Puts the maps of two or more branches one behind the other; the heart of an Inception block."
    )
    stem: ClassVar[str] = "cat"

    kind: Literal["Concat"] = "Concat"

    def module(self, inputs: tuple[Shape, ...]) -> nn.Module:
        """Build our own module; torch has none."""
        from lab.network.merging import Concat as ConcatModule

        return ConcatModule()

    def _output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        if len({shape[1:] for shape in inputs}) > 1:
            raise self.misfit(f"Concat needs equal heights and widths but {_listing(self, inputs)}")
        return sum(shape[0] for shape in inputs), *inputs[0][1:]

    def pytorch_call(self, inputs: tuple[Shape, ...], names: tuple[str, ...]) -> str:
        """Write the concatenation along the channel axis."""
        return f"torch.cat([{', '.join(names)}], dim=1)"

    def keras(self, inputs: tuple[Shape, ...]) -> tuple[str, ...]:
        """Concatenate the last axis, where Keras keeps the channels."""
        return (f'layers.Concatenate(name="{self.id}")({{x}})',)


def _listing(layer: LayerSpec, inputs: tuple[Shape, ...]) -> str:
    names = layer.inputs if len(layer.inputs) == len(inputs) else tuple(f"input {i + 1}" for i in range(len(inputs)))
    return ", ".join(f"{name} gives {describe(shape)}" for name, shape in zip(names, inputs, strict=True))
