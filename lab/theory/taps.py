"""What touches what in a convolution, along one axis: the input pixel that each tap meets at each position.

Height and width are independent, so two short tables say for the whole layer which input cell, which kernel cell and
which output cell belong together. The numbers come from :mod:`lab.theory.convolution`; here are only places.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from lab.errors import GeometryError
from lab.theory.geometry import padded_output_size, transposed_output_size

PaddingMode = Literal["zeros", "reflect", "replicate", "circular"]

NOTHING = -1
"""Where a pixel would stand: a zero of the padding, or no pixel at all."""


@dataclass(frozen=True)
class AxisTaps:
    """One axis of a convolution.

    Args:
        before: pixels of padding in front of the first input pixel.
        frame: for each pixel of the padded input the input pixel it shows; :data:`NOTHING` for a zero.
        reads: (positions, taps): the place in ``frame`` that kernel cell ``k`` meets at output position ``o``;
            :data:`NOTHING` where they do not meet (transposed only).
    """

    before: int
    frame: tuple[int, ...]
    reads: tuple[tuple[int, ...], ...]

    @property
    def sources(self) -> tuple[tuple[int, ...], ...]:
        """(positions, taps): the **input** pixel that meets the tap; :data:`NOTHING` for padding and for none."""
        ends = (*self.frame, NOTHING)  # the index NOTHING finds the last one
        return tuple(tuple(ends[place] for place in row) for row in self.reads)

    @property
    def unread(self) -> tuple[int, ...]:
        """Input pixels that no output position reads, neither directly nor through the padding."""
        seen = {pixel for row in self.sources for pixel in row}
        return tuple(pixel for pixel in sorted(set(self.frame) - {NOTHING}) if pixel not in seen)

    @property
    def untouched(self) -> tuple[int, ...]:
        """Output positions that no input pixel reaches: they hold the bias alone."""
        return tuple(place for place, row in enumerate(self.sources) if set(row) == {NOTHING})


@lru_cache(maxsize=1024)
def conv_taps(
    size: int,
    kernel_size: int,
    *,
    stride: int = 1,
    padding: tuple[int, int] = (0, 0),
    dilation: int = 1,
    padding_mode: PaddingMode = "zeros",
    flipped: bool = False,
) -> AxisTaps:
    """Say what each tap reads: position ``o`` and kernel cell ``k`` meet padded pixel ``o * stride + k * dilation``.

    Args:
        size: input length, pixels.
        kernel_size: taps.
        stride: pixels from one position to the next.
        padding: pixels added (before, after).
        dilation: distance between neighbouring taps.
        padding_mode: what the added pixels show.
        flipped: the true convolution of mathematics, whose kernel runs backwards: cell ``k`` takes the place of
            cell ``kernel_size - 1 - k``.

    Raises:
        GeometryError: as :func:`lab.theory.geometry.padded_output_size`.

    Source:
        Goodfellow, Bengio, Courville, "Deep Learning" (2016), equations 9.4 (flipped) and 9.6.

    Examples:
        >>> conv_taps(4, 3, padding=(1, 0)).sources
        ((-1, 0, 1), (0, 1, 2), (1, 2, 3))
        >>> conv_taps(4, 3, stride=2).unread
        (3,)
    """
    positions = padded_output_size(size, kernel_size, stride=stride, padding=padding, dilation=dilation)
    places = [_place(tap, kernel_size, flipped) * dilation for tap in range(kernel_size)]
    reads = tuple(tuple(position * stride + place for place in places) for position in range(positions))
    frame = tuple(_shown_pixel(pixel, size, padding_mode) for pixel in range(-padding[0], size + padding[1]))
    return AxisTaps(padding[0], frame, reads)


@lru_cache(maxsize=1024)
def transposed_taps(
    size: int,
    kernel_size: int,
    *,
    stride: int = 1,
    padding: tuple[int, int] = (0, 0),
    output_padding: int = 0,
    dilation: int = 1,
    flipped: bool = False,
) -> AxisTaps:
    """Say which input pixels meet in one output position of a transposed convolution.

    Input pixel ``i`` stamps the whole kernel on the output: cell ``k`` lands on ``i * stride + k * dilation -
    padding[0]``. Read backwards, position ``o`` and cell ``k`` meet the one ``i`` that solves it, or nothing.
    ``padding`` is what is cut away (before, after): a layer cuts the same on both sides, a part of its output does not.

    Raises:
        GeometryError: as :func:`lab.theory.geometry.transposed_output_size`.

    Source:
        ``torch.nn.ConvTranspose2d``; Dumoulin & Visin, arXiv:1603.07285, section 4.

    Examples:
        >>> transposed_taps(2, 2, stride=2).sources  # no overlap: each output position has one pixel and one tap
        ((0, -1), (-1, 0), (1, -1), (-1, 1))
    """
    before, after = padding
    # What is cut away on both sides is the layer's padding; on top of it, one side may lose more.
    positions = transposed_output_size(
        size, kernel_size, stride=stride, padding=min(padding), output_padding=output_padding, dilation=dilation
    ) - abs(before - after)
    if positions < 1:
        raise GeometryError(f"cutting away {before} px before and {after} px after leaves no pixel of the output")
    places = [_place(tap, kernel_size, flipped) * dilation for tap in range(kernel_size)]
    reads = tuple(
        tuple(_solve(position + before - place, stride, size) for place in places) for position in range(positions)
    )
    return AxisTaps(0, tuple(range(size)), reads)


def _place(tap: int, kernel_size: int, flipped: bool) -> int:
    return kernel_size - 1 - tap if flipped else tap


def _solve(shifted: int, stride: int, size: int) -> int:
    pixel, rest = divmod(shifted, stride)
    return pixel if rest == 0 and 0 <= pixel < size else NOTHING


def _shown_pixel(pixel: int, size: int, padding_mode: PaddingMode) -> int:
    """Say which input pixel is shown at ``pixel``, inside or outside; modes as in ``torch.nn.functional.pad``."""
    if 0 <= pixel < size:
        return pixel
    if padding_mode == "zeros":
        return NOTHING
    if padding_mode == "circular":
        return pixel % size
    if padding_mode == "replicate":
        return min(max(pixel, 0), size - 1)
    return -pixel if pixel < 0 else 2 * (size - 1) - pixel  # reflect: the edge pixel itself is not repeated
