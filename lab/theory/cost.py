"""What one layer costs: learnable parameters, and multiply-accumulates (MACs) for one image.

A MAC is one multiplication whose result is added to a sum. We count those of convolution, transposed convolution and
linear layers; biases are not counted, nor is anything else. "FLOPs" in papers are sometimes MACs and sometimes twice
as many, which is why the lab never uses the word.
"""

from __future__ import annotations

from math import prod

from lab.errors import GeometryError


def conv_n_params(
    in_channels: int, out_channels: int, kernel_size: tuple[int, int], *, groups: int = 1, bias: bool = True
) -> int:
    """Count the weights of a convolution, transposed or not, and its biases.

    Every output channel has one kernel of ``kernel_size`` for each input channel of its group, and one bias.

    Raises:
        GeometryError: ``groups`` does not divide both channel counts.

    Examples:
        >>> conv_n_params(1, 6, (5, 5))  # LeNet-5, C1
        156
    """
    _check_groups(in_channels, out_channels, groups)
    return prod(kernel_size) * in_channels * out_channels // groups + (out_channels if bias else 0)


def conv_n_macs(
    in_channels: int, out_channels: int, kernel_size: tuple[int, int], positions: tuple[int, int], *, groups: int = 1
) -> int:
    """Count the MACs of a convolution on one image: every kernel value is used once at every window position.

    Args:
        in_channels: channels that arrive.
        out_channels: channels that leave.
        kernel_size: height and width of the kernel.
        positions: height and width of the **output**; of the **input** for a transposed convolution, where every
            input value is multiplied with the whole kernel.
        groups: channel groups that do not see each other.

    Raises:
        GeometryError: ``groups`` does not divide both channel counts.

    Examples:
        >>> conv_n_macs(1, 6, (5, 5), (28, 28))  # LeNet-5, C1
        117600
    """
    _check_groups(in_channels, out_channels, groups)
    return prod(positions) * prod(kernel_size) * in_channels * out_channels // groups


def linear_n_params(in_features: int, out_features: int, *, bias: bool = True) -> int:
    """Count the weights and biases of a linear layer.

    Examples:
        >>> linear_n_params(84, 10)
        850
    """
    return in_features * out_features + (out_features if bias else 0)


def linear_n_macs(in_features: int, out_features: int) -> int:
    """Count the MACs of a linear layer on one image: every weight once.

    Examples:
        >>> linear_n_macs(84, 10)
        840
    """
    return in_features * out_features


def _check_groups(in_channels: int, out_channels: int, groups: int) -> None:
    if groups < 1 or in_channels % groups or out_channels % groups:
        raise GeometryError(
            f"{groups} groups do not divide {in_channels} input and {out_channels} output channels",
            now="use a number of groups that divides both",
        )
