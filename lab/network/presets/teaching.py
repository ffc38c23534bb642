"""Small networks to learn with: 28×28 grey pictures and ten classes, unless they say otherwise."""

from __future__ import annotations

from lab.network.layers.activation import ReLU
from lab.network.layers.base import LayerSpec
from lab.network.layers.convolution import Conv2d
from lab.network.layers.dense import Linear
from lab.network.layers.merge import Add, Concat
from lab.network.layers.normalisation import BatchNorm2d
from lab.network.layers.pooling import AdaptiveAvgPool2d, MaxPool2d
from lab.network.layers.regularisation import Dropout
from lab.network.layers.shape import Flatten
from lab.network.spec import NetworkSpec

GREY = (1, 28, 28)
N_CLASSES = 10


def softmax_regression() -> NetworkSpec:
    """7,850 parameters: one dense layer on the pixels."""
    return NetworkSpec(
        name="softmax_regression", input=GREY, layers=(Flatten(id="flatten"), Linear(id="fc", out_features=N_CLASSES))
    )


def mlp() -> NetworkSpec:
    """A dense network with hidden layers of 128 and 64 neurons."""
    return NetworkSpec(
        name="mlp",
        input=GREY,
        layers=(
            Flatten(id="flatten"),
            Linear(id="fc1", out_features=128),
            ReLU(id="relu1"),
            Linear(id="fc2", out_features=64),
            ReLU(id="relu2"),
            Linear(id="fc3", out_features=N_CLASSES),
        ),
    )


def student_cnn() -> NetworkSpec:
    """421,642 parameters: 320 + 18,496 in the convolutions, 401,536 + 1,290 in the dense layers."""
    return NetworkSpec(
        name="student_cnn",
        input=GREY,
        layers=(
            Conv2d(id="conv1", out_channels=32, kernel_size=3, padding=1),
            ReLU(id="relu1"),
            MaxPool2d(id="pool1"),
            Conv2d(id="conv2", out_channels=64, kernel_size=3, padding=1),
            ReLU(id="relu2"),
            MaxPool2d(id="pool2"),
            Flatten(id="flatten"),
            Linear(id="fc1", out_features=128),
            ReLU(id="relu3"),
            Linear(id="fc2", out_features=N_CLASSES),
        ),
    )


def tiny_vgg() -> NetworkSpec:
    """CNN Explainer's network on 64×64 colour pictures, with its layer names.

    Source:
        Wang et al., "CNN Explainer", arXiv:2004.15004; https://poloclub.github.io/cnn-explainer/.
    """
    layers: list[LayerSpec] = []
    for block in (1, 2):
        for step in (1, 2):
            layers.append(Conv2d(id=f"conv_{block}_{step}", out_channels=10, kernel_size=3))
            layers.append(ReLU(id=f"relu_{block}_{step}"))
        layers.append(MaxPool2d(id=f"max_pool_{block}"))
    layers += [Flatten(id="flatten"), Linear(id="output", out_features=N_CLASSES)]
    return NetworkSpec(name="tiny_vgg", input=(3, 64, 64), layers=tuple(layers))


def vgg_small() -> NetworkSpec:
    """Three blocks of two 3×3 convolutions: 32, 64 and 128 maps."""
    layers: list[LayerSpec] = []
    for block, width in enumerate((32, 64, 128), start=1):
        for step in (1, 2):
            layers += _conv_bn_relu(f"{block}_{step}", width)
        layers.append(MaxPool2d(id=f"pool{block}"))
    layers += [
        Flatten(id="flatten"),
        Linear(id="fc1", out_features=128),
        ReLU(id="relu_fc"),
        Dropout(id="drop"),
        Linear(id="fc2", out_features=N_CLASSES),
    ]
    return NetworkSpec(name="vgg_small", input=GREY, layers=tuple(layers))


def resnet_small() -> NetworkSpec:
    """Three stages of two residual blocks with 16, 32 and 64 maps, as the CIFAR networks of the ResNet paper.

    Source:
        He et al., "Deep Residual Learning for Image Recognition", arXiv:1512.03385, section 4.2, with n = 2 and
        1×1 convolutions where the shape changes.
    """
    layers = _conv_bn_relu("0", 16)
    width = 16
    for stage, maps in enumerate((16, 32, 64), start=1):
        for block in (1, 2):
            stride = 2 if stage > 1 and block == 1 else 1
            layers += residual_block(f"{stage}_{block}", layers[-1].id, width, maps, stride)
            width = maps
    return NetworkSpec(name="resnet_small", input=GREY, layers=(*layers, *_global_head()))


def inception_small() -> NetworkSpec:
    """A stem and two Inception blocks with dimension reduction, every convolution normalised.

    Without normalisation it stays at 55 % where it now reaches more than 70 %: one epoch on 6,000 images.

    Source:
        Szegedy et al., "Going Deeper with Convolutions", arXiv:1409.4842, figure 2b; the normalisation is that of
        Ioffe & Szegedy, "Batch Normalization", arXiv:1502.03167, section 4.2.
    """
    layers = [*_conv_bn_relu("0", 32), MaxPool2d(id="pool0")]
    layers += _inception_block("a", layers[-1].id, (16, (16, 24), (8, 12), 12))
    layers.append(MaxPool2d(id="pool1"))
    layers += _inception_block("b", layers[-1].id, (32, (24, 48), (12, 24), 24))
    return NetworkSpec(name="inception_small", input=GREY, layers=(*layers, *_global_head()))


def mobilenet_small() -> NetworkSpec:
    """Depth-wise separable convolutions throughout.

    Source:
        Howard et al., "MobileNets", arXiv:1704.04861, figure 3.
    """
    layers = _conv_bn_relu("0", 16)
    width = 16
    for block, (maps, stride) in enumerate(((32, 1), (64, 2), (64, 1), (128, 2), (128, 1)), start=1):
        layers += _separable(str(block), width, maps, stride)
        width = maps
    return NetworkSpec(name="mobilenet_small", input=GREY, layers=(*layers, *_global_head()))


def residual_block(tag: str, source: str, width: int, maps: int, stride: int) -> list[LayerSpec]:
    """Two 3×3 convolutions and a skip; a 1×1 convolution on the skip where the shape changes.

    Args:
        tag: ends the ids of the block's layers.
        source: the layer that the block reads.
        width: maps that come in.
        maps: maps that go out.
        stride: of the first convolution and of the skip.
    """
    main: list[LayerSpec] = [
        Conv2d(id=f"conv{tag}a", out_channels=maps, kernel_size=3, stride=stride, padding=1, bias=False),
        BatchNorm2d(id=f"bn{tag}a"),
        ReLU(id=f"relu{tag}a"),
        Conv2d(id=f"conv{tag}b", out_channels=maps, kernel_size=3, padding=1, bias=False),
        BatchNorm2d(id=f"bn{tag}b"),
    ]
    skip: list[LayerSpec] = []
    if stride != 1 or width != maps:
        skip = [
            Conv2d(id=f"skip{tag}", inputs=(source,), out_channels=maps, kernel_size=1, stride=stride, bias=False),
            BatchNorm2d(id=f"skip_bn{tag}"),
        ]
    shortcut = skip[-1].id if skip else source
    return [*main, *skip, Add(id=f"add{tag}", inputs=(main[-1].id, shortcut)), ReLU(id=f"relu{tag}b")]


def _inception_block(
    tag: str, source: str, widths: tuple[int, tuple[int, int], tuple[int, int], int]
) -> list[LayerSpec]:
    """Four branches side by side; the widths are of 1×1, of 1×1 → 3×3, of 1×1 → 5×5 and of pooling → 1×1."""
    ones, threes, fives, pooled = widths
    branches: list[list[LayerSpec]] = [
        _branch(f"{tag}1", source, (ones, 1)),
        _branch(f"{tag}2", source, (threes[0], 1), (threes[1], 3)),
        _branch(f"{tag}3", source, (fives[0], 1), (fives[1], 5)),
        [
            MaxPool2d(id=f"pool_{tag}4", inputs=(source,), kernel_size=3, stride=1, padding=1),
            *_branch(f"{tag}4", "", (pooled, 1)),
        ],
    ]
    ends = tuple(branch[-1].id for branch in branches)
    return [*(layer for branch in branches for layer in branch), Concat(id=f"cat_{tag}", inputs=ends)]


def _branch(tag: str, source: str, *steps: tuple[int, int]) -> list[LayerSpec]:
    """Convolutions of ``(maps, kernel)``, each normalised, then ReLU; the first reads ``source`` if there is one."""
    layers: list[LayerSpec] = []
    for number, (maps, kernel) in enumerate(steps, start=1):
        reads = (source,) if source and number == 1 else ()
        name = f"{tag}_{number}"
        layers += [
            Conv2d(
                id=f"conv_{name}",
                inputs=reads,
                out_channels=maps,
                kernel_size=kernel,
                padding=kernel // 2,
                bias=False,
            ),
            BatchNorm2d(id=f"bn_{name}"),
            ReLU(id=f"relu_{name}"),
        ]
    return layers


def _separable(tag: str, width: int, maps: int, stride: int) -> list[LayerSpec]:
    return [
        Conv2d(id=f"depth{tag}", out_channels=width, kernel_size=3, stride=stride, padding=1, groups=width, bias=False),
        BatchNorm2d(id=f"bn{tag}a"),
        ReLU(id=f"relu{tag}a"),
        Conv2d(id=f"point{tag}", out_channels=maps, kernel_size=1, bias=False),
        BatchNorm2d(id=f"bn{tag}b"),
        ReLU(id=f"relu{tag}b"),
    ]


def _conv_bn_relu(tag: str, maps: int) -> list[LayerSpec]:
    return [
        Conv2d(id=f"conv{tag}", out_channels=maps, kernel_size=3, padding=1, bias=False),
        BatchNorm2d(id=f"bn{tag}"),
        ReLU(id=f"relu{tag}"),
    ]


def _global_head() -> list[LayerSpec]:
    """Pool each map to its mean, then decide."""
    return [AdaptiveAvgPool2d(id="pool"), Flatten(id="flatten"), Linear(id="fc", out_features=N_CLASSES)]
