"""Every layer kind in the order of the menu: a new kind is a class in one of these files and a line here."""

from lab.network.layers.activation import (
    CELU,
    ELU,
    GELU,
    GLU,
    SELU,
    Hardshrink,
    Hardsigmoid,
    Hardswish,
    Hardtanh,
    LeakyReLU,
    LogSigmoid,
    LogSoftmax,
    Mish,
    PReLU,
    ReLU,
    ReLU6,
    RReLU,
    Sigmoid,
    SiLU,
    Softmax,
    Softmin,
    Softplus,
    Softshrink,
    Softsign,
    Tanh,
    Tanhshrink,
    Threshold,
)
from lab.network.layers.base import LayerSpec, Shape, Window
from lab.network.layers.convolution import Conv2d, ConvTranspose2d
from lab.network.layers.dense import Linear
from lab.network.layers.merge import Add, Concat
from lab.network.layers.normalisation import BatchNorm1d, BatchNorm2d, GroupNorm
from lab.network.layers.pooling import AdaptiveAvgPool2d, AdaptiveMaxPool2d, AvgPool2d, LPPool2d, MaxPool2d
from lab.network.layers.regularisation import Dropout, Dropout2d
from lab.network.layers.shape import Flatten, Identity, Upsample, ZeroPad2d

KINDS: tuple[type[LayerSpec], ...] = (
    *(Conv2d, ConvTranspose2d),
    *(MaxPool2d, AvgPool2d, LPPool2d, AdaptiveAvgPool2d, AdaptiveMaxPool2d),
    *(BatchNorm2d, BatchNorm1d, GroupNorm),
    *(ReLU, LeakyReLU, PReLU, RReLU, ReLU6, ELU, SELU, CELU, GELU, SiLU, Mish, Hardswish),
    *(Sigmoid, LogSigmoid, Hardsigmoid, Tanh, Hardtanh, Softsign, Softplus),
    *(Hardshrink, Softshrink, Tanhshrink, Threshold, GLU, Softmax, Softmin, LogSoftmax),
    *(Dropout, Dropout2d),
    *(Flatten, Upsample, ZeroPad2d, Identity),
    *(Linear,),
    *(Add, Concat),
)

__all__ = ["KINDS", "LayerSpec", "Shape", "Window"]
