"""One map taken apart: what the parts add up to is the map that torch computed."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from lab.inspection.channel import Operation, channel_detail
from lab.inspection.maps import feature_maps
from lab.inspection.windows import windows
from lab.network.build import build_network
from lab.network.catalogue import groups
from lab.network.presets import preset
from lab.network.spec import NetworkSpec

# PyTorch says so about an even kernel with padding="same", which is a case we want to show.
pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths:UserWarning")


def traced(layers: list[dict], shape=(4, 9, 11), seed=0):
    spec = NetworkSpec.model_validate({"name": "test", "input": shape, "layers": layers})
    network = build_network(spec, seed=seed).eval()
    image = torch.randn(shape, generator=torch.Generator().manual_seed(1))
    return network, feature_maps(network, image)


SUMS = {
    "plain": {"kind": "Conv2d", "out_channels": 6},
    "no bias": {"kind": "Conv2d", "out_channels": 6, "bias": False},
    "strided, dilated": {"kind": "Conv2d", "out_channels": 6, "stride": 2, "dilation": (1, 2), "padding": 1},
    "same": {"kind": "Conv2d", "out_channels": 6, "kernel_size": (4, 3), "padding": "same"},
    "reflect": {"kind": "Conv2d", "out_channels": 6, "padding": 1, "padding_mode": "reflect"},
    "grouped": {"kind": "Conv2d", "out_channels": 6, "groups": 2},
    "depth-wise": {"kind": "Conv2d", "out_channels": 8, "groups": 4, "padding": 1},
    "transposed": {"kind": "ConvTranspose2d", "out_channels": 6, "stride": 2, "padding": 1, "output_padding": 1},
    "transposed, grouped": {"kind": "ConvTranspose2d", "out_channels": 6, "stride": 2, "groups": 2},
}


@pytest.mark.parametrize("name", SUMS)
@pytest.mark.parametrize("channel", [0, 5])
@pytest.mark.parametrize("n_terms", [12, 2])
def test_intermediate_results_and_bias_add_up_to_the_map(name, channel, n_terms):
    network, maps = traced([{"id": "layer", **SUMS[name]}])
    detail = channel_detail(network, maps, "layer", channel, n_terms=n_terms)
    total = torch.stack([term.result for term in detail.terms]).sum(dim=0) + detail.bias
    assert detail.operation is Operation.SUM
    assert len(detail.terms) <= n_terms
    torch.testing.assert_close(total, maps.layer("layer").activation[channel])


@pytest.mark.parametrize("name", SUMS)
def test_the_window_under_the_kernel_gives_the_intermediate_result_pixel_by_pixel(name):
    """Slow oracle: walk the window tables with plain loops, as the page shows them."""
    network, maps = traced([{"id": "layer", **SUMS[name]}])
    detail = channel_detail(network, maps, "layer", 3)
    term = detail.terms[-1]
    height, width = detail.output.shape
    for y, x in [(0, 0), (height // 2, 1), (height - 1, width - 1)]:
        total = 0.0
        for i, row in enumerate(detail.windows.rows[y]):
            for j, col in enumerate(detail.windows.cols[x]):
                if row >= 0 and col >= 0:
                    total += float(term.kernel[i, j]) * float(term.values[row, col])
        assert total == pytest.approx(float(term.result[y, x]), abs=1e-5), (y, x)


def test_only_the_channels_of_its_group_are_the_terms():
    network, maps = traced([{"id": "layer", **SUMS["grouped"]}])
    assert [term.channels for term in channel_detail(network, maps, "layer", 4).terms] == [(2,), (3,)]


def test_too_many_inputs_are_put_together_strongest_first():
    network, maps = traced([{"id": "layer", "kind": "Conv2d", "out_channels": 2}], shape=(20, 8, 8))
    terms = channel_detail(network, maps, "layer", 0, n_terms=5).terms
    strengths = [float(term.result.abs().mean()) for term in terms[:-1]]
    assert strengths == sorted(strengths, reverse=True)
    assert sorted(c for term in terms for c in term.channels) == list(range(20))
    assert terms[-1].values is None


def test_a_dense_unit_has_one_weight_per_pixel_of_the_map_it_was_flattened_from():
    network, maps = traced([{"id": "flat", "kind": "Flatten"}, {"id": "fc", "kind": "Linear", "out_features": 3}])
    detail = channel_detail(network, maps, "fc", 2)
    assert [tuple(term.kernel.shape) for term in detail.terms] == [(9, 11)] * 4
    total = sum(float(term.result) for term in detail.terms) + detail.bias
    assert total == pytest.approx(float(maps.output[2]), abs=1e-5)


def test_the_winner_of_max_pooling_holds_the_largest_value_of_its_window():
    layers = [{"id": "pool", "kind": "MaxPool2d", "kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}]
    network, maps = traced(layers)
    detail = channel_detail(network, maps, "pool", 1)
    values = detail.terms[0].values
    assert torch.equal(values.flatten()[detail.winners], detail.output)
    for y, rows in enumerate(detail.windows.rows):
        for x, cols in enumerate(detail.windows.cols):
            inside = [float(values[r, c]) for r in rows for c in cols if r >= 0 and c >= 0]
            assert max(inside) == float(detail.output[y, x])


@pytest.mark.parametrize("kind", ["AvgPool2d", "AdaptiveAvgPool2d"])
def test_a_mean_is_the_mean_of_its_window(kind):
    fields = {"output_size": (4, 3)} if kind == "AdaptiveAvgPool2d" else {}
    network, maps = traced([{"id": "pool", "kind": kind, **fields}])
    detail = channel_detail(network, maps, "pool", 0)
    rows, cols = detail.windows.rows[1], detail.windows.cols[2]
    window = detail.terms[0].values[list(rows)][:, list(cols)]
    assert float(window.mean()) == pytest.approx(float(detail.output[1, 2]), abs=1e-6)


def test_batch_norm_is_a_straight_line_with_the_numbers_given():
    network, maps = traced([{"id": "conv", "kind": "Conv2d", "out_channels": 3}, {"id": "bn", "kind": "BatchNorm2d"}])
    norm = network.get_submodule("bn")
    norm.running_mean.copy_(torch.tensor([0.1, 0.2, 0.3]))
    norm.running_var.copy_(torch.tensor([0.5, 2.0, 4.0]))
    norm.weight.data.copy_(torch.tensor([1.0, 2.0, 3.0]))
    norm.bias.data.copy_(torch.tensor([0.0, -1.0, 1.0]))
    maps = feature_maps(network, maps.layer("input").activation)
    detail = channel_detail(network, maps, "bn", 1)
    line = detail.constants["slope"] * detail.terms[0].values + detail.constants["offset"]
    torch.testing.assert_close(line, detail.output)


def test_group_norm_is_a_straight_line_with_the_groups_numbers():
    network, maps = traced([{"id": "gn", "kind": "GroupNorm", "num_groups": 2}])
    detail = channel_detail(network, maps, "gn", 3)
    line = detail.constants["slope"] * detail.terms[0].values + detail.constants["offset"]
    torch.testing.assert_close(line, detail.output)


def test_the_curve_of_an_activation_passes_through_every_pixel():
    network, maps = traced([{"id": "act", "kind": "ReLU"}])
    detail = channel_detail(network, maps, "act", 2)
    assert torch.equal(detail.curve[:, 1], detail.curve[:, 0].relu())
    assert torch.equal(detail.terms[0].values.relu(), detail.output)


@pytest.mark.parametrize("kind", [row.__name__ for row in groups()["Activation"]])
@pytest.mark.parametrize("before", [[], [{"id": "flat", "kind": "Flatten"}]], ids=["maps", "vector"])
def test_every_activation_can_be_taken_apart_and_a_curve_is_shown_where_it_tells_the_output(kind, before):
    network, maps = traced([*before, {"id": "act", "kind": kind}], shape=(4, 5, 5))
    detail = channel_detail(network, maps, "act", 1)
    if detail.curve is None:
        assert kind in {"Softmax", "Softmin", "LogSoftmax", "GLU"}
        return
    x, y = detail.curve.detach().numpy().T
    told = np.interp(detail.terms[0].values.numpy(), x, y)
    np.testing.assert_allclose(told, detail.output.numpy(), atol=0.06)


def test_a_gated_map_names_the_two_channels_that_it_is_made_of():
    network, maps = traced([{"id": "act", "kind": "GLU"}])
    detail = channel_detail(network, maps, "act", 1)
    a, b = maps.layer("input").activation[[1, 3]]
    assert "a is channel 1 of the input and b is channel 3" in detail.formula
    assert torch.equal(detail.terms[0].values, a)
    torch.testing.assert_close(a * b.sigmoid(), detail.output)


@pytest.mark.parametrize(
    ("kind", "rule"), [("Softmin", lambda x: torch.softmax(-x, 0)), ("LogSoftmax", lambda x: x - x.exp().sum(0).log())]
)
def test_what_looks_at_all_channels_of_a_place_shows_the_channel_of_its_own_number(kind, rule):
    network, maps = traced([{"id": "act", "kind": kind}])
    detail = channel_detail(network, maps, "act", 2)
    assert detail.terms[0].channels == (2,)
    torch.testing.assert_close(rule(maps.layer("input").activation)[2], detail.output)


def test_prelu_shows_the_curve_of_its_own_channel():
    network, maps = traced([{"id": "act", "kind": "PReLU", "num_parameters": 4}])
    network.get_submodule("act").weight.data.copy_(torch.tensor([0.0, 0.5, 1.0, 2.0]))
    detail = channel_detail(network, maps, "act", 3)
    negative = detail.curve[:, 0] < 0
    torch.testing.assert_close(detail.curve[negative, 1], 2 * detail.curve[negative, 0])


def test_add_is_the_sum_of_both_maps_and_concat_takes_one_over():
    layers = [
        {"id": "a", "kind": "Conv2d", "out_channels": 4, "padding": 1},
        {"id": "b", "kind": "ReLU"},
        {"id": "s", "kind": "Add", "inputs": ["a", "b"]},
        {"id": "j", "kind": "Concat", "inputs": ["s", "a"]},
    ]
    network, maps = traced(layers)
    added = channel_detail(network, maps, "s", 1)
    assert torch.equal(added.terms[0].result + added.terms[1].result, added.output)
    taken = channel_detail(network, maps, "j", 6)
    assert (taken.terms[0].source, taken.terms[0].channels) == ("a", (2,))
    assert torch.equal(taken.terms[0].values, taken.output)


def test_flatten_says_which_pixel_a_unit_is():
    network, maps = traced([{"id": "flat", "kind": "Flatten"}])
    detail = channel_detail(network, maps, "flat", 99 + 2 * 11 + 5)
    assert (detail.terms[0].channels, detail.windows.rows, detail.windows.cols) == ((1,), ((2,),), ((5,),))
    assert float(detail.terms[0].values[2, 5]) == float(detail.output)


def test_softmax_is_exponentials_over_their_sum():
    layers = [{"id": "flat", "kind": "Flatten"}, {"id": "fc", "kind": "Linear", "out_features": 5}]
    network, maps = traced([*layers, {"id": "soft", "kind": "Softmax"}])
    detail = channel_detail(network, maps, "soft", 1)
    assert detail.constants["exponential"] / detail.constants["total"] == pytest.approx(float(detail.output))


@pytest.mark.parametrize("name", ["resnet_small", "inception_small", "mobilenet_small", "lenet5", "student_cnn"])
def test_every_layer_of_the_presets_can_be_taken_apart(name):
    spec = preset(name)
    network = build_network(spec).eval()
    maps = feature_maps(network, torch.randn(spec.input, generator=torch.Generator().manual_seed(0)))
    for layer in maps.layers:
        detail = channel_detail(network, maps, layer.layer_id, layer.n_channels - 1)
        if detail.operation is Operation.SUM:
            total = torch.stack([term.result for term in detail.terms]).sum(dim=0) + detail.bias
            torch.testing.assert_close(total, detail.output, atol=1e-4, rtol=1e-4)


def test_a_map_that_a_layer_does_not_have_is_refused():
    network, maps = traced([{"id": "layer", **SUMS["plain"]}])
    with pytest.raises(IndexError, match="layer has channels 0 to 5, not 6"):
        channel_detail(network, maps, "layer", 6)


def test_windows_of_the_docstring_are_right():
    network, _ = traced([{"id": "layer", "kind": "Conv2d", "out_channels": 1, "stride": 2, "padding": 1}], (1, 5, 5))
    table = windows(network.spec.layer("layer"), (1, 5, 5), (1, 3, 3))
    assert table.rows == ((-1, 0, 1), (1, 2, 3), (3, 4, -1))
