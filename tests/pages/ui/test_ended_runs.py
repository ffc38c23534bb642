from __future__ import annotations

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

from pages.ui import ended_runs


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> ForwardMsgQueue:
    """A queue in which the run of the fragment "question" has just ended, as the server has it."""
    monkeypatch.setattr(ForwardMsgQueue, "clear", getattr(ForwardMsgQueue.clear, "__wrapped__", ForwardMsgQueue.clear))
    ended_runs.keep()
    queue = ForwardMsgQueue()
    message = ForwardMsg()
    message.script_finished = ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY
    message.metadata.run.fragment_ids.append("question")
    queue.enqueue(message)
    return queue


def told(queue: ForwardMsgQueue) -> list[int]:
    return [message.script_finished for message in queue.flush()]


def test_the_end_of_a_run_is_told_although_another_fragments_begins(queue: ForwardMsgQueue) -> None:
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["heartbeat"])
    assert told(queue) == [ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY]


@pytest.mark.parametrize("begun", [["question"], ["heartbeat", "question"], None])
def test_a_run_that_draws_the_same_again_interrupts_the_one_before(
    queue: ForwardMsgQueue, begun: list[str] | None
) -> None:
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=begun)
    assert told(queue) == [ForwardMsg.FINISHED_EARLY_FOR_RERUN]


def test_it_is_done_once_however_often_the_app_runs(queue: ForwardMsgQueue) -> None:
    once = ForwardMsgQueue.clear
    ended_runs.keep()
    assert ForwardMsgQueue.clear is once
