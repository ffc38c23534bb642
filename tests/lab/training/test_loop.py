import errno
import os
import signal
from pathlib import Path

import pytest
import torch

from lab.data import placement
from lab.data.image_set import forget_loaded_sets
from lab.errors import Code, LabError, RunError, TrainingError
from lab.training import meter, trainer
from lab.training.events import EndEvent, EpochEvent, StepEvent
from lab.training.loop import ending_politely, train
from lab.training.orders import Order, OrderBox
from lab.training.run_folder import create_run


def finish(run, **options):
    return list(train(run.spec(), run=run, **options))


@pytest.fixture
def read_every_step(monkeypatch):
    monkeypatch.setattr(trainer, "_READ_INTERVAL_S", 0.0)


def test_a_run_learns_and_tells_its_story(tiny_run):
    events = finish(tiny_run)
    assert [event.row.epoch for event in events if isinstance(event, EpochEvent)] == [0, 1, 2, 3]
    assert isinstance(events[1], StepEvent)
    assert events[-1] == EndEvent(tiny_run.id, "done", "")
    history = tiny_run.history()
    assert [row.step for row in history.steps] == list(range(1, 31))
    assert [row.epoch for row in history.steps] == [1] * 10 + [2] * 10 + [3] * 10
    assert history.epochs[-1].test_accuracy > 0.9 > 0.5 > history.epochs[0].test_accuracy
    assert tiny_run.checkpoints() == (0, 1, 2, 3)
    status = tiny_run.status()
    assert (status.status, status.epoch, status.step, status.n_steps) == ("done", 3, 30, 30)


def test_the_training_time_counts_within_an_epoch(tiny_run, read_every_step):
    """The last step is told before the last epoch is evaluated: later than all epochs but the last, not after it."""
    finish(tiny_run)
    times = [row.time_s for row in tiny_run.history().epochs]
    assert sum(times[:-1]) < tiny_run.status().time_s <= sum(times)


def test_an_epochs_loss_is_the_mean_over_its_images_the_smaller_last_batch_counting_less(tiny_run):
    finish(tiny_run)
    history = tiny_run.history()
    sizes = [10] * 9 + [6]
    expected = sum(row.loss * size for row, size in zip(history.steps[:10], sizes, strict=True)) / 96
    assert history.epochs[1].train_loss == pytest.approx(expected, rel=1e-12)


def test_the_same_recipe_and_seed_give_the_same_history_bit_for_bit(tiny_spec, home, assert_same_result):
    first, second = create_run(tiny_spec, home), create_run(tiny_spec, home)
    finish(first)
    torch.rand(5)  # somebody else's random numbers change nothing
    finish(second)
    assert_same_result(first, second)


def test_a_set_larger_than_the_memory_trains_from_its_file_to_the_same_history(
    tiny_spec, home, monkeypatch, assert_same_result
):
    in_memory, from_file = create_run(tiny_spec, home), create_run(tiny_spec, home)
    finish(in_memory)
    monkeypatch.setattr(placement, "free_host_bytes", lambda: 1000)  # of the set's 8,704 bytes
    forget_loaded_sets()
    finish(from_file)
    forget_loaded_sets()
    assert_same_result(in_memory, from_file)


def test_another_seed_gives_another_history(tiny_spec, home):
    first, second = create_run(tiny_spec, home), create_run(tiny_spec.model_copy(update={"seed": 8}), home)
    finish(first)
    finish(second)
    assert first.history().steps != second.history().steps


@pytest.mark.parametrize("optimizer", ["SGD", "Adam", "AdamW", "RMSprop"])
def test_a_run_stopped_in_the_middle_of_an_epoch_and_resumed_equals_one_that_was_not(
    tiny_spec, home, optimizer, assert_same_result
):
    spec = tiny_spec.model_copy(update={"optimizer": optimizer, "lr": 0.01})
    whole, stopped = create_run(spec, home), create_run(spec, home)
    finish(whole)
    run_until(stopped, step=14, order=Order("stop"))
    assert stopped.status().status == "stopped"
    assert "Resume goes on from here" in stopped.status().message
    finish(stopped)
    assert_same_result(stopped, whole)


def run_until(run, *, step, order):
    """Train until ``step`` and leave an order then; returns all events."""
    before, trainer._READ_INTERVAL_S = trainer._READ_INTERVAL_S, 0.0
    events = []
    try:
        for event in train(run.spec(), run=run):
            events.append(event)
            if isinstance(event, StepEvent) and event.step == step:
                OrderBox(run.path).put(order)
    finally:
        trainer._READ_INTERVAL_S = before
    return events


def test_a_reader_that_walks_away_leaves_a_run_that_can_be_resumed(
    tiny_spec, home, read_every_step, assert_same_result
):
    whole, left = create_run(tiny_spec, home), create_run(tiny_spec, home)
    finish(whole)
    events = train(tiny_spec, run=left)
    while getattr(next(events), "step", 0) != 20:  # the epoch's last step, before its evaluation
        pass
    events.close()
    assert left.status().status == "interrupted"
    finish(left)
    assert_same_result(left, whole)


def test_the_learning_rate_can_be_changed_from_the_next_step_on_and_a_resumed_run_repeats_it(
    tiny_spec, home, assert_same_result
):
    spec = tiny_spec.model_copy(update={"schedule": "constant"})
    run, again = create_run(spec, home), create_run(spec, home)
    run_until(run, step=14, order=Order("set_lr", 0.001))
    assert {row.lr for row in run.history().steps[:14]} == {0.05}
    assert {row.lr for row in run.history().steps[14:]} == {0.001}
    assert [(change.step, change.lr) for change in run.history().lr_changes] == [(14, 0.001)]
    # Killed after the change and before the next checkpoint: it is in the history and happens again at its step.
    run_until(again, step=12, order=Order("stop"))
    (again.path / "lr_changes.jsonl").write_bytes((run.path / "lr_changes.jsonl").read_bytes())
    finish(again)
    assert_same_result(again, run)


def test_a_paused_run_waits_saved_and_goes_on_when_asked(tiny_run, read_every_step):
    seen = []

    def resume_when_asked_to_give_way():
        seen.append(tiny_run.status().status)
        tiny_run.resume()
        return False

    tiny_run_events = train(tiny_run.spec(), run=tiny_run, give_way=resume_when_asked_to_give_way)
    for event in tiny_run_events:
        if isinstance(event, StepEvent) and event.step == 5:
            tiny_run.pause()
    assert seen == ["paused"]
    assert tiny_run.status().status == "done"


def test_a_paused_run_gives_way_and_is_resumed_later_unchanged(tiny_spec, home, read_every_step, assert_same_result):
    whole, paused = create_run(tiny_spec, home), create_run(tiny_spec, home)
    finish(whole)
    for event in train(tiny_spec, run=paused, give_way=lambda: True):
        if isinstance(event, StepEvent) and event.step == 5:
            paused.pause()
    assert event == EndEvent(paused.id, "paused", "Paused; another run uses the device meanwhile.")
    finish(paused)
    assert_same_result(paused, whole)


def test_two_processes_cannot_train_one_run(tiny_run, monkeypatch):
    monkeypatch.setattr("lab.training.loop._LOCK_PATIENCE_S", 0.05)
    events = train(tiny_run.spec(), run=tiny_run)
    next(events)
    with pytest.raises(RunError, match="another process is training this run"):
        next(train(tiny_run.spec(), run=tiny_run))
    assert tiny_run.status().status == "running"
    events.close()


def test_a_diverging_loss_is_explained_with_numbers_and_the_last_good_weights_stay(tiny_spec, home):
    spec = tiny_spec.model_copy(update={"lr": 10.0, "schedule": "constant", "weight_decay": 1.0, "epochs": 12})
    run = create_run(spec, home)
    with pytest.raises(TrainingError) as caught:
        finish(run)
    assert caught.value.code is Code.TRAINING_DIVERGED
    assert "at a learning rate of 10" in str(caught.value)
    assert "resume with a learning rate of 1 or less" in str(caught.value)
    status = run.status()
    assert (status.status, status.code) == ("failed", "TRAIN-DIVERGED")
    last = run.load_state(run.checkpoints()[-1])
    assert all(tensor.isfinite().all() for tensor in last.values())


def test_a_diverged_run_goes_on_after_its_learning_rate_was_lowered(tiny_spec, home):
    spec = tiny_spec.model_copy(update={"lr": 10.0, "schedule": "constant", "weight_decay": 1.0, "epochs": 12})
    run = create_run(spec, home)
    with pytest.raises(TrainingError):
        finish(run)
    run.set_lr(0.0001)
    assert finish(run)[-1].status == "done"


def test_early_stopping_waits_for_its_patience_and_says_why(tiny_spec, home):
    # A rate so small that the test loss does not improve: it stays at the value before training or above.
    spec = tiny_spec.model_copy(update={"lr": 1e-12, "schedule": "constant", "early_stop_epochs": 2, "epochs": 50})
    run = create_run(spec, home)
    events = finish(run)
    best = min(run.history().epochs, key=lambda row: row.test_loss).epoch
    assert run.history().epochs[-1].epoch == best + 2
    assert events[-1].message == (f"Stopped early after epoch {best + 2}: the test loss was lowest after epoch {best}.")


def test_a_full_disk_at_a_checkpoint_ends_the_run_with_a_sentence_and_it_resumes_to_the_same_result(
    tiny_spec, home, monkeypatch, assert_same_result
):
    whole, full = create_run(tiny_spec, home), create_run(tiny_spec, home)
    finish(whole)
    real_write = os.write

    def full_at_the_second_epoch(descriptor, data):
        name = Path(os.readlink(f"/proc/self/fd/{descriptor}")).name
        if "epoch-0002.safetensors" in name:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real_write(descriptor, data)

    monkeypatch.setattr(os, "write", full_at_the_second_epoch)
    with pytest.raises(LabError) as caught:
        finish(full)
    assert caught.value.code is Code.DISK_FULL
    assert full.status().status == "failed"
    assert "there is no space left on the disk" in full.status().message
    monkeypatch.setattr(os, "write", real_write)
    finish(full)
    assert_same_result(full, whole)


def test_a_damaged_checkpoint_is_passed_over_for_the_one_before_and_the_result_is_the_same(
    tiny_spec, home, assert_same_result
):
    whole, damaged = create_run(tiny_spec, home), create_run(tiny_spec, home)
    finish(whole)
    run_until(damaged, step=24, order=Order("stop"))
    newest = damaged.path / "checkpoints" / "resume-0000000024.safetensors"
    content = bytearray(newest.read_bytes())
    content[-1] ^= 1
    newest.write_bytes(content)
    events = finish(damaged)
    assert events[-1].status == "done"
    assert_same_result(damaged, whole)


def test_images_that_changed_since_the_run_began_are_noticed(tiny_run):
    run_until(tiny_run, step=5, order=Order("stop"))
    environment = tiny_run.path / "environment.json"
    environment.write_text(environment.read_text().replace(tiny_run.environment()["data_sha256"], "0" * 64))
    with pytest.raises(RunError, match="the images of stripes have changed since this run began"):
        finish(tiny_run)


def test_batch_normalisation_of_a_single_number_is_explained(tiny_spec, home):
    layers = [
        {"id": "flatten", "kind": "Flatten"},
        {"id": "fc1", "kind": "Linear", "out_features": 4},
        {"id": "bn", "kind": "BatchNorm1d"},
        {"id": "fc2", "kind": "Linear", "out_features": 3},
    ]
    network = type(tiny_spec.network).model_validate({"name": "flat", "input": (1, 8, 8), "layers": layers})
    run = create_run(tiny_spec.model_copy(update={"network": network, "batch_size": 1}), home)
    with pytest.raises(TrainingError, match="batch normalisation needs more than one number per channel"):
        finish(run)


def test_an_unknown_failure_is_told_without_a_traceback(tiny_run, monkeypatch):
    def fail(*_args):
        raise ZeroDivisionError("secret path")

    monkeypatch.setattr("lab.training.engine.Engine.step", fail)
    with pytest.raises(ZeroDivisionError):
        finish(tiny_run)
    assert tiny_run.status().message == (
        "Training ended with an error of the lab itself (ZeroDivisionError); the log says more."
    )


def test_a_recipe_that_is_not_the_runs_own_is_refused(tiny_run, tiny_spec):
    with pytest.raises(RunError, match="the recipe is not the one that this run was made for"):
        next(train(tiny_spec.model_copy(update={"seed": 99}), run=tiny_run))


def test_a_reader_who_takes_his_time_does_not_make_training_look_slow(tiny_run, read_every_step, monkeypatch):
    now_s = [0.0]

    def a_millisecond_later() -> float:
        now_s[0] += 0.001
        return now_s[0]

    monkeypatch.setattr(meter.time, "perf_counter", a_millisecond_later)
    for event in train(tiny_run.spec(), run=tiny_run):
        if isinstance(event, StepEvent):
            now_s[0] += 1.0
    # With the reader's second it would be ten images a second at most.
    assert min(row.images_per_s for row in tiny_run.history().epochs[1:]) > 1000


def test_however_often_ctrl_c_is_pressed_the_run_goes_on_to_the_same_end(tiny_spec, home, assert_same_result):
    whole, interrupted = create_run(tiny_spec, home), create_run(tiny_spec, home)
    finish(whole)
    with ending_politely(interrupted, signal.SIGINT):
        for event in train(interrupted.spec(), run=interrupted):
            if (isinstance(event, EpochEvent) and event.row.epoch == 1) or isinstance(event, EndEvent):
                signal.raise_signal(signal.SIGINT)
    assert interrupted.status().status == "interrupted"
    assert finish(interrupted)[-1].status == "done"
    assert_same_result(whole, interrupted)
