"""Who has gone on to another page is not called back by what the old page still asks."""

from __future__ import annotations

from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests, ScriptRequestType

from pages.ui import delivery


def _page(requests: ScriptRequests) -> tuple[str, list[str]]:
    request = requests.on_scriptrunner_ready()
    assert request.type == ScriptRequestType.RERUN
    return request.rerun_data.page_script_hash, request.rerun_data.fragment_id_queue


def test_a_stage_of_the_old_page_does_not_replace_the_wish_for_a_new_one() -> None:
    assert delivery.DELIVERY_S > 0
    requests = ScriptRequests()
    assert requests.request_rerun(RerunData(page_script_hash="practise"))
    assert requests.request_rerun(RerunData(page_script_hash="convolution", fragment_id="stage"))
    assert _page(requests) == ("practise", [])


def test_what_the_same_page_asks_is_joined() -> None:
    requests = ScriptRequests()
    for stage in ("one", "two"):
        assert requests.request_rerun(RerunData(page_script_hash="convolution", fragment_id=stage))
    assert _page(requests) == ("convolution", ["one", "two"])


def test_a_page_that_is_asked_for_later_is_the_one_that_comes() -> None:
    requests = ScriptRequests()
    assert requests.request_rerun(RerunData(page_script_hash="convolution", fragment_id="stage"))
    assert requests.request_rerun(RerunData(page_script_hash="practise"))
    assert _page(requests) == ("practise", [])
