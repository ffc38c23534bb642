"""Backwards through a convolution: how one output cell changes with every number that made it."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor, autograd, enable_grad

from lab.theory.convolution import ConvSetting, convolve


@dataclass(frozen=True, eq=False)
class CellGradient:
    """The slope of one output cell with respect to everything before it, as ``backward()`` computes it.

    Args:
        image: (C, H, W): the kernel values, in the places of the pixels they met.
        weight: as the layer's weight: the pixels, in the places of the kernel values they met.
        bias: (out_channels,): 1 for the cell's own map; ``None`` without a bias.
    """

    image: Tensor
    weight: Tensor
    bias: Tensor | None


def cell_gradient(
    setting: ConvSetting, image: Tensor, weight: Tensor, bias: Tensor | None, cell: tuple[int, int, int]
) -> CellGradient:
    """Differentiate one output cell with PyTorch's autograd.

    Args:
        setting: what is convolved how.
        image: (C, H, W).
        weight: ``setting.weight_shape``.
        bias: (out_channels,), or ``None``.
        cell: (out channel, row, column) of the output, from 0.

    Raises:
        GeometryError: as :func:`lab.theory.convolution.convolve`.

    Source:
        Goodfellow, Bengio, Courville, "Deep Learning" (2016), equations 9.11 and 9.13, for one cell.

    Examples:
        >>> from torch import ones
        >>> found = cell_gradient(ConvSetting(size=(3, 3)), ones(1, 3, 3), 2 * ones(1, 1, 3, 3), None, (0, 0, 0))
        >>> found.image.unique().tolist(), found.weight.unique().tolist()
        ([2.0], [1.0])
    """
    leaves = [one.detach().clone().requires_grad_() for one in (image, weight, bias) if one is not None]
    with enable_grad():
        result = convolve(setting, leaves[0], leaves[1], leaves[2] if bias is not None else None)
        slopes = autograd.grad(result[cell], leaves)
    return CellGradient(slopes[0], slopes[1], slopes[2] if bias is not None else None)
