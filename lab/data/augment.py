"""Augmentation: every image of a batch changed its own way, all at once, on the device where the images are.

Shifts and flips move pixels without changing them, so they are one gather: a small table holds, for every shift and
flip, which pixel each place is read from, and each image draws a row of it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    import torch
    from torch import Tensor

TABLES_KEPT = 8  # one for each image size, shift range and device in use


class AugmentSpec(BaseModel):
    """What may happen to a training image; everything at 0 or off leaves it alone."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    crop_px: int = Field(
        default=0,
        ge=0,
        le=8,
        title="Shift, pixels",
        description="Shift by up to this many pixels in each direction; the edge is mirrored in.",
    )
    flip: bool = Field(
        default=False,
        title="Mirror",
        description="Mirror left and right, half of the time. Not for digits or letters: they change.",
    )
    rotate_deg: int = Field(
        default=0, ge=0, le=45, title="Turn, degrees", description="Turn by up to this many degrees either way."
    )
    brightness: float = Field(
        default=0.0, ge=0.0, le=0.8, description="Make lighter or darker by up to this share; 0.2 is 80 % to 120 %."
    )
    cutout_px: int = Field(
        default=0,
        ge=0,
        le=16,
        title="Cover a square, pixels",
        description="Cover a square of this side with the picture's mean colour (cutout).",
    )


def augment_batch(images: Tensor, spec: AugmentSpec, generator: torch.Generator) -> Tensor:
    """Change each image of a batch by its own draw.

    Args:
        images: uint8 (N, C, H, W), on any device; left as they are.
        spec: what may happen.
        generator: the run's own generator; draws happen on its device.

    Returns:
        uint8 (N, C, H, W) on the images' device; the same tensor when the spec is off.

    Examples:
        >>> import torch
        >>> image = torch.arange(4, dtype=torch.uint8).view(1, 1, 1, 4)
        >>> random = torch.Generator().manual_seed(0)
        >>> augment_batch(image, AugmentSpec(flip=True), random).flatten().tolist() in ([0, 1, 2, 3], [3, 2, 1, 0])
        True
    """
    if spec.rotate_deg:
        images = _rotate(images, spec.rotate_deg, generator)
    if spec.crop_px or spec.flip:
        images = _shift_and_flip(images, spec.crop_px, spec.flip, generator)
    if spec.brightness:
        images = _brighten(images, spec.brightness, generator)
    if spec.cutout_px:
        images = _cut_out(images, spec.cutout_px, generator)
    return images


def _shift_and_flip(images: Tensor, crop_px: int, flip: bool, generator: torch.Generator) -> Tensor:
    import torch

    n_images, n_channels, height, width = images.shape
    table = _source_table(height, width, crop_px, flip, str(images.device))
    drawn = torch.randint(len(table), (n_images,), generator=generator, device=generator.device).to(images.device)
    source = table.index_select(0, drawn).unsqueeze(1).expand(-1, n_channels, -1)
    return images.reshape(n_images, n_channels, -1).gather(2, source).view(images.shape)


@lru_cache(maxsize=TABLES_KEPT)
def _source_table(height: int, width: int, crop_px: int, flip: bool, device: str) -> Tensor:
    """For every shift and flip, the flat index that each pixel is read from: int64 (n_variants, H * W)."""
    import torch

    shifts = range(-crop_px, crop_px + 1)
    rows = []
    for is_flipped in (False, True) if flip else (False,):
        for down in shifts:
            for right in shifts:
                y = _mirror(torch.arange(height) + down, height)
                x = _mirror(torch.arange(width) + right, width)
                x = x.flip(0) if is_flipped else x
                rows.append((y[:, None] * width + x).flatten())
    return torch.stack(rows).to(device)


def _mirror(index: Tensor, length: int) -> Tensor:
    """Fold indices beyond an edge back inside, as ``padding_mode="reflect"``: ``-1 -> 1``, ``length -> length - 2``."""
    period = max(2 * (length - 1), 1)
    folded = index % period
    return folded.where(folded < length, period - folded)


def _draw(n_images: int, like: Tensor, generator: torch.Generator) -> Tensor:
    """Uniform numbers in 0..1, one an image: float32 (N, 1, 1, 1)."""
    import torch

    return torch.rand(n_images, 1, 1, 1, generator=generator, device=generator.device).to(like.device)


def _rotate(images: Tensor, rotate_deg: int, generator: torch.Generator) -> Tensor:
    """Turn about the centre, bilinear, what comes in from outside mirrored."""
    import torch

    n_images, _, height, width = images.shape
    angle = ((_draw(n_images, images, generator) * 2 - 1) * rotate_deg).deg2rad().view(-1)
    cos, sin, zero = angle.cos(), angle.sin(), torch.zeros_like(angle)
    # affine_grid's coordinates run from -1 to 1 on both axes, whatever their lengths: the ratio keeps a turn a turn.
    matrix = torch.stack([cos, -sin * height / width, zero, sin * width / height, cos, zero], 1).view(-1, 2, 3)
    grid = torch.nn.functional.affine_grid(matrix, list(images.shape), align_corners=False)
    turned = torch.nn.functional.grid_sample(images.float(), grid, padding_mode="reflection", align_corners=False)
    return turned.round_().clamp_(0, 255).to(torch.uint8)


def _brighten(images: Tensor, brightness: float, generator: torch.Generator) -> Tensor:
    import torch

    factor = 1 + (_draw(len(images), images, generator) * 2 - 1) * brightness
    return (images * factor).round_().clamp_(0, 255).to(torch.uint8)


def _cut_out(images: Tensor, cutout_px: int, generator: torch.Generator) -> Tensor:
    """Cover a square whose centre is any pixel (so it may hang over the edge) with the image's own mean colour.

    Source:
        DeVries & Taylor, "Improved Regularization of Convolutional Neural Networks with Cutout", arXiv:1708.04552.
    """
    import torch

    n_images, _, height, width = images.shape
    y, x = (torch.arange(length, device=images.device) for length in (height, width))
    top, left = ((_draw(n_images, images, generator) * length).floor() - cutout_px // 2 for length in (height, width))
    rows = (y.view(1, 1, -1, 1) >= top) & (y.view(1, 1, -1, 1) < top + cutout_px)
    columns = (x >= left) & (x < left + cutout_px)
    mean = images.float().mean((2, 3), keepdim=True).round_().to(torch.uint8)
    return torch.where(rows & columns, mean, images)
