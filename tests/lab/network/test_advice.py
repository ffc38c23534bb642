"""Advice is given where two layers are one in truth, and never for a network that is known to be right."""

from __future__ import annotations

import pytest
import torch

from lab.network.advice import advise
from lab.network.build import build_network
from lab.network.edit import apply_edits
from lab.network.presets import PRESETS, preset
from lab.network.spec import NetworkSpec


def network(*layers: dict[str, object]) -> NetworkSpec:
    return NetworkSpec.model_validate({"name": "tried", "input": (1, 8, 8), "layers": layers})


def conv(n: int, **fields: object) -> dict[str, object]:
    return {"id": f"conv{n}", "kind": "Conv2d", "out_channels": 4, "kernel_size": 3, "padding": 1} | fields


@pytest.mark.parametrize("name", PRESETS)
def test_no_preset_is_advised_against(name: str) -> None:
    assert advise(preset(name)) is None


@pytest.mark.parametrize(
    "between",
    [[], [{"id": "bn", "kind": "BatchNorm2d"}], [{"id": "avg", "kind": "AvgPool2d", "kernel_size": 2}]],
    ids=["nothing", "batch norm", "average pooling"],
)
def test_what_is_advised_against_is_one_linear_map(between: list[dict[str, object]]) -> None:
    spec = network(conv(1), *between, conv(2))
    advice = advise(spec)
    assert advice is not None
    assert advice.where == "conv2"
    assert "conv1" in advice.sentence
    module = build_network(spec).eval()
    x, y, zero = torch.randn(1, 1, 8, 8), torch.randn(1, 1, 8, 8), torch.zeros(1, 1, 8, 8)
    with torch.no_grad():
        torch.testing.assert_close(module(x + y) - module(zero), module(x) + module(y) - 2 * module(zero))


def test_one_click_puts_an_activation_between_them() -> None:
    spec = network(
        conv(1), conv(2), {"id": "flatten", "kind": "Flatten"}, {"id": "fc", "kind": "Linear", "out_features": 9}
    )
    fixed = spec
    for _ in range(2):
        advice = advise(fixed)
        assert advice is not None
        fixed = apply_edits(fixed, advice.fix.edits)
    assert advise(fixed) is None
    assert [layer.kind for layer in fixed.layers] == ["Conv2d", "ReLU", "Conv2d", "ReLU", "Flatten", "Linear"]


@pytest.mark.parametrize(
    "second",
    [
        [{"id": "relu", "kind": "ReLU"}, conv(2)],
        [{"id": "pool", "kind": "MaxPool2d", "kernel_size": 2}, conv(2)],
        [conv(2, kernel_size=1, padding=0, groups=4)],
    ],
    ids=["activation", "max pooling", "per channel"],
)
def test_what_bends_or_is_taken_apart_is_left_alone(second: list[dict[str, object]]) -> None:
    assert advise(network(conv(1), *second)) is None


def test_a_bottleneck_is_left_alone() -> None:
    assert (
        advise(network(conv(1, out_channels=16), {"id": "relu", "kind": "ReLU"}, conv(2, out_channels=2), conv(3)))
        is None
    )
