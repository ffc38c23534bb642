"""BatchNorm takes the bias away: exact statements, against torch's own layers and the algebra of a running mean."""

from __future__ import annotations

import random

import pytest
import torch
from torch import Tensor, nn

from lab.theory.batch_norm_bias import absorbed_share, normed_conv


def random_setting(seed: int) -> tuple[Tensor, Tensor, Tensor, int]:
    draw, generator = random.Random(seed), torch.Generator().manual_seed(seed)
    n, channels, maps = draw.randint(2, 4), draw.randint(1, 3), draw.randint(1, 3)
    batch = torch.rand(n, channels, 6, 7, generator=generator, dtype=torch.float64)
    weight = torch.randn(maps, channels, 3, 2, generator=generator, dtype=torch.float64)
    bias = 4 * torch.randn(maps, generator=generator, dtype=torch.float64)
    return batch, weight, bias, draw.randint(0, 12)


def test_in_training_no_bias_changes_anything_and_its_gradient_is_zero_in_500_random_settings() -> None:
    for seed in range(500):
        batch, weight, bias, n_batches = random_setting(seed)
        result = normed_conv(batch, weight, bias, training=True, n_batches=n_batches, beta=0.3)
        assert result.gap < 1e-11, f"seed {seed}: {result.gap}"
        assert result.bias_gradient.abs().max() < 1e-12, f"seed {seed}: {result.bias_gradient}"
        assert result.weight_gradient > 1e-4, f"seed {seed}"
        torch.testing.assert_close(result.batch_mean, result.before.mean(dim=(0, 2, 3)), msg=f"seed {seed}")


def test_the_numbers_are_those_of_torchs_own_two_layers_in_500_random_settings() -> None:
    for seed in range(500):
        batch, weight, bias, n_batches = random_setting(seed)
        training = seed % 2 == 0
        conv = nn.Conv2d(weight.shape[1], weight.shape[0], (3, 2), dtype=torch.float64)
        pair = nn.Sequential(conv, nn.BatchNorm2d(weight.shape[0], dtype=torch.float64))
        with torch.no_grad():
            conv.weight.copy_(weight)
            conv.bias.copy_(bias)
            for _ in range(n_batches):
                pair(batch)
            running = pair[1].running_mean.clone()
            after = pair.train(training)(batch)
        result = normed_conv(batch, weight, bias, training=training, n_batches=n_batches)
        torch.testing.assert_close(result.after, after, msg=f"seed {seed}")
        torch.testing.assert_close(result.running_mean, running, msg=f"seed {seed}")


def test_the_running_mean_takes_the_bias_in_batch_by_batch() -> None:
    for seed in range(60):
        batch, weight, bias, n_batches = random_setting(seed)
        result = normed_conv(batch, weight, bias, training=False, n_batches=n_batches)
        absorbed = result.running_mean - result.running_mean_without
        torch.testing.assert_close(absorbed, bias * absorbed_share(n_batches), msg=f"seed {seed}")


def test_in_evaluation_the_bias_shows_until_the_running_mean_has_absorbed_it() -> None:
    batch, weight, _, _ = random_setting(1)
    bias = torch.full((weight.shape[0],), 3.0, dtype=torch.float64)
    gaps = [normed_conv(batch, weight, bias, training=False, n_batches=n).gap for n in (0, 10, 400)]
    assert gaps[0] > 1
    assert gaps[1] < gaps[0]
    assert gaps[2] < 1e-9


def test_in_evaluation_the_bias_has_a_gradient_because_the_running_mean_stands_still() -> None:
    batch, weight, bias, _ = random_setting(2)
    result = normed_conv(batch, weight, bias, training=False, n_batches=5)
    assert result.bias_gradient.abs().min() > 1e-6


def test_beta_gets_the_gradient_that_the_bias_does_not() -> None:
    batch, weight, bias, _ = random_setting(3)
    n_maps = weight.shape[0]
    start = normed_conv(batch, weight, bias, training=True)
    assert start.beta_gradient.tolist() == pytest.approx([-2 / n_maps] * n_maps)
    there = normed_conv(batch, weight, bias, training=True, beta=1.0)
    assert there.beta_gradient.abs().max() < 1e-12


def test_single_precision_leaves_only_rounding() -> None:
    batch, weight, bias, _ = random_setting(4)
    result = normed_conv(batch.float(), weight.float(), bias.float(), training=True)
    assert result.gap < 1e-4
    assert result.bias_gradient.abs().max() < 1e-6
