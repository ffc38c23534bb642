"""The depth experiment against plain stacks of nn.Linear, and the published variances."""

from __future__ import annotations

import math
import random

import pytest
import torch
from torch import nn

from lab.theory.depth import (
    INITIALISATIONS,
    MAX_DEPTH,
    DepthResult,
    InitName,
    Stack,
    describe_depth,
    drawn_weights,
    experiment_inputs,
    measure_depth,
)

ACTIVATIONS = (nn.ReLU, nn.Sigmoid, nn.Tanh, nn.GELU, nn.SELU, nn.Softsign, nn.LeakyReLU, nn.Hardtanh, nn.Identity)


def rms(values: torch.Tensor) -> float:
    return math.sqrt(sum(number * number for number in values.flatten().tolist()) / values.numel())


def plain_loop(stack: Stack, result: DepthResult, activation: nn.Module) -> tuple[list[float], list[float]]:
    """Sizes of signal and gradient through modules of nn.Linear, with retained gradients."""
    inputs, top = experiment_inputs(stack)
    weights = drawn_weights(stack.init, stack.width, MAX_DEPTH, stack.seed, stack.width)
    value = inputs.clone().requires_grad_()
    kept = [value]
    for layer in range(stack.depth):
        linear = nn.Linear(stack.width, stack.width).double()
        with torch.no_grad():
            linear.weight.copy_(weights[layer] * result.factors[layer])
            linear.bias.fill_(stack.bias)
        value = activation(linear(value))
        value.retain_grad()
        kept.append(value)
    (value * top).sum().backward()
    return [rms(value.detach()) for value in kept], [rms(value.grad) for value in kept]


def test_the_experiment_is_a_plain_stack_of_linear_layers() -> None:
    draw = random.Random(0)
    for number in range(500):
        stack = Stack(
            depth=draw.randint(1, 6),
            width=draw.choice((2, 3, 5, 8)),
            init=draw.choice(list(INITIALISATIONS)),
            scale=draw.uniform(0.1, 2.5),
            bias=draw.uniform(-1, 1),
            seed=draw.randrange(10),
        )
        activation = ACTIVATIONS[number % len(ACTIVATIONS)]()
        result = measure_depth(stack, activation)
        signal, gradient = plain_loop(stack, result, activation)
        assert list(result.signal) == pytest.approx(signal, rel=1e-9, abs=1e-300), f"{stack}, {activation}"
        assert list(result.gradient) == pytest.approx(gradient, rel=1e-9, abs=1e-300), f"{stack}, {activation}"


@pytest.mark.parametrize(
    ("init", "n_variance"),
    [
        ("he_normal", 2.0),  # He et al. 2015, equation 10: ½·n·Var(w) = 1
        ("he_uniform", 2.0),
        ("xavier_normal", 1.0),  # Glorot & Bengio 2010, equation 12: Var(w) = 2 / (n_in + n_out)
        ("xavier_uniform", 1.0),  # equation 16
        ("lecun_normal", 1.0),
        ("default", 1 / 3),  # Glorot & Bengio's equation 15, the "commonly used heuristic": n·Var(w) = 1/3
        ("orthogonal", 1.0),
    ],
)
def test_drawn_weights_have_the_published_variance(init: InitName, n_variance: float) -> None:
    assert measure_depth(Stack(depth=50, width=128, init=init), nn.ReLU()).n_variance == pytest.approx(
        n_variance, rel=0.02
    )


@pytest.mark.parametrize("init", ["he_uniform", "lsuv"])
def test_the_variance_told_is_that_of_the_weights_used(init: InitName) -> None:
    result = measure_depth(Stack(depth=7, width=5, init=init, scale=1.7), nn.Tanh())
    weights = drawn_weights(init, 5, MAX_DEPTH, 0, 5)
    used = [
        factor * number for layer, factor in enumerate(result.factors) for number in weights[layer].flatten().tolist()
    ]
    mean = sum(used) / len(used)
    assert result.n_variance == pytest.approx(5 * sum((number - mean) ** 2 for number in used) / len(used))


def test_layers_drawn_bit_by_bit_are_those_drawn_at_once() -> None:
    for seed, init in enumerate(INITIALISATIONS):
        generator = torch.Generator().manual_seed(seed)
        at_once = torch.empty(12, 6, 6, dtype=torch.float64)
        for layer in at_once:
            INITIALISATIONS[init].fill(layer, generator)
        for depth in (1, 4, 3, 12):
            assert torch.equal(torch.stack(drawn_weights(init, 6, depth, seed, 6)), at_once[:depth]), (init, depth)


def test_he_keeps_relu_where_xavier_halves_its_variance_at_every_layer() -> None:
    # He et al. 2015, section 2.2: with n·Var(w) = 1 each ReLU layer keeps half the variance, so 2^(-1/2) of the size.
    he = [measure_depth(Stack(20, 256, "he_normal", seed=seed), nn.ReLU()) for seed in range(3)]
    xavier = [measure_depth(Stack(20, 256, "xavier_normal", seed=seed), nn.ReLU()) for seed in range(3)]
    for result in he:
        assert result.signal[-1] / result.signal[0] == pytest.approx(1, rel=0.45)
        assert result.gradient[0] / result.gradient[-1] == pytest.approx(1, rel=0.45)
    for kept, halved in zip(he, xavier, strict=True):  # the same normal numbers, √2 smaller
        assert halved.signal[-1] / kept.signal[-1] == pytest.approx(2**-10, rel=1e-6)
        assert halved.gradient[0] / kept.gradient[0] == pytest.approx(2**-10, rel=1e-6)


def test_the_usual_heuristic_loses_a_third_of_the_variance_in_linear_layers() -> None:
    # Glorot & Bengio 2010, equation 15: n·Var(w) = 1/3, so the size falls by √3 at each layer without an activation.
    result = measure_depth(Stack(10, 256, "default"), nn.Identity())
    assert result.signal[-1] / result.signal[0] == pytest.approx(3**-5, rel=0.1)


def test_a_rotation_keeps_every_size_exactly() -> None:
    result = measure_depth(Stack(50, 32, "orthogonal"), nn.Identity())
    assert result.signal == pytest.approx([result.signal[0]] * 51)
    assert result.gradient == pytest.approx([result.gradient[-1]] * 51)


def test_lsuv_gives_each_layer_variance_one_before_its_activation() -> None:
    # Mishkin & Matas 2016, algorithm 1. Hardtanh with bounds far out is the identity: its output is what went in.
    result = measure_depth(Stack(12, 24, "lsuv"), nn.Hardtanh(-1e9, 1e9))
    assert result.signal[1:] == pytest.approx([1.0] * 12, rel=0.02)


def test_sigmoid_keeps_its_signal_and_loses_every_difference() -> None:
    result = measure_depth(Stack(20, 64, "xavier_normal"), nn.Sigmoid())
    assert result.signal[-1] == pytest.approx(0.5, abs=0.1)
    assert result.spread[-1] < 1e-10
    assert result.gradient[0] < 1e-10
    assert "it vanishes, the first layers hardly learn" in describe_depth(result)[2]


def test_a_bias_of_minus_one_kills_relu() -> None:
    result = measure_depth(Stack(20, 64, "he_normal", bias=-1.0), nn.ReLU())
    assert result.signal[-1] == result.gradient[0] == 0
    assert describe_depth(result)[0].endswith("it is gone.")


def test_an_explosion_is_told_with_the_limit_of_float32() -> None:
    result = measure_depth(Stack(50, 64, "normal", scale=2.0), nn.ReLU())
    sentences = describe_depth(result)
    assert "explodes" in sentences[0]
    assert "the loss NaN" in sentences[-1]


def test_spread_is_the_standard_deviation_over_the_inputs() -> None:
    stack = Stack(depth=1, width=3)
    result = measure_depth(stack, nn.Identity())
    inputs, _ = experiment_inputs(stack)
    columns = [[row[unit] for row in inputs.tolist()] for unit in range(3)]
    variances = [sum((x - sum(c) / len(c)) ** 2 for x in c) / len(c) for c in columns]
    assert result.spread[0] == pytest.approx(math.sqrt(sum(variances) / 3))


def test_a_gated_unit_gets_layers_twice_as_wide() -> None:
    result = measure_depth(Stack(5, 8), nn.GLU(dim=1))
    assert len(result.signal) == 6


def test_the_first_layers_stay_when_the_stack_grows() -> None:
    short, long = (measure_depth(Stack(depth, 16), nn.Tanh()) for depth in (3, 30))
    assert long.signal[:4] == pytest.approx(short.signal)
