"""A photo as numbers to pool, numbers as a picture, and the window that fits it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from PIL import Image

from lab.theory.pool_window import PoolKind, Range, bounds, nearest_possible
from pages.ui.maths.mended import keep_mended, mended_sentence
from pages.ui.photo import Photo
from pages.ui.picture import data_uri, png
from pages.ui.pooling.state import MOST_PHOTO_KERNEL, PhotoPoolState, ShiftState

if TYPE_CHECKING:
    from torch import Tensor

WHITE = 255.0
S = TypeVar("S", PhotoPoolState, ShiftState)


class Held:
    """Something that travels through a cache unhashed: the key beside it stands for it."""

    def __init__(self, content: Any):
        self.content = content

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Held)

    def __hash__(self) -> int:
        return 0


def photo_tensor(photo: Photo, longest_px: int, *, grey: bool = False) -> Tensor:
    """The photo as float32 (3, H, W), or (1, H, W) in grey: 0 to 255, at most ``longest_px`` on its longer side."""
    return _tensor(photo.key, Held(photo.pixels), longest_px, grey)


@lru_cache(maxsize=8)
def _tensor(_key: str, held: Held, longest_px: int, grey: bool) -> Tensor:
    import torch

    small = Image.fromarray(held.content).convert("L" if grey else "RGB")
    small.thumbnail((longest_px, longest_px), Image.Resampling.LANCZOS)
    pixels = torch.from_numpy(np.array(small)).float()
    return pixels[None] if grey else pixels.permute(2, 0, 1).contiguous()


def picture_uri(values: Tensor) -> str:
    """Numbers from 0 to 255, (3, H, W) or (1, H, W), as a small PNG; what lies outside is cut."""
    pixels = values.nan_to_num(0.0).clamp(0, WHITE).round().byte().permute(1, 2, 0).contiguous().numpy()
    return data_uri(png(pixels))


def window_bounds(chosen: S, size: tuple[int, int]) -> dict[str, Range]:
    """How far each control of a fitting window may go, so that every kind still has a result."""
    found, without_padding = (
        bounds(chosen.spec(kind), size, most_kernel=MOST_PHOTO_KERNEL, most_stride=MOST_PHOTO_KERNEL)
        for kind in (PoolKind.MAX, PoolKind.LP)
    )
    most = min(found["kernel_size"].most, without_padding["kernel_size"].most)
    return found | {"kernel_size": Range(found["kernel_size"].least, most)}


def fit_window(chosen: S, size: tuple[int, int]) -> tuple[S, str]:
    """Bring a window that does not fit the picture to the nearest that does, and say so.

    It is one window for all kinds: LP takes no padding, so the whole of it must lie on the picture.
    """
    kernel = min(nearest_possible(chosen.spec(PoolKind.LP), size).kernel_size)
    cut = chosen.model_copy(update={"kernel_size": kernel})
    padding = min(nearest_possible(cut.spec(PoolKind.MAX), size).padding)
    changed = cut.model_copy(update={"padding": padding})
    if changed == chosen:
        return chosen, mended_sentence(chosen)
    sentence = (
        f"A window of {chosen.kernel_size} with padding {chosen.padding} does not fit this picture of "
        f"{size[0]}×{size[1]}; it is {kernel} with padding {padding} now."
    )
    keep_mended(changed, sentence)
    return changed, sentence
