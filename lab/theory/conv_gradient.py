"""Backwards through a convolution: how everything before it gets its gradient from that of the output."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, autograd, enable_grad

from lab.theory.convolution import ConvSetting, convolve


@dataclass(frozen=True, eq=False)
class ConvGradient:
    """The gradient of everything that goes into a convolution, as ``backward()`` computes it.

    Args:
        image: (C, H, W).
        weight: as the layer's weight.
        bias: (out_channels,): the sum of each map's gradient; ``None`` without a bias.
    """

    image: Tensor
    weight: Tensor
    bias: Tensor | None


def conv_gradient(
    setting: ConvSetting, image: Tensor, weight: Tensor, bias: Tensor | None, upstream: Tensor
) -> ConvGradient:
    """Send the gradient of the output back with PyTorch's autograd.

    Each number of it goes to the pixels that its output cell read, times the kernel values they met, and to the kernel
    values, times the pixels; what meets is added.

    Args:
        setting: what is convolved how.
        image: (C, H, W).
        weight: ``setting.weight_shape``.
        bias: (out_channels,), or ``None``.
        upstream: (out_channels, h, w): the gradient of the loss with respect to the output.

    Raises:
        GeometryError: as :func:`lab.theory.convolution.convolve`.

    Source:
        Goodfellow, Bengio, Courville, "Deep Learning" (2016), equations 9.11 and 9.13.

    Examples:
        >>> from torch import ones
        >>> setting = ConvSetting(size=(4, 4))
        >>> found = conv_gradient(setting, ones(1, 4, 4), ones(1, 1, 3, 3), ones(1), 3 * ones(1, 2, 2))
        >>> found.image[0, 0].tolist(), found.weight.unique().tolist(), found.bias.tolist()
        ([3.0, 6.0, 6.0, 3.0], [12.0], [12.0])
    """
    leaves = [one.detach().clone().requires_grad_() for one in (image, weight, bias) if one is not None]
    with enable_grad():
        result = convolve(setting, leaves[0], leaves[1], leaves[2] if bias is not None else None)
        slopes = autograd.grad(result, leaves, upstream)
    return ConvGradient(slopes[0], slopes[1], slopes[2] if bias is not None else None)


def cell_gradient(
    setting: ConvSetting, image: Tensor, weight: Tensor, bias: Tensor | None, cell: tuple[int, int, int]
) -> ConvGradient:
    """Differentiate one output cell: the gradient where that cell gets 1 and all others 0.

    For the image these are the kernel values, in the places of the pixels they met; for the weight the pixels, in the
    places of the kernel values they met; for the bias 1 for the cell's own map.

    Args:
        setting: what is convolved how.
        image: (C, H, W).
        weight: ``setting.weight_shape``.
        bias: (out_channels,), or ``None``.
        cell: (out channel, row, column) of the output, from 0.

    Raises:
        GeometryError: as :func:`lab.theory.convolution.convolve`.

    Examples:
        >>> from torch import ones
        >>> found = cell_gradient(ConvSetting(size=(3, 3)), ones(1, 3, 3), 2 * ones(1, 1, 3, 3), None, (0, 0, 0))
        >>> found.image.unique().tolist(), found.weight.unique().tolist()
        ([2.0], [1.0])
    """
    upstream = image.new_zeros((setting.out_channels, *setting.output_size))
    upstream[cell] = 1
    return conv_gradient(setting, image, weight, bias, upstream)
