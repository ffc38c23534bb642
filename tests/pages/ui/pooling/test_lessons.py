"""What the experiments promise is what comes out."""

from __future__ import annotations

import pytest
import torch

from lab.theory.pool_window import PoolKind
from lab.theory.pooling import pool, take_apart
from lab.theory.shift import ShiftCurve, measure_shift
from pages.ui.photo import sample
from pages.ui.pooling.lessons import NUMBERS_EXPERIMENTS, SHIFT_EXPERIMENTS
from pages.ui.pooling.maps import numbers
from pages.ui.pooling.shift_stage import MEASURED, _picture_of
from pages.ui.pooling.state import PoolingState, ShiftState


def numbers_of(i: int) -> tuple[PoolingState, torch.Tensor]:
    chosen = PoolingState(**NUMBERS_EXPERIMENTS[i].values)
    return chosen, torch.tensor(numbers(chosen, sample("cat")))


def curves(i: int, shifts: range) -> dict[PoolKind, ShiftCurve]:
    chosen = ShiftState(**SHIFT_EXPERIMENTS[i].values)
    _, picture = _picture_of(chosen.picture, sample("cat"))
    return {kind: measure_shift(picture, chosen.spec(kind), shifts, compare=chosen.compare) for kind in MEASURED}


def test_three_of_four_numbers_have_no_say() -> None:
    chosen, grid = numbers_of(0)
    detail = take_apart(grid, chosen.spec)
    assert detail.lost.share_lost == 0.75
    assert int((detail.gradient == 0).sum()) == 27


def test_the_convolution_with_equal_weights_is_average_pooling() -> None:
    chosen, grid = numbers_of(1)
    average = chosen.spec.model_copy(update={"kind": PoolKind.AVERAGE})
    torch.testing.assert_close(pool(grid[None, None], chosen.spec), pool(grid[None, None], average))


def test_the_third_window_is_dropped_with_padding_and_there_is_none_without() -> None:
    chosen, grid = numbers_of(2)
    detail = take_apart(grid, chosen.spec)
    assert detail.output.shape == (2, 2)
    assert detail.rows.dropped is not None
    assert detail.rows.dropped.in_padding
    assert chosen.model_copy(update={"padding": 0}).spec.output_shape((3, 3)) == (2, 2)


def test_on_the_photo_the_average_changes_less_than_half_as_much_as_the_maximum() -> None:
    at = {kind: curve.changes[1] for kind, curve in curves(0, range(2)).items()}
    assert at[PoolKind.AVERAGE] < at[PoolKind.MAX] / 2
    assert max(at, key=lambda kind: at[kind]) is PoolKind.CONVOLUTION


def test_the_dot_stays_for_seven_pixels_and_jumps_with_the_eighth() -> None:
    changes = curves(1, range(9))[PoolKind.MAX].changes
    assert changes[:8] == (0.0,) * 8
    assert changes[8] > 0


def test_only_after_a_whole_stride_the_output_has_moved_along() -> None:
    changes = curves(2, range(17))[PoolKind.MAX].changes
    assert [i for i, change in enumerate(changes) if change == pytest.approx(0)] == [0, 8, 16]


@pytest.mark.parametrize(
    ("model", "experiments"), [(PoolingState, NUMBERS_EXPERIMENTS), (ShiftState, SHIFT_EXPERIMENTS)]
)
def test_every_experiment_is_a_setting_that_the_page_takes(model: type, experiments: tuple) -> None:
    assert len(experiments) == 3
    for one in experiments:
        model(**one.values)
