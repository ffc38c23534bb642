"""What travels to the browser: complete, JSON, small enough for twenty pictures a second, and never out of bounds."""

from __future__ import annotations

import json

import pytest
import torch

from lab.theory.neurons.plane_spec import ACTIVATIONS, FEATURES, MAX_LAYERS, MAX_NEURONS
from lab.theory.neurons.plane_training import PlaneTrainer
from pages.ui.neurons.picture import DATA_TEXT, FEATURE_TEXT, activation_text, looked_at, picture_of
from pages.ui.neurons.state import NeuronsState, spec_of

LARGEST = {
    "layers": [{"n_neurons": MAX_NEURONS, "activation": "ReLU"}] * MAX_LAYERS,
    "features": list(FEATURES),
    "data": "three_blobs",
    "n_points": 500,
    "show_test": True,
}


def picture(**fields: object) -> dict[str, object]:
    chosen = NeuronsState.model_validate(fields)
    return picture_of(chosen, PlaneTrainer(spec_of(chosen)), "")


@pytest.mark.parametrize(("fields", "most_kb"), [({}, 60), (LARGEST, 160)])
def test_a_picture_is_json_and_small(fields: dict[str, object], most_kb: int) -> None:
    assert len(json.dumps(picture(**fields), allow_nan=False)) < most_kb * 1024


def test_the_spec_is_the_part_that_the_lab_knows() -> None:
    chosen = NeuronsState(lr=0.3, data="moons", neuron=(1, 1))
    assert spec_of(chosen).model_dump() == {
        name: value for name, value in chosen.model_dump().items() if name in type(spec_of(chosen)).model_fields
    }


@pytest.mark.parametrize(
    ("neuron", "layers", "expected"),
    [((0, 0), 2, (0, 0)), ((6, 7), 2, (2, 0)), ((1, 7), 2, (1, 3)), ((3, 5), 0, (0, 0)), ((2, 3), 2, (2, 0))],
)
def test_a_neuron_that_has_gone_gives_way_to_the_nearest(
    neuron: tuple[int, int], layers: int, expected: tuple[int, int]
) -> None:
    chosen = NeuronsState.model_validate({"neuron": neuron, "layers": [{"n_neurons": 4}] * layers})
    assert looked_at(chosen) == expected


def test_the_readout_is_the_networks_own_arithmetic() -> None:
    chosen = NeuronsState(probe=(2.0, -1.0), neuron=(0, 3))
    trainer = PlaneTrainer(spec_of(chosen))
    told = picture_of(chosen, trainer, "")["sum"]
    linear = trainer.network.linear(0)
    assert told["total"] == pytest.approx(linear(torch.tensor([2.0, -1.0]))[3].item())
    assert told["value"] == pytest.approx(linear(torch.tensor([2.0, -1.0]))[3].tanh().item())
    assert (told["name"], told["sources"], told["function"]) == ("Neuron 4 of layer 1", ["x₁", "x₂"], "Tanh")


@pytest.mark.parametrize("data", ["circle", "three_blobs", "plane"])
def test_the_card_calls_each_neuron_as_the_drawing_does(data: str) -> None:
    for layer in range(3):
        shown = picture(data=data, neuron=(layer, 1))
        told = shown["sum"]
        assert told["name"] == shown["names"][told["layer"]][told["neuron"]]  # type: ignore[index]
        sizes = [len(one["neurons"]) for one in shown["layers"]] + [len(shown["outputs"])]  # type: ignore[attr-defined,arg-type]
        assert [len(names) for names in shown["names"]] == sizes  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("fields", "function", "meaning"),
    [
        ({}, "Sigmoid", "the chance of class B here"),
        ({"data": "three_blobs", "neuron": (9, 9)}, "Softmax", "the chance of class C here"),
        ({"data": "plane"}, "None (linear)", "the number that the network predicts here"),
    ],
)
def test_the_output_says_what_its_number_means(fields: dict[str, object], function: str, meaning: str) -> None:
    told = picture(**{"layers": (), **fields, "neuron": (0, 2)})["sum"]
    assert (told["function"], told["meaning"]) == (function, meaning)  # type: ignore[index]


def test_weights_that_ran_away_are_sent_as_nothing_worse_than_infinite() -> None:
    chosen = NeuronsState()
    trainer = PlaneTrainer(spec_of(chosen))
    with torch.no_grad():
        trainer.network.weights[0].fill_(float("inf"))
    assert picture_of(chosen, trainer, "")["now"]["train"] is not None


def test_everything_has_a_name() -> None:
    assert set(FEATURE_TEXT) == set(FEATURES)
    assert set(DATA_TEXT) == set(NeuronsState.model_fields["data"].annotation.__args__)  # type: ignore[union-attr]
    assert len({activation_text(name) for name in ACTIVATIONS}) == len(ACTIVATIONS)
