import errno
import json
import os
import time
from dataclasses import asdict, replace

import pytest

from lab.errors import Code, LabError, RunError, TrainingError
from lab.training import run_status
from lab.training.history import EpochRow, HistoryWriter
from lab.training.orders import OrderBox
from lab.training.process import this_process
from lab.training.run_folder import Run, create_run, delete_run, list_runs, open_run, runs_folder
from lab.training.run_status import Marker, Pulse, write_marker, write_pulse


def pretend(run, status, *, alive=True, **pulse):
    """Make the folder look as a worker would leave it."""
    write_marker(run.path, Marker(status))
    process = this_process() if alive else replace(this_process(), started="0")
    write_pulse(run.path, Pulse(process, time.time(), **pulse))


def orders_of(run):
    return [order.name for order in OrderBox(run.path).take()]


def test_a_new_run_waits_to_be_started_and_keeps_its_recipe(tiny_run, tiny_spec, home):
    assert tiny_run.spec() == tiny_spec
    assert tiny_run.status().status == "stopped"
    assert open_run(tiny_run.id, home) == tiny_run
    assert tiny_run.home == home
    assert tiny_run.history().epochs == ()
    assert tiny_run.checkpoints() == ()
    assert tiny_run.environment() == {}
    assert tiny_run.log() == ""
    assert tiny_run.best_epoch() is None


def test_a_recipe_that_does_not_fit_makes_no_folder(tiny_spec, home):
    with pytest.raises(TrainingError):
        create_run(tiny_spec.model_copy(update={"n_train": 1_000_000}), home)
    assert list_runs(home) == []


def test_a_full_disk_makes_no_half_run(tiny_spec, home, monkeypatch):
    def no_space(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(LabError) as caught:
        create_run(tiny_spec, home)
    assert caught.value.code is Code.DISK_FULL
    assert list(runs_folder(home).iterdir()) == []


@pytest.mark.parametrize("run_id", ["../secret", "", "a", "x/../../y", "A" * 10, "run\n", "-abc-", "a" * 100])
def test_an_id_that_no_run_can_have_never_touches_the_disk(home, run_id, monkeypatch):
    monkeypatch.setattr(os, "stat", lambda *_args, **_kwargs: pytest.fail("touched the disk"))
    with pytest.raises(RunError, match="there is no run") as caught:
        open_run(run_id, home)
    assert caught.value.code is Code.RUN_UNKNOWN


def test_a_link_out_of_the_runs_folder_is_no_run(tiny_run, home, tmp_path):
    (runs_folder(home) / "linked-run").symlink_to(tmp_path)
    with pytest.raises(RunError, match="there is no run 'linked-run'"):
        open_run("linked-run", home)


def test_a_running_run_tells_its_numbers(tiny_run):
    pretend(
        tiny_run, "running", epoch=2, step=14, n_steps=30, images_per_s=900.0, time_left_s=3.5, device="CPU", lr=0.1
    )
    status = tiny_run.status()
    assert (status.status, status.epoch, status.n_epochs, status.step, status.n_steps) == ("running", 2, 3, 14, 30)
    assert (status.images_per_s, status.time_left_s, status.device, status.lr) == (900.0, 3.5, "CPU", 0.1)
    assert status.is_active


def test_a_run_whose_worker_vanished_is_interrupted_whoever_looks(tiny_run, home):
    pretend(tiny_run, "running", alive=False, step=14, images_per_s=900.0)
    status = tiny_run.status()
    assert (status.status, status.step, status.images_per_s) == ("interrupted", 14, 0.0)
    assert status.message == ("The training process ended unexpectedly. Resume goes on from the last checkpoint.")
    assert list_runs(home)[0].status == "interrupted"


@pytest.mark.parametrize(
    ("status", "order"), [("running", "pause"), ("running", "stop"), ("paused", "stop"), ("paused", "resume")]
)
def test_an_order_to_a_held_run_is_left_for_its_worker(tiny_run, status, order):
    pretend(tiny_run, status)
    getattr(tiny_run, order)()
    assert orders_of(tiny_run) == [order]


@pytest.mark.parametrize(
    ("status", "order", "sentence"),
    [
        ("done", "pause", "a run that is done cannot be paused"),
        ("done", "resume", "a run that is done cannot be resumed"),
        ("running", "resume", "a run that is running cannot be resumed"),
        ("stopped", "stop", "a run that is stopped cannot be stopped"),
        ("failed", "pause", "a run that is failed cannot be paused"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(tiny_run, status, order, sentence):
    pretend(tiny_run, status)
    with pytest.raises(RunError, match=sentence) as caught:
        getattr(tiny_run, order)()
    assert caught.value.code is Code.RUN_STATE
    assert orders_of(tiny_run) == []


@pytest.mark.parametrize("lr", [0, -1, 11, float("nan"), float("inf")])
def test_an_impossible_learning_rate_is_refused(tiny_run, lr):
    pretend(tiny_run, "running")
    with pytest.raises(RunError, match="is not above 0 and at most 10"):
        tiny_run.set_lr(lr)


def test_a_learning_rate_waits_for_a_run_that_is_not_running(tiny_run):
    pretend(tiny_run, "failed", alive=False)
    tiny_run.set_lr(0.01)
    assert orders_of(tiny_run) == ["set_lr"]


DAMAGE = {
    "no recipe": (lambda run: (run.path / "spec.json").unlink(), "its recipe (spec.json) is missing"),
    "half a recipe": (
        lambda run: (run.path / "spec.json").write_text((run.path / "spec.json").read_text()[:100]),
        "its recipe (spec.json) cannot be read",
    ),
    "another recipe": (lambda run: (run.path / "spec.json").write_text("{}"), "its recipe (spec.json) cannot be read"),
    "no status": (lambda run: (run.path / "status.json").unlink(), "its status (status.json) is missing"),
    "half a status": (lambda run: (run.path / "status.json").write_text('{"sta'), "its status (status.json)"),
    "unknown status": (
        lambda run: (run.path / "status.json").write_text('{"status": "fun"}'),
        "its status (status.json)",
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_run_is_a_row_with_a_sentence_and_the_others_stay(tiny_run, tiny_spec, home, damage):
    other = create_run(tiny_spec, home)
    do, sentence = DAMAGE[damage]
    do(tiny_run)
    rows = {row.id: row for row in list_runs(home)}
    assert rows[other.id].status == "stopped"
    assert rows[tiny_run.id].status == "damaged"
    assert sentence in rows[tiny_run.id].message
    assert "\n" not in rows[tiny_run.id].message
    assert str(home) not in rows[tiny_run.id].message


@pytest.mark.parametrize("name", ["worker.json", "epochs.jsonl", "steps.jsonl", "environment.json", "log.txt"])
@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"{}", b"[1]", b'{"a":', b"[" * 100_000 + b"\n"],
    ids=lambda content: repr(content[:6]),
)
def test_other_damaged_files_never_keep_a_run_from_the_list(tiny_run, home, name, content):
    (tiny_run.path / name).write_bytes(content)
    assert [row.id for row in list_runs(home)] == [tiny_run.id]
    tiny_run.history()
    tiny_run.log()
    tiny_run.environment()


@pytest.mark.parametrize("accuracy", [None, "0.9", float("nan"), True, 10**400], ids=lambda value: str(value)[:6])
def test_an_altered_number_costs_its_row_and_not_the_list(tiny_run, home, accuracy):
    for epoch in (0, 1):
        HistoryWriter(tiny_run.path).add_epoch(EpochRow(epoch, epoch, None, None, 1.0, 0.5, None, 0.1, 1.0))
    path = tiny_run.path / "epochs.jsonl"
    whole, altered = map(json.loads, path.read_text().splitlines())
    path.write_text(f"{json.dumps(whole)}\n{json.dumps(altered | {'test_accuracy': accuracy})}\n")
    (row,) = list_runs(home)
    assert (row.epoch, row.test_accuracy) == (0, 0.5)
    assert tiny_run.history().n_damaged_lines == 1


def test_the_list_is_newest_first_with_the_latest_and_the_best_accuracy(tiny_spec, home):
    older, newer = create_run(tiny_spec, home), create_run(tiny_spec, home)
    os.utime(older.path / "spec.json", (1, 1))
    for epoch, accuracy in enumerate([0.1, 0.9, 0.8]):
        HistoryWriter(newer.path).add_epoch(EpochRow(epoch, epoch, None, None, 1.0, accuracy, None, 0.1, 1.0))
    rows = list_runs(home)
    assert [row.id for row in rows] == [newer.id, older.id]
    assert (rows[0].epoch, rows[0].test_accuracy, rows[0].best_test_accuracy) == (2, 0.8, 0.9)
    assert (rows[0].network, rows[0].data, rows[1].test_accuracy) == ("Tiny net", "stripes", None)


def test_listing_before_anything_was_trained_is_an_empty_list(tmp_path):
    assert list_runs(tmp_path / "nowhere") == []


def test_deleting_removes_the_folder_but_never_under_a_worker(tiny_run, home):
    pretend(tiny_run, "running")
    with pytest.raises(RunError, match="a worker is busy with this run; stop it first"):
        delete_run(tiny_run)
    pretend(tiny_run, "done")
    delete_run(tiny_run)
    assert list_runs(home) == []
    assert not tiny_run.path.exists()


def test_only_the_end_of_the_log_is_returned(tiny_run):
    (tiny_run.path / "log.txt").write_text("\n".join(map(str, range(100))))
    assert tiny_run.log(3) == "97\n98\n99"


def test_a_marker_is_never_half_written(tiny_run, monkeypatch):
    write_marker(tiny_run.path, Marker("running"))

    def no_space(_descriptor, _data):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", no_space)
    with pytest.raises(LabError):
        write_marker(tiny_run.path, Marker("done"))
    assert json.loads((tiny_run.path / "status.json").read_text())["status"] == "running"


def test_ids_are_unique_and_say_what_was_trained(tiny_spec, home):
    ids = {create_run(tiny_spec, home).id for _ in range(5)}
    assert len(ids) == 5
    assert all("-tiny-net-" in run_id for run_id in ids)


def test_a_network_with_a_strange_name_still_gets_a_valid_id(tiny_spec, home):
    network = tiny_spec.network.model_copy(update={"name": "../<b>Ünïcode</b> 名前"})
    run = create_run(tiny_spec.model_copy(update={"network": network}), home)
    assert isinstance(open_run(run.id, home), Run)
    assert asdict(run_status.read_marker(run.path))["status"] == "stopped"


def test_a_paused_run_without_a_worker_is_stopped_at_once(tiny_run):
    pretend(tiny_run, "paused", alive=False)
    tiny_run.stop()
    assert tiny_run.status().status == "stopped"
    assert tiny_run.status().message == "Stopped while paused. Resume goes on from there."
    assert orders_of(tiny_run) == []
