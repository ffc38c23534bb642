"""Generated shapes: the same from the same seed, each with the area that geometry says."""

import math

import pytest
import torch

from lab.data.catalogue import SHAPE_CLASSES
from lab.data.shapes import DISTANCES, generate_shapes

STAR_AREA = 10 * 0.5 * 1.15 * 0.5 * math.sin(math.pi / 5)  # ten triangles: half of tip x notch x sin of their angle
AREAS = {
    "circle": math.pi,
    "ring": math.pi * (1 - 0.55**2),
    "square": 1.7**2,
    "cross": 2 * 2 * 0.64 - 0.64**2,
    "triangle": 3 * math.sqrt(3) / 4 * 1.1**2,
    "star": STAR_AREA,
}


@pytest.mark.parametrize("name", SHAPE_CLASSES)
def test_a_shape_covers_the_area_of_its_formula(name):
    axis = (torch.arange(1000) + 0.5) / 1000 * 3 - 1.5
    inside = DISTANCES[name](axis.view(1, -1), axis.view(-1, 1)) < 0
    assert inside.sum().item() * 0.003**2 == pytest.approx(AREAS[name], rel=0.005)


def test_same_seed_same_images_other_seed_others():
    first, again, other = (generate_shapes(60, seed=seed)[0] for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_colour_says_nothing_about_the_class():
    images, labels = generate_shapes(3000, seed=5)
    means = torch.stack([images[labels == label].float().mean((0, 2, 3)) for label in range(6)])
    assert (means - means.mean(0)).abs().max() < 10  # of 255; single images differ by 70


def test_shape_and_ground_can_be_told_apart():
    images, labels = generate_shapes(300, seed=6)
    squares = images[labels == SHAPE_CLASSES.index("square")].float()
    # A shape is at least 0.25 x 255 = 64 away from its ground on average over channels, stripes and noise take some.
    spread = squares.amax((2, 3)) - squares.amin((2, 3))
    assert spread.mean(1).min() > 50
