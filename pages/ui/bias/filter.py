"""The second stage: one filter on a photo, and how much of it gets through as the bias moves."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from lab.theory.kernels import NAMED_KERNELS, NamedKernel
from pages.ui import live, state
from pages.ui.bias.numbers import grey_map, short, shorts, signed_map
from pages.ui.bias.state import FilterState
from pages.ui.photo import Photo

if TYPE_CHECKING:
    from torch import Tensor

STAGE = live.Stage("bias_filter", scripts=("bias/map", "bias/filter"), styles=("bias/bias",))
SIDE_PX = 96
N_BIASES = 61  # points of the curve, from the least bias to the most


@STAGE.fragment
def show_filter(photo: Photo) -> None:
    """Draw the stage for one photo."""
    chosen = state.load(FilterState)
    STAGE.show(
        FilterState,
        key="_bias.filter",
        controls=(
            live.slider(FilterState, "bias", step=0.02),
            live.choice(FilterState, "kernel", choices=[kernel.name for kernel in NAMED_KERNELS]),
        ),
        picture=photo_picture(photo, chosen.kernel, chosen.bias),
    )


@lru_cache(maxsize=64)
def photo_picture(photo: Photo, kernel: str, bias: float) -> dict[str, Any]:
    """A named filter on a photo."""
    pixels, sums = _photo_sums(photo, kernel)
    words = {"photo": "The photo, grey", "filter": f"{kernel_of(kernel).name}: sums + b", "axis": "bias b"}
    return filter_picture(pixels[0], sums, bias) | {"words": words, "curve": _photo_curve(photo, kernel)}


def filter_picture(pixels: Tensor, sums: Tensor, bias: float) -> dict[str, Any]:
    """What is drawn of one filter and one bias: what it reads, its sums with the bias, and what passes ReLU."""
    from lab.theory.bias_filter import filter_map

    result = filter_map(sums, bias)
    limit = float(sums.abs().quantile(0.99)) or 1.0  # single strong pixels would make all others pale
    return {
        "photo": grey_map(pixels),
        "sums": signed_map(sums + bias, limit),
        "map": signed_map(result.output, limit),
        "bias": short(bias),
        "n": sums.numel(),
        "n_passed": result.n_passed,
        "share": short(result.share),
        "mean": short(result.mean),
        "limit": short(limit),
    }


def curve_of(sums: Tensor, least: float, most: float) -> dict[str, Any]:
    """The share that passes for each bias of the slider."""
    import torch

    from lab.theory.bias_filter import passed_shares

    biases = torch.linspace(least, most, N_BIASES)
    return {"bias": shorts(biases.tolist()), "share": shorts(passed_shares(sums, biases).tolist())}


def kernel_of(name: str) -> NamedKernel:
    """The kernel of this name; the state takes only names that there are."""
    return next(kernel for kernel in NAMED_KERNELS if kernel.name == name)


@lru_cache(maxsize=16)
def _photo_sums(photo: Photo, kernel: str) -> tuple[Tensor, Tensor]:
    """The photo in grey ``(1, H, W)`` 0..1, and the kernel's sums."""
    import torch

    from lab.theory.bias_filter import filter_sums

    picture = grey_photo(photo, SIDE_PX)
    return picture, filter_sums(picture, torch.tensor(kernel_of(kernel).weights, dtype=torch.float32)[None])


@lru_cache(maxsize=16)
def _photo_curve(photo: Photo, kernel: str) -> dict[str, Any]:
    return curve_of(_photo_sums(photo, kernel)[1], -3.0, 3.0)


@lru_cache(maxsize=16)
def grey_photo(photo: Photo, side_px: int) -> Tensor:
    """The middle square of a photo, grey, ``(1, side, side)``, 0..1."""
    import numpy as np
    import torch
    from PIL import Image

    grey = Image.fromarray(photo.pixels).convert("L")
    side = min(grey.size)
    left, top = (grey.width - side) // 2, (grey.height - side) // 2
    box = (left, top, left + side, top + side)
    small = grey.crop(box).resize((side_px, side_px), Image.Resampling.LANCZOS)
    return torch.from_numpy(np.asarray(small).copy()).float()[None] / 255
