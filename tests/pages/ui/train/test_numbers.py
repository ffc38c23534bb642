from __future__ import annotations

from dataclasses import replace

import pytest

from lab.network.presets import preset
from lab.training.history import EpochRow, History, LrChange
from lab.training.recipe import TrainSpec
from lab.training.run_status import RunStatus
from pages.ui.train.numbers import Number, numbers

SPEC = TrainSpec(network=preset("softmax_regression"), epochs=5, lr=0.08)
HISTORY = History(
    epochs=(
        EpochRow(0, 0, None, None, 2.3, 0.1, None, 0.1, 0.5),
        EpochRow(1, 100, 1.5, 0.35, 1.2, 0.61, 800.0, 0.2, 2.0),
        EpochRow(2, 200, 1.4, 0.45, 1.3, 0.58, 900.0, 0.2, 2.0),
    ),
)
RUNNING = RunStatus("running", epoch=3, n_epochs=5, step=250, n_steps=500, images_per_s=1000.4, lr=0.0784313)


def number(label: str, status: RunStatus = RUNNING, history: History = HISTORY) -> Number:
    return next(one for one in numbers(status, history, SPEC) if one.label == label)


def test_last_and_best_accuracy_are_two_numbers_with_names() -> None:
    assert number("Last test accuracy").value == "58.0 %"
    assert number("Best test accuracy").value == "61.0 %"


def test_training_time_counts_within_an_epoch() -> None:
    assert number("Training time", replace(RUNNING, time_s=7.2)).value == "7 s"
    assert number("Training time", replace(RUNNING, time_s=1.0)).value == "4 s", "never less than the finished epochs"


def test_a_paused_run_has_no_speed_and_a_finished_one_that_of_its_last_epoch() -> None:
    assert number("Images per second").value == "1,000"
    assert number("Images per second", replace(RUNNING, status="paused", images_per_s=0.0)).value == "–"
    assert number("Images per second", replace(RUNNING, status="done", images_per_s=0.0)).value == "900"


def test_the_learning_rate_has_three_digits() -> None:
    assert number("Learning rate") == Number("Learning rate", "0.0784", "Of the latest step.")


@pytest.mark.parametrize(
    ("status", "changes", "note", "hint"),
    [
        (replace(RUNNING, step=20), (), "warm-up", "raises it to 0.08"),
        (replace(RUNNING, step=500, lr=0.0, status="done"), (), "end of the schedule", "to 0 at the last step"),
        (RUNNING, (LrChange(240, 0.001),), "set by hand", "set by hand"),
        (RUNNING, (LrChange(240, 0.001), LrChange(245, None)), "", "Of the latest step."),
    ],
)
def test_what_would_puzzle_has_a_note(status: RunStatus, changes: tuple[LrChange, ...], note: str, hint: str) -> None:
    shown = number("Learning rate", status, replace(HISTORY, lr_changes=changes))
    assert shown.note == note
    assert hint in shown.hint


def test_before_the_first_epoch_nothing_is_claimed() -> None:
    values = [one.value for one in numbers(RunStatus("queued"), History(), SPEC)]
    assert values == ["–"] * 6
