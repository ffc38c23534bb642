"""The net of the page as a network of the lab computes the same numbers, and its code gives the same first weights."""

from __future__ import annotations

import random

import torch
from torch import nn

from lab.network.build import build_network
from lab.network.code import pytorch_code
from lab.network.summary import summarize
from lab.theory.neurons.plane_features import make_features
from lab.theory.neurons.plane_network import PlaneNetwork
from lab.theory.neurons.plane_responses import grid
from lab.theory.neurons.plane_spec import HiddenLayer, PlaneSpec
from pages.ui.neurons.as_network import as_network, on_pictures
from tests.lab.theory.neurons.plain_network import random_spec


def linears(network: nn.Module) -> list[nn.Linear]:
    return [module for module in network.modules() if isinstance(module, nn.Linear)]


def test_the_network_of_the_lab_answers_as_the_plane_in_60_random_settings() -> None:
    for number in range(60):
        spec = random_spec(60_000 + number)
        plane, built = PlaneNetwork(spec).eval(), build_network(as_network(spec)).eval()
        with torch.no_grad():
            for ours, theirs in zip(plane.linears, linears(built), strict=True):
                theirs.load_state_dict(ours.state_dict())
            features = make_features(grid(5), spec.inputs)
            expected = plane(features)
            got = built(features.reshape(*features.shape, 1, 1))
        assert torch.allclose(got, expected, atol=1e-6), f"{number}: {spec}"


def test_the_code_shown_gives_the_first_weights_of_the_page() -> None:
    for number in range(10):
        spec = random_spec(70_000 + number)
        names: dict[str, object] = {}
        exec(pytorch_code(as_network(spec)), names)  # noqa: S102 - what the lab itself wrote
        made = next(
            v for v in names.values() if isinstance(v, type) and issubclass(v, nn.Module) and v is not nn.Module
        )
        torch.manual_seed(spec.seed)
        for ours, theirs in zip(PlaneNetwork(spec).linears, linears(made()), strict=True):
            assert torch.equal(ours.weight, theirs.weight), f"{number}: {spec}"


def test_on_pictures_the_hidden_layers_stay_and_ten_classes_come_out() -> None:
    network = on_pictures(PlaneSpec(layers=(HiddenLayer(n_neurons=random.Random(1).randint(1, 8)),)))
    assert summarize(network).rows[-1].output == (10,)
