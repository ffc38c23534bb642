"""Distances to training images, against a case that can be worked out by hand, and what a visitor can wait for."""

import pytest
import torch

from lab.network.build import build_network
from lab.network.presets import preset
from lab.network.spec import NetworkSpec
from lab.prediction.familiarity import affordable_images, describe, measure_familiarity, neighbour_distances


def test_the_distance_is_that_to_the_fifth_neighbour():
    reference = torch.tensor([[0.0], [1.0], [2.0], [3.0], [4.0], [50.0]])
    assert neighbour_distances(torch.tensor([[0.0], [10.0]]), reference).tolist() == [4.0, 10.0]


def test_a_small_reference_takes_the_furthest():
    assert neighbour_distances(torch.tensor([[0.0]]), torch.tensor([[1.0], [3.0]])).tolist() == [3.0]


def test_a_picture_is_described_by_moments_of_channels():
    layers = [{"id": "conv", "kind": "Conv2d", "out_channels": 1, "kernel_size": 1, "bias": False}]
    layers += [{"id": "flatten", "kind": "Flatten"}, {"id": "fc", "kind": "Linear", "out_features": 2}]
    network = build_network(NetworkSpec.model_validate({"name": "n", "input": (1, 2, 2), "layers": layers})).eval()
    torch.nn.init.constant_(network.conv.weight, 2.0)
    image = torch.tensor([[[[0.0, 1.0], [2.0, 5.0]]]])
    # mean and deviation of: the picture 0 1 2 5, its rows' differences 2 4, its columns' 1 3, the doubled picture
    expected = [2.0, 3.5**0.5, 3.0, 1.0, 2.0, 1.0, 4.0, 2 * 3.5**0.5]
    assert describe(network, image)[0].tolist() == pytest.approx(expected)


def test_one_in_a_hundred_of_its_own_kind_is_strange_and_another_kind_is():
    random = torch.Generator().manual_seed(0)
    network = build_network(preset("mlp")).eval()
    noise = torch.randn(1600, 1, 28, 28, generator=random)
    known = measure_familiarity(network, noise[:400], noise[400:800])
    strange = known.distances(describe(network, noise[800:])) > known.limit
    assert strange.float().mean() < 0.04
    assert known.is_unfamiliar(describe(network, noise[:1] * 3))
    assert known.is_unfamiliar(describe(network, noise[:1].sort(dim=3).values))  # the same pixels, other edges


@pytest.mark.parametrize(("name", "n_images"), [("mlp", (600, 300)), ("vgg16", (0, 0))])
def test_a_large_network_is_not_asked_for_more_than_one_can_wait_for(name, n_images):
    with torch.device("meta"):
        from lab.network.build import Network

        network = Network(preset(name))
    assert affordable_images(network) == n_images
