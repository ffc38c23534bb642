"""The pictures of neurons are what the network says, byte by byte; and one neuron's sum adds up."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from lab.theory.neurons.plane_features import make_features
from lab.theory.neurons.plane_responses import (
    NEURON_SIDE,
    OUTPUT_SIDE,
    Picture,
    feature_pictures,
    grid,
    responses,
)
from lab.theory.neurons.plane_spec import FEATURES, HiddenLayer, PlaneSpec
from lab.theory.neurons.plane_sum import neuron_sum
from lab.theory.neurons.plane_training import PlaneTrainer
from tests.lab.theory.neurons.plain_network import linears, plain_features, plain_network, random_spec


def numbers(picture: Picture) -> np.ndarray:
    return (np.frombuffer(picture.values, np.uint8).astype(float) - 128) / 127 * picture.limit


def test_every_neurons_picture_is_its_answers_in_100_random_settings() -> None:
    for number in range(100):
        spec = random_spec(40_000 + number)
        trainer = PlaneTrainer(spec)
        trainer.step(3)
        shown = responses(spec, trainer.network)
        values = trainer.network.eval().layer_outputs(make_features(grid(NEURON_SIDE), spec.inputs))
        assert [len(layer) for layer in shown.hidden] == [layer.n_neurons for layer in spec.layers]
        for pictures, answers in zip(shown.hidden, values[:-1], strict=True):
            for picture, answer in zip(pictures, answers.unbind(1), strict=True):
                error = np.abs(numbers(picture) - answer.detach().double().numpy()).max()
                assert error <= picture.limit / 127 * 0.51, f"{number}: {spec}"
                assert picture.limit >= 1


def test_two_classes_show_twice_the_chance_minus_one() -> None:
    trainer = PlaneTrainer(PlaneSpec(layers=()))
    trainer.set_weight(0, 0, 0, 1.0)
    trainer.set_weight(0, 0, 1, 0.0)
    trainer.set_bias(0, 0, 0.0)
    picture = numbers(responses(trainer.spec, trainer.network).answer).reshape(OUTPUT_SIDE, OUTPUT_SIDE)
    x1 = (np.arange(OUTPUT_SIDE) + 0.5) * 12 / OUTPUT_SIDE - 6
    assert np.allclose(picture, 2 / (1 + np.exp(-x1)) - 1, atol=0.005)
    hard = numbers(responses(trainer.spec, trainer.network, hard=True).answer).reshape(OUTPUT_SIDE, OUTPUT_SIDE)
    assert np.array_equal(hard, np.broadcast_to(np.sign(x1), hard.shape))


def test_three_classes_show_the_winner_and_how_sure_it_is() -> None:
    spec = PlaneSpec(data="three_blobs")
    trainer = PlaneTrainer(spec)
    trainer.step(200)
    shown = responses(spec, trainer.network)
    chances = trainer.network.eval()(make_features(grid(OUTPUT_SIDE), spec.inputs)).softmax(dim=1)
    assert np.array_equal(np.frombuffer(shown.answer.values, np.uint8), chances.argmax(dim=1).numpy())
    sure = np.frombuffer(shown.sureness, np.uint8) / 255
    assert np.allclose(sure, chances.max(dim=1).values.detach().numpy(), atol=0.003)
    assert len(shown.outputs) == 3
    assert set(responses(spec, trainer.network, hard=True).sureness) == {255}


def test_a_dead_neuron_is_blank_and_a_weak_one_looks_weak() -> None:
    spec = PlaneSpec(layers=(HiddenLayer(n_neurons=1, activation="ReLU"),))
    trainer = PlaneTrainer(spec)
    trainer.set_weight(0, 0, 0, 0.01)
    trainer.set_weight(0, 0, 1, 0.0)
    trainer.set_bias(0, 0, -1.0)
    assert set(responses(spec, trainer.network).hidden[0][0].values) == {128}
    trainer.set_bias(0, 0, 0.0)
    assert max(responses(spec, trainer.network).hidden[0][0].values) < 128 + 10


def test_weights_that_ran_away_are_still_drawn() -> None:
    trainer = PlaneTrainer(PlaneSpec())
    with torch.no_grad():
        trainer.network.weights[0].fill_(float("nan"))
    assert set(responses(trainer.spec, trainer.network).answer.values) == {128}


def test_inputs_have_pictures_in_their_order() -> None:
    expected = plain_features(PlaneSpec(features=FEATURES), grid(NEURON_SIDE))
    for picture, column in zip(feature_pictures(), expected.unbind(1), strict=True):
        assert np.allclose(numbers(picture), column.numpy(), atol=picture.limit / 127 * 0.51)


def test_a_neurons_sum_adds_up_to_what_it_answers_in_300_random_settings() -> None:
    for number in range(300):
        spec = random_spec(50_000 + number)
        trainer = PlaneTrainer(spec)
        trainer.step(1)
        point = (number % 12 - 5.5, number % 7 - 3.0)
        values = trainer.network.eval().layer_outputs(make_features(torch.tensor([point]), spec.inputs))
        for layer, value in enumerate(values):
            told = neuron_sum(spec, trainer.network, layer, 0, point)
            assert sum(told.products) + (told.bias or 0.0) == pytest.approx(told.total, rel=1e-3, abs=1e-4)
            assert (told.bias is not None) == spec.bias
            if layer < len(spec.layers):
                assert told.value == pytest.approx(value[0, 0].item())
                assert (told.norm is not None) == spec.batch_norm


@pytest.mark.parametrize("seed", range(20))
def test_batch_norm_is_written_out_as_torch_computes_it(seed: int) -> None:
    spec = random_spec(60_000 + seed).model_copy(
        update={"batch_norm": True, "layers": (HiddenLayer(n_neurons=3), HiddenLayer(n_neurons=2)), "batch_size": 8}
    )
    trainer = PlaneTrainer(spec)
    trainer.step(3)
    trainer.set_norm("gamma", 1, 1, -1.7)
    trainer.set_norm("beta", 1, 1, 0.6)
    told = neuron_sum(spec, trainer.network, 1, 1, (1.5, -2.0))
    assert told.norm is not None
    assert (told.norm.gamma, told.norm.beta) == pytest.approx((-1.7, 0.6))
    module = trainer.network.eval().norms[1]
    expected = module(torch.full((1, 2), told.total))[0, 1].item()
    assert told.norm.value == pytest.approx(expected, rel=1e-4, abs=1e-5)
    assert told.norm.standard == pytest.approx((told.total - told.norm.mean) / told.norm.deviation, rel=1e-4)
    assert told.norm.scaled + told.norm.beta == pytest.approx(expected, rel=1e-4, abs=1e-5)
    assert told.value == pytest.approx(torch.tanh(torch.tensor(expected)).item(), rel=1e-4, abs=1e-5)


def test_a_neurons_sum_is_the_plain_networks() -> None:
    spec = PlaneSpec(layers=(HiddenLayer(n_neurons=3, activation="Tanh"),))
    plain = plain_network(spec)
    first, last = linears(plain)
    told = neuron_sum(spec, PlaneTrainer(spec).network, 0, 2, (1.5, -2.0))
    expected = first.weight[2, 0] * 1.5 + first.weight[2, 1] * -2.0 + first.bias[2]
    assert told.inputs == (1.5, -2.0)
    assert told.total == pytest.approx(expected.item(), rel=1e-5)
    assert told.value == pytest.approx(expected.tanh().item(), rel=1e-5)
    chance = neuron_sum(spec, PlaneTrainer(spec).network, 1, 0, (1.5, -2.0))
    assert chance.value == pytest.approx(plain(torch.tensor([[1.5, -2.0]])).sigmoid().item(), rel=1e-5)
    assert len(chance.weights) == last.weight.shape[1]
