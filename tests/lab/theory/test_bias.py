"""The neuron's line and answers against torch's own layer and against points that must lie on the line."""

from __future__ import annotations

import math
import random

import pytest
import torch
from torch import nn

from lab.theory.bias import (
    ACTIVATIONS,
    HALF,
    Activation,
    bias_through,
    decision_line,
    decision_lines,
    line_distance,
    nearest_point,
    neuron_view,
    plane_points,
    two_clouds,
)

TORCH: dict[Activation, nn.Module] = {
    "identity": nn.Identity(),
    "relu": nn.ReLU(),
    "sigmoid": nn.Sigmoid(),
    "tanh": nn.Tanh(),
}


def random_neuron(seed: int) -> tuple[tuple[float, float], float]:
    draw = random.Random(seed)
    weight = (draw.uniform(-3, 3), draw.uniform(-3, 3))
    if seed % 7 == 0:
        weight = (0.0, weight[1]) if seed % 2 else (weight[0], 0.0)
    return weight, draw.uniform(-5, 5) if seed % 11 else 0.0


def test_answers_are_those_of_a_linear_layer_and_its_activation_in_500_random_settings() -> None:
    for seed in range(500):
        weight, bias = random_neuron(seed)
        activation = list(TORCH)[seed % 4]
        points, labels = two_clouds(seed % 5 / 2, n_points=10, seed=seed)
        layer = nn.Linear(2, 1, dtype=torch.float64)
        with torch.no_grad():
            layer.weight.copy_(torch.tensor([weight], dtype=torch.float64))
            layer.bias.copy_(torch.tensor([bias], dtype=torch.float64))
            sums = layer(points)[:, 0]
            plane = TORCH[activation](layer(plane_points(12).reshape(-1, 2)))[:, 0].reshape(12, 12)
        view = neuron_view(weight, bias, points, labels, activation=activation, side=12)
        where = f"seed {seed}: {weight}, {bias}, {activation}"
        torch.testing.assert_close(view.sums, sums, msg=where)
        torch.testing.assert_close(view.outputs, TORCH[activation](sums), msg=where)
        torch.testing.assert_close(view.response, plane, msg=where)
        assert view.n_right == sum((s > 0) == (t == 1) for s, t in zip(sums, labels, strict=True)), where


def test_both_ends_of_the_line_lie_on_it_and_on_the_border_in_500_random_settings() -> None:
    for seed in range(500):
        weight, bias = random_neuron(seed)
        line = decision_line(weight, bias)
        corners = [weight[0] * x + weight[1] * y + bias for x in (-HALF, HALF) for y in (-HALF, HALF)]
        crosses = min(corners) <= 0 <= max(corners)
        where = f"seed {seed}: {weight}, {bias}"
        assert (line is not None) == crosses, where
        for x, y in line or ():
            assert abs(weight[0] * x + weight[1] * y + bias) < 1e-9, where
            assert max(abs(x), abs(y)) == pytest.approx(HALF), where


def test_the_nearest_point_is_on_the_line_and_as_far_away_as_bishop_says() -> None:
    for seed in range(500):
        weight, bias = random_neuron(seed)
        foot = nearest_point(weight, bias)
        assert foot is not None
        assert weight[0] * foot[0] + weight[1] * foot[1] + bias == pytest.approx(0, abs=1e-9)
        assert math.hypot(*foot) == pytest.approx(line_distance(weight, bias))


def test_a_neuron_without_weights_has_no_line_and_answers_the_same_everywhere() -> None:
    points, labels = two_clouds(0)
    view = neuron_view((0.0, 0.0), 2.0, points, labels)
    assert (view.line, view.foot, view.distance) == (None, None, math.inf)
    assert view.response.unique().tolist() == [pytest.approx(1 / (1 + math.exp(-2)))]
    assert view.n_right == 30


def test_without_a_bias_the_line_goes_through_the_origin_whatever_the_weights() -> None:
    for seed in range(100):
        weight, _ = random_neuron(seed)
        line = decision_line(weight, 0.0)
        assert line is not None
        (x1, y1), (x2, y2) = line
        assert x1 * y2 - x2 * y1 == pytest.approx(0, abs=1e-9)


def test_the_bias_through_a_point_puts_the_line_on_it() -> None:
    for seed in range(100):
        weight, _ = random_neuron(seed)
        point = (0.02 * seed - 1, 1.5 - 0.01 * seed)
        assert weight[0] * point[0] + weight[1] * point[1] + bias_through(weight, point) == pytest.approx(0, abs=1e-9)


def test_the_step_is_one_only_above_zero() -> None:
    assert ACTIVATIONS["step"](torch.tensor([-1.0, 0.0, 1e-9])).tolist() == [0, 0, 1]


def test_clouds_are_the_same_for_the_same_seed_and_only_move_with_the_shift() -> None:
    near, labels = two_clouds(0.0, seed=3)
    far, _ = two_clouds(2.0, seed=3)
    torch.testing.assert_close(far - near, torch.full_like(near, math.sqrt(2)))
    assert labels.sum() == 30
    assert not torch.equal(near, two_clouds(0.0, seed=4)[0])


def test_many_lines_are_cut_as_each_of_them_alone() -> None:
    weights = torch.randn(500, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    biases = 4 * torch.randn(500, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    # Along an axis, along the border, beside the square, no line at all, no number.
    weights[:6] = torch.tensor([[1, 0], [0, 2], [1, 0], [0, 1], [0, 0], [math.nan, 1]], dtype=torch.float64)
    biases[:6] = torch.tensor([-2, 1, -HALF, -9, 1, 0], dtype=torch.float64)
    found = [decision_line((w1, w2), b) for (w1, w2), b in zip(weights.tolist(), biases.tolist(), strict=True)]
    assert found[:3] == [((2, -HALF), (2, HALF)), ((HALF, -0.5), (-HALF, -0.5)), ((HALF, -HALF), (HALF, HALF))]
    assert found[3:6] == [None, None, None]
    for cut, alone in zip(decision_lines(weights, biases).tolist(), found, strict=True):
        assert math.isnan(cut[0][0]) if alone is None else cut == [list(end) for end in alone]
