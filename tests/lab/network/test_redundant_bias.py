"""Redundant biases are found where a built network says so: it gives the same output without them."""

from __future__ import annotations

import random

import pytest
import torch
from torch import nn

from lab.network.build import build_network
from lab.network.presets import preset
from lab.network.redundant_bias import redundant_biases, with_batch_norm, without_biases
from lab.network.spec import NetworkSpec
from lab.network.summary import summarize


def random_network(seed: int) -> NetworkSpec:
    draw = random.Random(seed)
    layers: list[dict[str, object]] = []
    for number in range(1, draw.randint(2, 4)):
        kind = draw.choice(["Conv2d", "ConvTranspose2d"])
        layers.append(
            {"id": f"conv{number}", "kind": kind, "out_channels": draw.randint(1, 5), "bias": draw.random() < 0.8}
        )
        if draw.random() < 0.6:
            layers.append({"id": f"bn{number}", "kind": "BatchNorm2d"})
        layers.append({"id": f"relu{number}", "kind": "ReLU"})
    layers += [{"id": "flatten", "kind": "Flatten"}, {"id": "fc1", "kind": "Linear", "out_features": 4}]
    if draw.random() < 0.5:
        layers.append({"id": "bnf", "kind": "BatchNorm1d"})
    return NetworkSpec.model_validate({"name": "random", "input": (2, 9, 9), "layers": layers})


def outputs_for_two_biases(spec: NetworkSpec, layer_id: str) -> tuple[torch.Tensor, torch.Tensor]:
    network = build_network(spec).double().train()
    image = torch.rand(3, *spec.input, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    layer = network.get_submodule(layer_id)
    results = []
    for value in (0.0, 1.5):
        with torch.no_grad():
            nn.init.constant_(layer.bias, value)
            results.append(network(image))
    return results[0], results[1]


def test_a_bias_is_listed_exactly_when_it_changes_nothing_in_500_random_networks() -> None:
    for seed in range(500):
        spec = random_network(seed)
        listed = {row.layer_id: row for row in redundant_biases(spec)}
        for layer in spec.layers:
            if not getattr(layer, "bias", False):
                assert layer.id not in listed
                continue
            without, having = outputs_for_two_biases(spec, layer.id)
            is_the_same = torch.allclose(without, having, atol=1e-9)
            # A ReLU before the next normalisation can be dead at both biases; then the bias only looks redundant.
            assert layer.id not in listed or is_the_same, f"seed {seed}, {layer.id}"


def test_leaving_them_out_saves_exactly_the_parameters_that_are_listed() -> None:
    for seed in range(100):
        spec = random_network(seed)
        rows = redundant_biases(spec)
        smaller = without_biases(spec, [row.layer_id for row in rows])
        saved = summarize(spec).n_params - summarize(smaller).n_params
        assert saved == sum(row.n_params for row in rows), f"seed {seed}"
        assert redundant_biases(smaller) == ()


@pytest.mark.parametrize("name", ["resnet18", "mobilenet_v2", "resnet_small", "student_cnn", "alexnet"])
def test_the_published_networks_have_none(name: str) -> None:
    assert redundant_biases(preset(name)) == ()


def test_a_layer_that_something_else_reads_too_keeps_its_bias() -> None:
    layers = [
        {"id": "conv1", "kind": "Conv2d", "out_channels": 4},
        {"id": "bn1", "kind": "BatchNorm2d"},
        {"id": "add", "kind": "Add", "inputs": ["conv1", "bn1"]},
    ]
    assert redundant_biases(NetworkSpec.model_validate({"name": "skip", "input": (1, 8, 8), "layers": layers})) == ()


def test_the_last_layer_keeps_its_bias() -> None:
    layers = [{"id": "conv1", "kind": "Conv2d", "out_channels": 4}]
    assert redundant_biases(NetworkSpec.model_validate({"name": "one", "input": (1, 8, 8), "layers": layers})) == ()


def test_batch_norm_goes_behind_each_convolution_once() -> None:
    spec = with_batch_norm(preset("lenet5"))
    assert summarize(spec).output == summarize(preset("lenet5")).output
    assert with_batch_norm(spec) == spec
    assert [row.layer_id for row in redundant_biases(spec)][:2] == ["conv1", "conv2"]
    assert with_batch_norm(preset("vgg_small")) == preset("vgg_small")
