"""The way back through a whole output: torch's own layer, and the sum of what each cell sends."""

from __future__ import annotations

import pytest
import torch

from lab.theory.conv_gradient import cell_gradient, conv_gradient
from lab.theory.convolution import ConvSetting

SETTINGS = [
    ConvSetting(size=(5, 6), kernel_size=(2, 3), stride=(2, 1), padding=((1, 1), (2, 2))),
    ConvSetting(size=(6, 6), in_channels=4, out_channels=2, groups=2, dilation=(2, 1)),
    ConvSetting(size=(3, 4), in_channels=2, out_channels=3, stride=(2, 2), transposed=True),
]


def numbers(setting: ConvSetting) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    draw = torch.Generator().manual_seed(3)
    shapes = (
        (setting.in_channels, *setting.size), setting.weight_shape, (setting.out_channels,),
        (setting.out_channels, *setting.output_size),
    )  # fmt: skip
    image, weight, bias, upstream = (torch.randn(shape, dtype=torch.float64, generator=draw) for shape in shapes)
    return image, weight, bias, upstream


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_it_is_what_a_layer_of_torch_computes_backwards(setting: ConvSetting) -> None:
    image, weight, bias, upstream = numbers(setting)
    kind = torch.nn.ConvTranspose2d if setting.transposed else torch.nn.Conv2d
    layer = kind(setting.in_channels, setting.out_channels, setting.kernel_size, setting.stride,
                 (setting.padding[0][0], setting.padding[1][0]), dilation=setting.dilation,
                 groups=setting.groups).double()  # fmt: skip
    layer.weight.data, layer.bias.data = weight, bias
    pixels = image.clone().requires_grad_()
    layer(pixels[None])[0].backward(upstream)
    found = conv_gradient(setting, image, weight, bias, upstream)
    torch.testing.assert_close(found.image, pixels.grad)
    torch.testing.assert_close(found.weight, layer.weight.grad)
    torch.testing.assert_close(found.bias, layer.bias.grad)


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_it_adds_up_what_every_cell_sends_back(setting: ConvSetting) -> None:
    image, weight, bias, upstream = numbers(setting)
    whole = conv_gradient(setting, image, weight, bias, upstream)
    places = [tuple(place) for place in torch.ones_like(upstream).nonzero().tolist()]
    cells = [(cell, cell_gradient(setting, image, weight, bias, cell)) for cell in places]
    torch.testing.assert_close(whole.image, sum(upstream[cell] * part.image for cell, part in cells))
    torch.testing.assert_close(whole.weight, sum(upstream[cell] * part.weight for cell, part in cells))


def test_without_a_bias_it_has_none() -> None:
    image, weight, _, upstream = numbers(SETTINGS[0])
    assert conv_gradient(SETTINGS[0], image, weight, None, upstream).bias is None
