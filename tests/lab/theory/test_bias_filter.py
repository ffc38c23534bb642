"""A filter with a bias against torch's own layers."""

from __future__ import annotations

import random

import torch
from torch import nn

from lab.theory.bias_filter import filter_map, filter_sums, passed_shares


def test_map_share_and_mean_are_those_of_conv_and_relu_in_500_random_settings() -> None:
    for seed in range(500):
        draw, generator = random.Random(seed), torch.Generator().manual_seed(seed)
        channels, kernel = draw.randint(1, 4), (draw.randint(1, 5), draw.randint(1, 5))
        size = (draw.randint(kernel[0], 14), draw.randint(kernel[1], 14))
        picture = torch.rand(channels, *size, generator=generator)
        weight = torch.randn(channels, *kernel, generator=generator)
        bias = draw.uniform(-3, 3)
        conv = nn.Conv2d(channels, 1, kernel)
        with torch.no_grad():
            conv.weight.copy_(weight[None])
            conv.bias.fill_(bias)
            expected = nn.ReLU()(conv(picture[None]))[0, 0]
        result = filter_map(filter_sums(picture, weight), bias)
        where = f"seed {seed}: {channels} channels, {kernel} on {size}, bias {bias}"
        torch.testing.assert_close(result.output, expected, msg=where, rtol=1e-4, atol=1e-5)
        assert abs(result.n_passed - int((expected > 0).sum())) <= int((expected.abs() < 1e-5).sum()), where
        assert result.share == result.n_passed / expected.numel(), where


def test_the_curve_of_shares_is_the_share_at_each_bias_and_only_rises() -> None:
    sums = torch.randn(20, 20, generator=torch.Generator().manual_seed(1))
    biases = torch.linspace(-3, 3, 31)
    shares = passed_shares(sums, biases)
    assert shares.tolist() == [filter_map(sums, float(bias)).share for bias in biases]
    assert (shares.diff() >= 0).all()


def test_a_position_exactly_at_the_threshold_does_not_pass() -> None:
    assert filter_map(torch.tensor([1.0, 2.0]), -1.0).n_passed == 1
