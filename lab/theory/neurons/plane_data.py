"""Points on a plane to learn from: drawn from a seed, and one's own.

The shapes are those of TensorFlow Playground (circle, exclusive or, two blobs, spiral; a plane and hills for
regression), with moons and two sets of three classes. Everything fits the square from −6 to 6.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import torch
from torch import Generator, Tensor

from lab.theory.neurons.plane_spec import HALF_WIDTH, PlaneSpec

RADIUS = 5.0
# A blob's spread, in the plane's units: blobs 2.5 from the middle then hardly touch without noise.
BLOB_SPREAD = 0.8
TURNS = 1.75  # of a spiral's arm, as in the Playground's dataset.ts


@dataclass(frozen=True)
class PlanePoints:
    """Points with what is to be said about them.

    Args:
        points: shape (N, 2), x1 and x2 within ±6.
        target: shape (N,); int64 classes from 0, or float32 numbers within about ±1 for a regression.
    """

    points: Tensor
    target: Tensor

    def __len__(self) -> int:
        return len(self.points)


@dataclass(frozen=True)
class PlaneData:
    """What is trained on and what is kept for testing."""

    train: PlanePoints
    test: PlanePoints


def make_data(spec: PlaneSpec) -> PlaneData:
    """Draw the points of a spec; the same ``data_seed`` gives the same points on every machine's CPU.

    Returns:
        ``round(n_points * test_share)`` test points and the others, in random order; one's own points of a
        classification come last in the training points, a regression leaves them out.

    Examples:
        >>> data = make_data(PlaneSpec(n_points=40, test_share=0.25))
        >>> len(data.train), len(data.test)
        (30, 10)
    """
    drawn = _draw(spec)
    n_test = round(len(drawn) * spec.test_share)
    test = PlanePoints(drawn.points[:n_test], drawn.target[:n_test])
    train = PlanePoints(drawn.points[n_test:], drawn.target[n_test:])
    return PlaneData(train if spec.is_regression else _with_own(train, spec), test)


def _draw(spec: PlaneSpec) -> PlanePoints:
    generator = Generator().manual_seed(spec.data_seed)
    if spec.data == "own":
        return PlanePoints(torch.empty(0, 2), torch.empty(0, dtype=torch.int64))
    points, target = _SHAPES[spec.data](spec.n_points, generator)
    if spec.is_regression:
        target = target + spec.noise * _uniform((len(target),), -1, 1, generator)
    else:
        points = points + spec.noise * RADIUS * _uniform(points.shape, -1, 1, generator)
    order = torch.randperm(len(points), generator=generator)
    return PlanePoints(points[order].clamp(-HALF_WIDTH, HALF_WIDTH), target[order])


def _with_own(train: PlanePoints, spec: PlaneSpec) -> PlanePoints:
    if not spec.points:
        return train
    own = torch.tensor([[x1, x2] for x1, x2, _ in spec.points])
    labels = torch.tensor([label for _, _, label in spec.points])
    return PlanePoints(torch.cat([train.points, own]), torch.cat([train.target, labels]))


def _uniform(shape: tuple[int, ...], low: float, high: float, generator: Generator) -> Tensor:
    return torch.rand(shape, generator=generator) * (high - low) + low


def _labels(n: int, n_classes: int) -> Tensor:
    """As many of each class as the number allows: 0, 1, 0, 1, …"""
    return torch.arange(n) % n_classes


def _at(radius: Tensor, angle: Tensor) -> Tensor:
    return torch.stack([radius * angle.cos(), radius * angle.sin()], dim=1)


def _circle(n: int, generator: Generator) -> tuple[Tensor, Tensor]:
    """Class 1 is a disc of half the radius, class 0 a ring from 0.7 of the radius to the whole."""
    labels = _labels(n, 2)
    share = torch.rand(n, generator=generator)
    radius = torch.where(labels == 1, 0.5 * share, 0.7 + 0.3 * share) * RADIUS
    return _at(radius, _uniform((n,), 0, 2 * math.pi, generator)), labels


def _xor(n: int, generator: Generator) -> tuple[Tensor, Tensor]:
    """Class 1 where x1 and x2 have the same sign; a gap of 0.3 on each side of the axes."""
    raw = _uniform((n, 2), -RADIUS + 0.3, RADIUS - 0.3, generator)
    points = raw + 0.3 * torch.where(raw < 0, -1.0, 1.0)
    return points, (points.prod(dim=1) > 0).long()


def _blobs(n: int, generator: Generator, centres: Tensor) -> tuple[Tensor, Tensor]:
    labels = _labels(n, len(centres))
    return centres[labels] + BLOB_SPREAD * torch.randn(n, 2, generator=generator), labels


def _gauss(n: int, generator: Generator) -> tuple[Tensor, Tensor]:
    """Two round blobs: class 1 at (2.5, 2.5), class 0 at (−2.5, −2.5)."""
    return _blobs(n, generator, torch.tensor([[-2.5, -2.5], [2.5, 2.5]]))


def _three_blobs(n: int, generator: Generator) -> tuple[Tensor, Tensor]:
    """Three round blobs, a third of a turn apart."""
    return _blobs(n, generator, _at(torch.full((3,), 3.2), torch.arange(3) * 2 * math.pi / 3 + math.pi / 2))


def _arms(n: int, n_arms: int) -> tuple[Tensor, Tensor]:
    labels = _labels(n, n_arms)
    along = (torch.arange(n) // n_arms + 1) / math.ceil(n / n_arms)
    angle = TURNS * 2 * math.pi * along + labels * 2 * math.pi / n_arms
    return _at(RADIUS * along, angle), labels


def _spiral(n: int, generator: Generator) -> tuple[Tensor, Tensor]:
    """Two arms, each the other one turned by half a turn."""
    return _arms(n, 2)


def _three_spirals(n: int, generator: Generator) -> tuple[Tensor, Tensor]:
    """Three arms, a third of a turn apart."""
    return _arms(n, 3)


def _moons(n: int, generator: Generator) -> tuple[Tensor, Tensor]:
    """Two half circles of radius 3 that reach into each other."""
    labels = _labels(n, 2)
    arc = _at(torch.full((n,), 3.0), _uniform((n,), 0, math.pi, generator))
    lower = labels[:, None] == 1
    turned = torch.tensor([1.5, 0.75]) - arc
    return torch.where(lower, turned, arc - torch.tensor([1.5, 0.75])), labels


def _plane(n: int, generator: Generator) -> tuple[Tensor, Tensor]:
    """The number to learn is (x1 + x2) / 10, from −1 to 1."""
    points = _uniform((n, 2), -RADIUS, RADIUS, generator)
    return points, points.sum(dim=1) / (2 * RADIUS)


# Where the hills (+1) and hollows (−1) stand, as in the Playground's dataset.ts; each is 0 from a distance of 2 on.
HILLS = torch.tensor([[-4.0, 2.5, 1], [0.0, 2.5, -1], [4.0, 2.5, 1], [-4.0, -2.5, -1], [0.0, -2.5, 1], [4.0, -2.5, -1]])


def _hills(n: int, generator: Generator) -> tuple[Tensor, Tensor]:
    """The number to learn is the height of cones: the nearest hill or hollow within 2, else 0."""
    points = _uniform((n, 2), -RADIUS, RADIUS, generator)
    # By a matrix product, the default for many points, small distances come out wrong by 0.002.
    distance = torch.cdist(points, HILLS[:, :2], compute_mode="donot_use_mm_for_euclid_dist")
    heights = HILLS[:, 2] * (1 - distance / 2).clamp(min=0)
    strongest = heights.abs().argmax(dim=1, keepdim=True)
    return points, heights.gather(1, strongest).squeeze(1)


_SHAPES: Mapping[str, Callable[[int, Generator], tuple[Tensor, Tensor]]] = MappingProxyType(
    {
        "circle": _circle,
        "xor": _xor,
        "gauss": _gauss,
        "spiral": _spiral,
        "moons": _moons,
        "three_blobs": _three_blobs,
        "three_spirals": _three_spirals,
        "plane": _plane,
        "hills": _hills,
    }
)
