"""Shapes-RGB: six shapes, generated from a seed, so that colour says nothing and form says everything.

A shape is the set of points where its signed distance (in units of the shape's radius) is negative; the distance in
pixels gives a soft edge. All images of a set are computed at once.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from lab.data.catalogue import SHAPE_CLASSES

SIZE_PX = 32
N_TRAIN, N_TEST = 6_000, 1_200
DEFAULT_SEED = 2026
MIN_CONTRAST = 0.25  # mean difference of shape and ground, 0..1: below it people no longer see the shape either


def circle(x: Tensor, y: Tensor) -> Tensor:
    """Signed distance of a disc of radius 1."""
    return torch.hypot(x, y) - 1


def ring(x: Tensor, y: Tensor) -> Tensor:
    """Signed distance of a ring between radii 0.55 and 1."""
    return (torch.hypot(x, y) - 0.775).abs() - 0.225


def square(x: Tensor, y: Tensor) -> Tensor:
    """Signed distance (along the axes) of a square of half side 0.85."""
    return torch.maximum(x.abs(), y.abs()) - 0.85


def cross(x: Tensor, y: Tensor) -> Tensor:
    """Signed distance (along the axes) of a plus sign, arms 1 long and 0.64 wide."""
    wide = torch.maximum(x.abs() - 1, y.abs() - 0.32)
    tall = torch.maximum(x.abs() - 0.32, y.abs() - 1)
    return torch.minimum(wide, tall)


def triangle(x: Tensor, y: Tensor) -> Tensor:
    """Signed distance of an equilateral triangle with its corners on radius 1.1: inside all three edges."""
    half_height = 0.55
    slanted = math.sqrt(3) / 2 * x.abs() - 0.5 * y
    return torch.maximum(slanted, y) - half_height


def star(x: Tensor, y: Tensor) -> Tensor:
    """Signed distance of a five-pointed star with tips on radius 1.15 and notches on radius 0.5.

    The plane is folded ten times onto the wedge between one tip and one notch, where the outline is one straight line.
    """
    wedge = math.pi / 5
    angle = torch.atan2(y, x) / (2 * wedge)
    folded = (angle - angle.round()).abs() * (2 * wedge)  # 0 towards a tip, pi / 5 towards a notch
    radius = torch.hypot(x, y)
    tip, notch_x, notch_y = 1.15, 0.5 * math.cos(wedge), 0.5 * math.sin(wedge)
    length = math.hypot(tip - notch_x, notch_y)
    return ((radius * folded.cos() - tip) * notch_y + radius * folded.sin() * (tip - notch_x)) / length


DISTANCES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "circle": circle,
    "square": square,
    "triangle": triangle,
    "star": star,
    "cross": cross,
    "ring": ring,
}


def generate_shapes(n_images: int, *, seed: int) -> tuple[Tensor, Tensor]:
    """Draw shapes; every class equally often (up to the remainder), in mixed order.

    Args:
        n_images: how many.
        seed: same seed, same images.

    Returns:
        Images uint8 (N, 3, 32, 32) and labels int64 (N,), indices into ``SHAPE_CLASSES``.

    Examples:
        >>> images, labels = generate_shapes(12, seed=1)
        >>> images.shape, labels.bincount().tolist()
        (torch.Size([12, 3, 32, 32]), [2, 2, 2, 2, 2, 2])
    """
    random = torch.Generator().manual_seed(seed)
    n_classes = len(SHAPE_CLASSES)
    labels = torch.arange(n_images)[torch.randperm(n_images, generator=random)] % n_classes
    inside = _draw_masks(labels, random)
    ground, colour = _choose_colours(n_images, random)
    picture = _texture(ground, random)
    picture += inside * (_texture(colour, random) - picture)
    noise_level = _uniform(n_images, 0.02, 0.08, random)
    picture += torch.randn(picture.shape, generator=random) * noise_level
    return picture.mul_(255).round_().clamp_(0, 255).to(torch.uint8), labels


def _uniform(n_images: int, low: float, high: float, random: torch.Generator) -> Tensor:
    return torch.rand(n_images, 1, 1, 1, generator=random) * (high - low) + low


def _pixel_grid() -> tuple[Tensor, Tensor]:
    axis = (torch.arange(SIZE_PX) + 0.5) * (2 / SIZE_PX) - 1
    return axis.view(1, 1, 1, SIZE_PX), axis.view(1, 1, SIZE_PX, 1)


def _draw_masks(labels: Tensor, random: torch.Generator) -> Tensor:
    """How much of each pixel lies inside its image's shape: float (N, 1, 32, 32), 0..1."""
    n_images = len(labels)
    radius = _uniform(n_images, 0.4, 0.75, random)
    angle = _uniform(n_images, 0, 2 * math.pi, random)
    room = 0.95 - radius  # the shape stays in the picture, its corners nearly
    left, top = (room * _uniform(n_images, -1, 1, random) for _ in "xy")
    x, y = _pixel_grid()
    x, y = (x - left) / radius, (y - top) / radius
    x, y = x * angle.cos() - y * angle.sin(), x * angle.sin() + y * angle.cos()
    mask = torch.empty(n_images, 1, SIZE_PX, SIZE_PX)
    for index, name in enumerate(SHAPE_CLASSES):
        mine = labels == index
        distance_px = DISTANCES[name](x[mine], y[mine]) * radius[mine] * (SIZE_PX / 2)
        mask[mine] = (0.5 - distance_px).clamp_(0, 1)
    return mask


def _choose_colours(n_images: int, random: torch.Generator) -> tuple[Tensor, Tensor]:
    """Ground and shape colours (N, 3, 1, 1), 0..1, at least MIN_CONTRAST apart: too close a pair is swung apart."""
    ground, colour = (torch.rand(n_images, 3, 1, 1, generator=random) for _ in range(2))
    too_close = (ground - colour).abs().mean(1, keepdim=True) < MIN_CONTRAST
    return ground, torch.where(too_close, (ground + 0.5) % 1, colour)


def _texture(colour: Tensor, random: torch.Generator) -> Tensor:
    """Lay soft stripes of a random direction, width and strength over a colour: (N, 3, 32, 32)."""
    n_images = len(colour)
    angle = _uniform(n_images, 0, math.pi, random)
    waves = _uniform(n_images, 1, 8, random)
    phase = _uniform(n_images, 0, 2 * math.pi, random)
    strength = _uniform(n_images, 0, 0.12, random)
    x, y = _pixel_grid()
    stripes = torch.sin((x * angle.cos() + y * angle.sin()) * waves + phase)
    return colour + strength * stripes
