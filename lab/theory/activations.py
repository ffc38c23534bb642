"""An activation as a curve: its values, its slope, its corners, all from the ``torch.nn`` module itself.

No formula of an activation is typed here: values come from the module, slopes from autograd. Modules that look at all
channels together (softmax and its kin, GLU) are no function of one number; their curve is that of the first of two
channels while the other is held.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

OVER_CHANNELS = (nn.Softmax, nn.Softmin, nn.LogSoftmax, nn.GLU)
# How far beside a corner its two sides are looked at: far above float64's rounding, far below what a screen shows.
BESIDE = 1e-7
# Two sides that differ by less are one: a curved side moves by about its bend times BESIDE.
SAME = 1e-5
# Slopes within this share of the steepest count as as steep; the sigmoid's top is that flat over 0.1 of its inputs.
SHARP = 1e-4


@dataclass(frozen=True)
class Curve:
    """An activation along a line of inputs.

    Attributes:
        x: inputs, ascending.
        y: the module's values.
        slope: its derivative by autograd; at a corner the value that PyTorch takes.
    """

    x: tuple[float, ...]
    y: tuple[float, ...]
    slope: tuple[float, ...]


@dataclass(frozen=True)
class Tangent:
    """One point of the curve and the straight line through it: ``y + slope · (x' − x)``."""

    x: float
    y: float
    slope: float

    @property
    def intercept(self) -> float:
        """Where the line crosses x' = 0."""
        return self.y - self.slope * self.x


@dataclass(frozen=True)
class Corner:
    """A place where the curve has two slopes, or jumps.

    Attributes:
        x: where.
        left, right: the slopes just beside it.
        used: the slope that PyTorch takes at the place itself, and so trains with.
        jump: how far the value leaps from left to right; 0 at a corner.
    """

    x: float
    left: float
    right: float
    used: float
    jump: float


@dataclass(frozen=True)
class Extremes:
    """The dip and the steepest slope (by size) of a curve within a range.

    Attributes:
        lowest, lowest_at: the smallest value and where, if inside; ``None`` where the curve is lowest at an end.
        steepest: the slope of the largest size.
        steepest_at: where, if that is one place; ``None`` where the curve is as steep over a stretch.
    """

    lowest: float | None
    lowest_at: float | None
    steepest: float
    steepest_at: float | None


def is_over_channels(module: nn.Module) -> bool:
    """Whether a module's output at one place depends on more than the number at that place."""
    return isinstance(module, OVER_CHANNELS)


def values(module: nn.Module, x: Tensor, *, other: float = 0.0) -> Tensor:
    """Apply a module to a line of numbers.

    Args:
        module: an activation of ``torch.nn`` in evaluation mode; one over channels must have ``dim=1``.
        x: (N,), of the module's own dtype where it has parameters.
        other: what the second channel is held at, for a module over channels.

    Returns:
        (N,), the values; of the first channel for a module over channels.

    Examples:
        >>> values(nn.Softmax(dim=1), torch.tensor([0.0]), other=0.0)
        tensor([0.5000])
    """
    if not is_over_channels(module):
        result: Tensor = module(x)
        return result
    pairs = torch.stack([x, torch.full_like(x, other)], dim=1)
    first: Tensor = module(pairs)[:, 0]
    return first


def values_and_slopes(module: nn.Module, x: Tensor, *, other: float = 0.0) -> tuple[Tensor, Tensor]:
    """The same with each value's derivative by its own input, by autograd; both (N,) and free of the graph."""
    with torch.enable_grad():
        leaf = x.detach().clone().requires_grad_()
        y = values(module, leaf, other=other)
        (slope,) = torch.autograd.grad(y.sum(), leaf)
    return y.detach(), slope


def trace_curve(module: nn.Module, low: float, high: float, *, n_points: int = 161, other: float = 0.0) -> Curve:
    """Sample an activation and its derivative at even distances.

    Args:
        module: as in :func:`values`, float64.
        low, high: first and last input.
        n_points: at least 2.
        other: as in :func:`values`.

    Examples:
        >>> trace_curve(nn.ReLU(), -1.0, 1.0, n_points=3)
        Curve(x=(-1.0, 0.0, 1.0), y=(0.0, 0.0, 1.0), slope=(0.0, 0.0, 1.0))
    """
    x = torch.linspace(low, high, n_points, dtype=torch.float64)
    y, slope = values_and_slopes(module, x, other=other)
    return Curve(tuple(x.tolist()), tuple(y.tolist()), tuple(slope.tolist()))


def tangent(module: nn.Module, x: float, *, other: float = 0.0) -> Tangent:
    """Touch the curve at one input.

    Examples:
        >>> tangent(nn.Sigmoid(), 0.0)
        Tangent(x=0.0, y=0.5, slope=0.25)
    """
    y, slope = values_and_slopes(module, torch.tensor([x], dtype=torch.float64), other=other)
    return Tangent(x, y.item(), slope.item())


def find_corners(module: nn.Module, places: tuple[float, ...]) -> tuple[Corner, ...]:
    """Ask torch which of some places are corners or jumps, and which slope it takes there.

    Args:
        module: element by element, float64.
        places: where the formula may have one (``activation_formulas.corners``).

    Examples:
        >>> find_corners(nn.ReLU(), (0.0,))
        (Corner(x=0.0, left=0.0, right=1.0, used=0.0, jump=0.0),)
        >>> find_corners(nn.CELU(), (0.0,))
        ()
    """
    found = (_look_beside(module, place) for place in places)
    return tuple(corner for corner in found if abs(corner.left - corner.right) > SAME or corner.jump)


def beside(module: nn.Module, place: float) -> tuple[float, float, float]:
    """The values just to the left of a place, at it and just to the right of it.

    Examples:
        >>> [round(value, 4) for value in beside(nn.Hardshrink(0.5), 0.5)]
        [0.0, 0.0, 0.5]
    """
    left, here, right = values(module, _around(place)).tolist()
    return left, here, right


def _around(place: float) -> Tensor:
    return torch.tensor([place - BESIDE, place, place + BESIDE], dtype=torch.float64)


def _look_beside(module: nn.Module, place: float) -> Corner:
    y, slope = (part.tolist() for part in values_and_slopes(module, _around(place)))
    leap = y[2] - y[0]
    return Corner(place, slope[0], slope[2], slope[1], leap if abs(leap) > SAME else 0.0)


def find_extremes(module: nn.Module, low: float, high: float, *, other: float = 0.0, n_points: int = 4001) -> Extremes:
    """Find the smallest value and the steepest slope between two inputs, to the resolution of ``n_points``.

    Examples:
        >>> found = find_extremes(nn.GELU(), -6.0, 6.0)
        >>> round(found.lowest, 3), round(found.lowest_at, 2), round(found.steepest, 3)
        (-0.17, -0.75, 1.129)
    """
    x = torch.linspace(low, high, n_points, dtype=torch.float64)
    y, slope = values_and_slopes(module, x, other=other)
    least, size = int(y.argmin()), slope.abs()
    steepest = int(size.argmax())
    has_dip = y[least] < torch.minimum(y[0], y[-1]) - SAME
    is_one_place = int((size > size[steepest] * (1 - SHARP)).sum()) <= n_points // 50
    return Extremes(
        lowest=y[least].item() if has_dip else None,
        lowest_at=x[least].item() if has_dip else None,
        steepest=slope[steepest].item(),
        steepest_at=x[steepest].item() if is_one_place else None,
    )
