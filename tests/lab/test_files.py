import errno
import os
import signal
import subprocess
import sys
import time

import pytest

from lab.errors import Code, LabError
from lab.files import remove_leftovers, write_atomically, write_json


def full_disk(*_args):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("broken_call", ["write", "fsync"])
def test_a_full_disk_keeps_the_old_file_and_says_what_to_do(tmp_path, monkeypatch, broken_call):
    path = tmp_path / "status.json"
    write_atomically(path, b"old")
    monkeypatch.setattr(os, broken_call, full_disk)
    with pytest.raises(LabError) as caught:
        write_atomically(path, b"new")
    assert caught.value.code is Code.DISK_FULL
    assert str(caught.value) == (
        "status.json: there is no space left on the disk to write this file; everything saved before is intact; "
        "delete runs that are no longer needed or free space otherwise, then resume (DISK-FULL)"
    )
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_a_folder_that_may_not_be_written_is_one_sentence(tmp_path, monkeypatch, number):
    def refuse(*_args):
        raise OSError(number, "no")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(LabError, match=r"status\.json: this cannot be written: the system does not allow it") as caught:
        write_atomically(tmp_path / "status.json", b"new")
    assert caught.value.code is Code.DISK_REFUSED
    assert list(tmp_path.iterdir()) == []


def test_other_system_errors_are_not_called_a_full_disk(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_atomically(tmp_path / "no such folder" / "x", b"1")


def test_a_write_that_takes_only_a_part_at_once_is_continued(tmp_path, monkeypatch):
    real_write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: real_write(descriptor, data[:3]))
    write_atomically(tmp_path / "x", b"0123456789")
    assert (tmp_path / "x").read_bytes() == b"0123456789"


def test_json_refuses_numbers_that_json_does_not_have(tmp_path):
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(tmp_path / "x.json", {"loss": float("nan")})


def test_leftovers_of_a_killed_writer_are_removed_and_nothing_else(tmp_path):
    (tmp_path / ".new-status.json-1a2b").write_bytes(b"ha")
    (tmp_path / "status.json").write_bytes(b"whole")
    remove_leftovers(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["status.json"]


_REWRITE_FOR_EVER = """
import pathlib, sys
from lab.files import write_atomically
path, number = pathlib.Path(sys.argv[1]), 0
while True:
    number += 1
    write_atomically(path, str(number).encode().rjust(100_000), durable=False)
"""


def test_killing_a_writer_at_any_moment_leaves_a_whole_file(tmp_path):
    path = tmp_path / "marker"
    for kill_number in range(8):
        process = subprocess.Popen([sys.executable, "-c", _REWRITE_FOR_EVER, str(path)])
        while not path.exists():
            time.sleep(0.005)
        time.sleep(0.02 + 0.003 * kill_number)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert len(path.read_bytes()) == 100_000
        path.unlink()


_WRITE_TOO_MUCH = """
import pathlib, resource, sys
from lab.errors import LabError
from lab.files import write_atomically
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_atomically(pathlib.Path(sys.argv[1]), bytes(5000))
except LabError as error:
    print(error.code.value)
"""


def test_a_limit_of_the_system_on_file_sizes_is_a_full_disk_too(tmp_path):
    command = [sys.executable, "-c", _WRITE_TOO_MUCH, str(tmp_path / "weights")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "DISK-FULL\n"
    assert list(tmp_path.iterdir()) == []
