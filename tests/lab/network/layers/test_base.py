"""What a layer says about its window, against the pixels that really have a gradient."""

import pytest
import torch

from lab.network.build import build_network
from lab.network.layers.base import describe, shown, write_arguments
from lab.network.spec import NetworkSpec

SIZE = 9

# Layers in which every pixel of the window has its own weight, so the window can be read off the gradient.
WEIGHTED = [
    {"kind": "Conv2d", "out_channels": 1},
    {"kind": "Conv2d", "out_channels": 1, "kernel_size": [4, 3], "padding": "same"},
    {"kind": "Conv2d", "out_channels": 1, "kernel_size": [5, 2], "stride": [2, 3], "padding": [2, 1]},
    {"kind": "Conv2d", "out_channels": 1, "dilation": [2, 3]},
    {"kind": "ConvTranspose2d", "out_channels": 1, "kernel_size": [3, 4], "stride": [2, 3], "padding": 1},
    {"kind": "ConvTranspose2d", "out_channels": 1, "kernel_size": [5, 3], "stride": [2, 1], "output_padding": [1, 0]},
    {"kind": "AvgPool2d", "kernel_size": [3, 2], "stride": [2, 1], "padding": 1, "ceil_mode": True},
    {"kind": "AdaptiveAvgPool2d", "output_size": [4, 2]},
    {"kind": "AdaptiveAvgPool2d", "output_size": [12, 9]},
    {"kind": "Upsample", "scale_factor": [2, 3]},
    {"kind": "Upsample", "scale_factor": [2, 3], "mode": "bilinear"},
    {"kind": "Upsample", "scale_factor": [4, 1], "mode": "bilinear"},
    {"kind": "ZeroPad2d", "padding": [0, 2, 1, 3]},
    {"kind": "ReLU"},
]


@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
@pytest.mark.parametrize("fields", WEIGHTED, ids=str)
def test_reach_is_where_the_gradient_is(fields):
    spec = NetworkSpec(name="one", input=(1, SIZE, SIZE), layers=({"id": "one", **fields},))
    network, layer = build_network(spec), spec.layers[0]
    image = torch.rand(1, 1, SIZE, SIZE, requires_grad=True)
    output = network(image)

    for axis in (0, 1):
        for position in range(output.shape[2 + axis]):
            values = output.select(2 + axis, position)
            (gradient,) = torch.autograd.grad(values.square().sum(), image, retain_graph=True)
            touched = (gradient[0, 0].abs().amax(dim=1 - axis) > 1e-5).nonzero().flatten().tolist()
            first, last = layer.reach(((1, SIZE, SIZE),), axis, position, position)
            expected = (max(first, 0), min(last, SIZE - 1))
            assert not touched or (touched[0], touched[-1]) == expected, (axis, position)
            assert touched or expected[0] > expected[1] or fields["kind"] == "ConvTranspose2d", (axis, position)


@pytest.mark.parametrize("fields", WEIGHTED, ids=str)
def test_reach_of_a_range_is_the_hull_of_its_positions(fields):
    spec = NetworkSpec(name="one", input=(1, SIZE, SIZE), layers=({"id": "one", **fields},))
    layer, shapes = spec.layers[0], ((1, SIZE, SIZE),)
    height = layer.output_shape(shapes)[1]

    spans = [layer.reach(shapes, 0, position, position) for position in range(1, height)]
    spans = [(first, last) for first, last in spans if first <= last]

    assert layer.reach(shapes, 0, 1, height - 1) == (min(f for f, _ in spans), max(last for _, last in spans))


def test_shapes_values_and_arguments_are_written_for_people():
    assert describe((8, 28, 28)) == "maps of 8×28×28"
    assert describe((10,)) == "a vector of 10 values"
    assert [shown(value) for value in ((2, 2), (1, 2), 3, "same", ("conv1", "pool1"))] == [
        "2",
        "1×2",
        "3",
        "same",
        "conv1, pool1",
    ]
    assert (
        write_arguments({"in_channels": 3, "kernel_size": (3, 5), "stride": (2, 2)})
        == "3, kernel_size=(3, 5), stride=2"
    )
