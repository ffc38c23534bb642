import subprocess
import sys
import time
from dataclasses import replace

import pytest

from lab.training.process import is_alive, process_id, this_process


def test_this_process_is_alive():
    assert is_alive(this_process(), heartbeat=0.0)


def test_a_process_that_ended_is_not_alive_even_before_its_parent_noticed():
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    identity = process_id(child.pid)
    assert is_alive(identity, heartbeat=0.0)
    child.kill()
    deadline = time.monotonic() + 10
    while is_alive(identity, heartbeat=time.time()) and time.monotonic() < deadline:
        time.sleep(0.01)  # a zombie until wait() below
    assert not is_alive(identity, heartbeat=time.time())
    child.communicate()


def test_another_process_with_the_same_number_is_not_taken_for_it():
    assert not is_alive(replace(this_process(), started="1"), heartbeat=time.time())


@pytest.mark.parametrize(("age_s", "alive"), [(1, True), (60, False)])
def test_on_another_machine_the_heartbeat_decides(age_s, alive):
    elsewhere = replace(this_process(), host="elsewhere")
    assert is_alive(elsewhere, heartbeat=time.time() - age_s) is alive
