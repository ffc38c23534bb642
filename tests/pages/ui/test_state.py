"""What a visitor chose lasts: over pages, in the link, through undo; and one bad value costs only itself."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lab.network.presets import preset
from pages.ui import link


def _probe() -> None:
    """A page with one state of two linked fields and one that stays at home."""
    from typing import ClassVar, Literal

    from pydantic import Field

    from pages.ui import controls, messages, state

    if "Probe" not in vars(state):

        class Probe(state.PageState):
            page: ClassVar[str] = "probe"
            linked: ClassVar[frozenset[str]] = frozenset({"lr", "mode"})
            lr: float = Field(0.1, ge=0.0, le=1.0)
            mode: Literal["a", "b"] = "a"
            private: int = 0

        state.Probe = Probe  # type: ignore[attr-defined]
    model: Any = state.Probe  # type: ignore[attr-defined]
    import streamlit as st

    state.open_link()
    controls.slider(model, "lr", step=0.05)
    if st.checkbox("show mode", value=True, key="show"):
        controls.select(model, "mode")
    if st.button("private", key="private"):
        state.update(model, private=5)
    st.button("undo", key="undo", on_click=state.undo)
    st.button("redo", key="redo", on_click=state.redo)
    st.button("mlp", key="mlp", on_click=lambda: state.set_network(state.preset("mlp")))
    value = state.load(model)
    st.text(f"{value.lr} {value.mode} {value.private} {state.workbench().network.name}")
    messages.show_notices()
    state.publish_link()


def _app(link_text: str = "") -> AppTest:
    app = AppTest.from_function(_probe, default_timeout=60)
    if link_text:
        app.query_params["s"] = link_text
    app.run()
    assert not app.exception
    return app


def _link_of(app: AppTest) -> str:
    value = app.query_params["s"]
    return value if isinstance(value, str) else value[0]


def test_a_new_visitor_has_the_defaults_and_a_clean_address() -> None:
    app = _app()
    assert app.text[0].value == "0.1 a 0 student_cnn"
    assert "s" not in app.query_params


def test_a_choice_is_in_the_link_and_comes_back_from_it() -> None:
    app = _app()
    app.slider(key="_probe.lr").set_value(0.3).run()
    app.selectbox(key="_probe.mode").set_value("b").run()
    assert app.text[0].value == "0.3 b 0 student_cnn"
    other = _app(_link_of(app))
    assert other.text[0].value == "0.3 b 0 student_cnn"
    assert other.slider(key="_probe.lr").value == 0.3


def test_what_does_not_travel_stays_out_of_the_link() -> None:
    app = _app()
    app.button(key="private").click().run()
    assert app.text[0].value == "0.1 a 5 student_cnn"
    assert "s" not in app.query_params


def test_a_widget_that_was_away_shows_its_value_again() -> None:
    app = _app()
    app.selectbox(key="_probe.mode").set_value("b").run()
    app.checkbox(key="show").uncheck().run()
    app.slider(key="_probe.lr").set_value(0.5).run()
    app.checkbox(key="show").check().run()
    assert app.selectbox(key="_probe.mode").value == "b"


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"lr": 7.0, "mode": "b"}, "0.1 b"),
        ({"lr": "much", "mode": "b"}, "0.1 b"),
        ({"lr": [0.3], "mode": {"x": 1}}, "0.1 a"),
    ],
)
def test_one_bad_value_costs_only_itself_and_is_told(fields: dict[str, Any], kept: str) -> None:
    app = _app(link.encode_link({"probe": fields}, preset("lenet5")))
    assert app.text[0].value == f"{kept} 0 lenet5"
    assert "value for lr cannot be used" in app.warning[0].value


@pytest.mark.parametrize("fields", [{"later": 1}, {"private": 9}, {"__class__": "x"}])
def test_unknown_fields_are_passed_over_in_silence(fields: dict[str, Any]) -> None:
    app = _app(link.encode_link({"probe": fields}, preset("lenet5")))
    assert app.text[0].value == "0.1 a 0 lenet5"
    assert not app.warning


def test_a_broken_link_gives_one_sentence_and_a_working_page() -> None:
    whole = link.encode_link({"probe": {"lr": 0.3}}, preset("lenet5"))
    app = _app(whole[:-9])
    assert app.text[0].value == "0.1 a 0 student_cnn"
    assert [warning.value for warning in app.warning] == [
        "the link cannot be read\\: it was cut or altered on the way; ask for the link again; the lab starts as new "
        ":small[:gray[code LINK\\-DAMAGED]]"
    ]
    assert "s" not in app.query_params
    app.button(key="_app.dismiss").click().run()
    assert not app.warning


def test_undo_and_redo_walk_through_the_networks() -> None:
    app = _app()
    app.button(key="mlp").click().run()
    assert app.text[0].value.endswith("mlp")
    app.button(key="undo").click().run()
    assert app.text[0].value.endswith("student_cnn")
    app.button(key="undo").click().run()
    assert app.text[0].value.endswith("student_cnn")
    app.button(key="redo").click().run()
    assert app.text[0].value.endswith("mlp")


def test_a_network_too_large_for_a_link_is_kept_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link, "MAX_LINK_CHARS", 30)
    app = _app()
    app.button(key="mlp").click().run()
    assert app.text[0].value == "0.1 a 0 mlp"
    assert "s" not in app.query_params


def test_other_pages_choices_stay_in_the_link_until_they_are_opened() -> None:
    app = _app(link.encode_link({"elsewhere": {"x": 1}, "probe": {"lr": 0.3}}, preset("lenet5")))
    assert link.decode_link(_link_of(app)).pages == {"elsewhere": {"x": 1}, "probe": {"lr": 0.3}}


def _interrupted() -> None:
    """A page on which every access to the session finds a newer request, as during a quick second click."""
    import streamlit as st
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    from pages.ui import state

    state.workbench()
    kept = get_script_run_ctx().session_state  # type: ignore[union-attr]
    calls: list[str] = []
    object.__setattr__(kept, "_yield_callback", lambda: calls.append("looked"))
    state.set_network(state.preset("mlp"))
    inside = len(calls)
    try:
        with state.uninterrupted():
            raise ValueError
    except ValueError:
        calls.clear()
    name = state.workbench().network.name
    st.text(f"{inside} {len(calls) > 0} {name}")


def test_a_change_of_the_network_is_never_given_up_half_way() -> None:
    app = AppTest.from_function(_interrupted, default_timeout=60).run()
    assert app.text[0].value == "0 True mlp"


def test_a_click_that_falls_into_a_fragments_run_still_draws_the_page_once() -> None:
    def script() -> None:
        import streamlit as st

        from pages.ui import state

        st.session_state["n_pages"] = st.session_state.get("n_pages", 0) + 1
        state.begin_page()

        @st.fragment
        def stage() -> None:
            # In a fragment's run, the callback of a button that stands outside it.
            st.button("in the fragment", key="inside", on_click=state.owe_page)
            state.pay_page()

        stage()

    at = AppTest.from_function(script).run()
    assert at.session_state["n_pages"] == 1
    at.button(key="inside").click().run()
    assert not at.exception
    assert at.session_state["n_pages"] == 2
