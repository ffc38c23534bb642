"""What an activation does to a layer's values: where they lie before and after, and how many no longer learn.

Learning reaches the weights before an activation only through its slope. So three things are counted:

- a **flat value**: the slope at it is below ``FLAT`` in size, so that a change of 1 before it moves it by less than
  0.05 after it;
- a **saturated unit**: at least nine in ten of its values are flat, but it is not dead;
- a **dead unit**: the slope is exactly 0 at every one of its values, so that nothing before it can learn from these
  pictures.

A unit is a channel of a map (all its positions in all pictures), or one number of a vector (in all pictures).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from lab.theory.activations import is_over_channels, values_and_slopes

FLAT = 0.05
MOSTLY = 0.9
N_BINS = 40


@dataclass(frozen=True)
class Histogram:
    """How many values fall into each of some equal parts of a range; the first and last part take what lies outside.

    Attributes:
        low, high: the range.
        shares: of all values, one each part, adding up to 1.
    """

    low: float
    high: float
    shares: tuple[float, ...]


@dataclass(frozen=True)
class Health:
    """Shares between 0 and 1: flat of the values, saturated and dead of the units."""

    flat: float
    saturated: float
    dead: float


@dataclass(frozen=True)
class Effect:
    """A layer's values before or after an activation.

    Attributes:
        histogram: where they lie.
        mean, std: of all values.
        zero_share: how many are exactly 0.
        health: ``None`` for values that no activation has seen, and for one over channels, whose slope is no number.
    """

    histogram: Histogram
    mean: float
    std: float
    zero_share: float
    health: Health | None = None


def histogram(values: Tensor, low: float, high: float, n_bins: int = N_BINS) -> Histogram:
    """Count values into equal parts.

    Examples:
        >>> histogram(torch.tensor([0.1, 0.2, 0.9, 5.0]), 0.0, 1.0, n_bins=2).shares
        (0.5, 0.5)
    """
    counts = torch.histc(values.flatten().clamp(low, high), bins=n_bins, min=low, max=high)
    shares = counts / max(values.numel(), 1)
    return Histogram(low, high, tuple(shares.tolist()))


def health(slopes: Tensor) -> Health:
    """Count flat values, and saturated and dead units, from the slope at each value.

    Args:
        slopes: (N, C, ...): pictures, units, positions.

    Examples:
        >>> health(torch.tensor([[0.0, 1.0, 0.01], [0.0, 1.0, 0.0]]))
        Health(flat=0.6666666865348816, saturated=0.3333333432674408, dead=0.3333333432674408)
    """
    by_unit = slopes.transpose(0, 1).flatten(start_dim=1)
    flat = by_unit.abs() < FLAT
    dead = (by_unit == 0).all(dim=1)
    saturated = (flat.float().mean(dim=1) >= MOSTLY) & ~dead
    return Health(*(share.float().mean().item() for share in (flat, saturated, dead)))


def describe_values(values: Tensor, low: float, high: float) -> Effect:
    """Describe values as they are, such as those that reach an activation."""
    return Effect(
        histogram(values, low, high),
        values.mean().item(),
        values.std(correction=0).item(),
        (values == 0).float().mean().item(),
    )


def apply_to_values(module: nn.Module, values: Tensor) -> tuple[Tensor, Health | None]:
    """Send a layer's values through an activation.

    Args:
        module: an activation of ``torch.nn`` in evaluation mode; one over channels must have ``dim=1``.
        values: (N, C, ...), float32.

    Returns:
        What leaves it, and how many values and units it stops from learning.
    """
    if is_over_channels(module):
        with torch.no_grad():
            mixed: Tensor = module(values)
        return mixed, None
    after, slopes = values_and_slopes(module, values)
    return after, health(slopes)


def activation_effect(module: nn.Module, values: Tensor, low: float, high: float) -> Effect:
    """Describe what leaves an activation; the histogram is over ``low`` to ``high``."""
    after, counted = apply_to_values(module, values)
    plain = describe_values(after, low, high)
    return Effect(plain.histogram, plain.mean, plain.std, plain.zero_share, counted)
