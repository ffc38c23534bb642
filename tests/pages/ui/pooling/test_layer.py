"""The code on the page is the catalogue's, and the layer it builds computes what the page shows."""

from __future__ import annotations

import random

import pytest
import torch

from lab.network.layers.pooling import AdaptiveAvgPool2d, MaxPool2d
from lab.theory.pool_window import PoolKind, PoolSpec, nearest_possible
from lab.theory.pooling import conv_weight, pool
from pages.ui.pooling.layer import code_lines, layer_of, n_params, spec_of


def random_case(seed: int) -> tuple[PoolSpec, torch.Tensor]:
    chance = random.Random(seed)
    kernel = chance.randint(1, 4)
    spec = PoolSpec(
        kind=chance.choice(tuple(PoolKind)),
        kernel_size=(kernel, kernel),
        stride=(chance.randint(1, 3), 2),
        padding=(chance.randint(0, kernel // 2), 0),
        ceil_mode=chance.random() < 0.5,
        count_include_pad=chance.random() < 0.5,
        norm_type=chance.randint(1, 8),
        output_size=(chance.randint(1, 4), 3),
    )
    size = (chance.randint(2, 7), chance.randint(2, 7))
    return nearest_possible(spec, size), torch.rand(1, 2, *size, generator=torch.Generator().manual_seed(seed))


def test_the_layer_computes_what_the_page_shows_in_500_random_settings() -> None:
    for seed in range(500):
        spec, maps = random_case(seed)
        layer = layer_of(spec, channels=2)
        module = layer.module(((2, *maps.shape[-2:]),))
        if spec.kind is PoolKind.CONVOLUTION:
            with torch.no_grad():
                module.weight.copy_(conv_weight(spec).expand(2, 1, *spec.kernel_size))
        with torch.no_grad():
            torch.testing.assert_close(pool(maps, spec), module(maps), msg=f"{seed} {spec}")
        if spec.kind is not PoolKind.CONVOLUTION:
            assert pool(maps, spec_of(layer)).equal(pool(maps, spec)), (seed, spec)


@pytest.mark.parametrize(
    ("spec", "pytorch", "keras"),
    [
        (
            PoolSpec(),
            "nn.MaxPool2d(kernel_size=2, stride=2)",
            'x = layers.MaxPooling2D((2, 2), strides=(2, 2), name="pool1")(x)',
        ),
        (
            PoolSpec(kind="average", kernel_size=(3, 3), padding=(1, 1), count_include_pad=False),
            "nn.AvgPool2d(kernel_size=3, stride=2, padding=1, count_include_pad=False)",
            "ops.average_pool",
        ),
        (PoolSpec(kind="lp", norm_type=3), "nn.LPPool2d(kernel_size=2, stride=2, norm_type=3)", "ops.power(x, 3)"),
        (PoolSpec(kind="global_average"), "nn.AdaptiveAvgPool2d(output_size=1)", "AveragePooling2D((6, 6)"),
        (PoolSpec(dilation=(2, 2)), "nn.MaxPool2d(kernel_size=2, stride=2, dilation=2)", "# MaxPool2d cannot"),
        (PoolSpec(kind="convolution"), "nn.Conv2d(1, 1, kernel_size=2, stride=2, bias=False)", "layers.Conv2D("),
    ],
)
def test_the_line_of_code(spec: PoolSpec, pytorch: str, keras: str) -> None:
    lines = code_lines(spec, (6, 6))
    assert lines["PyTorch"] == pytorch
    assert keras in lines["Keras"]


def test_pooling_has_nothing_to_learn_and_the_convolution_its_weights() -> None:
    assert {n_params(PoolSpec(kind=kind), (6, 6)) for kind in PoolKind if kind is not PoolKind.CONVOLUTION} == {0}
    assert n_params(PoolSpec(kind="convolution", kernel_size=(3, 3)), (6, 6)) == 9


def test_a_layer_of_a_network_becomes_a_setting() -> None:
    assert spec_of(MaxPool2d(id="pool1", kernel_size=3)).stride == (3, 3)
    assert spec_of(MaxPool2d(id="pool1", kernel_size=3, stride=2, padding=1)).padding == (1, 1)
    assert spec_of(AdaptiveAvgPool2d(id="pool1", output_size=1)).kind is PoolKind.GLOBAL_AVERAGE
    assert spec_of(AdaptiveAvgPool2d(id="pool1", output_size=2)).output_size == (2, 2)
