"""Published networks, layer by layer as torchvision builds them (LeNet-5 and EfficientNet-Lite0: see there).

The order of the layers with weights is the order of torchvision's ``state_dict``, so that weights copy over one by one.
"""

from __future__ import annotations

from lab.network.layers.activation import ReLU, ReLU6, Tanh
from lab.network.layers.base import LayerSpec
from lab.network.layers.convolution import Conv2d
from lab.network.layers.dense import Linear
from lab.network.layers.merge import Add
from lab.network.layers.normalisation import BatchNorm2d
from lab.network.layers.pooling import AdaptiveAvgPool2d, AvgPool2d, MaxPool2d
from lab.network.layers.regularisation import Dropout
from lab.network.layers.shape import Flatten, ZeroPad2d
from lab.network.presets.teaching import residual_block
from lab.network.spec import NetworkSpec

IMAGENET = (3, 224, 224)
N_IMAGENET_CLASSES = 1000


def lenet5() -> NetworkSpec:
    """61,706 parameters on 32×32: the modern dense version, with average pooling and tanh.

    Source:
        LeCun, Bottou, Bengio & Haffner, "Gradient-based learning applied to document recognition", 1998, figure 2; its
        sparse C3 and trainable sub-sampling (60,000 parameters) are replaced by a full convolution and plain averages.
    """
    layers: list[LayerSpec] = []
    for number, maps in ((1, 6), (2, 16)):
        layers += [
            Conv2d(id=f"conv{number}", out_channels=maps, kernel_size=5),
            Tanh(id=f"tanh{number}"),
            AvgPool2d(id=f"pool{number}"),
        ]
    layers += [
        Conv2d(id="conv3", out_channels=120, kernel_size=5),
        Tanh(id="tanh3"),
        Flatten(id="flatten"),
        Linear(id="fc1", out_features=84),
        Tanh(id="tanh4"),
        Linear(id="fc2", out_features=10),
    ]
    return NetworkSpec(name="lenet5", input=(1, 32, 32), layers=tuple(layers))


def alexnet() -> NetworkSpec:
    """61,100,840 parameters, 714,188,480 MACs.

    Source:
        Krizhevsky, "One weird trick for parallelizing convolutional neural networks", arXiv:1404.5997, as torchvision.
    """
    layers: list[LayerSpec] = []
    convolutions = ((64, 11, 4, 2), (192, 5, 1, 2), (384, 3, 1, 1), (256, 3, 1, 1), (256, 3, 1, 1))
    for number, (maps, kernel, stride, padding) in enumerate(convolutions, start=1):
        layers += [
            Conv2d(id=f"conv{number}", out_channels=maps, kernel_size=kernel, stride=stride, padding=padding),
            ReLU(id=f"relu{number}"),
        ]
        if number in (1, 2, 5):
            layers.append(MaxPool2d(id=f"pool{number}", kernel_size=3, stride=2))
    layers += [
        AdaptiveAvgPool2d(id="avgpool", output_size=6),
        Flatten(id="flatten"),
        Dropout(id="drop6"),
        Linear(id="fc6", out_features=4096),
        ReLU(id="relu6"),
        Dropout(id="drop7"),
        Linear(id="fc7", out_features=4096),
        ReLU(id="relu7"),
        Linear(id="fc8", out_features=N_IMAGENET_CLASSES),
    ]
    return NetworkSpec(name="alexnet", input=IMAGENET, layers=tuple(layers))


def vgg16() -> NetworkSpec:
    """138,357,544 parameters, 15,470,264,320 MACs.

    Source:
        Simonyan & Zisserman, "Very Deep Convolutional Networks", arXiv:1409.1556, table 1, column D.
    """
    layers: list[LayerSpec] = []
    for block, (maps, n_convolutions) in enumerate(((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)), start=1):
        for step in range(1, n_convolutions + 1):
            layers.append(Conv2d(id=f"conv{block}_{step}", out_channels=maps, kernel_size=3, padding=1))
            layers.append(ReLU(id=f"relu{block}_{step}"))
        layers.append(MaxPool2d(id=f"pool{block}"))
    layers += [AdaptiveAvgPool2d(id="avgpool", output_size=7), Flatten(id="flatten")]
    for number in (6, 7):
        layers += [
            Linear(id=f"fc{number}", out_features=4096),
            ReLU(id=f"relu{number}"),
            Dropout(id=f"drop{number}"),
        ]
    layers.append(Linear(id="fc8", out_features=N_IMAGENET_CLASSES))
    return NetworkSpec(name="vgg16", input=IMAGENET, layers=tuple(layers))


def resnet18() -> NetworkSpec:
    """11,689,512 parameters, 1,814,073,344 MACs.

    Source:
        He et al., "Deep Residual Learning for Image Recognition", arXiv:1512.03385, table 1.
    """
    layers: list[LayerSpec] = [
        Conv2d(id="conv1", out_channels=64, kernel_size=7, stride=2, padding=3, bias=False),
        BatchNorm2d(id="bn1"),
        ReLU(id="relu1"),
        MaxPool2d(id="maxpool", kernel_size=3, stride=2, padding=1),
    ]
    width = 64
    for stage, maps in enumerate((64, 128, 256, 512), start=1):
        for block in (0, 1):
            stride = 2 if stage > 1 and block == 0 else 1
            layers += residual_block(f"{stage}_{block}", layers[-1].id, width, maps, stride)
            width = maps
    layers += [
        AdaptiveAvgPool2d(id="avgpool"),
        Flatten(id="flatten"),
        Linear(id="fc", out_features=N_IMAGENET_CLASSES),
    ]
    return NetworkSpec(name="resnet18", input=IMAGENET, layers=tuple(layers))


# Expansion, maps, blocks and stride of each stage.
_MOBILENET_V2 = (
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
)


def mobilenet_v2() -> NetworkSpec:
    """3,504,872 parameters, 300,774,272 MACs.

    Source:
        Sandler et al., "MobileNetV2", arXiv:1801.04381, table 2.
    """
    layers = _conv_bn("stem", 32, kernel=3, stride=2, padding=1)
    width, number = 32, 0
    for expansion, maps, n_blocks, first_stride in _MOBILENET_V2:
        for block in range(n_blocks):
            stride = first_stride if block == 0 else 1
            number += 1
            layers += _inverted_residual(f"b{number}", layers[-1].id, (width, maps), expansion, stride)
            width = maps
    layers += [*_conv_bn("head", 1280, kernel=1), *_classifier()]
    return NetworkSpec(name="mobilenet_v2", input=IMAGENET, layers=tuple(layers))


# Kernel, expansion, maps, blocks and stride of each stage.
_LITE0 = (
    (3, 1, 16, 1, 1),
    (3, 6, 24, 2, 2),
    (5, 6, 40, 2, 2),
    (3, 6, 80, 3, 2),
    (5, 6, 112, 3, 1),
    (5, 6, 192, 4, 2),
    (3, 6, 320, 1, 1),
)
_TENSORFLOW_EPS = 1e-3


def efficientnet_lite0() -> NetworkSpec:
    """4,652,008 parameters; TensorFlow's SAME padding puts the odd pixel at the bottom and right.

    Source:
        https://github.com/tensorflow/tpu/tree/master/models/official/efficientnet/lite; the stages are those of
        EfficientNet-B0 (Tan & Le, arXiv:1905.11946, table 1) without squeeze-and-excitation and with ReLU6.
    """
    layers = _conv_bn("stem", 32, kernel=3, stride=2, tensorflow=True)
    width, number = 32, 0
    for kernel, expansion, maps, n_blocks, first_stride in _LITE0:
        for block in range(n_blocks):
            stride = first_stride if block == 0 else 1
            layers += _inverted_residual(
                f"b{number}", layers[-1].id, (width, maps), expansion, stride, kernel=kernel, tensorflow=True
            )
            width, number = maps, number + 1
    layers += [*_conv_bn("head", 1280, kernel=1, tensorflow=True), *_classifier()]
    return NetworkSpec(name="efficientnet_lite0", input=IMAGENET, layers=tuple(layers))


def _inverted_residual(
    tag: str,
    source: str,
    widths: tuple[int, int],
    expansion: int,
    stride: int,
    *,
    kernel: int = 3,
    tensorflow: bool = False,
) -> list[LayerSpec]:
    """Widen by 1×1, filter each map on its own, narrow by 1×1; add the input where the shape allows."""
    width, maps = widths
    wide = width * expansion
    eps = _TENSORFLOW_EPS if tensorflow else 1e-5
    layers = _conv_bn(f"{tag}_expand", wide, kernel=1, tensorflow=tensorflow) if expansion > 1 else []
    layers += _conv_bn(
        f"{tag}_depth", wide, kernel=kernel, stride=stride, padding=kernel // 2, groups=wide, tensorflow=tensorflow
    )
    layers += [
        Conv2d(id=f"{tag}_project", out_channels=maps, kernel_size=1, bias=False),
        BatchNorm2d(id=f"{tag}_project_bn", eps=eps),
    ]
    if stride == 1 and width == maps:
        layers.append(Add(id=f"{tag}_add", inputs=(source, layers[-1].id)))
    return layers


def _conv_bn(
    tag: str,
    maps: int,
    *,
    kernel: int,
    stride: int = 1,
    padding: int = 0,
    groups: int = 1,
    tensorflow: bool = False,
) -> list[LayerSpec]:
    """Convolution, batch normalisation, ReLU6; TensorFlow pads a stride of 2 unevenly."""
    pad: list[LayerSpec] = []
    if tensorflow and stride == 2:
        before, after = (kernel - 2) // 2, (kernel - 1) // 2  # even input: kernel - 2 pixels in all
        pad = [ZeroPad2d(id=f"{tag}_pad", padding=(before, after, before, after))]
        padding = 0
    return [
        *pad,
        Conv2d(
            id=f"{tag}_conv",
            out_channels=maps,
            kernel_size=kernel,
            stride=stride,
            padding=padding,
            groups=groups,
            bias=False,
        ),
        BatchNorm2d(id=f"{tag}_bn", eps=_TENSORFLOW_EPS if tensorflow else 1e-5),
        ReLU6(id=f"{tag}_relu"),
    ]


def _classifier() -> list[LayerSpec]:
    return [
        AdaptiveAvgPool2d(id="avgpool"),
        Flatten(id="flatten"),
        Dropout(id="drop", p=0.2),
        Linear(id="fc", out_features=N_IMAGENET_CLASSES),
    ]
