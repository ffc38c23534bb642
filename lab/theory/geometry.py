"""How many positions a window has: the sizes that convolution and pooling give, one axis at a time, in plain integers.

Everything here works on **one** spatial axis; height and width are independent of each other. The numbers are the ones
PyTorch computes: sizes are floored, dilation counts from 1.

Source: Dumoulin & Visin, "A guide to convolution arithmetic for deep learning", arXiv:1603.07285 (relationships are
numbered as there), and the shape formulas in the documentation of ``torch.nn``.
"""

from __future__ import annotations

from fractions import Fraction

from lab.errors import GeometryError


def effective_kernel_size(kernel_size: int, dilation: int = 1) -> int:
    """Say how many pixels the window spans: ``k + (k - 1) * (d - 1)``.

    Raises:
        GeometryError: an argument is below 1.

    Source:
        Dumoulin & Visin, arXiv:1603.07285, section 5.1.

    Examples:
        >>> effective_kernel_size(3, dilation=2)
        5
    """
    _at_least("kernel_size", kernel_size, 1)
    _at_least("dilation", dilation, 1)
    return dilation * (kernel_size - 1) + 1


def conv_output_size(size: int, kernel_size: int, *, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """Count the window positions along one spatial axis.

    The window spans ``dilation * (kernel_size - 1) + 1`` pixels, starts at the first padded pixel and moves ``stride``
    pixels at a time. A last position that would hang over the edge is dropped, so up to ``stride - 1`` trailing
    pixels are never read::

        out = (size + 2 * padding - dilation * (kernel_size - 1) - 1) // stride + 1

    Args:
        size: input length on this axis, pixels, at least 1.
        kernel_size: taps of the kernel, at least 1.
        stride: pixels from one position to the next, at least 1.
        padding: pixels added at **each** end, at least 0.
        dilation: distance between neighbouring taps, pixels, at least 1 (1 means no gaps).

    Returns:
        Output length on this axis, pixels, at least 1.

    Raises:
        GeometryError: an argument is below its minimum, or the window is wider than the padded input. The message
            carries the numbers and one way out.

    Source:
        Dumoulin & Visin, arXiv:1603.07285, Relationship 15.

    Examples:
        >>> conv_output_size(28, 5, stride=2)
        12
    """
    return padded_output_size(size, kernel_size, stride=stride, padding=(padding, padding), dilation=dilation)


def padded_output_size(
    size: int, kernel_size: int, *, stride: int = 1, padding: tuple[int, int] = (0, 0), dilation: int = 1
) -> int:
    """Count window positions when the two ends are padded by different amounts, ``padding = (before, after)``.

    Raises:
        GeometryError: as :func:`conv_output_size`.

    Examples:
        >>> padded_output_size(224, 3, stride=2, padding=(0, 1))
        112
    """
    _at_least("size", size, 1)
    _at_least("stride", stride, 1)
    _at_least("padding", min(padding), 0)
    span = effective_kernel_size(kernel_size, dilation)
    padded = size + sum(padding)
    if span > padded:
        enough = max(padding) + -(-(span - padded) // 2)
        raise GeometryError(
            f"the window spans {span} px but the padded input has only {padded} px",
            now=f"raise the padding to {enough} or use a smaller kernel",
        )
    return (padded - span) // stride + 1


def pool_output_size(
    size: int,
    kernel_size: int,
    *,
    stride: int | None = None,
    padding: int = 0,
    dilation: int = 1,
    ceil_mode: bool = False,
) -> int:
    """Count the positions of a pooling window along one axis.

    With ``ceil_mode`` a last window that hangs over the end counts too, unless it would *start* in the padding after
    the end, where it would see no pixel at all.

    Args:
        size: input length on this axis, pixels, at least 1.
        kernel_size: pixels of the window, at least 1.
        stride: pixels from one window to the next; ``None`` means ``kernel_size``.
        padding: pixels added at each end; at most half the kernel, as in PyTorch.
        dilation: distance between neighbouring pixels of the window, at least 1.
        ceil_mode: keep a last window that hangs over the end.

    Returns:
        Output length on this axis, pixels, at least 1.

    Raises:
        GeometryError: an argument out of its range, a window wider than the padded input, or a window whose taps all
            fall into padding: it has no maximum, and PyTorch's backward pass then writes outside the picture's memory
            (seen to abort the process, torch 2.14).

    Source:
        ``torch.nn.MaxPool2d``, section "Shape" and the note on ``ceil_mode``.

    Examples:
        >>> pool_output_size(5, 2, stride=2), pool_output_size(5, 2, stride=2, ceil_mode=True)
        (2, 3)
        >>> pool_output_size(3, 2, stride=2, padding=1, ceil_mode=True)  # a third window would start in the padding
        2
    """
    step = kernel_size if stride is None else stride
    if padding > kernel_size // 2:
        raise GeometryError(
            f"the padding of {padding} px is more than half the pooling window of {kernel_size} px",
            now=f"set the padding to {kernel_size // 2} or less",
        )
    out = conv_output_size(size, kernel_size, stride=step, padding=padding, dilation=dilation)
    # A window that starts before the picture first meets it at pixel `start % dilation`, if the picture reaches so far.
    if any(start % dilation >= size for start in range(-padding, 0, step)):
        raise GeometryError(
            f"with dilation {dilation} a window of {kernel_size} taps reads nothing but padding on {size} px",
            now=f"set the dilation to {size} or less, or the padding to 0",
        )
    rest = (size + 2 * padding - effective_kernel_size(kernel_size, dilation)) % step
    starts_inside = out * step < size + padding
    return out + 1 if ceil_mode and rest and starts_inside else out


def transposed_output_size(
    size: int, kernel_size: int, *, stride: int = 1, padding: int = 0, output_padding: int = 0, dilation: int = 1
) -> int:
    """Say how long the output of a transposed convolution is::

        out = (size - 1) * stride - 2 * padding + dilation * (kernel_size - 1) + output_padding + 1

    ``output_padding`` picks one of the ``stride`` input sizes that the forward convolution maps to the same output.

    Raises:
        GeometryError: an argument below its minimum, an ``output_padding`` that is not smaller than stride or
            dilation, or an output of no pixels.

    Source:
        Dumoulin & Visin, arXiv:1603.07285, Relationship 14; ``torch.nn.ConvTranspose2d``, section "Shape".

    Examples:
        >>> transposed_output_size(6, 3, stride=2, padding=1)
        11
        >>> transposed_output_size(6, 3, stride=2, padding=1, output_padding=1)
        12
    """
    for name, value, low in (("size", size, 1), ("stride", stride, 1), ("padding", padding, 0)):
        _at_least(name, value, low)
    _at_least("output_padding", output_padding, 0)
    if output_padding >= max(stride, dilation):
        raise GeometryError(
            f"the output padding of {output_padding} px is not below the stride {stride} or the dilation {dilation}",
            now=f"set it to {max(stride, dilation) - 1} or less",
        )
    out = (size - 1) * stride - 2 * padding + effective_kernel_size(kernel_size, dilation) + output_padding
    if out < 1:
        raise GeometryError(
            f"the padding of {padding} px cuts away all {out + 2 * padding} px of the output",
            now=f"set the padding to {max(0, (out + 2 * padding - 1) // 2)} or less",
        )
    return out


def same_padding(kernel_size: int, dilation: int = 1) -> tuple[int, int]:
    """Split the padding that keeps the size at stride 1 into ``(before, after)``, as PyTorch's ``padding="same"`` does.

    An even window needs an odd total; PyTorch puts the extra pixel **after** the end.

    Examples:
        >>> same_padding(3), same_padding(4), same_padding(3, dilation=2)
        ((1, 1), (1, 2), (2, 2))
    """
    total = effective_kernel_size(kernel_size, dilation) - 1
    return total // 2, total - total // 2


def adaptive_window(size: int, output_size: int, index: int) -> tuple[int, int]:
    """Say which pixels ``[first, last]`` the window ``index`` of an adaptive pooling reads.

    The windows are as even as possible; they overlap by at most one pixel where ``output_size`` does not divide
    ``size``, and repeat pixels where it is larger.

    Source:
        ATen ``start_index``/``end_index``: ``floor(i * size / out)`` and ``ceil((i + 1) * size / out)``.

    Examples:
        >>> [adaptive_window(7, 3, i) for i in range(3)]
        [(0, 2), (2, 4), (4, 6)]
    """
    _at_least("size", size, 1)
    _at_least("output_size", output_size, 1)
    return index * size // output_size, -(-(index + 1) * size // output_size) - 1


def receptive_field_step(
    size: int, jump: Fraction | int, kernel_size: int, stride: Fraction | int = 1, dilation: int = 1
) -> tuple[int, Fraction]:
    """Carry the receptive field through one layer: ``r += (k_eff - 1) * j``, then ``j *= s``.

    Args:
        size: receptive field before the layer, input pixels.
        jump: distance of neighbouring positions before the layer, input pixels.
        kernel_size: taps of the kernel.
        stride: the layer's stride; a fraction where the layer enlarges the map.
        dilation: distance between neighbouring taps.

    Returns:
        ``(size, jump)`` after the layer. A field that is no whole number of pixels is rounded up.

    Source:
        Araujo, Norris & Sim, "Computing Receptive Fields of Convolutional Neural Networks", Distill 2019,
        doi:10.23915/distill.00021, equation 2.

    Examples:
        >>> receptive_field_step(1, 1, 7, 2)
        (7, Fraction(2, 1))
    """
    grown = size + (effective_kernel_size(kernel_size, dilation) - 1) * Fraction(jump)
    return -(-grown.numerator // grown.denominator), Fraction(jump) * Fraction(stride)


def _at_least(name: str, value: int, low: int) -> None:
    if value < low:
        raise GeometryError(f"{name} is {value}, but it must be at least {low}", where=name)
