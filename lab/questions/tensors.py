"""What torch makes of small matrices, as exact numbers: every value of a by-hand question is computed here, by torch.

Nested tuples go in and come out, so that a question stays plain data; torch is loaded when the first one is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from lab.questions.answer import Matrix, Number

if TYPE_CHECKING:
    from torch import Tensor

_LARGEST_DENOMINATOR = 1000  # averages of windows up to 5×5, halves and quarters of small whole numbers
Rows = Sequence[Sequence[Number]]
Maps = Sequence[Rows]


def as_tensor(values: object) -> Tensor:
    """Make a float64 tensor of nested sequences of numbers, fractions too."""
    import torch

    def floats(value: object) -> object:
        return [floats(part) for part in value] if isinstance(value, Sequence) else float(value)  # type: ignore[arg-type]

    return torch.tensor(floats(values), dtype=torch.float64)


def exact_rows(values: Tensor) -> Matrix:
    """Read a matrix (H, W) of float64 as exact numbers: whole ones as ``int``, others as fractions."""
    return tuple(tuple(map(exact_number, row)) for row in values.tolist())


def exact_number(value: float) -> Number:
    """Read a float that came from a short sum of small numbers as the exact number it stands for.

    Examples:
        >>> exact_number(2.0), exact_number(1 / 3)
        (2, Fraction(1, 3))
    """
    fraction = Fraction(value).limit_denominator(_LARGEST_DENOMINATOR)
    return fraction.numerator if fraction.denominator == 1 else fraction


def convolve(
    maps: Maps, kernels: Sequence[Maps], bias: Sequence[Number] | None = None, *, flipped: bool = False, **options: Any
) -> tuple[Matrix, ...]:
    """Convolve maps (C, H, W) with kernels (K, C / groups, k, k) as ``torch.conv2d`` does.

    Args:
        maps: the input.
        kernels: one entry for each output channel.
        bias: one number for each output channel.
        flipped: turn each kernel by 180 degrees first, as the convolution of mathematics does.
        options: stride, padding, dilation, groups.

    Examples:
        >>> convolve([[[1, 2], [3, 4]]], [[[[1, 0], [0, 2]]]], [10])
        (((19,),),)
    """
    from torch.nn import functional as F

    weight = as_tensor(kernels)
    weight = weight.flip(2, 3) if flipped else weight
    offset = None if bias is None else as_tensor(bias)
    output = F.conv2d(as_tensor(maps)[None], weight, offset, **options)
    return tuple(exact_rows(rows) for rows in output[0])


def transposed(rows: Rows, kernel: Rows, **options: Any) -> Matrix:
    """Apply a transposed convolution to one map, as ``torch.conv_transpose2d`` does.

    Examples:
        >>> transposed([[1, 2]], [[1, 1]])
        ((1, 3, 2),)
    """
    from torch.nn import functional as F

    image, weight = (as_tensor(values)[None, None] for values in (rows, kernel))
    return exact_rows(F.conv_transpose2d(image, weight, **options)[0, 0])


def pool(rows: Rows, kind: str, kernel_size: int, **options: Any) -> Matrix:
    """Pool one map: ``kind`` is ``"max"`` or ``"avg"``, options are those of ``torch.nn.functional``.

    Examples:
        >>> pool([[1, 2], [3, 5]], "avg", 2)
        ((Fraction(11, 4),),)
    """
    from torch.nn import functional as F

    image = as_tensor(rows)[None, None]
    pooling = F.max_pool2d if kind == "max" else F.avg_pool2d
    return exact_rows(pooling(image, kernel_size, **options)[0, 0])


def relu(rows: Rows) -> Matrix:
    """Set negative values to 0.

    Examples:
        >>> relu([[-1, 2]])
        ((0, 2),)
    """
    import torch

    return exact_rows(torch.relu(as_tensor(rows)))


def gradient(rows: Rows, forward: Callable[[Tensor], Tensor], upstream: Rows) -> Matrix:
    """Send a gradient back through a function of one matrix, by autograd.

    Args:
        rows: what the gradient is asked of.
        forward: from a float64 tensor (1, 1, H, W) to the output (1, 1, h, w).
        upstream: the gradient of the loss with respect to the output.
    """
    values = as_tensor(rows)[None, None].requires_grad_()
    forward(values).backward(as_tensor(upstream)[None, None])  # type: ignore[no-untyped-call]
    assert values.grad is not None  # noqa: S101 - backward has just filled it
    return exact_rows(values.grad[0, 0])
