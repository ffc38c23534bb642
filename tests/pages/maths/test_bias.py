"""The Bias page as its script runs; what the browser draws is tested in tests/browser/test_bias.py."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from streamlit.testing.v1 import AppTest

from lab.network.presets import preset
from lab.network.redundant_bias import redundant_biases, with_batch_norm
from lab.network.spec import NetworkSpec
from pages.ui import state
from pages.ui.bias import neuron, your_network
from pages.ui.bias.experiments import FILTER, NEURON, NORM, SAMPLE, TRAINING, VARIANCE
from pages.ui.bias.state import FilterState, NeuronState, NormState, SampleState, TrainingState, VarianceState
from pages.ui.bias.words import THREE
from pages.ui.maths.your_network import YourLayer
from pages.ui.messages import escape
from pages.ui.state import PageState, Workbench

PAGE = Path(__file__).parents[3] / "pages/maths/bias.py"
TRIALS = (
    (FilterState, FILTER),
    (TrainingState, TRAINING),
    (NormState, NORM),
    (SampleState, SAMPLE),
    (VarianceState, VARIANCE),
)


def open_page(network: NetworkSpec | None = None) -> AppTest:
    at = AppTest.from_file(PAGE, default_timeout=60)
    if network is not None:
        at.session_state["lab:workbench"] = Workbench(network)
    return at.run()


def bench(at: AppTest) -> Workbench:
    kept = at.session_state["lab:workbench"]
    assert isinstance(kept, Workbench)
    return kept


def test_the_page_opens_with_its_three_meanings() -> None:
    at = open_page()
    assert not at.exception
    headers = [header.value for header in at.header]
    assert headers[0] == "Try this"
    assert headers[1:4] == [title for title, _ in THREE]
    assert headers[4:] == ["In your network", "The words"]


def test_every_experiment_sets_up_its_stage_and_says_what_to_see() -> None:
    at = open_page()
    for i, experiment in enumerate(NEURON):
        at.button(key=f"_bias.experiment_{i}").click().run()
        assert not at.exception
        assert at.session_state["lab:page:bias"] == NeuronState.model_validate(experiment.values)


@pytest.mark.parametrize(("model", "experiment"), TRIALS, ids=lambda value: getattr(value, "title", ""))
def test_every_trial_sets_up_its_stage(model: type[PageState], experiment: Any) -> None:
    at = open_page()
    at.button(key=f"_{model.page}.trial").click().run()
    assert not at.exception
    assert at.session_state[f"lab:page:{model.page}"] == model.model_validate(experiment.values)
    answers = [text.value for part in at.expander if part.label == "What happens" for text in part.markdown]
    assert answers == [escape(experiment.see)]


def test_what_the_experiments_promise_is_true() -> None:
    assert neuron.neuron_picture(NeuronState(bias=-2.8, shift=2.0))["n_right"] == 60
    assert neuron.neuron_picture(NeuronState(bias=-2.8, shift=2.0, w1=3, w2=3))["n_right"] == 41
    dead = neuron.neuron_picture(NeuronState.model_validate(NEURON[2].values))
    assert set(dead["outputs"]) == {0.0}


def test_a_network_without_batch_norm_can_get_it_and_then_lose_the_biases_it_makes_redundant() -> None:
    at = open_page(preset("student_cnn"))
    at.button(key="_bias.add_norm").click().run()
    assert bench(at).network == with_batch_norm(preset("student_cnn"))
    at.button(key="_bias.drop_conv1").click().run()
    assert not at.exception
    assert bench(at).network.layer("conv1").bias is False
    assert [row.layer_id for row in redundant_biases(bench(at).network)] == ["conv2"]
    assert len(bench(at).past) == 2, "both clicks can be taken back"


def test_all_redundant_biases_go_with_one_click_and_the_saving_is_counted() -> None:
    network = with_batch_norm(preset("lenet5"))
    saved = sum(row.n_params for row in redundant_biases(network))
    at = open_page(network)
    assert any(f"{saved:,} parameters too many" in text.value for text in at.markdown)
    at.button(key="_bias.drop_all").click().run()
    assert not at.exception
    assert redundant_biases(bench(at).network) == ()
    assert any("No layer of your network" in text.value for text in at.markdown)


def test_a_layer_of_ones_own_network_opens_on_the_filters_stage() -> None:
    at = open_page(preset("student_cnn"))
    at.selectbox(key="_bias-layer.layer").set_value("workbench#conv2").run()
    assert not at.exception
    assert any("conv2, filter 0" in caption.value for caption in at.caption)


def test_only_the_number_of_a_sentence_gets_a_true_minus(monkeypatch: pytest.MonkeyPatch) -> None:
    at = open_page(preset("student_cnn"))
    choose = your_network.choose_layer

    def trained(*args: Any) -> YourLayer | None:
        chosen = choose(*args)
        return chosen and replace(chosen, sentence="Trained on Fashion-MNIST.", bias=torch.full((32,), -0.25))

    monkeypatch.setattr(your_network, "choose_layer", trained)
    at.selectbox(key="_bias-layer.layer").set_value("workbench#conv2").run()
    (told,) = [caption.value.replace("\\", "") for caption in at.caption if "filter 0" in caption.value]
    assert told == "Trained on Fashion-MNIST. conv2, filter 0: its own bias is −0.25."


@pytest.mark.parametrize(
    "details", [{}, {"x": "1", "y": 2}, {"x": None, "y": 0}, {"x": float("nan"), "y": 0}, {"x": 1e300, "y": 0}]
)
def test_a_pointer_that_is_nowhere_moves_nothing(details: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    moved: list[PageState] = []
    monkeypatch.setattr(state, "load", lambda model: model())
    monkeypatch.setattr(state, "keep", moved.append)
    neuron.follow("through", details)
    neuron.follow("other", {"x": 0, "y": 0})
    assert moved == []


def test_a_pointer_in_the_plane_puts_the_line_under_it(monkeypatch: pytest.MonkeyPatch) -> None:
    moved: list[NeuronState] = []
    monkeypatch.setattr(state, "load", lambda model: model())
    monkeypatch.setattr(state, "keep", moved.append)
    neuron.follow("through", {"x": 1.5, "y": 0.25})
    assert moved[0].bias == -1.75
