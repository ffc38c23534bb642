"""The drawing as data: rows that follow a map, lines to what it is made of, classes at the end."""

from __future__ import annotations

import pytest
import torch

from lab.inspection.maps import feature_maps
from lab.inspection.overview import Form, overview
from lab.inspection.selection import shown_channels
from lab.network.build import build_network
from lab.network.presets import preset
from lab.network.spec import NetworkSpec


def drawn(name: str, n_shown: int = 10):
    spec = preset(name)
    network = build_network(spec).eval()
    maps = feature_maps(network, torch.randn(spec.input, generator=torch.Generator().manual_seed(0)))
    return network, maps, overview(network, maps, ("a", "b"), n_shown=n_shown)


@pytest.fixture(scope="module")
def tiny():
    return drawn("tiny_vgg")


def column(drawing, layer_id):
    return next(c for c in drawing.columns if c.layer.layer_id == layer_id)


def test_a_convolution_is_made_of_all_maps_before_it_weighed_by_its_kernels(tiny):
    network, _, drawing = tiny
    lines = column(drawing, "conv_2_1").links[0].lines
    weight = network.get_submodule("conv_2_1").weight.detach()
    assert len(lines) == 100
    assert {(line.start, line.end) for line in lines} == {(s, t) for s in range(10) for t in range(10)}
    line = next(line for line in lines if (line.start, line.end) == (3, 7))
    assert line.weight == pytest.approx(float(weight[7, 3].sum()), abs=1e-6)


def test_pooling_is_made_of_the_one_map_beside_it(tiny):
    lines = column(tiny[2], "max_pool_1").links[0].lines
    assert [(line.start, line.end, line.weight) for line in lines] == [(i, i, None) for i in range(10)]


def test_flattened_maps_are_stretches_of_the_strip_and_their_weights_add_up(tiny):
    network, _, drawing = tiny
    flat, dense = column(drawing, "flatten"), column(drawing, "output")
    assert flat.form is Form.STRIP
    assert (flat.anchors[1].channels, flat.anchors[1].place) == (range(169, 338), pytest.approx(0.15))
    line = next(line for line in dense.links[0].lines if line.start == flat.anchors[1].place and line.end == 4)
    assert line.weight == pytest.approx(
        float(network.get_submodule("output").weight.detach()[4, 169:338].sum()), abs=1e-5
    )


def test_classes_are_named_and_their_shares_add_up(tiny):
    classes = tiny[2].classes
    assert [row.label for row in classes[:3]] == ["a", "b", "class 2"]
    assert sum(row.probability for row in classes) == pytest.approx(1.0)


def test_layers_that_pass_channels_on_show_the_same_channels():
    _, maps, _ = drawn("resnet_small")
    shown = shown_channels(maps, 4)
    by_count = {}
    for layer in maps.layers[1:]:
        if len(layer.shape) == 3 and layer.kind in {"BatchNorm2d", "ReLU"}:
            by_count.setdefault(layer.layer_id, shown[layer.layer_id] == shown[layer.inputs[0]])
    assert by_count
    assert all(by_count.values())


def test_of_many_classes_the_likeliest_are_shown_first():
    _, maps, drawing = drawn("mobilenet_v2", n_shown=5)
    shares = [row.probability for row in drawing.classes]
    assert shares == sorted(shares, reverse=True)
    assert drawing.classes[0].unit == int(maps.output.argmax())


def test_a_skip_is_a_link_of_its_own():
    _, _, drawing = drawn("resnet_small")
    merges = [c for c in drawing.columns if c.layer.kind == "Add"]
    assert merges
    assert all(len(c.links) == 2 for c in merges)
    assert all(line.start == line.end for c in merges for link in c.links for line in link.lines)


@pytest.mark.parametrize("before", [[], [{"id": "flat", "kind": "Flatten"}]], ids=["maps", "vector"])
def test_a_gated_channel_is_made_of_two_channels_half_of_all_apart(before):
    spec = NetworkSpec.model_validate(
        {"name": "gated", "input": (6, 1, 1), "layers": [*before, {"id": "gate", "kind": "GLU"}]}
    )
    network = build_network(spec).eval()
    drawing = overview(network, feature_maps(network, torch.randn(spec.input)))
    lines = column(drawing, "gate").links[0].lines
    assert [(line.start, line.end) for line in lines] == [(0, 0), (3, 0), (1, 1), (4, 1), (2, 2), (5, 2)]


@pytest.mark.parametrize("name", ["inception_small", "mobilenet_small", "softmax_regression", "mlp", "lenet5"])
def test_every_preset_can_be_drawn(name):
    _, maps, drawing = drawn(name, n_shown=6)
    assert [c.layer.layer_id for c in drawing.columns] == [layer.layer_id for layer in maps.layers]
    for c in drawing.columns:
        rows = c.picture.indices.shape[0]
        assert rows == (c.picture.tile[0] * len(c.anchors) if c.form is Form.MAPS else c.picture.tile[0])
