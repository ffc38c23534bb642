from __future__ import annotations

import itertools
import json
from dataclasses import asdict
from pathlib import Path

import pytest

from lab.training.history import EpochRow
from lab.training.run_folder import Run
from pages.ui.run_files import LEAST_INTERVAL_S, history_of, interval_s


def add_epoch(folder: Path, epoch: int) -> None:
    row = EpochRow(epoch, 10 * epoch, 1.0, 0.5, 1.0, 0.5, 100.0, 0.1, 1.0)
    with (folder / "epochs.jsonl").open("a") as file:
        file.write(json.dumps(asdict(row)) + "\n")


def test_a_row_that_a_worker_adds_is_seen_at_the_next_look(tmp_path: Path) -> None:
    run = Run("some-run", tmp_path)
    add_epoch(tmp_path, 1)
    assert [row.epoch for row in history_of(run).epochs] == [1]
    add_epoch(tmp_path, 2)
    assert [row.epoch for row in history_of(run).epochs] == [1, 2]


def test_what_has_not_changed_is_read_once(tmp_path: Path) -> None:
    run = Run("some-run", tmp_path)
    add_epoch(tmp_path, 1)
    assert history_of(run) is history_of(run)


@pytest.mark.parametrize("n_sessions", [1, 5, 15])
def test_a_few_visitors_look_every_second(n_sessions: int) -> None:
    assert interval_s(n_sessions) == LEAST_INTERVAL_S


def test_more_visitors_never_look_more_often() -> None:
    intervals = [interval_s(n) for n in range(1, 200)]
    assert all(later >= earlier for earlier, later in itertools.pairwise(intervals))
    assert interval_s(30) == pytest.approx(2.0), "thirty sessions every two seconds is what was measured to hold"
