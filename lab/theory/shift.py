"""How much a pooling's output changes when the picture moves, measured.

The picture moves to the right around a ring: what leaves on one side comes in on the other, so nothing but the
position changes. Two questions are asked of the output:

- **in place**: do the numbers stay what they were? (*invariance*, what pooling is said to give)
- **moved along**: are they the same numbers, moved by ``shift / stride`` positions? (*equivariance*)

Source: Zhang, "Making Convolutional Networks Shift-Invariant Again", arXiv:1904.11486, section 3.1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import torch
from torch import Tensor

from lab.theory.pool_window import PoolSpec
from lab.theory.pooling import gain, pool

Compare = Literal["in_place", "moved_along"]


def shifted(maps: Tensor, shift_px: int) -> Tensor:
    """Move maps to the right around the ring.

    Args:
        maps: (…, W).
        shift_px: pixels; negative moves to the left.

    Examples:
        >>> shifted(torch.tensor([1, 2, 3, 4]), 1).tolist()
        [4, 1, 2, 3]
    """
    return torch.roll(maps, shift_px, dims=-1)


@dataclass(frozen=True)
class ShiftCurve:
    """The change of one output for each shift.

    Args:
        shifts_px: 0, 1, … n.
        changes: root of the mean squared change, as a share of the picture's own contrast (its standard deviation);
            0 means that nothing changed.
    """

    shifts_px: tuple[int, ...]
    changes: tuple[float, ...]

    @property
    def mean(self) -> float:
        """The mean change over all shifts of at least one pixel."""
        moved = self.changes[1:]
        return sum(moved) / len(moved) if moved else 0.0


def measure_shift(
    picture: Tensor, spec: PoolSpec | None, shifts_px: Iterable[int], *, compare: Compare = "in_place"
) -> ShiftCurve:
    """Measure how much the output of a pooling changes when its input moves.

    Args:
        picture: (C, H, W), floating point.
        spec: the setting; ``None`` measures the picture itself, without any pooling.
        shifts_px: how far to move, at least 0 each.
        compare: ``in_place`` compares every number with the one at its own place before; ``moved_along`` with the one
            ``shift / stride`` places to the left, rounded to whole places, where there is one.

    Returns:
        One number a shift. Outputs are divided by :func:`lab.theory.pooling.gain`. A picture without contrast does
        not change.

    Raises:
        GeometryError: the window does not fit.
    """
    shifts = tuple(shifts_px)
    outputs = _outputs(torch.stack([shifted(picture, shift) for shift in (0, *shifts)]), spec)
    contrast = float(picture.double().std(correction=0))
    step = _step(spec, picture.shape[-1], outputs.shape[-1])
    changes = []
    for output, shift in zip(outputs[1:], shifts, strict=True):
        places = round(shift / step) if compare == "moved_along" else 0
        changes.append(_change(outputs[0], output, min(places, output.shape[-1] - 1), contrast))
    return ShiftCurve(shifts, tuple(changes))


def _outputs(batch: Tensor, spec: PoolSpec | None) -> Tensor:
    return batch if spec is None else pool(batch, spec) / gain(spec)


def _step(spec: PoolSpec | None, n_in: int, n_out: int) -> Fraction:
    """Input pixels from one output position to the next."""
    if spec is None:
        return Fraction(1)
    return Fraction(spec.stride[1]) if spec.kind.slides else Fraction(n_in, n_out)


def _change(before: Tensor, after: Tensor, places: int, contrast: float) -> float:
    if contrast == 0:
        return 0.0
    width = before.shape[-1] - places
    gap = (after[..., places:] - before[..., :width]).double()
    return float(gap.square().mean().sqrt()) / contrast
