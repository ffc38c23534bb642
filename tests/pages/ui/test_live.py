"""What a live stage takes from a browser, and what it sends: checked values, one sentence for each bad one."""

from __future__ import annotations

import math
from typing import Any, ClassVar, Literal

import pytest
from pydantic import Field
from streamlit.testing.v1 import AppTest

from bench.apps.live_stage import LiveExample
from pages.ui import live
from pages.ui.state import PageState


def drive() -> None:
    import streamlit as st

    from bench.apps.live_stage import LiveExample
    from pages.ui import history, live, live_change, state
    from pages.ui.live_subject import PageSubject

    heard: list[tuple[str, dict]] = []
    controls = (live.slider(LiveExample, "height", most=2.5), live.slider(LiveExample, "waves"))
    named = {control.field: control for control in controls}
    history.of(LiveExample)
    for change in st.session_state.get("changes", ()):
        st.session_state["stage"] = {"change": {"changes": [change]}}
        live_change.receive(
            PageSubject(LiveExample), "stage", named, lambda name, details: heard.append((name, dict(details)))
        )
    st.session_state["value"] = state.load(LiveExample)
    st.session_state["heard"] = heard
    st.session_state["desk"] = live_change.desk("stage")
    st.session_state["n_steps"] = len(history.of(LiveExample).past)


def after(*changes: Any) -> Any:
    at = AppTest.from_function(drive, default_timeout=60)
    at.session_state["changes"] = changes
    at.run()
    assert not at.exception
    return at.session_state


def change(n: int = 1, final: bool = True, acts: Any = (), **values: Any) -> dict[str, Any]:
    return {"n": n, "values": values, "final": final, "acts": list(acts)}


def test_a_good_value_is_kept_and_counted_as_answered() -> None:
    session = after(change(5, height=2.25))
    assert session["value"].height == 2.25
    assert session["desk"].seq == 5


def test_only_what_was_settled_is_a_step_of_the_history() -> None:
    session = after(*(change(n, final=n == 9, height=n / 10) for n in range(1, 10)))
    assert session["value"].height == 0.9
    assert session["n_steps"] == 1


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"height": 2.75}, "height", "Height is at most 2.5 here."),
        ({"height": -4}, "height", "Height is at least -3 here."),
        ({"height": math.nan}, "height", "Height takes a number."),
        ({"height": "tall"}, "height", "Height: input should be a valid number, unable to parse string as a number."),
        ({"waves": 2.5}, "waves", "Waves: input should be a valid integer, got a number with a fractional part."),
        ({"waves": None}, "waves", "Waves: input should be a valid integer."),
        ({"offset": 9}, "offset", "The offset stays between −5 and 5."),
        ({"nothing": 1}, "nothing", "Extra inputs are not permitted."),
    ],
)
def test_a_bad_value_is_answered_with_one_sentence_and_changes_nothing(values, field: str, sentence: str) -> None:
    session = after(change(1, waves=3), change(2, **values))
    assert session["desk"].errors == {field: sentence}
    assert session["value"] == LiveExample(waves=3)
    assert session["desk"].seq == 2


def test_the_next_good_value_takes_the_sentence_away() -> None:
    session = after(change(1, height=99), change(2, height=2))
    assert session["desk"].errors == {}
    assert session["value"].height == 2


def test_a_change_that_comes_twice_is_worked_on_once() -> None:
    step = change(7, acts=[{"name": "step", "details": {"n": 1}}])
    assert after(step, step, change(6, height=2.0))["heard"] == [("step", {"n": 1})]


def test_clicks_are_all_heard_in_their_order() -> None:
    acts = [{"name": name, "details": {}} for name in ("a", "b", "a")]
    assert [name for name, _ in after(change(1, acts=acts))["heard"]] == ["a", "b", "a"]


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "text",
        {},
        {"n": "1", "values": {}},
        {"n": 1, "values": []},
        {"n": 1, "values": {}, "acts": {}},
        {"n": 1, "values": {}, "acts": [None, 3, {"name": 4, "details": {}}, {"name": "x", "details": 5}]},
        {"n": 1, "values": {str(i): 0 for i in range(1_000)}, "acts": []},
    ],
)
def test_whatever_else_a_browser_sends_does_nothing(sent: object) -> None:
    session = after(sent)
    assert session["value"] == LiveExample()
    assert session["heard"] == []


def test_undo_and_reset_come_from_the_stage_itself() -> None:
    undo = {"name": "live:undo", "details": {}}
    reset = {"name": "live:reset", "details": {}}
    assert after(change(1, height=2), change(2, height=0.5), change(3, acts=[undo]))["value"].height == 2
    assert after(change(1, height=2), change(2, acts=[reset]))["value"] == LiveExample()


def test_a_control_takes_bounds_words_and_step_from_its_field() -> None:
    height, waves = live.slider(LiveExample, "height"), live.slider(LiveExample, "waves", most=4)
    assert (height.least, height.most, height.step, height.label) == (-3.0, 3.0, 0.01, "Height")
    assert (waves.least, waves.most, waves.step, waves.whole) == (1, 4, 1, True)
    assert height.help == "How high the wave is."


def test_few_short_choices_stand_side_by_side_and_many_in_a_menu() -> None:
    assert live.choice(LiveExample, "shape").kind == "buttons"
    assert live.choice(LiveExample, "shape", choices=[("sine", "a wave that is smooth"), "steps"]).kind == "choice"


def test_a_slider_without_an_end_is_a_mistake_of_the_page() -> None:
    with pytest.raises(ValueError, match="both bounds"):
        live.slider(LiveExample, "offset")


class Rates(PageState):
    page: ClassVar[str] = "rates"

    lr: float = Field(0.1, gt=0, le=10)
    size: int = Field(64, ge=1, le=4096)
    width: Literal[8, 16, 32] = 16


def test_a_slider_over_stops_takes_any_number_within_the_fields_bounds() -> None:
    rate, size = live.slider(Rates, "lr", stops=(0.01, 0.1, 1)), live.slider(Rates, "size", stops=(8, 64))
    assert [rate.refusal(value) for value in (0.04, 10, 1e-9)] == ["", "", ""]
    assert [rate.refusal(value) for value in (0, 11)] == ["Lr is above 0 here.", "Lr is at most 10 here."]
    assert (size.step, rate.step, size.refusal(100)) == (1, None, "")


def test_a_field_that_takes_only_its_stops_says_which() -> None:
    width = live.slider(Rates, "width")
    assert (width.stops, width.least, width.most) == ((8, 16, 32), 8, 32)
    assert [width.refusal(value) for value in (8, 32)] == ["", ""]
    assert [width.refusal(value) for value in (24, 8.5, 64)] == ["Width takes 8, 16 or 32."] * 3
