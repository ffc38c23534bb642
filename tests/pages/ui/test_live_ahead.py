"""Sending ahead: the pictures of other positions, computed on trial and without a trace."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui import live_ahead
from pages.ui.live_change import MAX_WISHES, Wish, _wish
from tests.pages.ui.patched import patched


def drive() -> None:
    import json
    from functools import partial

    import streamlit as st

    from bench.apps.live_stage import LiveExample
    from pages.ui import history, live, live_ahead, live_change, state

    stage = live.Stage("tried", scripts=("live/example",))
    sent: list[dict] = []
    stage._component = lambda data, **rest: sent.append(json.loads(data.split(b"\n")[0]))
    runs: list[float] = []
    prepared: list[list[float]] = []

    def prepare(states: list) -> None:
        prepared.append([chosen.height for chosen in states])
        if chosen_badly := [chosen for chosen in states if chosen.height == 1.5]:
            raise RuntimeError(f"{chosen_badly} fails, and with it all that are prepared at once")

    def draw() -> None:
        chosen = state.load(LiveExample)
        runs.append(chosen.height)
        state.remember("example.height", chosen.height)
        state.update(LiveExample, waves=9 if chosen.height == 2 else chosen.waves)
        if chosen.height == 1.5:
            raise RuntimeError("one position fails")
        stage.show(
            LiveExample,
            key="tried",
            controls=(live.slider(LiveExample, "height", most=2.5), live.slider(LiveExample, "waves")),
            picture={"height": chosen.height, "filling": "x" * st.session_state["filling"]},
            together=prepare,
        )

    wish = st.session_state["wish"]
    asked = wish and live_change.Wish(1, *wish)
    live_change.keep_desk("tried", live_change.Desk(seq=3, wish=asked, wished=st.session_state["wished"]))
    history.of(LiveExample)
    live_ahead._is_waited_for = partial(bool, st.session_state["is_waited_for"])
    stage.fragment(draw)()
    st.session_state["sent"] = sent
    st.session_state["runs"] = runs
    st.session_state["prepared"] = prepared
    st.session_state["left"] = (
        state.load(LiveExample),
        state.recall("example.height"),
        len(history.of(LiveExample).past),
        dict(st.query_params),
        live_change.desk("tried").wish,
    )


def shown(wish: Any, *, filling: int = 0, is_waited_for: bool = False, wished: int = 0) -> Any:
    at = AppTest.from_function(drive, default_timeout=60)
    at.session_state["wished"] = wished
    at.session_state["wish"] = wish
    at.session_state["filling"] = filling
    at.session_state["is_waited_for"] = is_waited_for
    at.run()
    assert not at.exception
    return at.session_state


@pytest.fixture(autouse=True)
def _looks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_ahead, "_is_waited_for", live_ahead._is_waited_for)
    monkeypatch.setattr(live_ahead, "BUDGET_S", 60.0)


def answers(session: Any) -> dict[Any, Any]:
    """The answers as the browser puts them together, from what is shown and what is different."""
    (shown,) = session["sent"]
    before = {name: shown[name] for name in ("controls", "picture", "values")} | {"message": None}
    return {value: change and patched(before, change) for value, change in shown["ahead"]["answers"]}


def test_every_position_is_what_the_stage_would_show_there() -> None:
    found = answers(shown(("height", (0.5, 2.0, -1.0))))
    assert [answer["picture"]["height"] for answer in found.values()] == [0.5, 2.0, -1.0]
    assert [answer["values"]["height"] for answer in found.values()] == [0.5, 2.0, -1.0]
    assert found[2.0]["values"]["waves"] == 9  # what follows from a value goes with it


def test_of_another_position_only_what_is_different_there_travels() -> None:
    ((_, change),) = shown(("height", (0.5,)), filling=10_000)["sent"][0]["ahead"]["answers"]
    assert change == {
        "parts": {
            "picture": {"parts": {"height": {"value": 0.5}}},
            "values": {"parts": {"height": {"value": 0.5}}},
            "message": {"value": ""},
        }
    }


def test_a_trial_leaves_no_trace_in_state_link_history_or_screen() -> None:
    without, after = shown(None), shown(("height", (0.5, 2.0)))
    assert after["runs"] == [1.0, 0.5, 2.0]
    assert after["left"] == without["left"]
    assert len(after["sent"]) == len(without["sent"]) == 1
    assert after["sent"][0]["picture"] == without["sent"][0]["picture"]


def test_a_position_that_fails_or_is_refused_is_left_out() -> None:
    found = answers(shown(("height", (0.5, 1.5, 2.75, "tall", 0.25))))
    assert [value for value, answer in found.items() if answer is None] == [1.5, 2.75, "tall"]
    assert found[0.25]["picture"]["height"] == 0.25


def test_positions_are_prepared_a_few_at_a_time_and_the_refused_are_not_among_them() -> None:
    heights = tuple(round(-0.1 * i, 1) for i in range(live_ahead.AT_ONCE + 2))
    session = shown(("height", (*heights[:-1], 99, heights[-1])))
    assert session["prepared"] == [[*heights[: live_ahead.AT_ONCE]], [*heights[live_ahead.AT_ONCE :]]]
    assert session["left"] == shown(None)["left"]


def test_time_and_size_end_an_answer_and_a_waiting_change_goes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    many = tuple(round(0.05 * i, 2) for i in range(-10, 10))
    assert len(answers(shown(("height", many)))) == 20
    monkeypatch.setattr(live_ahead, "MAX_ANSWER_CHARS", 300)
    assert 2 <= len(answers(shown(("height", many)))) <= 4
    assert answers(shown(("height", many), is_waited_for=True)) == {}
    monkeypatch.setattr(live_ahead, "BUDGET_S", 0.0)
    assert answers(shown(("height", many))) == {}


def test_every_answer_names_the_last_wish_that_was_worked_on() -> None:
    after = shown(None, wished=7)["sent"][0]
    assert after["wished"] == 7
    assert "ahead" not in after  # its pictures went with an answer that was overtaken: the browser wishes again


@pytest.mark.parametrize(
    "sent",
    [
        None,
        3,
        {"n": 1},
        {"n": 1, "field": "nothing", "values": []},
        {"n": "1", "field": "height", "values": []},
        {"n": 1, "field": "height", "values": "123"},
        {"n": 1, "field": "height", "values": [0] * (MAX_WISHES + 1)},
        {"n": 1, "field": ["height"], "values": []},
    ],
)
def test_a_wish_of_another_form_is_none(sent: Any) -> None:
    assert _wish(sent, {"height": None}, False) is None


def test_what_a_stage_sends_without_a_control_may_be_wished_for_where_it_is_expected() -> None:
    sent = {"n": 1, "field": "selected", "values": ["conv1"]}
    assert _wish(sent, {"height", "selected"}, False) == Wish(1, "selected", ("conv1",))
