"""Flat values, saturated and dead units against slow loops."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from lab.theory.activations import values_and_slopes
from lab.theory.saturation import FLAT, MOSTLY, activation_effect, apply_to_values, health, histogram

MODULES = (
    nn.ReLU(),
    nn.Sigmoid(),
    nn.Tanh(),
    nn.GELU(),
    nn.Hardtanh(),
    nn.Softshrink(1.0),
    nn.LeakyReLU(0.01),
    nn.ELU(),
)


def slow_health(slopes: torch.Tensor) -> tuple[float, float, float]:
    n_units, flat_values, n_values, saturated, dead = slopes.shape[1], 0, 0, 0, 0
    for unit in range(n_units):
        numbers = [float(number) for picture in slopes for number in picture[unit].flatten()]
        flat = sum(abs(number) < FLAT for number in numbers)
        flat_values, n_values = flat_values + flat, n_values + len(numbers)
        is_dead = all(number == 0 for number in numbers)
        dead += is_dead
        saturated += not is_dead and flat / len(numbers) >= MOSTLY
    return flat_values / n_values, saturated / n_units, dead / n_units


@pytest.mark.parametrize("seed", range(24))
def test_shares_agree_with_a_slow_loop_over_random_layers(seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    for module in MODULES:
        gain, shift = (torch.rand(2, generator=generator) * 6 - 3).tolist()
        shape = (2, 5) if seed % 2 else (2, 5, 3)
        values = gain * torch.randn(shape, generator=generator) + 2 * shift
        _, counted = apply_to_values(module, values)
        _, slopes = values_and_slopes(module, values)
        assert counted is not None
        found = (counted.flat, counted.saturated, counted.dead)
        assert found == pytest.approx(slow_health(slopes)), f"{module}, gain {gain}, shift {shift}"


def test_a_relu_unit_dies_when_nothing_reaches_it_above_zero() -> None:
    values = torch.tensor([[-1.0, -1.0, 2.0], [-3.0, 0.5, 1.0]])
    _, counted = apply_to_values(nn.ReLU(), values)
    assert counted is not None
    assert (counted.dead, counted.saturated) == (pytest.approx(1 / 3), 0.0)


def test_a_sigmoid_saturates_but_never_dies() -> None:
    _, counted = apply_to_values(nn.Sigmoid(), torch.full((4, 3), 8.0))
    assert counted is not None
    assert (counted.flat, counted.saturated, counted.dead) == (1.0, 1.0, 0.0)


def test_a_unit_with_one_live_value_in_a_hundred_is_saturated_and_not_dead() -> None:
    slopes = torch.zeros(100, 1)
    slopes[0] = 1.0
    assert (health(slopes).saturated, health(slopes).dead) == (1.0, 0.0)


def test_softmax_has_no_slope_of_its_own_to_count() -> None:
    effect = activation_effect(nn.Softmax(dim=1), torch.zeros(2, 4, 3), 0.0, 1.0)
    assert effect.health is None
    assert effect.mean == pytest.approx(0.25)


def test_a_histogram_counts_every_value_once_also_outside_its_range() -> None:
    generator = torch.Generator().manual_seed(3)
    values = torch.randn(500, generator=generator) * 3
    counted = histogram(values, -2.0, 2.0, n_bins=8)
    expected = [0] * 8
    for number in values.tolist():
        expected[min(7, max(0, int((number + 2) / 0.5)))] += 1
    assert counted.shares == pytest.approx([count / 500 for count in expected])


def test_an_effect_tells_mean_spread_and_zeros_of_what_leaves() -> None:
    effect = activation_effect(nn.ReLU(), torch.tensor([[-1.0, 3.0], [-2.0, 1.0]]), 0.0, 3.0)
    assert (effect.mean, effect.zero_share) == (1.0, 0.5)
    assert effect.std == pytest.approx(((1 + 4 + 1 + 0) / 4) ** 0.5)
