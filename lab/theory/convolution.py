"""The convolution of one layer, worked out so that every number on its way can be shown.

:class:`ConvSetting` says what is convolved how; :func:`convolve` is PyTorch's own result; :func:`products` are the
single multiplications behind it, in the places that :mod:`lab.theory.taps` names. Adding them up and adding the bias
gives the result again, which the tests check.
"""

from __future__ import annotations

from typing import Annotated

import torch.nn.functional as F
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor, tensor

from lab.errors import GeometryError
from lab.theory.taps import AxisTaps, PaddingMode, conv_taps, transposed_taps

Count = Annotated[int, Field(strict=True, ge=1)]
Pixels = Annotated[int, Field(strict=True, ge=0)]
Sides = tuple[Pixels, Pixels]


class ConvSetting(BaseModel):
    """One convolution or transposed convolution on an image of known size; pairs are (height, width).

    ``padding`` is in pixels per side, ((top, bottom), (left, right)); a transposed convolution cuts them away, as a
    layer of PyTorch the same number on both sides. ``flipped`` makes it the true convolution of mathematics: the kernel
    is turned by 180 degrees before it is used. Sizes that do not fit raise a :class:`~lab.errors.GeometryError` when
    they are asked for.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: tuple[Count, Count]
    in_channels: Count = 1
    out_channels: Count = 1
    kernel_size: tuple[Count, Count] = (3, 3)
    stride: tuple[Count, Count] = (1, 1)
    padding: tuple[Sides, Sides] = ((0, 0), (0, 0))
    padding_mode: PaddingMode = "zeros"
    dilation: tuple[Count, Count] = (1, 1)
    groups: Count = 1
    transposed: bool = False
    output_padding: tuple[Pixels, Pixels] = (0, 0)
    flipped: bool = False

    @property
    def rows(self) -> AxisTaps:
        """What touches what along the height."""
        return self._taps(0)

    @property
    def columns(self) -> AxisTaps:
        """What touches what along the width."""
        return self._taps(1)

    @property
    def output_size(self) -> tuple[int, int]:
        """Height and width of the output, pixels."""
        return len(self.rows.reads), len(self.columns.reads)

    @property
    def weight_shape(self) -> tuple[int, int, int, int]:
        """The shape of the layer's weight, in PyTorch's order, which a transposed layer turns round."""
        first, second = self.in_channels, self.out_channels
        if not self.transposed:
            first, second = second, first
        return first, second // self.groups, *self.kernel_size

    def channels_read(self, out_channel: int) -> range:
        """Say which input channels an output channel sees: those of its group."""
        share = self.in_channels // self.groups
        group = out_channel // (self.out_channels // self.groups)
        return range(group * share, (group + 1) * share)

    def _taps(self, axis: int) -> AxisTaps:
        if self.transposed:
            return transposed_taps(
                self.size[axis],
                self.kernel_size[axis],
                stride=self.stride[axis],
                padding=self.padding[axis],
                output_padding=self.output_padding[axis],
                dilation=self.dilation[axis],
                flipped=self.flipped,
            )
        return conv_taps(
            self.size[axis],
            self.kernel_size[axis],
            stride=self.stride[axis],
            padding=self.padding[axis],
            dilation=self.dilation[axis],
            padding_mode=self.padding_mode,
            flipped=self.flipped,
        )


def pad(setting: ConvSetting, image: Tensor) -> Tensor:
    """Add the layer's padding to an image; a transposed layer adds none.

    Args:
        setting: what is convolved how.
        image: (C, H, W).

    Returns:
        (C, top + H + bottom, left + W + right).
    """
    (top, bottom), (left, right) = setting.padding
    if setting.transposed or not any((top, bottom, left, right)):
        return image
    mode = "constant" if setting.padding_mode == "zeros" else setting.padding_mode
    return F.pad(image[None], (left, right, top, bottom), mode=mode)[0]


def convolve(setting: ConvSetting, image: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """Compute the layer's output with PyTorch::

        out[o, y, x] = bias[o] + sum over c, i, j of padded[c, y * stride + i * dilation, x * ...] * weight[o, c, i, j]

    Args:
        setting: what is convolved how.
        image: (C, H, W) of ``setting.size`` and ``setting.in_channels``.
        weight: ``setting.weight_shape``.
        bias: (out_channels,), or ``None``.

    Returns:
        (out_channels, *setting.output_size).

    Raises:
        GeometryError: a tensor has another shape than the setting says, or the window does not fit.

    Source:
        Goodfellow, Bengio, Courville, "Deep Learning" (2016), equation 9.7; ``torch.nn.functional.conv2d``.

    Examples:
        >>> from torch import ones
        >>> convolve(ConvSetting(size=(3, 3), stride=(2, 2), kernel_size=(1, 1)), ones(1, 3, 3), ones(1, 1, 1, 1)).shape
        torch.Size([1, 2, 2])
    """
    _check_shapes(setting, image, weight, bias)
    kernel = weight.flip(-2, -1) if setting.flipped else weight
    if setting.transposed:
        rows, columns = setting.padding
        whole = F.conv_transpose2d(
            image[None],
            kernel,
            bias,
            stride=setting.stride,
            padding=(min(rows), min(columns)),
            output_padding=setting.output_padding,
            groups=setting.groups,
            dilation=setting.dilation,
        )[0]
        height, width = setting.output_size
        top, left = rows[0] - min(rows), columns[0] - min(columns)
        return whole[:, top : top + height, left : left + width]
    padded = pad(setting, image)[None]
    return F.conv2d(padded, kernel, bias, stride=setting.stride, dilation=setting.dilation, groups=setting.groups)[0]


def kernels_of(setting: ConvSetting, weight: Tensor, out_channel: int) -> Tensor:
    """Take the kernels that make one output map, one for each input channel of its group.

    Returns:
        (in_channels / groups, kernel height, kernel width), as stored: not flipped.
    """
    if not setting.transposed:
        return weight[out_channel]
    channels = setting.channels_read(out_channel)
    return weight[channels.start : channels.stop, out_channel % weight.shape[1]]


def products(setting: ConvSetting, image: Tensor, weight: Tensor, out_channel: int) -> Tensor:
    """Multiply each pixel with the kernel value it meets, for every position of one output map.

    The sum over the last three axes, plus the bias, is the map. A product with padding is 0, and so is the place of
    a tap that meets nothing.

    Args:
        setting: what is convolved how.
        image: (C, H, W).
        weight: ``setting.weight_shape``.
        out_channel: which map, from 0.

    Returns:
        (height, width, in_channels / groups, kernel height, kernel width), places as in ``weight``.

    Examples:
        >>> from torch import arange
        >>> image, weight = arange(4.0).view(1, 1, 4), arange(2.0).view(1, 1, 1, 2)
        >>> products(ConvSetting(size=(1, 4), kernel_size=(1, 2)), image, weight, 0).flatten().tolist()
        [0.0, 1.0, 0.0, 2.0, 0.0, 3.0]
    """
    channels = setting.channels_read(out_channel)
    ended = F.pad(image[channels.start : channels.stop], (0, 1, 0, 1))  # the index NOTHING = -1 finds a zero
    rows, columns = tensor(setting.rows.sources), tensor(setting.columns.sources)
    windows = ended[:, rows[:, None, :, None], columns[None, :, None, :]]
    return windows.permute(1, 2, 0, 3, 4) * kernels_of(setting, weight, out_channel)


def _check_shapes(setting: ConvSetting, image: Tensor, weight: Tensor, bias: Tensor | None) -> None:
    wanted = {
        "input": (image, (setting.in_channels, *setting.size)),
        "weight": (weight, setting.weight_shape),
        "bias": (bias, (setting.out_channels,)),
    }
    for name, (given, shape) in wanted.items():
        if given is not None and tuple(given.shape) != shape:
            raise GeometryError(f"the {name} has the shape {tuple(given.shape)}, but the setting needs {shape}")
