"""Networks to start from: small ones to learn with, and published ones in the size they were published in."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lab.errors import Code, NetworkError
from lab.network.layers.explain import brief, did_you_mean
from lab.network.presets import published, teaching
from lab.network.spec import NetworkSpec


@dataclass(frozen=True)
class Preset:
    """One network to start from.

    Args:
        name: as the command line and the links know it.
        title: as the menu shows it.
        sentence: what there is to see in it.
        build: makes the spec; it is made when first asked for.
    """

    name: str
    title: str
    sentence: str
    build: Callable[[], NetworkSpec]

    @functools.cached_property
    def spec(self) -> NetworkSpec:
        """The network, built once; it ends in logits, one a class."""
        return self.build()


_ROWS = (
    Preset(
        "softmax_regression",
        "Softmax regression",
        "No hidden layer at all: ten weighted sums of the pixels. The line that every network must beat.",
        teaching.softmax_regression,
    ),
    Preset(
        "mlp",
        "Dense network (ANN)",
        "Two hidden dense layers: it sees pixels without knowing which are neighbours.",
        teaching.mlp,
    ),
    Preset(
        "student_cnn",
        "Student CNN",
        "Two convolutions, two max pools, one hidden layer: the smallest network that has everything.",
        teaching.student_cnn,
    ),
    Preset(
        "lenet5",
        "LeNet-5",
        "The network that read cheques, in its modern dense version with 61,706 parameters; "
        "the one of 1998 had a sparse second convolution and learned its pooling.",
        published.lenet5,
    ),
    Preset(
        "tiny_vgg",
        "Tiny VGG",
        "Four 3×3 convolutions of 10 maps without padding, as in CNN Explainer: small enough to look at every map.",
        teaching.tiny_vgg,
    ),
    Preset(
        "vgg_small",
        "Small VGG",
        "Blocks of two 3×3 convolutions with batch normalisation, twice the maps after each pooling.",
        teaching.vgg_small,
    ),
    Preset(
        "resnet_small",
        "Small ResNet",
        "Six residual blocks: each adds what it computed to what came in, so that depth does no harm.",
        teaching.resnet_small,
    ),
    Preset(
        "inception_small",
        "Small Inception",
        "Two blocks that look through 1×1, 3×3, 5×5 and pooling windows at once and keep all the answers.",
        teaching.inception_small,
    ),
    Preset(
        "mobilenet_small",
        "Small MobileNet",
        "Convolutions split into depth-wise and 1×1 ones: nearly the same for a fraction of the cost.",
        teaching.mobilenet_small,
    ),
    Preset(
        "alexnet",
        "AlexNet",
        "Five convolutions and three dense layers that hold 96 % of its 61 million parameters.",
        published.alexnet,
    ),
    Preset(
        "vgg16",
        "VGG-16",
        "Thirteen 3×3 convolutions and three dense layers: 138 million parameters, 15.5 billion MACs.",
        published.vgg16,
    ),
    Preset(
        "resnet18",
        "ResNet-18",
        "Eight residual blocks and no dense layer but the last: 11.7 million parameters.",
        published.resnet18,
    ),
    Preset(
        "mobilenet_v2",
        "MobileNetV2",
        "Inverted residual blocks: widen, filter depth-wise, narrow again; 3.5 million parameters, 0.3 billion MACs.",
        published.mobilenet_v2,
    ),
    Preset(
        "efficientnet_lite0",
        "EfficientNet-Lite0",
        "The network that comes trained on ImageNet with this lab; its padding follows TensorFlow.",
        published.efficientnet_lite0,
    ),
)

PRESETS: Mapping[str, Preset] = MappingProxyType({row.name: row for row in _ROWS})
"""Every preset by name, in the order of the menu."""


def preset(name: str) -> NetworkSpec:
    """Get the spec of a preset.

    Raises:
        NetworkError: there is none of that name (``NET-SPEC``).

    Examples:
        >>> preset("student_cnn").input
        (1, 28, 28)
    """
    if name not in PRESETS:
        hint = did_you_mean(name, tuple(PRESETS))
        raise NetworkError(Code.NETWORK_SPEC, f"there is no preset {brief(name)}; {hint}")
    return PRESETS[name].spec
