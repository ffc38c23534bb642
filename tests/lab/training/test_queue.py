import os
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace

import pytest

from lab.errors import Code, LabError
from lab.training import launch, queue
from lab.training.process import process_id, this_process
from lab.training.run_folder import create_run, delete_run, list_runs
from lab.training.run_status import Marker, Pulse, read_marker, write_marker, write_pulse


class Launcher:
    """Stands for the system: notes which runs were started, as processes that live until told otherwise."""

    def __init__(self):
        self.started = []
        self.children = []

    def __call__(self, run_folder):
        child = subprocess.Popen([sys.executable, "-S", "-c", "input()"], stdin=subprocess.PIPE)
        self.started.append(run_folder.name)
        self.children.append(child)
        marker = read_marker(run_folder)
        write_marker(run_folder, replace(marker, status="running"))
        write_pulse(run_folder, Pulse(process_id(child.pid), time.time()))
        return process_id(child.pid)

    def kill(self, run):
        end(self.children[self.started.index(run.id)])


def end(child):
    child.kill()
    child.communicate()


@pytest.fixture
def launcher(monkeypatch):
    launcher = Launcher()
    monkeypatch.setattr(launch, "start_worker", launcher)
    yield launcher
    for child in launcher.children:
        end(child)


@pytest.fixture
def runs(tiny_spec, home):
    return [create_run(tiny_spec.model_copy(update={"device": "cpu"}), home) for _ in range(3)]


def submit_all(runs):
    for run in runs:
        queue.submit(run)


def places(runs):
    return [queue.place_in_line(run) for run in runs]


def statuses(runs):
    return [run.status().status for run in runs]


def test_one_run_at_a_time_is_started_and_the_others_see_their_place(runs, launcher):
    submit_all(runs)
    assert launcher.started == [runs[0].id]
    assert places(runs) == [0, 1, 2]
    assert [run.status().place_in_line for run in runs] == [0, 1, 2]
    assert statuses(runs) == ["running", "queued", "queued"]


def test_another_device_has_a_line_of_its_own(runs, launcher, tiny_spec, home):
    submit_all(runs)
    elsewhere = create_run(tiny_spec.model_copy(update={"device": "cuda"}), home)
    queue.submit(elsewhere)
    assert launcher.started == [runs[0].id, elsewhere.id]


def test_a_vanished_worker_leaves_an_interrupted_run_and_the_next_one_starts(runs, launcher, home):
    submit_all(runs)
    launcher.kill(runs[0])
    queue.tend(home)
    assert launcher.started == [runs[0].id, runs[1].id]
    assert read_marker(runs[0].path).status == "interrupted"
    assert places(runs) == [0, 0, 1]


def test_a_worker_that_died_before_it_began_is_a_failure_with_a_way_out(runs, launcher, home):
    queue.submit(runs[0])
    write_marker(runs[0].path, Marker("queued", device="cpu", queued_at=1.0))
    launcher.kill(runs[0])
    queue.tend(home)
    status = runs[0].status()
    assert status.status == "failed"
    assert status.message == "The training process ended before it could begin; the log says more. Resume tries again."


def test_an_interrupted_run_can_be_put_in_line_again(runs, launcher, home):
    submit_all(runs[:2])
    launcher.kill(runs[0])
    queue.tend(home)
    runs[0].resume()
    assert statuses(runs[:2]) == ["queued", "running"]
    assert queue.place_in_line(runs[0]) == 1


def test_a_waiting_run_that_is_stopped_leaves_the_line(runs, launcher, home):
    submit_all(runs)
    runs[1].stop()
    assert places(runs) == [0, 0, 1]
    assert statuses(runs) == ["running", "stopped", "queued"]
    launcher.kill(runs[0])
    queue.tend(home)
    assert launcher.started == [runs[0].id, runs[2].id]


def test_a_waiting_run_that_is_deleted_leaves_the_line(runs, launcher):
    submit_all(runs)
    delete_run(runs[1])
    assert places([runs[0], runs[2]]) == [0, 1]


def test_a_run_deleted_behind_the_queues_back_is_passed_over(runs, launcher, home):
    submit_all(runs)
    runs[1].path.rename(runs[1].path.with_name(".gone"))
    launcher.kill(runs[0])
    queue.tend(home)
    queue.tend(home)
    assert launcher.started == [runs[0].id, runs[2].id]


@pytest.mark.parametrize("damage", ["missing", "nonsense", "cut"])
def test_the_line_is_rebuilt_from_the_folders_when_its_index_is_lost(runs, launcher, home, damage):
    submit_all(runs)
    path = runs[0].path.parent / queue.DATABASE_FILE
    sqlite3.connect(path).execute("PRAGMA wal_checkpoint(TRUNCATE)").connection.close()
    content = path.read_bytes()
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    if damage != "missing":
        path.write_bytes(b"nonsense" * 2000 if damage == "nonsense" else content[:5000])
    queue.tend(home)
    assert launcher.started == [runs[0].id]
    assert places(runs) == [0, 1, 2]


def test_a_claim_whose_claimer_died_before_the_start_is_given_back(runs, monkeypatch, home, launcher):
    def die(_folder):
        raise KeyboardInterrupt

    monkeypatch.setattr(launch, "start_worker", die)
    with pytest.raises(KeyboardInterrupt):
        queue.submit(runs[0])
    monkeypatch.setattr(launch, "start_worker", launcher)
    queue.tend(home)
    assert launcher.started == []
    monkeypatch.setattr(queue, "_START_TIMEOUT_S", -1.0)
    queue.tend(home)
    assert launcher.started == [runs[0].id]


_CLAIM_FROM_MANY = """
import sys, pathlib
from lab.training import launch, queue
from lab.training.process import this_process
def note(folder):
    with open(sys.argv[2], "a") as file:
        file.write(folder.name + "\\n")
    return this_process()
launch.start_worker = note
for _ in range(20):
    queue.tend(pathlib.Path(sys.argv[1]))
print("tended", flush=True)
input()
"""


def test_several_servers_never_start_the_same_run(runs, home, monkeypatch):
    monkeypatch.setattr(queue, "tend", lambda _home: None)
    submit_all(runs)
    note = home / "started.txt"
    command = [sys.executable, "-c", _CLAIM_FROM_MANY, str(home), str(note)]
    servers = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(3)]
    for server in servers:  # none may end before all have tended: a run whose worker vanished makes room for the next
        assert server.stdout.readline() == b"tended\n"
    for server in servers:
        server.communicate(b"\n")
    assert note.read_text().splitlines() == [runs[0].id]


def test_tending_an_empty_lab_makes_nothing(tmp_path):
    queue.tend(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_finishing_frees_only_ones_own_claim(runs, launcher):
    submit_all(runs[:2])
    queue.finish(runs[0])  # this process is not the worker that holds it
    assert launcher.started == [runs[0].id]
    queue.begin(runs[0])
    queue.finish(runs[0])
    assert launcher.started == [runs[0].id, runs[1].id]


def test_a_resume_that_came_while_the_worker_was_leaving_is_not_lost(runs, launcher):
    queue.submit(runs[0])
    queue.begin(runs[0])
    write_marker(runs[0].path, Marker("paused"))
    write_pulse(runs[0].path, Pulse(this_process(), time.time()))
    runs[0].resume()
    queue.finish(runs[0])
    assert launcher.started == [runs[0].id, runs[0].id]


def test_a_full_disk_is_one_sentence(runs, launcher, monkeypatch):
    class FullDatabase(sqlite3.Connection):
        def execute(self, sql, *parameters):
            if sql.startswith("INSERT"):
                error = sqlite3.OperationalError("database or disk is full")
                error.sqlite_errorcode = sqlite3.SQLITE_FULL
                raise error
            return super().execute(sql, *parameters)

    real_connect = sqlite3.connect
    monkeypatch.setattr(
        sqlite3, "connect", lambda *args, **options: real_connect(*args, **options, factory=FullDatabase)
    )
    with pytest.raises(Exception, match="no space left on the disk to put the run in line"):
        queue.submit(runs[0])
    assert launcher.started == []
    assert os.listdir(runs[0].path / "orders") == []


def test_runs_are_listed_where_the_line_can_only_be_read(runs, launcher, home, monkeypatch):
    queue.submit(runs[0])

    def refuse(*_args, **_options):
        error = sqlite3.OperationalError("attempt to write a readonly database")
        error.sqlite_errorcode = sqlite3.SQLITE_READONLY
        raise error

    monkeypatch.setattr(sqlite3, "connect", refuse)
    assert {row.id for row in list_runs(home)} == {run.id for run in runs}
    with pytest.raises(LabError, match="the line of waiting runs cannot be used") as caught:
        queue.submit(runs[1])
    assert caught.value.code is Code.DISK_REFUSED
