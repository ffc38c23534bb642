"""How messages travel between a page and the server, where Streamlit has no setting for what the lab needs."""

from __future__ import annotations

from streamlit.runtime import runtime
from streamlit.runtime.scriptrunner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests, ScriptRequestType

# What Streamlit has not sent when the next run begins, it throws away. Messages of a finished run are sent within
# milliseconds; only after this long is a value taken to have arrived.
DELIVERY_S = 0.3

# After each message Streamlit rests for 10 ms before it sends the next: of a quick drag few pictures would arrive, and
# of two clicks in a row half a page.
runtime.MESSAGE_FLUSH_INTERVAL_SECS = 0.001  # type: ignore[attr-defined]


def _turn_away_left_pages() -> None:
    """Answer no more what a page asked whose visitor has gone on to another (Back, a link, "Show me").

    A stage that asks ahead, or a button just clicked, may still write from the old page after the wish for the new one.
    Streamlit joins what waits and takes the page of the last, so that Back stayed where it was; or it runs the old
    page's fragment after the new page and leaves an empty one. Whoever asks for a whole page is always heard.
    """
    take, run = ScriptRequests._request_rerun_locked, ScriptRunner._run_script

    def taken(self: ScriptRequests, new_data: RerunData) -> bool:
        waiting = self._rerun_data
        waits_for_page = self._state == ScriptRequestType.RERUN and not waiting.fragment_id_queue
        if new_data.fragment_id and waits_for_page and waiting.page_script_hash != new_data.page_script_hash:
            return True
        return take(self, new_data)

    def ran(self: ScriptRunner, rerun_data: RerunData) -> None:
        if rerun_data.fragment_id_queue and rerun_data.page_script_hash != self._pages_manager.current_page_script_hash:
            return
        run(self, rerun_data)

    ScriptRequests._request_rerun_locked = taken  # type: ignore[method-assign]
    ScriptRunner._run_script = ran  # type: ignore[method-assign]


_turn_away_left_pages()
