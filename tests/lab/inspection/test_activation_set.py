"""What the stage of curves gets from the catalogue and from a real network."""

from __future__ import annotations

import pytest
import torch

from lab.errors import NetworkError
from lab.inspection.activation_set import (
    MAX_VALUES,
    activation_layer,
    activation_module,
    reaching_values,
    thin,
)
from lab.network.build import build_network
from lab.network.presets import preset


def test_what_reaches_an_activation_is_what_the_layer_before_it_gives() -> None:
    network = build_network(preset("student_cnn")).eval()
    images = torch.rand(3, *network.spec.input, generator=torch.Generator().manual_seed(0))
    reaching = reaching_values(network, images, "relu1")
    with torch.no_grad():
        trace = network.trace(images)
    before = trace[reaching.source].reshape(3, reaching.values.shape[1], -1)
    assert reaching.n_all == before.numel()
    assert reaching.values.numel() <= MAX_VALUES
    kept = [position * before.shape[2] // reaching.values.shape[2] for position in range(reaching.values.shape[2])]
    torch.testing.assert_close(reaching.values, before[:, :, kept])


def test_thinning_never_leaves_a_unit_out() -> None:
    values = torch.arange(4 * 300.0).reshape(4, 300, 1)
    thinned = thin(values, most=600)
    assert thinned.shape == (2, 300, 1)
    torch.testing.assert_close(thinned, values[[0, 2]])


def test_a_small_layer_is_kept_whole() -> None:
    values = torch.rand(2, 3, 5, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(thin(values), values)


def test_a_parameter_out_of_bounds_is_refused_with_the_catalogues_sentence() -> None:
    with pytest.raises(NetworkError, match="lambd"):
        activation_layer("Hardshrink", {"lambd": -1.0})


def test_modules_come_ready_for_looking_at_them() -> None:
    assert not activation_module(activation_layer("RReLU", {})).training
