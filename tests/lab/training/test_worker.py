"""Real workers: processes that are killed, ended and asked, as a machine and a learner do it."""

import os
import signal
import subprocess
import sys
import time

import pytest
import torch

from lab.training import launch, queue
from lab.training.loop import train
from lab.training.run_folder import create_run, open_run
from lab.training.run_status import read_pulse

DEADLINE_S = 150


def wait_until(condition):
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.01)


def start(run, *options):
    command = [sys.executable, "-m", "lab.training.worker", str(run.path), *options]
    with (run.path / "log.txt").open("ab") as log:
        return subprocess.Popen(command, stdout=log, stderr=log)


@pytest.fixture
def long_spec(tiny_spec):
    return tiny_spec.model_copy(update={"epochs": 20, "device": "cpu"})


def test_a_worker_killed_in_the_middle_and_started_again_ends_as_if_nothing_had_happened(
    long_spec, home, assert_same_result
):
    killed, whole = create_run(long_spec, home), create_run(long_spec, home)
    worker = start(killed, "--threads", "1", "--save-interval-s", "0.02")
    wait_until(lambda: killed.history().steps and killed.history().steps[-1].step > 25)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert killed.status().status == "interrupted"
    # As a kill in the middle of a write would leave them.
    with (killed.path / "steps.jsonl").open("ab") as steps:
        steps.write(b'{"step": 99')
    (killed.path / "checkpoints" / ".new-epoch-0099.json-1234").write_bytes(b"{")
    assert start(killed).wait(DEADLINE_S) == 0
    assert killed.status().status == "done"
    torch.set_num_threads(killed.environment()["n_threads"])
    for _ in train(long_spec, run=whole):
        pass
    assert_same_result(killed, whole)
    assert not list(killed.path.rglob(".new-*"))


def test_submitted_runs_are_trained_one_after_the_other_in_processes_of_their_own(tiny_spec, home, assert_same_result):
    spec = tiny_spec.model_copy(update={"device": "cpu"})
    first, second = create_run(spec, home), create_run(spec, home)
    launch.keep_spare(home)  # the first is trained by a worker that was ready, the second by one started for it
    queue.submit(first)
    queue.submit(second)
    assert second.status().place_in_line == 1
    wait_until(lambda: second.status().status == "done")
    assert first.status().status == "done"
    pids = {read_pulse(run.path).process.pid for run in (first, second)}
    assert len(pids | {os.getpid()}) == 3
    assert first.environment()["n_threads"] == max(1, first.environment()["n_cores"] - 1)
    assert "takes" in first.log()
    assert_same_result(first, second)


def test_a_worker_that_the_system_asks_to_end_saves_first_and_has_the_lowest_priority(long_spec, home):
    run = create_run(long_spec, home)
    worker = start(run, "--beside-page")
    wait_until(lambda: run.history().steps)
    assert os.getpriority(os.PRIO_PROCESS, worker.pid) == 19
    worker.terminate()
    assert worker.wait(DEADLINE_S) == 0
    status = run.status()
    assert status.status == "interrupted"
    assert status.message == f"Interrupted at step {status.step:,}. Resume goes on from here."
    assert list((run.path / "checkpoints").glob(f"resume-{status.step:010d}.json"))


def test_a_worker_without_a_run_says_so(home):
    command = [sys.executable, "-m", "lab.training.worker", str(home / "runs" / "no-such-run")]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert result.stderr == "there is no run 'no-such-run'; see the list of runs (RUN-UNKNOWN)\n"


def test_a_run_without_its_images_fails_with_a_sentence_in_status_and_log(tiny_run, home):
    (home / "data" / "stripes" / "images.safetensors").write_bytes(b"nothing")
    worker = start(tiny_run)
    assert worker.wait(DEADLINE_S) == 1
    run = open_run(tiny_run.id, home)
    assert run.status().status == "failed"
    assert "the stored files are damaged" in run.status().message
    assert "the stored files are damaged" in run.log()
    assert "Traceback" not in run.log()


def test_a_spare_worker_ends_with_the_server_that_keeps_it(home):
    launch.keep_spare(home)
    spare = launch._spare.process
    launch.keep_spare(home)
    assert launch._spare.process is spare
    launch.drop_spare()
    assert spare.poll() == 0
