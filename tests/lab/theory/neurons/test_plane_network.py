"""The network against the same layers written out as an ``nn.Sequential``."""

from __future__ import annotations

import pytest
import torch
from torch import Generator, nn

from lab.theory.neurons.plane_data import make_data
from lab.theory.neurons.plane_features import make_features
from lab.theory.neurons.plane_network import PlaneNetwork, drop
from lab.theory.neurons.plane_responses import HALF_WIDTH, grid
from lab.theory.neurons.plane_spec import FEATURES, HiddenLayer, PlaneSpec
from tests.lab.theory.neurons.plain_network import linears, plain_features, plain_network, random_spec

N_SETTINGS = 600


def hidden_values(plain: nn.Sequential, features: torch.Tensor) -> list[torch.Tensor]:
    """What stands after each activation (dropout sleeps in eval mode), and the output."""
    values, kept = features, []
    for module in plain:
        values = module(values)
        if isinstance(module, nn.Dropout):
            kept.append(values)
    return [*kept, values]


def test_every_neuron_answers_as_the_plain_network_in_600_random_settings() -> None:
    for number in range(N_SETTINGS):
        spec = random_spec(number)
        network, plain = PlaneNetwork(spec).eval(), plain_network(spec).eval()
        places = grid(6)
        with torch.no_grad():
            ours = network.layer_outputs(make_features(places, spec.inputs))
            theirs = hidden_values(plain, plain_features(spec, places))
        assert len(ours) == len(theirs), f"setting {number}: {spec}"
        for layer, (our, their) in enumerate(zip(ours, theirs, strict=True)):
            assert torch.equal(our, their), f"setting {number}, layer {layer}: {spec}"


def test_gradients_are_those_of_the_plain_network_in_200_random_settings() -> None:
    for number in range(200):
        spec = random_spec(number)
        network, plain = PlaneNetwork(spec).train(), plain_network(spec).train()
        points = make_data(spec).train.points
        torch.manual_seed(7)
        plain(plain_features(spec, points)).square().sum().backward()
        output = network(make_features(points, spec.inputs), spec.dropout, Generator().manual_seed(7))
        output.square().sum().backward()
        for our, their in zip(network.parameters(), _in_our_order(plain), strict=True):
            assert torch.allclose(our.grad, their.grad, rtol=1e-4, atol=1e-5), f"setting {number}: {spec}"


def _in_our_order(plain: nn.Sequential) -> list[nn.Parameter]:
    """Linear layers first, then batch norms: the order of our two lists (activations here learn nothing)."""
    norms = [module for module in plain if isinstance(module, nn.BatchNorm1d)]
    return [parameter for module in (*linears(plain), *norms) for parameter in module.parameters()]


@pytest.mark.parametrize("name", FEATURES)
def test_each_input_is_what_its_name_says(name: str) -> None:
    spec = PlaneSpec.model_validate({"features": [name]})
    assert torch.equal(make_features(grid(9), spec.inputs), plain_features(spec, grid(9)))


def test_without_bias_there_is_no_bias_and_the_origin_stays_at_zero() -> None:
    network = PlaneNetwork(PlaneSpec(bias=False, layers=(HiddenLayer(), HiddenLayer())))
    assert not [name for name, _ in network.named_parameters() if "bias" in name]
    values = network.eval().layer_outputs(torch.zeros(1, 2))
    assert all(bool((value == 0).all()) for value in values)


def test_making_a_network_leaves_the_shared_generator_alone() -> None:
    before = torch.get_rng_state()
    PlaneNetwork(PlaneSpec(dropout=0.5))
    drop(torch.ones(4, 4), 0.5, Generator().manual_seed(1))
    assert torch.equal(before, torch.get_rng_state())


def test_dropout_is_torchs_own_from_another_generator() -> None:
    value = torch.randn(20, 8, generator=Generator().manual_seed(3))
    torch.manual_seed(11)
    assert torch.equal(drop(value, 0.4, Generator().manual_seed(11)), nn.functional.dropout(value, 0.4, training=True))


def test_the_grid_begins_at_the_top_left_and_stays_inside() -> None:
    places = grid(10)
    assert places[0, 0] < -5 < 5 < places[0, 1]
    assert float(places.abs().max()) < HALF_WIDTH
    assert torch.allclose(places.mean(dim=0), torch.zeros(2), atol=1e-6)
