"""One forward pass, every layer, with numbers that torch and hand agree on."""

from __future__ import annotations

import pytest
import torch

from lab.inspection.maps import describe, feature_maps
from lab.network.build import build_network
from lab.network.presets import preset


@pytest.fixture
def tiny():
    network = build_network(preset("tiny_vgg"), seed=3).eval()
    image = torch.randn(3, 64, 64, generator=torch.Generator().manual_seed(0))
    return network, image


def test_the_last_layer_is_what_the_network_itself_returns(tiny):
    network, image = tiny
    maps = feature_maps(network, image)
    assert torch.equal(maps.output, network(image.unsqueeze(0))[0].detach())


def test_layers_come_in_the_learners_order_with_the_picture_first(tiny):
    network, image = tiny
    maps = feature_maps(network, image)
    assert [layer.layer_id for layer in maps.layers] == ["input", *(layer.id for layer in network.spec.layers)]
    assert torch.equal(maps.layer("input").activation, image)


def test_each_relu_is_the_relu_of_the_layer_before_it_although_the_fast_path_pools_first(tiny):
    network, image = tiny
    maps = feature_maps(network, image)
    assert torch.equal(maps.layer("relu_1_2").activation, maps.layer("conv_1_2").activation.relu())


def test_statistics_count_what_hand_counts():
    numbers = describe(torch.tensor([[0.0, -2.0], [0.0, 4.0]]))
    assert (numbers.minimum, numbers.maximum, numbers.mean) == (-2.0, 4.0, 0.5)
    assert (numbers.zero_share, numbers.negative_share, numbers.largest) == (0.5, 0.25, 4.0)


def test_the_strongest_channels_have_the_largest_mean_absolute_value(tiny):
    network, image = tiny
    layer = feature_maps(network, image).layer("conv_2_2")
    means = [float(layer.activation[c].abs().mean()) for c in range(layer.n_channels)]
    assert list(layer.strongest(3)) == sorted(range(10), key=lambda c: -means[c])[:3]


def test_more_than_one_picture_is_refused(tiny):
    network, image = tiny
    with pytest.raises(ValueError, match="one picture at a time, 2 were given"):
        feature_maps(network, torch.stack([image, image]))


def test_probabilities_add_up_to_one_and_order_as_the_logits(tiny):
    network, image = tiny
    maps = feature_maps(network, image)
    assert float(maps.probabilities.sum()) == pytest.approx(1.0)
    assert torch.equal(maps.probabilities.argsort(), maps.output.argsort())
