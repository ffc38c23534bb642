from __future__ import annotations

from dataclasses import replace

import pytest

from lab.training.history import EpochRow, History, StepRow
from pages.ui.curves import chart_rows
from pages.ui.train.figures import accuracy_curves, class_bars, loss_curves, lr_curve

HISTORY = History(
    steps=(StepRow(5, 1, 2.0, 0.1, 0.2), StepRow(10, 1, 1.0, 0.2, 0.5)),
    epochs=(
        EpochRow(0, 0, None, None, 2.3, 0.1, None, 0.1, 0.5),
        EpochRow(1, 10, 1.5, 0.35, 1.2, 0.6, 800.0, 0.2, 2.0),
    ),
)


def test_batches_stand_at_their_share_of_an_epoch() -> None:
    batches, _, _ = loss_curves(HISTORY, 10, "light")
    assert batches.points == ((0.5, 2.0), (1.0, 1.0))


def test_a_mean_over_an_epoch_stands_at_its_middle_and_a_test_at_its_end() -> None:
    _, train, test = loss_curves(HISTORY, 10, "light")
    assert train.points == ((0.5, 1.5),)
    assert test.points == ((0.0, 2.3), (1.0, 1.2))


def test_a_loss_cut_at_the_upper_edge_is_told_uncut_at_its_end() -> None:
    last = replace(HISTORY.epochs[1], test_loss=1e6)
    curves = loss_curves(History(HISTORY.steps, (HISTORY.epochs[0], last)), 10, "light")
    assert curves[2].points[-1] == (1.0, pytest.approx(4 * 2.3))
    labels = [row["text"] for row in chart_rows(curves) if row["text"]]
    assert labels == ["train 1.5", "test 1e+06"]


def test_accuracy_and_learning_rate_come_from_their_own_columns() -> None:
    assert accuracy_curves(HISTORY, 10, "light")[2].points == ((0.0, 0.1), (1.0, 0.6))
    assert lr_curve(HISTORY, 10, "light")[0].points == ((0.5, 0.1), (1.0, 0.2))


def test_train_and_test_differ_in_dash_and_colour() -> None:
    _, train, test = loss_curves(HISTORY, 10, "dark")
    assert train.dash != test.dash
    assert train.colour != test.colour


def test_class_bars_put_the_hardest_class_first() -> None:
    rows, spec = class_bars(["Bag", "Shirt"], ((9, 1), (4, 6)), "light")
    assert [row["class"] for row in rows] == ["Shirt", "Bag"]
    assert rows[0]["text"] == "60.0 %, 6 of 10"
    assert spec["encoding"]["y"]["sort"] == ["Shirt", "Bag"]


def test_a_class_without_test_images_is_a_bar_of_nothing() -> None:
    rows, _ = class_bars(["Bag", "Shirt"], ((0, 0), (0, 3)), "light")
    assert rows[0]["share"] == pytest.approx(0.0)
