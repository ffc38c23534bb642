"""What the browser may ask for, and that the page's state is always the trainer's: undo, link and a lost session."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.neurons import training


def run(script: Any, **given: Any) -> AppTest:
    app = AppTest.from_function(script, default_timeout=60, kwargs=given).run()
    assert not app.exception
    return app


def texts(app: AppTest) -> list[str]:
    return [one.value for one in app.text]


def test_a_session_that_lost_its_trainer_goes_on_bit_for_bit() -> None:
    def script() -> None:
        import streamlit as st

        from pages.ui import state
        from pages.ui.neurons import training
        from pages.ui.neurons.state import NeuronsState

        for forgets in (False, True):
            training.follow("restart", {})
            for n in (3, 20, 9):
                training.follow("train", {"n": n, "final": True})
                if forgets:
                    state.forget("neurons.kept")
            st.text(state.load(NeuronsState).trained)

    kept, lost = texts(run(script))
    assert kept == lost != ""


def test_an_edited_weight_shows_and_can_be_taken_back() -> None:
    def script() -> None:
        import streamlit as st

        from pages.ui import history, state
        from pages.ui.neurons import training
        from pages.ui.neurons.state import NeuronsState

        def bias() -> float:
            return training.trainer_for(state.load(NeuronsState)).network.linear(2).bias.item()

        history.of(NeuronsState)
        before = bias()
        training.follow("bias", {"layer": 2, "neuron": 0, "value": 2.5, "final": True})
        st.text(str(bias()))
        history.undo(NeuronsState)
        st.text(str(bias() == before))
        history.redo(NeuronsState)
        st.text(str(bias()))

    assert texts(run(script)) == ["2.5", "True", "2.5"]


def test_reset_brings_the_same_first_weights_and_a_new_seed_others() -> None:
    def script() -> None:
        import streamlit as st

        from pages.ui import state
        from pages.ui.neurons import training
        from pages.ui.neurons.state import NeuronsState

        def weights() -> str:
            return str(training.trainer_for(state.load(NeuronsState)).network.weights[0].tolist())

        first = weights()
        training.follow("train", {"n": 5, "final": True})
        st.text(str(weights() == first))
        training.follow("restart", {"final": True})
        st.text(str(weights() == first))
        training.follow("new_seed", {"of": "weights", "final": True})
        st.text(str(weights() == first))
        st.text(str(state.load(NeuronsState).seed))

    assert texts(run(script)) == ["False", "True", "False", "6"]


def test_a_play_comes_into_the_link_once_a_second_and_is_one_step_of_the_history(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def script(clock: list[float]) -> None:
        import streamlit as st

        from pages.ui import history, state
        from pages.ui.neurons import training
        from pages.ui.neurons.state import NeuronsState

        history.of(NeuronsState)
        for at in (0.0, 0.4, 0.8, 1.2, 1.6):
            clock[0] = at
            training.follow("train", {"n": 1})
            st.text(str(st.query_params.get("s") == state.link_text()))
        training.follow("settle", {"final": True})
        st.text(str(st.query_params.get("s") == state.link_text()))
        st.text(str(len(history.of(NeuronsState).past)))

    clock = [0.0]
    monkeypatch.setattr(training, "monotonic", lambda: clock[0])
    assert texts(run(script, clock=clock)) == ["True", "False", "False", "True", "False", "True", "1"]


@pytest.mark.parametrize(
    ("name", "details", "words"),
    [
        ("weight", {"layer": 0, "neuron": 0, "source": 0, "value": None}, "a weight takes a number"),
        ("weight", {"layer": 0, "neuron": 0, "source": 0, "value": "7"}, "a weight takes a number"),
        ("weight", {"layer": 0, "neuron": 0, "source": 0, "value": float("nan")}, "nan cannot be a weight"),
        ("weight", {"layer": 0, "neuron": 0, "source": 0, "value": 1e300}, "cannot be a weight"),
        ("weight", {"layer": "0", "neuron": 0, "source": 0, "value": 1.0}, "layer is no whole number"),
        ("weight", {"layer": 0, "neuron": 99, "source": 0, "value": 1.0}, "there is no weight"),
        ("bias", {"layer": 99, "neuron": 0, "value": 1.0}, "there is no layer 99"),
        ("train", {"n": -1}, "n is no whole number of at least 1"),
        ("train", {}, "n is no whole number of at least 1"),
        ("rm -rf", {}, ""),
    ],
)
def test_what_a_browser_must_not_ask_for_is_one_sentence_and_changes_nothing(
    name: str, details: dict[str, Any], words: str
) -> None:
    def script(name: str, details: dict) -> None:  # type: ignore[type-arg]
        import streamlit as st

        from pages.ui import state
        from pages.ui.neurons import training
        from pages.ui.neurons.state import NeuronsState

        training.follow(name, details)
        st.text(training.sentence())
        st.text(training.sentence())
        st.text(str(state.load(NeuronsState) == NeuronsState()))

    told, again, unchanged = texts(run(script, name=name, details=details))
    assert words in told
    assert (again, unchanged) == (told, "True")


def test_looking_around_moves_the_point_but_is_no_step_of_the_history() -> None:
    def script() -> None:
        import streamlit as st

        from pages.ui import history, state
        from pages.ui.neurons import training
        from pages.ui.neurons.state import NeuronsState

        history.of(NeuronsState)
        for x1, x2 in ((2.0, -3.0), (float("nan"), 0.0), (99.0, -99.0)):
            training.follow("probe", {"x1": x1, "x2": x2})
            st.text(str(training.probe_of(state.load(NeuronsState))))
        state.update(NeuronsState, probe=(1.0, 1.0))
        st.text(str(training.probe_of(state.load(NeuronsState))))
        st.text(str(len(history.of(NeuronsState).past)))

    assert texts(run(script)) == ["(2.0, -3.0)", "(2.0, -3.0)", "(6.0, -6.0)", "(1.0, 1.0)", "0"]


def test_changing_the_layers_begins_untrained_and_undo_brings_the_training_back() -> None:
    def script() -> None:
        import streamlit as st

        from pages.ui import history, state
        from pages.ui.neurons import training
        from pages.ui.neurons.state import NeuronsState

        def steps() -> int:
            return training.trainer_for(state.load(NeuronsState)).n_steps

        history.of(NeuronsState)
        training.follow("train", {"n": 4, "final": True})
        state.update(NeuronsState, layers=({"n_neurons": 3},))
        history.settle(NeuronsState)
        st.text(str(steps()))
        history.undo(NeuronsState)
        st.text(str(steps()))

    assert texts(run(script)) == ["0", "4"]


def test_a_change_that_takes_trained_weights_away_says_so_until_the_next_step() -> None:
    def script() -> None:
        import streamlit as st

        from pages.ui import history, state
        from pages.ui.neurons import training
        from pages.ui.neurons.state import NeuronsState

        def tell() -> None:
            chosen = state.load(NeuronsState)
            training.trainer_for(chosen)
            st.text(str("start anew" in training.anew_sentence(chosen)))

        def change(**values: object) -> None:
            state.update(NeuronsState, **values)
            history.settle(NeuronsState)
            tell()

        history.of(NeuronsState)
        tell()
        change(layers=({"n_neurons": 3},))  # nothing had been trained
        training.follow("train", {"n": 4, "final": True})
        change(lr=0.3)  # the weights stay
        change(layers=({"n_neurons": 2},))
        change(features=("x1",))  # and with it the shape once more
        training.follow("train", {"n": 4, "frames": 1})  # a play goes on by itself: the sentence stays
        tell()
        training.follow("settle", {"final": True})
        tell()
        change(layers=({"n_neurons": 4},))
        history.undo(NeuronsState)
        tell()

    assert texts(run(script)) == ["False", "False", "False", "True", "True", "True", "False", "True", "False"]


def test_a_play_ends_when_its_time_is_over_and_a_single_epoch_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    def script() -> None:
        import streamlit as st

        from pages.ui import state
        from pages.ui.neurons import training
        from pages.ui.neurons.state import NeuronsState

        state.update(NeuronsState, batch_size=1, n_points=500, test_share=0.1)
        training.follow("train", {"n": 10**9})
        st.text(str(training.trainer_for(state.load(NeuronsState)).n_steps))
        training.follow("restart", {})
        training.follow("train", {"n": 1, "to_epoch_end": True, "final": True})
        st.text(str(training.trainer_for(state.load(NeuronsState)).n_steps))

    monkeypatch.setattr(training, "LIMIT_S", 0.0)
    assert texts(run(script)) == ["1", "450"]


def test_gamma_and_beta_are_edited_and_taken_back() -> None:
    def script() -> None:
        import streamlit as st

        from pages.ui import history, state
        from pages.ui.neurons import training
        from pages.ui.neurons.picture import picture_of
        from pages.ui.neurons.state import NeuronsState

        def norm() -> str:
            chosen = state.load(NeuronsState)
            told = picture_of(chosen, training.trainer_for(chosen), "")["sum"]["norm"]
            return f"{told['gamma']} {told['beta']}"

        state.update(NeuronsState, batch_norm=True)
        history.of(NeuronsState)
        for part, value in (("gamma", 2.5), ("beta", -0.5)):
            training.follow(part, {"layer": 0, "neuron": 0, "value": value, "final": True})
        st.text(norm())
        history.undo(NeuronsState)
        st.text(norm())
        training.follow("gamma", {"layer": 2, "neuron": 0, "value": 1.0, "final": True})
        st.text(training.sentence())

    shown = texts(run(script))
    assert shown[:2] == ["2.5 -0.5", "2.5 0.0"]
    assert "has no batch norm" in shown[2]


def test_a_picture_sent_ahead_leaves_the_training_as_it_is() -> None:
    def script() -> None:
        import streamlit as st

        from pages.ui import state
        from pages.ui.neurons import training
        from pages.ui.neurons.state import NeuronsState

        for looks_ahead in (False, True):
            training.follow("restart", {})
            for n in (7, 9):
                training.follow("train", {"n": n, "final": True})
                if looks_ahead:
                    with state.on_trial():
                        other = {"lr": 3.0, "n_points": 40, "optimizer": "adam"}
                        state.keep(state.load(NeuronsState).model_copy(update=other))
                        trainer = training.trainer_for(state.load(NeuronsState))
                        st.text(str(len(trainer.data.train)))
            st.text(state.load(NeuronsState).trained)

    plain, *points, looked = texts(run(script))
    assert points == ["20", "20"]
    assert looked == plain != ""


def test_a_play_brings_a_picture_of_each_epoch_and_goes_the_way_of_single_steps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(training, "LIMIT_S", 60.0)

    def script() -> None:
        import streamlit as st

        from pages.ui import state
        from pages.ui.neurons import training
        from pages.ui.neurons.state import NeuronsState

        training.follow("train", {"n": 1, "to_epoch_end": True, "frames": 4})
        seen = training.frames()
        played = state.load(NeuronsState).trained
        st.text(str([frame["steps"] for frame in seen]))
        st.text(str(training.frames()))
        training.follow("restart", {})
        for frame in seen:
            training.follow("train", {"n": 1, "to_epoch_end": True, "final": True})
            trainer = training.trainer_for(state.load(NeuronsState))
            st.text(str(frame["weights"][0] == trainer.network.weights[0].tolist()))
        training.follow("train", {"n": 1, "to_epoch_end": True, "final": True})
        st.text(str(state.load(NeuronsState).trained == played != ""))

    assert texts(run(script)) == ["[15, 30, 45]", "[]", "True", "True", "True", "True"]


@pytest.mark.parametrize(("frames", "expected"), [(1, 0), (10**9, 3), (0, None), ("4", None), (True, None)])
def test_a_browser_cannot_ask_for_more_pictures_than_there_are_to_have(frames: Any, expected: int | None) -> None:
    def script(frames) -> None:  # type: ignore[no-untyped-def]  # Streamlit runs this text alone
        import streamlit as st

        from pages.ui.neurons import training

        training.follow("train", {"n": 1, "frames": frames})
        st.text(str(len(training.frames())))
        st.text(training.sentence())

    n, sentence = texts(run(script, frames=frames))
    assert (sentence == "") == (expected is not None)
    assert n == str(expected or 0)


def test_what_went_wrong_is_said_until_something_is_changed() -> None:
    def script() -> None:
        import streamlit as st

        from pages.ui import state
        from pages.ui.neurons import training
        from pages.ui.neurons.state import NeuronsState

        state.update(NeuronsState, data="own")
        training.follow("train", {"n": 1})
        training.follow("settle", {"final": True})
        st.text(training.sentence())
        state.update(NeuronsState, points=((1.0, 2.0, 1),))
        st.text(training.sentence())

    told, later = texts(run(script))
    assert "there are no points to train on" in told
    assert later == ""
