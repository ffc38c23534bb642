"""What every layer kind is: one class = one row of the catalogue.

A kind declares its **fields** (with bounds and a sentence each), what the menu says about it (``title``, ``group``,
``sentence``), and its **rules**: what shape leaves it, what it costs, which window it looks through, and its line of
PyTorch and of Keras. ``module`` and ``pytorch`` are both written from ``arguments``, so that the exported code cannot
differ from the model. See ``README.md`` beside this file for how to add a kind.

No torch at import: a page can show shapes, costs and code before torch is loaded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ModelWrapValidatorHandler, ValidationError, model_validator

from lab.errors import Code, Edit, Fix, InsertLayer, NetworkError, RemoveLayer, SetField
from lab.network.layers.explain import spec_error

if TYPE_CHECKING:
    from torch import nn

Shape = tuple[int, ...]
"""The shape of one image's activation, without the batch axis: ``(C, H, W)`` maps or an ``(F,)`` vector."""

Pair = tuple[int, int]
LayerId = Annotated[str, Field(strict=True, pattern=r"^[a-z][a-z0-9_]{0,31}$")]


# Fields whose default is the one of the torch.nn class; a test compares them.
_SAME_DEFAULTS = frozenset(
    {"stride", "padding", "dilation", "groups", "bias", "padding_mode", "output_padding"}
    | {"ceil_mode", "count_include_pad", "eps", "momentum", "affine"}
)


@dataclass(frozen=True)
class Window:
    """The window that a layer looks through, as (height, width).

    Args:
        kernel_size: taps of the window.
        stride: input pixels from one output position to the next; below 1 where the layer enlarges the map.
        dilation: distance between neighbouring taps.
        centre: where the first output position looks, in input pixels (0 is the centre of the first pixel).
    """

    kernel_size: Pair = (1, 1)
    stride: tuple[Fraction, Fraction] = (Fraction(1), Fraction(1))
    dilation: Pair = (1, 1)
    centre: tuple[Fraction, Fraction] = (Fraction(0), Fraction(0))


def sliding_window(kernel_size: Pair, stride: Pair, dilation: Pair, before: Pair) -> Window:
    """Describe the window of a convolution or pooling with ``before`` pixels of padding at the top and left."""
    height, width = (Fraction(dilation[axis] * (kernel_size[axis] - 1), 2) - before[axis] for axis in (0, 1))
    return Window(kernel_size, (Fraction(stride[0]), Fraction(stride[1])), dilation, (height, width))


class LayerSpec(BaseModel):
    """One layer as frozen data; each subclass is a layer kind.

    Invalid values raise a :class:`NetworkError` with code ``NET-SPEC`` and one plain sentence, never pydantic's own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    title: ClassVar[str]
    group: ClassVar[str]
    sentence: ClassVar[str]
    stem: ClassVar[str]  # ids are the stem and a number: conv1, conv2
    takes: ClassVar[Literal["maps", "vector", "either"]] = "maps"
    n_sources: ClassVar[tuple[int, int]] = (1, 1)  # fewest and most inputs
    vector_twin: ClassVar[str | None] = None  # the kind that does the same to the other kind of input
    starter: ClassVar[Mapping[str, object]] = MappingProxyType({})  # what a new layer from the menu starts with
    left_out: ClassVar[frozenset[str]] = _SAME_DEFAULTS  # the code omits them when they have it
    mixes_vector: ClassVar[bool] = False  # on a vector, every output reads every input
    commutes_with_max: ClassVar[bool] = False  # exactly monotone, element by element: may run after a max pool

    id: LayerId = Field(description="The layer's name in the drawing, the code and the weights.")
    kind: str
    inputs: tuple[str, ...] = Field(
        default=(), max_length=64, description="The layers it reads; empty means the layer before it."
    )

    @model_validator(mode="wrap")
    @classmethod
    def _speak_plainly(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(data)
        except ValidationError as error:
            raise spec_error(cls, data, error) from None

    # Rules: what a kind overrides.

    def _output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        """Give the output's shape; ``inputs`` are already the right number and of the right kind."""
        return inputs[0]

    def n_params(self, inputs: tuple[Shape, ...]) -> int:
        """Count learnable parameters, as ``sum(p.numel() for p in module.parameters())`` does."""
        return 0

    def n_macs(self, inputs: tuple[Shape, ...]) -> int:
        """Count multiply-accumulates for one image, biases not counted; 0 for all but convolution and linear."""
        return 0

    def window(self, inputs: tuple[Shape, ...]) -> Window:
        """Describe the window that one output position looks through; a single pixel unless the kind says more."""
        return Window()

    def reach(self, inputs: tuple[Shape, ...], axis: int, first: int, last: int) -> Pair:
        """Say which input positions the output positions ``first..last`` read along one axis (0 height, 1 width).

        The answer may reach beyond the input where there is padding; the caller clips. Padding that repeats pixels
        (reflect, replicate, circular) is taken for zeros.
        """
        window = self.window(inputs)
        half = Fraction(window.dilation[axis] * (window.kernel_size[axis] - 1), 2)
        low = first * window.stride[axis] + window.centre[axis] - half
        high = last * window.stride[axis] + window.centre[axis] + half
        return -((-low.numerator) // low.denominator), high.numerator // high.denominator

    def arguments(self, inputs: tuple[Shape, ...]) -> dict[str, object]:
        """Give the arguments of the kind's ``torch.nn`` class."""
        own = {"id", "kind", "inputs"}
        return {name: getattr(self, name) for name in type(self).model_fields if name not in own}

    def module(self, inputs: tuple[Shape, ...]) -> nn.Module:
        """Build the layer's module with PyTorch's default initialisation."""
        from torch import nn

        module: nn.Module = getattr(nn, self.kind)(**self.arguments(inputs))
        return module

    def pytorch(self, inputs: tuple[Shape, ...]) -> str:
        """Write the line of PyTorch that builds the module; empty where an expression does the work."""
        arguments = {
            name: value
            for name, value in self.arguments(inputs).items()
            if name not in self.left_out or value != type(self).model_fields[name].default
        }
        return f"nn.{self.kind}({write_arguments(arguments)})"

    def pytorch_call(self, inputs: tuple[Shape, ...], names: tuple[str, ...]) -> str:
        """Write the expression that applies the layer to the variables ``names``."""
        return f"self.{self.id}({', '.join(names)})"

    def keras(self, inputs: tuple[Shape, ...]) -> tuple[str, ...]:
        """Write the Keras 3 expressions, channels last, one after the other; ``{x}`` is what came before.

        Raises:
            NetworkError: Keras cannot express it (``NET-CODE``).
        """
        raise self.cannot_export("Keras has no layer that does the same")

    def onnx_gap(self, inputs: tuple[Shape, ...]) -> str:
        """Say why ONNX, or PyTorch's exporter, cannot express the layer; empty when it can."""
        return ""

    def repairs(self, inputs: tuple[Shape, ...]) -> Iterator[Fix]:
        """Yield changes of this layer that may make it fit; each is tried before it is offered."""
        yield from ()

    # Errors: how a kind says no.

    @property
    def source(self) -> str:
        """What the layer reads, as a message calls it."""
        return " and ".join(self.inputs) if self.inputs else "the layer before it"

    def output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        """Compute the shape that leaves the layer, without building a tensor.

        Args:
            inputs: the shapes that arrive, in the order of ``self.inputs``.

        Raises:
            NetworkError: the layer cannot take what reaches it (``NET-SHAPE``).
            GeometryError: a window does not fit.
        """
        self._check_number(inputs)
        self._check_kind(inputs)
        return self._output_shape(inputs)

    def misfit(self, what: str, *, field: str = "", now: str = "", fixes: tuple[Fix, ...] = ()) -> NetworkError:
        """Make the error that says why the layer cannot take what reaches it."""
        where = f"{self.id}.{field}" if field else self.id
        return NetworkError(Code.NETWORK_SHAPE, what, where=where, now=now, fixes=fixes)

    def cannot_export(self, why: str) -> NetworkError:
        """Make the error that says why the layer cannot be written in another framework."""
        return NetworkError(Code.NETWORK_CODE, f"{self.kind} cannot be written so: {why}", where=self.id)

    def set_field(self, field: str, value: object, label: str = "") -> Fix:
        """Offer to set one of this layer's fields."""
        return Fix(label or f"Set {self.id}.{field} to {shown(value)}", (SetField(self.id, field, value),))

    def insert_before(self, kind: str, label: str, **params: object) -> Fix:
        """Offer to put a new layer in front of this one."""
        return Fix(label, (InsertLayer(kind, self.id, tuple(params.items())),))

    def remove(self) -> Fix:
        """Offer to take this layer out."""
        return Fix(f"Remove {self.id}", (RemoveLayer(self.id),))

    def replace_by(self, kind: str, **params: object) -> Fix:
        """Offer to put a layer of another kind in this one's place."""
        edits: tuple[Edit, ...] = (InsertLayer(kind, self.id, tuple(params.items())), RemoveLayer(self.id))
        return Fix(f"Replace {self.id} by {kind}", edits)

    def _check_number(self, inputs: tuple[Shape, ...]) -> None:
        fewest, most = self.n_sources
        if fewest <= len(inputs) <= most:
            return
        want = "one input" if most == 1 else f"at least {fewest} inputs"
        fixes = () if most > 1 else tuple(self.set_field("inputs", (name,)) for name in self.inputs)
        raise self.misfit(f"{self.kind} takes {want} but is given {len(inputs)}", field="inputs", fixes=fixes)

    def _check_kind(self, inputs: tuple[Shape, ...]) -> None:
        wanted = {"maps": 3, "vector": 1}.get(self.takes)
        for shape in inputs:
            if wanted not in (None, len(shape)):
                needs = "maps (channels, height, width)" if wanted == 3 else "a vector"
                raise self.misfit(f"{self.kind} takes {needs} but {self.source} gives {describe(shape)}")


def describe(shape: Shape) -> str:
    """Put a shape into words.

    Examples:
        >>> describe((8, 28, 28)), describe((10,))
        ('maps of 8×28×28', 'a vector of 10 values')
    """
    return f"maps of {'×'.join(map(str, shape))}" if len(shape) == 3 else f"a vector of {shape[0]} values"


def shown(value: object) -> str:
    """Write a field's value as a learner reads it: ``(2, 2)`` is 2, ``(1, 2)`` is 1×2."""
    if isinstance(value, tuple) and all(isinstance(part, int) for part in value):
        return str(value[0]) if len(set(value)) == 1 else "×".join(map(str, value))
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def write_arguments(arguments: Mapping[str, object]) -> str:
    """Write arguments as code: sizes by position, as everybody does, and a pair of equal numbers as one number.

    Examples:
        >>> write_arguments({"in_channels": 1, "out_channels": 8, "kernel_size": (3, 3), "padding": "same"})
        "1, 8, kernel_size=3, padding='same'"
    """
    return ", ".join(
        _code(value) if name in _BY_POSITION else f"{name}={_code(value)}" for name, value in arguments.items()
    )


# The first parameters of their torch.nn classes, in this order.
_BY_POSITION = (
    "in_channels",
    "out_channels",
    "in_features",
    "out_features",
    "num_features",
    "num_groups",
    "num_channels",
)


def _code(value: object) -> str:
    equal_pair = isinstance(value, tuple) and len(value) == 2 and value[0] == value[1]
    return repr(value[0]) if equal_pair and isinstance(value, tuple) else repr(value)
