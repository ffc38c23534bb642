"""Kernels that people wrote by hand before networks learned theirs, and what one does to a picture.

No torch: the first page shows a kernel at work before torch is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Grid = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class NamedKernel:
    """A 3×3 kernel with the name that textbooks give it.

    Args:
        name: short, for a button.
        weights: three rows of three.
        sentence: what it does to a picture.
    """

    name: str
    weights: Grid
    sentence: str


NAMED_KERNELS: tuple[NamedKernel, ...] = (
    NamedKernel(
        "Edges",
        ((-1, -1, -1), (-1, 8, -1), (-1, -1, -1)),
        "Compares each pixel with its eight neighbours: zero where all are equal, large where something changes.",
    ),
    NamedKernel(
        "Vertical edges",
        ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1)),
        "Right side minus left side (Sobel): blue where it gets brighter to the right, red where it gets darker.",
    ),
    NamedKernel(
        "Horizontal edges",
        ((-1, -2, -1), (0, 0, 0), (1, 2, 1)),
        "Lower side minus upper side (Sobel): blue where it gets brighter downwards, red where it gets darker.",
    ),
    NamedKernel(
        "Blur",
        ((1 / 9, 1 / 9, 1 / 9), (1 / 9, 1 / 9, 1 / 9), (1 / 9, 1 / 9, 1 / 9)),
        "The mean of nine pixels: noise goes, and so does detail.",
    ),
    NamedKernel(
        "Sharpen",
        ((0, -1, 0), (-1, 5, -1), (0, -1, 0)),
        "Five times the pixel minus its four neighbours: differences are added to the picture.",
    ),
)
"""The usual five, in the order of the buttons."""

CLASSIC_KERNELS: tuple[NamedKernel, ...] = (
    NamedKernel(
        "Identity", ((0, 0, 0), (0, 1, 0), (0, 0, 0)), "The pixel itself: the picture comes out as it went in."
    ),
    NamedKernel(
        "Blur",
        ((1 / 16, 2 / 16, 1 / 16), (2 / 16, 4 / 16, 2 / 16), (1 / 16, 2 / 16, 1 / 16)),
        "A mean of nine pixels in which near ones count more; the weights add up to 1, so the brightness stays.",
    ),
    NamedKernel(
        "Sharpen",
        ((0, -1, 0), (-1, 5, -1), (0, -1, 0)),
        "Five times the pixel minus its four neighbours: differences are added to the picture.",
    ),
    NamedKernel(
        "Outline",
        ((-1, -1, -1), (-1, 8, -1), (-1, -1, -1)),
        "Compares each pixel with its eight neighbours: 0 where all are equal, large where something changes.",
    ),
    NamedKernel(
        "Emboss",
        ((-2, -1, 0), (-1, 1, 1), (0, 1, 2)),
        "Lit from one corner: edges towards the lower right get brighter, the others darker.",
    ),
    NamedKernel(
        "Top Sobel", ((1, 2, 1), (0, 0, 0), (-1, -2, -1)), "Upper side minus lower side: horizontal edges, with a sign."
    ),
    NamedKernel("Bottom Sobel", ((-1, -2, -1), (0, 0, 0), (1, 2, 1)), "Lower side minus upper side."),
    NamedKernel(
        "Left Sobel", ((1, 0, -1), (2, 0, -2), (1, 0, -1)), "Left side minus right side: vertical edges, with a sign."
    ),
    NamedKernel("Right Sobel", ((-1, 0, 1), (-2, 0, 2), (-1, 0, 1)), "Right side minus left side."),
)
"""The presets that image programs offer. On a flat picture outline and Sobel give 0; the others keep the value."""


def cross_correlate(picture: NDArray[np.floating], kernel: Grid) -> NDArray[np.float64]:
    """Slide a kernel over a picture, stride 1, without padding: what a convolutional layer does for one channel.

    At each position the pixels under the kernel are multiplied by its weights and added up::

        out[y, x] = sum over i, j of picture[y + i, x + j] * kernel[i][j]

    Args:
        picture: (H, W), any numbers.
        kernel: rows of weights, not larger than the picture.

    Returns:
        (H − rows + 1, W − columns + 1).

    Raises:
        ValueError: the kernel is larger than the picture.

    Source:
        Goodfellow, Bengio, Courville, "Deep Learning" (2016), equation 9.6.

    Examples:
        >>> cross_correlate(np.array([[1.0, 2.0, 3.0]]), ((-1, 1),))
        array([[1., 1.]])
    """
    weights = np.asarray(kernel, dtype=np.float64)
    windows = np.lib.stride_tricks.sliding_window_view(picture, weights.shape)
    result: NDArray[np.float64] = np.einsum("yxij,ij->yx", windows, weights, dtype=np.float64)
    return result
