"""A convolutional layer's filter with its bias and ReLU: the bias decides how much of a picture gets through.

The map is ``ReLU(kernel ⋆ picture + b)``: a pixel passes where the kernel's sum is above ``-b``. So the bias is a
threshold, and every further step lets the same shapes grow or shrink without changing what the filter looks for.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor


@dataclass(frozen=True, eq=False)
class FilterMap:
    """One filter's answer to one picture.

    Attributes:
        sums: ``(H', W')`` the kernel's sums without the bias.
        output: ``(H', W')`` after bias and ReLU.
        n_passed: positions where the output is above zero.
        share: ``n_passed`` as a share of all positions, 0..1.
        mean: mean of the output.
    """

    sums: Tensor
    output: Tensor
    n_passed: int
    share: float
    mean: float


def filter_sums(picture: Tensor, weight: Tensor) -> Tensor:
    """The kernel at every position, stride 1, no padding, no bias.

    Args:
        picture: ``(C, H, W)``.
        weight: ``(C, K, L)`` one filter, in the picture's type.

    Returns:
        ``(H - K + 1, W - L + 1)``.
    """
    return F.conv2d(picture[None], weight[None])[0, 0]


def filter_map(sums: Tensor, bias: float) -> FilterMap:
    """Add the bias, cut off what is below zero, and count what is left.

    Examples:
        >>> filter_map(torch.tensor([[-2.0, 0.0, 1.0, 3.0]]), -1.0).output.tolist()
        [[0.0, 0.0, 0.0, 2.0]]
        >>> filter_map(torch.tensor([[-2.0, 0.0, 1.0, 3.0]]), 1.0).share
        0.75
    """
    output = F.relu(sums + bias)
    n_passed = int((output > 0).sum())
    return FilterMap(sums, output, n_passed, n_passed / sums.numel(), float(output.mean()))


def passed_shares(sums: Tensor, biases: Tensor) -> Tensor:
    """The share of positions that pass for each of many biases: a curve that only rises.

    Args:
        sums: any shape.
        biases: ``(B,)`` in the type of ``sums``.

    Returns:
        ``(B,)`` double, 0..1.

    Examples:
        >>> passed_shares(torch.tensor([-1.0, 1.0]), torch.tensor([-2.0, 0.0, 2.0])).tolist()
        [0.0, 0.5, 1.0]
    """
    return torch.stack([(sums + bias > 0).double().mean() for bias in biases])
