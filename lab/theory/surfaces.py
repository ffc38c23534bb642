"""Losses of two numbers, written with torch, so that autograd gives their gradients."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import torch
import torch.nn.functional as F
from torch import Tensor

from lab.theory.surface_names import SURFACES, SurfaceName

# Hours of study less their mean, and passed (1) or not (0): made up, with overlap, so that a best fit exists.
HOURS = torch.tensor(
    [-2.4, -2.1, -1.8, -1.4, -1.2, -0.9, -0.6, -0.3, 0.2, 0.4, 0.8, 1.1, 1.5, 1.9, 2.2, 2.6], dtype=torch.float64
)
PASSED = torch.tensor([0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1, 1, 1, 1, 1, 1], dtype=torch.float64)
N_EXAMPLES = len(HOURS)
# Of a grid: with 16 examples a place, so many rows still fit into a core's cache, which is five times as fast.
ROWS_AT_ONCE = 8


def surface_loss(name: SurfaceName, points: Tensor, rows: Tensor | None = None) -> Tensor:
    """Give the loss at points.

    Args:
        name: which surface.
        points: (…, 2) float64.
        rows: int64 indices of the examples to take, for the surfaces that have data; ``None`` takes all.

    Returns:
        (…).

    Source:
        Rosenbrock, "An automatic method for finding the greatest or least value of a function" (1960); Beale's function
        as in Moré, Garbow & Hillstrom, "Testing Unconstrained Optimization Software" (1981), problem 5.

    Examples:
        >>> float(surface_loss("rosenbrock", torch.tensor([-1.2, 1.0], dtype=torch.float64)))
        24.199999999999996
    """
    x, y = points[..., 0], points[..., 1]
    if name in _OF_DATA:
        hours, passed = (HOURS, PASSED) if rows is None else (HOURS[rows], PASSED[rows])
        logits = x[..., None] * hours + y[..., None]
        return _OF_DATA[name](logits, passed.expand_as(logits)).mean(dim=-1)
    return _OF_NUMBERS[name](x, y)


def surface_gradient(name: SurfaceName, point: tuple[float, float]) -> tuple[float, float]:
    """Give the slope at one point in both directions, by autograd."""
    place = torch.tensor(point, dtype=torch.float64, requires_grad=True)
    (slope,) = torch.autograd.grad(surface_loss(name, place), place)
    return float(slope[0]), float(slope[1])


def curvatures(name: SurfaceName, point: tuple[float, float]) -> tuple[float, float]:
    """Give the smallest and the largest curvature at a point; as :func:`all_curvatures`.

    Examples:
        >>> curvatures("valley", (1.0, 1.0))
        (1.0, 30.0)
    """
    return all_curvatures(name, (point,))[point]


@lru_cache(maxsize=64)
def all_curvatures(
    name: SurfaceName, points: tuple[tuple[float, float], ...]
) -> Mapping[tuple[float, float], tuple[float, float]]:
    """Give the smallest and the largest curvature at each point: the eigenvalues of the Hessian, by autograd.

    Plain gradient descent on a bowl of largest curvature c comes to rest only for a learning rate below 2 / c.

    Source:
        Goodfellow, Bengio, Courville, "Deep Learning" (2016), section 4.3.1.
    """
    places = torch.tensor(points, dtype=torch.float64, requires_grad=True)
    # A point's loss depends on that point alone, so the sum over all points has each one's own slopes.
    (slopes,) = torch.autograd.grad(surface_loss(name, places).sum(), places, create_graph=True)
    rows = [torch.autograd.grad(slope.sum(), places, retain_graph=True)[0] for slope in slopes.unbind(dim=-1)]
    found = torch.linalg.eigvalsh(torch.stack(rows, dim=-2)).tolist()
    return {point: (low, high) for point, (low, high) in zip(points, found, strict=True)}


@lru_cache(maxsize=16)
def surface_grid(name: SurfaceName, width: int, height: int) -> Tensor:
    """Give the loss over the shown range, (height, width), largest y in the first row; shared, so never change it."""
    row = SURFACES[name]
    xs = torch.linspace(*row.x_range, width, dtype=torch.float64)
    ys = torch.linspace(row.y_range[1], row.y_range[0], height, dtype=torch.float64)
    grid_y, grid_x = torch.meshgrid(ys, xs, indexing="ij")
    places = torch.stack((grid_x, grid_y), dim=-1)
    with torch.no_grad():
        return torch.cat([surface_loss(name, rows) for rows in torch.split(places, ROWS_AT_ONCE)])


def _bowl(x: Tensor, y: Tensor) -> Tensor:
    return (x**2 + y**2) / 2


def _valley(x: Tensor, y: Tensor) -> Tensor:
    return (x**2 + 30 * y**2) / 2


def _saddle(x: Tensor, y: Tensor) -> Tensor:
    return x**2 / 2 - y**2 / 2 + y**4 / 16


def _rosenbrock(x: Tensor, y: Tensor) -> Tensor:
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def _beale(x: Tensor, y: Tensor) -> Tensor:
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


def _cross_entropy(logits: Tensor, passed: Tensor) -> Tensor:
    return F.binary_cross_entropy_with_logits(logits, passed, reduction="none")


def _squared_error(logits: Tensor, passed: Tensor) -> Tensor:
    return F.mse_loss(logits.sigmoid(), passed, reduction="none")


_OF_NUMBERS: dict[SurfaceName, Callable[[Tensor, Tensor], Tensor]] = {
    "bowl": _bowl,
    "valley": _valley,
    "saddle": _saddle,
    "rosenbrock": _rosenbrock,
    "beale": _beale,
}
_OF_DATA: dict[SurfaceName, Callable[[Tensor, Tensor], Tensor]] = {
    "logistic": _cross_entropy,
    "neuron": _squared_error,
}
