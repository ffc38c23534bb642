"""The end of a fragment's run is told to the browser also where the heartbeat's run begins in the same moment.

Until it is told, what was drawn before and is not any more stays on the screen: a solution under the next question.
When a run begins, Streamlit 1.67 (``ForwardMsgQueue.clear``) turns the end of the one before, if the browser was not
told of it yet, into the end of an interrupted run. That is meant for runs of the same fragment; it is done to all.
"""

from __future__ import annotations

from functools import wraps

from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue

_ENDED = ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY


def keep() -> None:
    """Have every session's queue keep the ends of other fragments' runs; once for the server."""
    clear = ForwardMsgQueue.clear
    if hasattr(clear, "__wrapped__"):
        return

    @wraps(clear)
    def cleared(
        self: ForwardMsgQueue, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list[str] | None = None
    ) -> None:
        ended = [message for message in self._queue if _is_end_of_another(message, fragment_ids_this_run)]
        clear(self, retain_lifecycle_msgs, fragment_ids_this_run)
        for message in ended:
            message.script_finished = _ENDED

    ForwardMsgQueue.clear = cleared  # type: ignore[method-assign]


def _is_end_of_another(message: ForwardMsg, begun: list[str] | None) -> bool:
    if not begun or message.WhichOneof("type") != "script_finished" or message.script_finished != _ENDED:
        return False
    return set(begun).isdisjoint(message.metadata.run.fragment_ids)
