"""A click on an experiment sets the stage and says what to look for."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def show() -> None:
    import streamlit as st

    from bench.apps.live_stage import LiveExample
    from pages.ui import history, state
    from pages.ui.maths.experiments import Experiment, show_experiments
    from pages.ui.maths.words import Word, show_words

    history.of(LiveExample)
    st.session_state["value"] = state.load(LiveExample)
    st.session_state["n_steps"] = len(history.of(LiveExample).past)
    show_experiments(
        LiveExample,
        (
            Experiment("Turn it over", "Set it up and look.", "What was up is down.", {"is_flipped": True}),
            Experiment("Many *waves*", "Set it up.", "They are narrow.", {"waves": 9, "height": 2.0}),
        ),
    )
    show_words((Word("Amplitude", "How high a wave is."),))


def opened() -> AppTest:
    return AppTest.from_function(show, default_timeout=60).run()


def test_a_click_sets_these_values_all_others_to_their_defaults_and_can_be_taken_back() -> None:
    at = opened()
    at.button(key="_live.experiment_0").click().run()
    at.button(key="_live.experiment_1").click().run()
    at.run()
    assert not at.exception
    value = at.session_state["value"]
    assert (value.waves, value.height, value.is_flipped) == (9, 2.0, False)
    assert at.session_state["n_steps"] == 2


def test_what_happens_is_offered_after_the_click_only_for_this_one_and_not_told_at_once() -> None:
    at = opened()
    assert not [text.value for text in at.markdown if "narrow" in text.value]
    at.button(key="_live.experiment_1").click().run()
    (answer,) = at.expander
    assert (answer.label, answer.proto.expanded) == ("What happens", False)
    assert "narrow" in answer.markdown[0].value


def test_a_word_and_its_line_are_shown_as_they_are_written() -> None:
    assert any("**Amplitude**: How high a wave is" in text.value for text in opened().markdown)
