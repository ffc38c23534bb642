"""Parameters and multiply-accumulates of one layer, against PyTorch's own counters."""

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from lab.errors import GeometryError
from lab.theory.cost import conv_n_macs, conv_n_params, linear_n_macs, linear_n_params


def macs_of(module, image):
    """PyTorch counts a multiplication and an addition as two."""
    with FlopCounterMode(display=False) as counter:
        module(image)
    return counter.get_total_flops() // 2


@pytest.mark.parametrize("groups", [1, 2, 4])
@pytest.mark.parametrize("bias", [True, False])
def test_convolution_costs_what_pytorch_counts(groups, bias):
    module = nn.Conv2d(4, 8, (3, 5), stride=2, groups=groups, bias=bias)
    image = torch.zeros(1, 4, 11, 12)
    _, _, height, width = module(image).shape

    assert conv_n_params(4, 8, (3, 5), groups=groups, bias=bias) == sum(p.numel() for p in module.parameters())
    assert conv_n_macs(4, 8, (3, 5), (height, width), groups=groups) == macs_of(module, image)


def test_transposed_convolution_costs_what_pytorch_counts():
    module = nn.ConvTranspose2d(4, 8, (3, 5), stride=2)
    image = torch.zeros(1, 4, 6, 7)

    assert conv_n_params(4, 8, (3, 5)) == sum(p.numel() for p in module.parameters())
    assert conv_n_macs(4, 8, (3, 5), (6, 7)) == macs_of(module, image)


@pytest.mark.parametrize("bias", [True, False])
def test_linear_costs_what_pytorch_counts(bias):
    module = nn.Linear(20, 7, bias=bias)

    assert linear_n_params(20, 7, bias=bias) == sum(p.numel() for p in module.parameters())
    assert linear_n_macs(20, 7) == macs_of(module, torch.zeros(1, 20))


def test_groups_that_do_not_divide_are_refused():
    with pytest.raises(GeometryError, match="3 groups do not divide 4 input and 8 output channels; use a number"):
        conv_n_params(4, 8, (3, 3), groups=3)
