import errno
import os

import pytest

from lab.errors import LabError
from lab.training.history import (
    EpochRow,
    History,
    HistoryWriter,
    LrChange,
    StepRow,
    read_history,
    thin_out,
)


def step_rows(n_steps):
    return [StepRow(step, 1 + step // 10, 1.0 / step, 0.1, 0.5) for step in range(1, n_steps + 1)]


def epoch_row(epoch):
    return EpochRow(epoch, 10 * epoch, 1.0, 0.5, 1.1, 0.4, 1000.0, 0.1, 2.0)


def test_what_was_written_is_read_back(tmp_path):
    writer = HistoryWriter(tmp_path)
    writer.add_steps(step_rows(3))
    writer.add_epoch(epoch_row(1))
    writer.add_lr_change(LrChange(2, 0.01))
    expected = History(tuple(step_rows(3)), (epoch_row(1),), (LrChange(2, 0.01),), 0)
    assert read_history(tmp_path) == expected


def test_a_run_without_history_has_empty_curves(tmp_path):
    assert read_history(tmp_path) == History()


def test_a_half_written_last_line_is_left_out_and_cut_off_by_the_next_writer(tmp_path):
    HistoryWriter(tmp_path).add_steps(step_rows(2))
    path = tmp_path / "steps.jsonl"
    path.write_bytes(path.read_bytes() + b'{"step": 3, "epo')
    assert read_history(tmp_path).steps == tuple(step_rows(2))
    HistoryWriter(tmp_path).add_steps(step_rows(3)[2:])
    history = read_history(tmp_path)
    assert history.steps == tuple(step_rows(3))
    assert history.n_damaged_lines == 0


@pytest.mark.parametrize(
    "bad_line", [b"\xff\xfe", b"[1]", b'{"step": 1}', b'{"step": "x", "epoch": 1, "loss": 1, "lr": 1, "accuracy": 1}']
)
def test_a_damaged_line_in_the_middle_is_counted_and_left_out(tmp_path, bad_line):
    HistoryWriter(tmp_path).add_steps(step_rows(2))
    path = tmp_path / "steps.jsonl"
    first, second, _ = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([first, bad_line, second, b""]))
    history = read_history(tmp_path)
    assert history.steps == tuple(step_rows(2))
    assert history.n_damaged_lines == 1


def test_going_back_to_a_checkpoint_forgets_what_came_after_it_except_hand_set_rates(tmp_path):
    writer = HistoryWriter(tmp_path)
    writer.add_steps(step_rows(30))
    writer.add_epoch(epoch_row(1))
    writer.add_epoch(epoch_row(2))
    writer.add_lr_change(LrChange(25, 0.01))
    writer.go_back_to(step=12, epoch=1)
    history = read_history(tmp_path)
    assert history.steps == tuple(step_rows(12))
    assert history.epochs == (epoch_row(1),)
    assert history.lr_changes == (LrChange(25, 0.01),)


@pytest.mark.parametrize("n_rows", [0, 1, 199, 200, 201, 4000])
def test_thinning_keeps_the_last_step_the_mean_and_the_limit(n_rows):
    rows = step_rows(n_rows)
    thin = thin_out(rows, 200)
    assert len(thin) <= 200
    assert [row.step for row in thin][-1:] == [row.step for row in rows][-1:]
    if n_rows == 4000:
        assert sum(row.loss for row in thin) / len(thin) == pytest.approx(sum(row.loss for row in rows) / n_rows)


def test_a_full_disk_while_appending_is_one_sentence_and_keeps_what_was_there(tmp_path, monkeypatch):
    writer = HistoryWriter(tmp_path)
    writer.add_steps(step_rows(2))

    def no_space(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(LabError, match=r"^steps\.jsonl: there is no space left on the disk"):
        writer.add_lr_change(LrChange(2, 0.1))
    assert read_history(tmp_path).steps == tuple(step_rows(2))


def test_a_loss_that_is_not_a_number_is_never_written(tmp_path):
    with pytest.raises(ValueError, match="JSON"):
        HistoryWriter(tmp_path).add_steps([StepRow(1, 1, float("nan"), 0.1, 0.0)])
    assert read_history(tmp_path) == History()
