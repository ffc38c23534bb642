"""The shift measurement against an independent loop in plain Python."""

from __future__ import annotations

import math
import random

import pytest
import torch

from lab.theory.pool_window import PoolKind, PoolSpec, nearest_possible
from lab.theory.pooling import gain, pool
from lab.theory.shift import Compare, measure_shift, shifted


def slow_change(picture: torch.Tensor, spec: PoolSpec, shift: int, compare: Compare) -> float:
    """One point of the curve, number by number; pooling itself is torch's."""
    channels, width = picture.shape[0], picture.shape[2]
    moved = torch.zeros_like(picture)
    for x in range(width):
        moved[:, :, (x + shift) % width] = picture[:, :, x]
    before, after = ((pool(one[None], spec)[0] / gain(spec)).tolist() for one in (picture, moved))
    n_out = len(before[0][0])
    step = spec.stride[1] if spec.kind.slides else width / n_out
    places = min(round(shift / step), n_out - 1) if compare == "moved_along" else 0
    squares = [
        (after[c][y][x + places] - before[c][y][x]) ** 2
        for c in range(channels)
        for y in range(len(before[0]))
        for x in range(n_out - places)
    ]
    mean = sum(picture.flatten().tolist()) / picture.numel()
    contrast = math.sqrt(sum((value - mean) ** 2 for value in picture.flatten().tolist()) / picture.numel())
    return math.sqrt(sum(squares) / len(squares)) / contrast


def test_the_curve_is_the_slow_loops_in_500_random_settings() -> None:
    for seed in range(500):
        chance = random.Random(seed)
        size = (chance.randint(2, 6), chance.randint(2, 9))
        kernel = chance.randint(1, 4)
        spec = nearest_possible(
            PoolSpec(
                kind=chance.choice(tuple(PoolKind)),
                kernel_size=(kernel, kernel),
                stride=(chance.randint(1, 3), chance.randint(1, 4)),
                padding=(kernel // 2, 0),
                ceil_mode=chance.random() < 0.5,
                norm_type=chance.randint(1, 4),
                output_size=(2, chance.randint(1, 5)),
                weights=chance.choice(("mean", "first", "blur")),
            ),
            size,
        )
        picture = torch.rand(1, *size, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
        compare: Compare = chance.choice(("in_place", "moved_along"))
        shift = chance.randint(0, 6)
        (found,) = measure_shift(picture, spec, [shift], compare=compare).changes
        assert found == pytest.approx(slow_change(picture, spec, shift, compare), abs=1e-9), (seed, spec, shift)


def test_what_leaves_on_the_right_comes_in_on_the_left() -> None:
    assert shifted(torch.arange(5), 2).tolist() == [3, 4, 0, 1, 2]


def test_no_shift_changes_nothing() -> None:
    picture = torch.rand(3, 12, 12)
    for kind in PoolKind:
        assert measure_shift(picture, PoolSpec(kind=kind), [0]).changes == (0.0,)


def test_global_pooling_does_not_see_the_shift() -> None:
    picture = torch.rand(1, 8, 8, dtype=torch.float64)
    for kind in ("global_average", "global_max"):
        assert max(measure_shift(picture, PoolSpec(kind=kind), range(9)).changes) < 1e-12


def test_after_a_whole_stride_the_output_has_only_moved() -> None:
    picture = torch.rand(1, 12, 12, dtype=torch.float64)
    curve = measure_shift(picture, PoolSpec(kernel_size=(3, 3), stride=(3, 3)), range(7), compare="moved_along")
    assert [change < 1e-12 for change in curve.changes] == [True, False, False, True, False, False, True]


def test_a_dot_that_stays_in_its_window_leaves_max_pooling_unmoved() -> None:
    picture = torch.zeros(1, 8, 8)
    picture[0, 3, 4] = 9.0  # the left column of its 2×2 window
    assert measure_shift(picture, PoolSpec(), [1]).changes == (0.0,)
    assert measure_shift(picture, PoolSpec(), [2]).changes[0] > 0


def test_without_pooling_the_picture_itself_is_measured() -> None:
    stripes = torch.tensor([[[1.0, -1.0, 1.0, -1.0]]])
    curve = measure_shift(stripes, None, [1, 2])
    assert curve.changes == (2.0, 0.0)  # every number goes from +1 to −1: twice the contrast of 1
    assert curve.shifts_px == (1, 2)


def test_a_flat_picture_does_not_change() -> None:
    assert measure_shift(torch.ones(1, 4, 4), PoolSpec(), range(4)).mean == 0.0
