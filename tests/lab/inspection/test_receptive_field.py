"""The box equals where gradients reach the picture in a network whose weights are all positive."""

from __future__ import annotations

import pytest
import torch

from lab.inspection.receptive_field import all_receptive_fields, box
from lab.network.build import build_network
from lab.network.presets import preset
from lab.network.spec import NetworkSpec

# PyTorch says so about an even kernel with padding="same", which is a case we want to show.
pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths:UserWarning")


def network_spec(layers: list[dict], shape=(2, 17, 13)) -> NetworkSpec:
    return NetworkSpec.model_validate({"name": "test", "input": shape, "layers": layers})


def conv(layer_id: str, **fields) -> dict:
    return {"id": layer_id, "kind": "Conv2d", "out_channels": 2, **fields}


NETWORKS = {
    "plain": [conv("a"), conv("b", stride=2, padding=1), {"id": "p", "kind": "AvgPool2d"}],
    "dilated and rectangular": [conv("a", dilation=2, padding=2), conv("b", kernel_size=(3, 2), stride=(2, 1))],
    "same, even kernel": [conv("a", kernel_size=4, padding="same"), conv("b", kernel_size=(5, 2), padding="same")],
    "reflect": [conv("a", padding=2, kernel_size=5, padding_mode="reflect"), conv("b", stride=2)],
    "replicate": [conv("a", padding=2, kernel_size=5, padding_mode="replicate"), conv("b", stride=2)],
    "circular": [conv("a", padding=1, padding_mode="circular"), conv("b", stride=2)],
    "ceil mode": [conv("a"), {"id": "p", "kind": "AvgPool2d", "kernel_size": 2, "stride": 3, "ceil_mode": True}],
    "adaptive": [conv("a"), {"id": "p", "kind": "AdaptiveAvgPool2d", "output_size": (4, 3)}, conv("b", kernel_size=2)],
    "transposed": [
        conv("a", stride=2),
        {"id": "t", "kind": "ConvTranspose2d", "out_channels": 2, "kernel_size": 3, "stride": 2, "padding": 1},
    ],
    "upsampled": [
        conv("a", stride=2),
        {"id": "u", "kind": "Upsample", "scale_factor": 2},
        {"id": "v", "kind": "Upsample", "scale_factor": 2, "mode": "bilinear"},
    ],
    "zero pad": [{"id": "z", "kind": "ZeroPad2d", "padding": (1, 2, 3, 0)}, conv("b", stride=2)],
    "skip": [
        conv("a", padding=1),
        conv("b", padding=1),
        {"id": "s", "kind": "Add", "inputs": ["a", "b"]},
        conv("c", stride=2),
    ],
    "branches": [
        conv("a", kernel_size=1),
        conv("b", kernel_size=5, padding=2, inputs=["a"]),
        conv("c", kernel_size=(1, 7), padding=(0, 3), inputs=["a"]),
        {"id": "j", "kind": "Concat", "inputs": ["b", "c"]},
    ],
}


def gradient_box(spec: NetworkSpec, layer_id: str, y: int, x: int) -> tuple[int, int, int, int]:
    """Slow oracle: all weights positive, so nothing cancels; rows and columns with a gradient."""
    network = build_network(spec).eval()
    for parameter in network.parameters():
        parameter.data.abs_().add_(0.1)
    image = torch.ones(1, *spec.input, requires_grad=True)
    network.trace(image)[layer_id][0, :, y, x].sum().backward()
    touched = image.grad[0].sum(dim=0) != 0
    if not touched.any():
        return 0, 0, 0, 0
    rows, cols = touched.any(dim=1).nonzero().flatten(), touched.any(dim=0).nonzero().flatten()
    return int(rows[0]), int(cols[0]), int(rows[-1]) + 1, int(cols[-1]) + 1


@pytest.mark.parametrize("name", NETWORKS)
def test_the_box_is_where_the_gradient_reaches_the_picture(name):
    spec = network_spec(NETWORKS[name])
    last = spec.layers[-1].id
    fields = all_receptive_fields(spec)[last]
    height, width = len(fields.rows), len(fields.cols)
    for y, x in [(0, 0), (height - 1, width - 1), (height // 2, width // 2), (0, width - 1)]:
        assert box(spec, last, y, x) == gradient_box(spec, last, y, x), (y, x)


def test_resnet18_reaches_the_published_sizes_away_from_the_border():
    """Receptive fields by stage of torchvision's ResNet-18: 7, 11, 43, 99 (Distill, doi 10.23915/distill.00021)."""
    spec = preset("resnet18")
    fields = all_receptive_fields(spec)
    sizes = {max(bottom - top for top, bottom in field.rows) for field in fields.values()}
    assert {7, 11, 43, 99, 211} <= sizes


def test_a_dense_unit_sees_the_whole_picture():
    spec = preset("tiny_vgg")
    assert box(spec, spec.layers[-1].id) == (0, 0, 64, 64)


def test_a_row_that_a_layer_does_not_have_is_refused():
    with pytest.raises(IndexError):
        box(preset("tiny_vgg"), "conv_1_1", y=62)
