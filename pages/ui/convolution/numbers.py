"""The numbers in the cells: a pattern or a patch of a photo, and over it what the visitor typed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image

from lab.theory.guide import GUIDE_INPUT, GUIDE_KERNEL
from pages.ui.convolution.state import KERNELS, MAX_CHANNELS, MAX_KERNEL, MAX_SIZE, ConvolutionState
from pages.ui.photo import Photo

SEED = 1234


@dataclass(frozen=True)
class Patch:
    """Where the patch lies in the shrunken photo, in its pixels."""

    left: int
    top: int
    width: int
    height: int


def input_numbers(chosen: ConvolutionState, photo: Photo | None) -> np.ndarray:
    """The input's numbers, (C, H, W), what was typed included."""
    height, width = chosen.pair("size")
    if chosen.source == "photo" and photo is not None:
        values = photo_patch(chosen, photo)
    else:
        values = _pattern(chosen.source, chosen.in_channels, height, width)
    return _edited(values, chosen.input_edits)


def kernel_numbers(chosen: ConvolutionState, shape: tuple[int, ...]) -> np.ndarray:
    """The layer's weight as PyTorch stores it for an ordinary layer: (out, in of the group, height, width)."""
    out_channels, share, height, width = shape
    values = np.stack([_kernel(chosen.kernel, which, share, height, width) for which in range(out_channels)])
    return _edited(values, chosen.kernel_edits)


def upstream_numbers(chosen: ConvolutionState, shape: tuple[int, ...]) -> np.ndarray:
    """The gradient that arrives at the output, (out_channels, h, w): 1 in every cell, but for what was typed."""
    return _edited(np.ones(shape), chosen.upstream_edits)


def _edited(values: np.ndarray, edits: tuple[tuple[float, ...], ...]) -> np.ndarray:
    """Put typed numbers in; those of cells that are not there now wait for their return."""
    values = values.astype(np.float64)
    for *place, value in edits:
        where = tuple(int(part) for part in place)
        if all(part < size for part, size in zip(where, values.shape, strict=True)):
            values[where] = value
    return values


# --- input ------------------------------------------------------------------------------------------------------------


def _pattern(source: str, channels: int, height: int, width: int) -> np.ndarray:
    if source == "pixel":
        values = np.zeros((channels, height, width))
        values[:, (height - 1) // 2, (width - 1) // 2] = 1
        return values
    if source == "flat":
        return np.ones((channels, height, width))
    if source == "ramp":
        rows = np.arange(height * width).reshape(height, width)
        return np.stack([rows + channel for channel in range(channels)])
    values = _noise()[:channels, :height, :width].copy()
    if source == "guide":
        place = values[0, :5, :5]
        place[...] = np.array(GUIDE_INPUT)[: place.shape[0], : place.shape[1]]
    return values


@lru_cache(maxsize=1)
def _noise() -> np.ndarray:
    """Numbers 0 to 3, as the guide's figures have; a larger input goes on with more of them."""
    return np.random.default_rng(SEED).integers(0, 4, (MAX_CHANNELS, MAX_SIZE, MAX_SIZE)).astype(np.float64)


def photo_patch(chosen: ConvolutionState, photo: Photo) -> np.ndarray:
    """Cut the patch out of the shrunken photo: 0 to 255, grey for one channel, else red, green, blue and grey."""
    from lab.data.image_set import LUMA

    pixels = shrunk(photo, chosen.patch_px)
    place = patch_place(chosen, photo)
    cut = pixels[place.top : place.top + place.height, place.left : place.left + place.width]
    values = np.zeros((chosen.in_channels, *chosen.pair("size")))  # a photo smaller than the patch goes on in black
    grey = cut @ np.array(LUMA)
    colours = [grey] if chosen.in_channels == 1 else [cut[..., 0], cut[..., 1], cut[..., 2], grey]
    for channel in range(chosen.in_channels):
        values[channel, : cut.shape[0], : cut.shape[1]] = np.round(colours[channel])
    return values


def patch_place(chosen: ConvolutionState, photo: Photo) -> Patch:
    """Where the patch is: its corner by shares of the way that it can go."""
    rows, columns = shrunk(photo, chosen.patch_px).shape[:2]
    height, width = chosen.pair("size")
    left, top = max(0, columns - width), max(0, rows - height)
    return Patch(round(chosen.patch_x * left), round(chosen.patch_y * top), min(width, columns), min(height, rows))


@lru_cache(maxsize=16)
def shrunk(photo: Photo, longest_px: int) -> np.ndarray:
    """The photo with this longest side, uint8 (H, W, 3)."""
    picture = Image.fromarray(photo.pixels)
    scale = min(1.0, longest_px / max(picture.size))
    width, height = (max(1, round(side * scale)) for side in picture.size)
    return np.asarray(picture.resize((width, height), Image.Resampling.BOX))


# --- kernel -----------------------------------------------------------------------------------------------------------


def _kernel(name: str, which: int, share: int, height: int, width: int) -> np.ndarray:
    """The kernels of one output map, (in of the group, height, width); the next map takes the next preset."""
    if name in KERNELS:
        names = list(KERNELS)
        grid = KERNELS[names[(names.index(name) + which) % len(names)]].weights
        return np.stack([_centred(grid, height, width)] * share)
    if name == "guide":
        return np.stack([_centred(GUIDE_KERNEL, height, width)] * share)
    if name == "count":
        return np.stack([np.arange(1, height * width + 1).reshape(height, width)] * share)
    if name == "noise":
        return _kernel_noise()[which, :share, :height, :width]
    return np.full((share, height, width), 1 / (height * width) if name == "mean" else 1.0)


def _centred(grid: tuple[tuple[float, ...], ...], height: int, width: int) -> np.ndarray:
    """Put a 3×3 preset into the middle of a larger kernel, or take the middle of it for a smaller one."""
    large = np.zeros((MAX_KERNEL + 2, MAX_KERNEL + 2))
    middle = (MAX_KERNEL + 2) // 2
    large[middle - 1 : middle + 2, middle - 1 : middle + 2] = grid
    top, left = middle - (height - 1) // 2, middle - (width - 1) // 2
    return large[top : top + height, left : left + width]


@lru_cache(maxsize=1)
def _kernel_noise() -> np.ndarray:
    shape = (MAX_CHANNELS, MAX_CHANNELS, MAX_KERNEL, MAX_KERNEL)
    return np.random.default_rng(SEED + 1).integers(-2, 3, shape).astype(np.float64)
