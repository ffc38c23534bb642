"""Activations: a function of one number, applied to every value.

Without one between them, two convolutions or two linear layers can do no more than one.

Each class is one row: what the menu says, its parameters with their bounds, its expression in Keras 3. The name, the
module and the line of PyTorch follow from the class of the same name in ``torch.nn``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from lab.errors import Fix
from lab.network.layers.base import LayerSpec, Shape
from lab.network.layers.fields import Count

Slope = Annotated[float, Field(strict=True, ge=0, le=10)]
Scale = Annotated[float, Field(strict=True, gt=0, le=10)]
Number = Annotated[float, Field(strict=True, ge=-100, le=100)]


class _Activation(LayerSpec):
    """What all rows share: the shape stays, nothing is learned."""

    group: ClassVar[str] = "Activation"
    stem: ClassVar[str] = "act"
    takes: ClassVar[Literal["maps", "vector", "either"]] = "either"
    keras_expression: ClassVar[str] = ""  # fields in braces; empty: Keras has none

    def keras(self, inputs: tuple[Shape, ...]) -> tuple[str, ...]:
        """Fill the row's expression with the layer's own values."""
        if not self.keras_expression:
            return super().keras(inputs)
        return (self.keras_expression.format(**self.model_dump(), x="{x}"),)


class ReLU(_Activation):
    """max(0, x)."""

    title: ClassVar[str] = "ReLU"
    sentence: ClassVar[str] = "Keeps positive values and sets negative ones to 0: simple, fast, and the usual choice."
    stem: ClassVar[str] = "relu"
    commutes_with_max: ClassVar[bool] = True
    keras_expression: ClassVar[str] = 'layers.ReLU(name="{id}")({x})'

    kind: Literal["ReLU"] = "ReLU"


class ReLU6(_Activation):
    """min(max(0, x), 6)."""

    title: ClassVar[str] = "ReLU6"
    sentence: ClassVar[str] = "A ReLU that stops at 6, made for small networks on phones."
    stem: ClassVar[str] = "relu"
    commutes_with_max: ClassVar[bool] = True
    keras_expression: ClassVar[str] = 'layers.ReLU(max_value=6, name="{id}")({x})'

    kind: Literal["ReLU6"] = "ReLU6"


class LeakyReLU(_Activation):
    """x, or slope·x below 0."""

    title: ClassVar[str] = "Leaky ReLU"
    sentence: ClassVar[str] = "Lets a little through below 0, so that no unit stops learning for good."
    commutes_with_max: ClassVar[bool] = True  # the slope is never negative
    keras_expression: ClassVar[str] = 'layers.LeakyReLU(negative_slope={negative_slope}, name="{id}")({x})'

    kind: Literal["LeakyReLU"] = "LeakyReLU"
    negative_slope: Slope = Field(default=0.01, description="Slope below 0.")


class PReLU(_Activation):
    """x, or a·x below 0, with a learned."""

    title: ClassVar[str] = "PReLU (learned slope)"
    sentence: ClassVar[str] = "A leaky ReLU whose slope below 0 is learned."

    kind: Literal["PReLU"] = "PReLU"
    num_parameters: Count = Field(default=1, description="1 slope for all, or one for each channel.")
    init: Number = Field(default=0.25, description="The slope before training.")

    def _output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        if self.num_parameters not in (1, inputs[0][0]):
            raise self.misfit(
                f"PReLU has {self.num_parameters} slopes but {self.source} gives {inputs[0][0]} channels",
                field="num_parameters",
            )
        return inputs[0]

    def n_params(self, inputs: tuple[Shape, ...]) -> int:
        """Count the slopes."""
        return self.num_parameters

    def keras(self, inputs: tuple[Shape, ...]) -> tuple[str, ...]:
        """Share the slope over the axes that PyTorch shares it over."""
        axes = list(range(1, len(inputs[0]) + (1 if self.num_parameters == 1 else 0)))
        shared = f"shared_axes={axes}, " if axes else ""
        slope = f"alpha_initializer=keras.initializers.Constant({self.init})"
        return (f'layers.PReLU({shared}{slope}, name="{self.id}")({{x}})',)

    def repairs(self, inputs: tuple[Shape, ...]) -> Iterator[Fix]:
        """Offer one slope for each channel, or one for all."""
        yield self.set_field("num_parameters", inputs[0][0])
        yield self.set_field("num_parameters", 1)


class RReLU(_Activation):
    """x, or a·x below 0, with a drawn at random while training."""

    title: ClassVar[str] = "RReLU (random slope)"
    sentence: ClassVar[str] = (
        "A leaky ReLU whose slope is drawn at random while training and is the middle one afterwards."
    )

    kind: Literal["RReLU"] = "RReLU"
    lower: Annotated[float, Field(strict=True, ge=0, le=0.2)] = Field(default=0.125, description="Smallest slope.")
    upper: Annotated[float, Field(strict=True, ge=0.2, le=1)] = Field(default=1 / 3, description="Largest slope.")

    def onnx_gap(self, inputs: tuple[Shape, ...]) -> str:
        """Refuse: there is no such node."""
        return "ONNX has no random slopes"


class ELU(_Activation):
    """x, or alpha·(exp(x) - 1) below 0."""

    title: ClassVar[str] = "ELU"
    sentence: ClassVar[str] = "Bends smoothly to -alpha below 0, so that the mean stays near 0."
    keras_expression: ClassVar[str] = 'layers.ELU(alpha={alpha}, name="{id}")({x})'

    kind: Literal["ELU"] = "ELU"
    alpha: Scale = Field(default=1.0, description="How far below 0 it can go.")


class SELU(_Activation):
    """An ELU with fixed constants."""

    title: ClassVar[str] = "SELU"
    sentence: ClassVar[str] = "An ELU scaled so that mean 0 and variance 1 reproduce themselves from layer to layer."
    keras_expression: ClassVar[str] = 'layers.Activation("selu", name="{id}")({x})'

    kind: Literal["SELU"] = "SELU"


class CELU(_Activation):
    """x, or alpha·(exp(x / alpha) - 1) below 0."""

    title: ClassVar[str] = "CELU"
    sentence: ClassVar[str] = "An ELU whose slope is the same on both sides of 0 for every alpha."
    keras_expression: ClassVar[str] = "ops.celu({x}, alpha={alpha})"

    kind: Literal["CELU"] = "CELU"
    alpha: Scale = Field(default=1.0, description="How far below 0 it can go.")


class GELU(_Activation):
    """x·Φ(x), with Φ the normal distribution."""

    title: ClassVar[str] = "GELU"
    sentence: ClassVar[str] = "Weighs each value by how likely a normal number is to be smaller; usual in transformers."

    kind: Literal["GELU"] = "GELU"
    approximate: Literal["none", "tanh"] = Field(default="none", description="Exact, or the faster formula with tanh.")

    def keras(self, inputs: tuple[Shape, ...]) -> tuple[str, ...]:
        """Write Keras's switch for the formula."""
        return (f"ops.gelu({{x}}, approximate={self.approximate == 'tanh'})",)


class SiLU(_Activation):
    """x·sigmoid(x)."""

    title: ClassVar[str] = "SiLU (Swish)"
    sentence: ClassVar[str] = "Weighs each value by its own sigmoid: a smooth ReLU with a small dip below 0."
    keras_expression: ClassVar[str] = 'layers.Activation("silu", name="{id}")({x})'

    kind: Literal["SiLU"] = "SiLU"


class Mish(_Activation):
    """x·tanh(softplus(x))."""

    title: ClassVar[str] = "Mish"
    sentence: ClassVar[str] = "Much like SiLU, a little smoother."
    keras_expression: ClassVar[str] = 'layers.Activation("mish", name="{id}")({x})'

    kind: Literal["Mish"] = "Mish"


class Sigmoid(_Activation):
    """1 / (1 + exp(-x))."""

    title: ClassVar[str] = "Sigmoid"
    sentence: ClassVar[str] = (
        "Squeezes every value between 0 and 1; its slope is at most a quarter, so gradients fade in deep networks."
    )
    keras_expression: ClassVar[str] = 'layers.Activation("sigmoid", name="{id}")({x})'

    kind: Literal["Sigmoid"] = "Sigmoid"


class LogSigmoid(_Activation):
    """log(1 / (1 + exp(-x)))."""

    title: ClassVar[str] = "Log-sigmoid"
    sentence: ClassVar[str] = "The logarithm of the sigmoid: close to x below 0 and to 0 above."
    keras_expression: ClassVar[str] = "ops.log_sigmoid({x})"

    kind: Literal["LogSigmoid"] = "LogSigmoid"


class Tanh(_Activation):
    """The hyperbolic tangent."""

    title: ClassVar[str] = "Tanh"
    sentence: ClassVar[str] = "Squeezes every value between -1 and 1, with mean near 0; flat at both ends."
    keras_expression: ClassVar[str] = 'layers.Activation("tanh", name="{id}")({x})'

    kind: Literal["Tanh"] = "Tanh"


class Softplus(_Activation):
    """log(1 + exp(beta·x)) / beta."""

    title: ClassVar[str] = "Softplus"
    sentence: ClassVar[str] = "A ReLU with a rounded corner; always above 0."
    keras_expression: ClassVar[str] = "ops.softplus({x} * {beta}) / {beta}"

    kind: Literal["Softplus"] = "Softplus"
    beta: Annotated[float, Field(strict=True, ge=0.1, le=10)] = Field(
        default=1.0, description="How sharp the corner is."
    )


class Softsign(_Activation):
    """x / (1 + |x|)."""

    title: ClassVar[str] = "Softsign"
    sentence: ClassVar[str] = "Like tanh, but comes closer to -1 and 1 much more slowly."
    keras_expression: ClassVar[str] = 'layers.Activation("softsign", name="{id}")({x})'

    kind: Literal["Softsign"] = "Softsign"


class Hardtanh(_Activation):
    """x, cut at both ends."""

    title: ClassVar[str] = "Hardtanh"
    sentence: ClassVar[str] = "A straight line that is cut off at both ends: a cheap tanh."
    commutes_with_max: ClassVar[bool] = True
    keras_expression: ClassVar[str] = "ops.clip({x}, {min_val}, {max_val})"

    kind: Literal["Hardtanh"] = "Hardtanh"
    min_val: Annotated[float, Field(strict=True, ge=-100, le=0)] = Field(default=-1.0, description="Smallest value.")
    max_val: Annotated[float, Field(strict=True, gt=0, le=100)] = Field(default=1.0, description="Largest value.")


class Hardsigmoid(_Activation):
    """x / 6 + 1 / 2, cut at 0 and 1."""

    title: ClassVar[str] = "Hardsigmoid"
    sentence: ClassVar[str] = "A straight line that is cut off at 0 and 1: a cheap sigmoid."
    keras_expression: ClassVar[str] = 'layers.Activation("hard_sigmoid", name="{id}")({x})'

    kind: Literal["Hardsigmoid"] = "Hardsigmoid"


class Hardswish(_Activation):
    """x·hardsigmoid(x)."""

    title: ClassVar[str] = "Hardswish"
    sentence: ClassVar[str] = "A cheap SiLU, made of straight lines and a parabola; used in MobileNetV3."
    keras_expression: ClassVar[str] = 'layers.Activation("hard_silu", name="{id}")({x})'

    kind: Literal["Hardswish"] = "Hardswish"


class Hardshrink(_Activation):
    """x outside ±lambd, 0 inside."""

    title: ClassVar[str] = "Hardshrink"
    sentence: ClassVar[str] = "Sets small values to 0 and keeps large ones as they are."
    keras_expression: ClassVar[str] = "ops.hard_shrink({x}, threshold={lambd})"

    kind: Literal["Hardshrink"] = "Hardshrink"
    lambd: Slope = Field(default=0.5, description="How large a value must be to stay.")


class Softshrink(_Activation):
    """x moved towards 0 by lambd."""

    title: ClassVar[str] = "Softshrink"
    sentence: ClassVar[str] = "Moves every value towards 0 by a fixed step and keeps small ones there."
    keras_expression: ClassVar[str] = "ops.soft_shrink({x}, threshold={lambd})"

    kind: Literal["Softshrink"] = "Softshrink"
    lambd: Slope = Field(default=0.5, description="The step towards 0.")


class Tanhshrink(_Activation):
    """x - tanh(x)."""

    title: ClassVar[str] = "Tanhshrink"
    sentence: ClassVar[str] = "What tanh takes away: nearly 0 in the middle, a straight line outside."
    keras_expression: ClassVar[str] = 'layers.Activation("tanh_shrink", name="{id}")({x})'

    kind: Literal["Tanhshrink"] = "Tanhshrink"


class Threshold(_Activation):
    """x above a threshold, else a fixed value."""

    title: ClassVar[str] = "Threshold"
    sentence: ClassVar[str] = "Keeps values above a threshold and replaces all others by one fixed value."
    keras_expression: ClassVar[str] = "ops.where({x} > {threshold}, {x}, {value})"

    kind: Literal["Threshold"] = "Threshold"
    threshold: Number = Field(default=0.0, description="What a value must exceed to stay.")
    value: Number = Field(default=0.0, description="What the others become.")


class GLU(_Activation):
    """a·sigmoid(b), with a and b the halves of the channels."""

    title: ClassVar[str] = "GLU (gated)"
    sentence: ClassVar[str] = "One half of the channels decides, through a sigmoid, how much of the other half passes."
    keras_expression: ClassVar[str] = "ops.glu({x}, axis=-1)"

    kind: Literal["GLU"] = "GLU"

    def _output_shape(self, inputs: tuple[Shape, ...]) -> Shape:
        if inputs[0][0] % 2:
            raise self.misfit(f"GLU halves the channels but {self.source} gives {inputs[0][0]}, an odd number")
        return inputs[0][0] // 2, *inputs[0][1:]

    def arguments(self, inputs: tuple[Shape, ...]) -> dict[str, object]:
        """Split the channels, not the last axis."""
        return {"dim": 1}


class _OverChannels(_Activation):
    """Functions that look at all channels of one position together."""

    stem: ClassVar[str] = "softmax"
    mixes_vector: ClassVar[bool] = True

    def arguments(self, inputs: tuple[Shape, ...]) -> dict[str, object]:
        """Work along the channel axis."""
        return {"dim": 1}


class Softmax(_OverChannels):
    """exp(x) divided by the sum over the channels."""

    title: ClassVar[str] = "Softmax"
    sentence: ClassVar[str] = (
        "Turns scores into probabilities that add up to 1; training losses already contain it, so it is rarely a layer."
    )
    keras_expression: ClassVar[str] = 'layers.Softmax(name="{id}")({x})'

    kind: Literal["Softmax"] = "Softmax"


class Softmin(_OverChannels):
    """Softmax of -x."""

    title: ClassVar[str] = "Softmin"
    sentence: ClassVar[str] = "A softmax that gives the smallest score the largest probability."
    keras_expression: ClassVar[str] = "ops.softmax(-{x}, axis=-1)"

    kind: Literal["Softmin"] = "Softmin"


class LogSoftmax(_OverChannels):
    """The logarithm of softmax."""

    title: ClassVar[str] = "Log-softmax"
    sentence: ClassVar[str] = "The logarithm of the softmax probabilities, computed without losing digits."
    keras_expression: ClassVar[str] = 'layers.Activation("log_softmax", name="{id}")({x})'

    kind: Literal["LogSoftmax"] = "LogSoftmax"
