"""A dense layer's neuron, taken apart, is what ``nn.Linear`` computes."""

from __future__ import annotations

import random

import pytest
import torch
from torch import nn

from lab.errors import NetworkError
from lab.theory.neurons.dense_sum import dense_sum


def test_the_parts_add_up_to_what_linear_gives_in_500_random_settings() -> None:
    for number in range(500):
        draw = random.Random(number)
        n_in, n_out, has_bias = draw.randint(1, 40), draw.randint(1, 9), draw.random() < 0.5
        torch.manual_seed(number)
        layer, value = nn.Linear(n_in, n_out, bias=has_bias), torch.randn(n_in)
        neuron, n_largest = draw.randrange(n_out), draw.randint(0, 12)
        told = dense_sum(
            value, layer.weight.detach(), layer.bias if layer.bias is None else layer.bias.detach(), neuron, n_largest
        )
        expected = layer(value)[neuron].item()
        setting = f"setting {number}: {n_in} → {n_out}, neuron {neuron}"
        assert told.total == pytest.approx(expected, abs=1e-4), setting
        named = sum(term.product for term in told.largest)
        assert named + told.rest + (told.bias or 0.0) == pytest.approx(expected, abs=1e-4), setting
        assert (told.n_terms, len(told.largest)) == (n_in, min(n_in, n_largest)), setting
        sizes = [abs(term.product) for term in told.largest]
        assert sizes == sorted(sizes, reverse=True), setting
        assert (told.bias is None) != has_bias, setting


@pytest.mark.parametrize("neuron", [-1, 2])
def test_a_neuron_that_is_not_there_is_named(neuron: int) -> None:
    with pytest.raises(NetworkError, match=f"there is no neuron {neuron} among 2"):
        dense_sum(torch.zeros(3), torch.zeros(2, 3), None, neuron)
