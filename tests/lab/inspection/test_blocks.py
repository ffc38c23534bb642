"""Blocks as CNN Explainer groups them, and the scales that they share."""

from __future__ import annotations

import itertools

import pytest
import torch

from lab.inspection.blocks import ScaleBy, blocks, colour_limits
from lab.inspection.maps import feature_maps
from lab.network.build import build_network
from lab.network.presets import PRESETS, preset


def test_tiny_vgg_has_the_blocks_of_cnn_explainer():
    assert blocks(preset("tiny_vgg"))[:5] == (
        ("input",),
        ("conv_1_1", "relu_1_1"),
        ("conv_1_2", "relu_1_2", "max_pool_1"),
        ("conv_2_1", "relu_2_1"),
        ("conv_2_2", "relu_2_2", "max_pool_2", "flatten"),
    )


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_every_layer_of_every_preset_is_in_exactly_one_block(name):
    spec = preset(name)
    members = [layer_id for block in blocks(spec) for layer_id in block]
    assert sorted(members) == sorted(["input", *(layer.id for layer in spec.layers)])


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_a_block_is_a_chain_so_that_its_last_layer_can_stand_for_it(name):
    spec = preset(name)
    sources = spec.sources()
    for block in blocks(spec):
        for before, after in itertools.pairwise(block):
            assert before in sources[after]


def test_a_shared_limit_is_the_largest_absolute_value_of_those_who_share_it():
    network = build_network(preset("tiny_vgg")).eval()
    maps = feature_maps(network, torch.randn(3, 64, 64, generator=torch.Generator().manual_seed(0)))
    by_block = colour_limits(maps, ScaleBy.BLOCK)
    expected = max(float(maps.layer(i).activation.abs().max()) for i in ("conv_1_2", "relu_1_2", "max_pool_1"))
    assert by_block["relu_1_2"] == by_block["max_pool_1"] == pytest.approx(expected)
    by_network = colour_limits(maps, ScaleBy.GLOBAL)
    assert len({value for layer, value in by_network.items() if layer != "input"}) == 1
    assert by_network["input"] == pytest.approx(float(maps.layer("input").activation.abs().max()))


def test_a_layer_of_zeros_has_a_scale_that_nothing_is_divided_by_zero_on():
    network = build_network(preset("tiny_vgg")).eval()
    for parameter in network.parameters():
        parameter.data.zero_()
    maps = feature_maps(network, torch.zeros(3, 64, 64))
    assert set(colour_limits(maps, ScaleBy.LAYER).values()) == {1.0}
