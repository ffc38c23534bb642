"""Many maps as one small picture: quantised once, laid out in a grid, encoded as a palette PNG.

One picture of 64 maps redraws several times faster than 64 pictures. A palette PNG ("P" mode) carries the colour map
inside, holds one byte per pixel, and is lossless: the byte is the value, in steps of 1/127 of the scale.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from lab.inspection.colour import GAP_INDEX, ZERO_INDEX, diverging_table


@dataclass(frozen=True)
class Mosaic:
    """Maps side by side in one plane of palette indices.

    Attributes:
        indices: ``(rows * tile_h + gaps, columns * tile_w + gaps)`` uint8.
        tile: height and width of one map in the mosaic, pixels.
        columns: maps per row.
        gap_px: empty pixels between maps.
        limit: the value that palette index 255 stands for; index 1 is ``-limit``.
        reduced_from: the maps' own height and width where each pixel here is the mean of several, else ``None``.
    """

    indices: NDArray[np.uint8]
    tile: tuple[int, int]
    columns: int
    gap_px: int
    limit: float
    reduced_from: tuple[int, int] | None

    def png(self, palette: bytes | None = None) -> bytes:
        """The mosaic as a palette PNG in the diverging colour map (or another one of 256 colours, 768 bytes)."""
        return palette_png(self.indices, diverging_table() if palette is None else palette)

    def grey_png(self) -> bytes:
        """The bare indices as a grey PNG, for a drawer that colours them itself."""
        return _encode(Image.fromarray(self.indices))


def quantise(values: Tensor, limit: float) -> Tensor:
    """Numbers as palette indices: ``-limit`` is 1, zero 128, ``+limit`` 255; beyond is clamped, NaN shows as zero.

    Examples:
        >>> quantise(torch.tensor([-2.0, -1.0, 0.0, 0.5]), 1.0).tolist()
        [1, 1, 128, 192]
    """
    step = 127.0 / limit if limit > 0 else 0.0
    scaled = torch.nan_to_num(values * step, nan=0.0, posinf=127.0, neginf=-127.0)
    return scaled.round().clamp(-127, 127).add(ZERO_INDEX).to(torch.uint8)


def shrink(maps: Tensor, max_px: int) -> Tensor:
    """Reduce maps whose longer side is over ``max_px``; every pixel becomes the mean of the pixels it stands for.

    The mean, not every n-th pixel: a thin bright line fades but cannot vanish.

    Args:
        maps: ``(C, H, W)``.
        max_px: the longest side allowed.

    Returns:
        ``(C, h, w)``, the same tensor if it was small enough.
    """
    height, width = maps.shape[1:]
    factor = max(height, width) / max_px
    if factor <= 1:
        return maps
    size = (max(1, round(height / factor)), max(1, round(width / factor)))
    return F.adaptive_avg_pool2d(maps.unsqueeze(0), size)[0]


def mosaic(maps: Tensor, *, limit: float, columns: int = 8, gap_px: int = 0, max_tile_px: int = 64) -> Mosaic:
    """Lay maps out in a grid, row by row.

    Args:
        maps: ``(C, H, W)``, at least one map.
        limit: the value at the end of the colour scale, above 0 (0 draws everything as zero).
        columns: maps per row, at least 1; fewer where there are fewer maps.
        gap_px: pixels between maps, 0 or more.
        max_tile_px: larger maps are reduced to this (see :func:`shrink`), and the mosaic says so.

    Returns:
        The mosaic; the last row is filled up with gap.
    """
    small = shrink(maps, max_tile_px)
    n, height, width = small.shape
    columns = min(columns, n)
    rows = math.ceil(n / columns)
    tiles = np.full((rows * columns, height + gap_px, width + gap_px), GAP_INDEX, dtype=np.uint8)
    tiles[:n, :height, :width] = quantise(small, limit).numpy()
    grid = tiles.reshape(rows, columns, height + gap_px, width + gap_px).transpose(0, 2, 1, 3)
    plane = grid.reshape(rows * (height + gap_px), columns * (width + gap_px))
    plane = plane[: plane.shape[0] - gap_px, : plane.shape[1] - gap_px]
    reduced_from = None if small is maps else (int(maps.shape[1]), int(maps.shape[2]))
    return Mosaic(np.ascontiguousarray(plane), (height, width), columns, gap_px, limit, reduced_from)


def palette_png(indices: NDArray[np.uint8], palette: bytes) -> bytes:
    """A plane of palette indices as a "P" mode PNG that carries its colours.

    Args:
        indices: ``(H, W)`` uint8.
        palette: 256 times red, green, blue.
    """
    picture = Image.fromarray(indices).convert("L")
    picture.putpalette(palette)
    return _encode(picture)


def _encode(picture: Image.Image) -> bytes:
    # Compression 1: 0.7 ms for 64 maps; the default 6 takes several times as long for a tenth fewer bytes.
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG", compress_level=1)
    return buffer.getvalue()
