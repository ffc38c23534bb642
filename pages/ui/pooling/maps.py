"""The small maps of numbers to begin with, of any size, and what was typed over them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PIL import Image

from lab.theory.guide import GUIDE_INPUT
from pages.ui.photo import Photo
from pages.ui.pooling.state import MapName, PoolingState

Grid = list[list[float]]

# Digits without pattern: enough different numbers, some ties, and a maximum that is not always in the same corner.
_DIGITS = (
    (1, 3, 2, 9, 0, 4, 7, 2, 5, 1),
    (5, 6, 1, 3, 8, 2, 0, 6, 3, 9),
    (2, 7, 4, 0, 5, 1, 9, 3, 8, 2),
    (8, 1, 3, 6, 2, 7, 4, 0, 1, 5),
    (0, 4, 9, 2, 3, 5, 6, 8, 7, 3),
    (6, 2, 5, 1, 7, 0, 3, 4, 2, 6),
    (3, 9, 0, 8, 4, 6, 1, 5, 9, 0),
    (7, 5, 2, 4, 1, 3, 8, 2, 6, 4),
    (4, 0, 6, 7, 9, 2, 5, 1, 3, 8),
    (9, 8, 1, 5, 0, 6, 2, 7, 4, 3),
)


def numbers(chosen: PoolingState, photo: Photo) -> Grid:
    """The map as it stands on the stage: the chosen one with what was typed into it."""
    grid = base_map(chosen.map, chosen.height, chosen.width, photo)
    for name, y, x, value in chosen.edits:
        if name == chosen.map and y < chosen.height and x < chosen.width:
            grid[y][x] = value
    return grid


def upstream_numbers(chosen: PoolingState, size: tuple[int, int]) -> Grid:
    """The gradient that arrives at the output, (h, w): 1 in every cell, but for what was typed."""
    grid = [[1.0] * size[1] for _ in range(size[0])]
    for y, x, value in chosen.upstream_edits:
        if y < size[0] and x < size[1]:
            grid[y][x] = value
    return grid


def base_map(name: MapName, height: int, width: int, photo: Photo) -> Grid:
    """One of the maps by name, ``height`` × ``width``."""
    if name == "photo":
        return [list(row) for row in _shrunk(photo.key, height, width, _Pixels(photo.pixels))]
    return [[float(_value(name, y, x, height, width)) for x in range(width)] for y in range(height)]


def _value(name: MapName, y: int, x: int, height: int, width: int) -> int:
    if name == "digits":
        return _DIGITS[y][x]
    if name == "guide":
        return GUIDE_INPUT[y % 5][x % 5]  # repeated where more is asked for
    if name == "dot":
        return 9 if (y, x) == ((height - 1) // 2, (width - 1) // 2) else 0
    if name == "checks":
        return 9 * ((x + y) % 2)
    return y * width + x


class _Pixels:
    """Pixels that travel through a cache without being hashed: the photo's key stands for them."""

    def __init__(self, pixels: np.ndarray):
        self.pixels = pixels

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Pixels)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=8)
def _shrunk(_key: str, height: int, width: int, holder: _Pixels) -> tuple[tuple[float, ...], ...]:
    """The middle square of a photo in grey, each cell the mean of its pixels, 0 to 255."""
    grey = Image.fromarray(holder.pixels).convert("L")
    side = min(grey.size)
    left, top = (grey.width - side) // 2, (grey.height - side) // 2
    small = grey.resize((width, height), Image.Resampling.BOX, box=(left, top, left + side, top + side))
    return tuple(tuple(float(value) for value in row) for row in np.asarray(small))
