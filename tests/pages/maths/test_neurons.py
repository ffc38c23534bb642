"""The Neurons page: the stage is drawn, hostile links cost one sentence, experiments and doors do what they say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lab.network.presets import preset
from pages.ui import link, live
from pages.ui.neurons.experiments import EXPERIMENTS
from pages.ui.neurons.state import NeuronsState

ROOT = Path(__file__).parents[3]
Shown = dict[str, dict[str, Any]]
OpenPage = Callable[..., tuple[AppTest, Shown]]


@pytest.fixture
def open_neurons(monkeypatch: pytest.MonkeyPatch) -> OpenPage:
    """Open the page with fields of its state; returns the test and what each stage was given to show."""
    shown: Shown = {}

    def show(_stage: live.Stage, _model: type, *, key: str, **given: Any) -> None:
        shown[key] = given

    monkeypatch.setattr(live.Stage, "show", show)

    def opened(**fields: object) -> tuple[AppTest, Shown]:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.query_params["s"] = link.encode_link({"neurons": fields}, preset("student_cnn"))
        app.run()
        app.switch_page("pages/maths/neurons.py").run()
        assert not app.exception
        return app, shown

    return opened


def picture(shown: Shown) -> dict[str, Any]:
    return shown["_neurons.stage"]["picture"]


def shape(shown: Shown) -> list[int]:
    return [len(layer["neurons"]) for layer in picture(shown)["layers"]]


def test_a_newcomer_finds_a_circle_and_a_small_net_ready_to_play(open_neurons: OpenPage) -> None:
    _, shown = open_neurons()
    first = picture(shown)
    assert shape(shown) == [4, 2]
    assert (first["steps"], first["is_first_view"], first["problem"]) == (0, True, "")
    assert first["inputs"] == ["x₁", "x₂"]
    assert [len(rows) for rows in first["weights"]] == [4, 2, 1]
    assert [len(row) for row in first["biases"]] == [4, 2, 1]
    assert first["task"] == {"classes": 2, "loss": "binary cross-entropy", "half_width": 6.0}


@pytest.mark.parametrize(
    "fields",
    [
        {"layers": [{"n_neurons": 4}] * 1_000},
        {"layers": [{"n_neurons": 10**9, "activation": "Tanh"}]},
        {"layers": [{"n_neurons": 4, "activation": "eval"}]},
        {"lr": "NaN"},
        {"points": [[0, 0, 9]]},
        {"trained": "<script>"},
        {"trained": "A" * 20_000},
        {"features": []},
        {"neuron": [99, 99]},
    ],
)
def test_a_hostile_value_in_a_link_costs_one_sentence(open_neurons: OpenPage, fields: dict[str, object]) -> None:
    app, shown = open_neurons(**fields)
    assert len(app.warning) == 1
    assert f"link's value for {next(iter(fields))} cannot be used" in app.warning[0].value.replace("\\", "")
    assert shape(shown) == [4, 2]


def test_a_trained_state_of_another_network_is_left_out_without_a_word(open_neurons: OpenPage) -> None:
    app, shown = open_neurons(trained="AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
    assert picture(shown)["steps"] == 0
    assert not app.warning


@pytest.mark.parametrize("data", ["three_blobs", "plane", "own", "spiral"])
def test_every_kind_of_data_is_drawn(open_neurons: OpenPage, data: str) -> None:
    _, shown = open_neurons(data=data, show_test=True)
    drawn = picture(shown)
    assert len(drawn["outputs"]) == (3 if data == "three_blobs" else 1)
    assert len(drawn["train"]["targets"]) == (0 if data == "own" else 150)
    assert bool(drawn["sureness"]) == (data == "three_blobs")
    assert drawn["task"]["loss"].endswith("error" if data == "plane" else "cross-entropy")


def test_an_experiment_sets_the_stage_and_says_what_to_see(open_neurons: OpenPage) -> None:
    app, shown = open_neurons(noise=0.5)
    app.button(key="_neurons.experiment_1").click().run()
    assert shape(shown) == [8, 8, 8]
    assert {layer["activation"] for layer in picture(shown)["layers"]} == {"None (linear)"}
    assert picture(shown)["steps"] == 0
    assert any("sums of sums are one sum" in text.value for text in app.markdown)


@pytest.mark.parametrize("experiment", EXPERIMENTS, ids=lambda one: one.title)
def test_every_experiment_is_an_allowed_setting(experiment: Any) -> None:
    assert NeuronsState.model_validate(dict(experiment.values)) != NeuronsState()


def test_the_net_opens_on_build_as_layers(open_neurons: OpenPage) -> None:
    app, _ = open_neurons(layers=[{"n_neurons": 3, "activation": "GELU"}], features=["x1", "x2", "x1_x2"])
    app.button(key="_neurons.to_build").click().run()
    assert not app.exception
    text = app.query_params["s"]
    network = link.decode_link(text if isinstance(text, str) else text[0]).network
    assert network is not None
    assert network.input == (3, 1, 1)
    assert [layer.kind for layer in network.layers] == ["Flatten", "Linear", "GELU", "Linear"]


def test_a_dense_layer_of_ones_own_network_is_taken_apart(open_neurons: OpenPage) -> None:
    _, shown = open_neurons(layer="workbench#fc1", unit=7)
    told = shown["_neurons.layer_stage"]["picture"]
    assert told["title"] == "fc1: 128 neurons, each with 3,136 weights"
    assert len(told["largest"]) == 8
    parts = sum(row[3] for row in told["largest"]) + told["rest"] + told["bias"]
    assert parts == pytest.approx(told["total"], abs=1e-6)
