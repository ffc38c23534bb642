"""Every number that the stage shows is the one of the layer's own torch module."""

from __future__ import annotations

import base64
import json
import random
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from lab.network.layers.convolution import Conv2d, ConvTranspose2d
from lab.theory.convolution import products
from lab.theory.guide import GUIDE_INPUT
from pages.ui.convolution import facts, layer_part, photo_picture, picture
from pages.ui.convolution.layer import layer_of, setting_of, shape_of
from pages.ui.convolution.numbers import input_numbers, kernel_numbers
from pages.ui.convolution.state import KERNELS, ConvolutionState, LayerStageState, PhotoStageState
from pages.ui.photo import Photo
from tests.pages.ui.convolution.random_states import random_states


def photo(height: int = 40, width: int = 60) -> Photo:
    pixels = np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Photo("test", "a photo", "", pixels)


def module_of(chosen: ConvolutionState) -> nn.Module:
    """The catalogue's own module with the stage's kernel, turned round for the true convolution."""
    layer = layer_of(chosen)
    module = layer.module((shape_of(chosen),)).double()
    share = chosen.in_channels // chosen.groups
    stored = torch.from_numpy(kernel_numbers(chosen, (chosen.out_channels, share, *layer.kernel_size)))
    with torch.no_grad():
        for o in range(chosen.out_channels):
            for i in range(share):
                kernel = stored[o, i].flip(-2, -1) if chosen.flipped else stored[o, i]
                if chosen.transposed:
                    per_group = chosen.out_channels // chosen.groups
                    module.weight[o // per_group * share + i, o % per_group] = kernel
                else:
                    module.weight[o, i] = kernel
        if chosen.bias:
            module.bias.copy_(torch.tensor(chosen.bias_values[: chosen.out_channels]))
    return module


def test_every_letter_of_the_size_formula_is_explained_beside_it() -> None:
    for chosen in random_states(100, seed=20):
        told = facts.facts_of(layer_of(chosen), setting_of(chosen), shape_of(chosen))
        used = {letter for _, formula, _ in told["size"] for letter in re.findall(r"[a-z]′?", formula)}
        explained = [letter for letter, _ in told["symbols"]]
        assert used <= set(explained), chosen
        assert len(set(explained)) == len(explained)


# torch's own advice on speed, for even kernels.
@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
def test_every_map_on_the_stage_is_the_one_of_the_catalogues_module() -> None:
    for chosen in random_states(500, seed=8):
        drawn = picture.draw(chosen, None)
        with torch.no_grad():
            expected = module_of(chosen)(torch.from_numpy(input_numbers(chosen, None))[None])[0]
        found = torch.tensor(drawn["output"], dtype=torch.float64)
        torch.testing.assert_close(found, expected, rtol=1e-8, atol=1e-8, msg=str(chosen))
        check_sums(drawn, chosen)


def check_sums(drawn: dict[str, Any], chosen: ConvolutionState) -> None:
    """The products that are written out add up to the sums, and these to the cell; each product is value × weight."""
    products, sums = np.array(drawn["products"]), np.array(drawn["sums"])
    np.testing.assert_allclose(products.sum(3), sums, atol=1e-7, err_msg=str(chosen))
    shown = np.array(drawn["output"][drawn["shown"]])
    np.testing.assert_allclose(sums.sum(2) + (drawn["bias"] or 0), shown, atol=1e-7, err_msg=str(chosen))
    rows, columns = np.array(drawn["rows"]["reads"]), np.array(drawn["columns"]["reads"])
    padded, kernel = np.array(drawn["input"])[drawn["channels"]], np.array(drawn["kernel"])
    y, x = len(rows) // 2, len(columns) // 2
    for i, top in enumerate(rows[y]):
        for j, left in enumerate(columns[x]):
            met = padded[:, top, left] if top >= 0 and left >= 0 else np.zeros(len(padded))
            place = i * kernel.shape[2] + j
            np.testing.assert_allclose(products[y, x, :, place], met * kernel[:, i, j], atol=1e-7, err_msg=str(chosen))


def test_the_matrix_on_the_stage_gives_the_map_that_is_shown() -> None:
    for chosen in random_states(60, seed=9):
        drawn = picture.draw(chosen.model_copy(update={"view": "matrix"}), None)
        matrix = np.zeros((drawn["matrix"]["height"], drawn["matrix"]["width"]))
        for (row, column), value in zip(drawn["matrix"]["at"], drawn["matrix"]["values"], strict=True):
            matrix[row, column] = value
        found = matrix @ input_numbers(chosen, None).ravel() + (drawn["bias"] or 0)
        np.testing.assert_allclose(found, np.ravel(drawn["output"][drawn["shown"]]), atol=1e-6, err_msg=str(chosen))


# torch's own advice on speed, for even kernels.
@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
def test_the_way_back_on_the_stage_is_the_one_of_autograd() -> None:
    for chosen in random_states(60, seed=10):
        drawn = picture.draw(chosen.model_copy(update={"view": "backward", "row": 63, "column": 1}), None)
        module, image = module_of(chosen), torch.from_numpy(input_numbers(chosen, None)).requires_grad_()
        row, column = drawn["cell"]
        module(image[None])[0, drawn["shown"], row, column].backward()
        np.testing.assert_allclose(drawn["backward"]["input"], image.grad, atol=1e-7, err_msg=str(chosen))
        assert drawn["backward"]["bias"] == (1.0 if chosen.bias else None)


# torch's own advice on speed, for even kernels.
@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")
def test_the_way_back_from_the_whole_output_begins_with_ones_and_with_what_was_typed() -> None:
    for chosen in random_states(60, seed=11):
        fields = {"view": "backward", "upstream": "map", "upstream_edits": ((0, 0, 0, -3.0), (3, 23, 23, 9.0))}
        module, image = module_of(chosen), torch.from_numpy(input_numbers(chosen, None)).requires_grad_()
        output = module(image[None])[0]
        upstream = torch.ones_like(output)
        upstream[0, 0, 0] = -3
        if output.shape == (4, 24, 24):
            upstream[3, 23, 23] = 9
        output.backward(upstream)
        drawn = picture.draw(chosen.model_copy(update=fields), None)
        np.testing.assert_allclose(drawn["backward"]["upstream"], upstream[drawn["shown"]], err_msg=str(chosen))
        np.testing.assert_allclose(drawn["backward"]["input"], image.grad, atol=1e-7, err_msg=str(chosen))
        if chosen.bias:
            assert drawn["backward"]["bias"] == pytest.approx(float(upstream[drawn["shown"]].sum()))


def test_the_picture_is_small_enough_to_travel_while_dragging() -> None:
    usual = json.dumps(picture.draw(ConvolutionState(), None))
    assert len(usual) < 5_000
    photo_patch = ConvolutionState(source="photo", size=8, in_channels=3, out_channels=4)
    assert len(json.dumps(picture.draw(photo_patch, photo()))) < 60_000


def test_the_first_screen_shows_the_guides_numbers() -> None:
    drawn = picture.draw(ConvolutionState(padding=0), None)
    assert drawn["input"][0] == [[float(value) for value in row] for row in GUIDE_INPUT]


def test_typed_numbers_stand_in_their_cells_and_wait_when_there_is_no_such_cell() -> None:
    chosen = ConvolutionState(input_edits=((0, 4, 4, -2.5), (1, 0, 0, 9.0)))
    assert input_numbers(chosen, None)[0, 4, 4] == -2.5
    smaller = chosen.model_copy(update={"size": 4})
    assert input_numbers(smaller, None).shape == (1, 4, 4)


def test_a_patch_shows_the_photos_own_pixels() -> None:
    chosen = ConvolutionState(source="photo", size=4, in_channels=3, patch_x=0, patch_y=1, patch_px=192)
    expected = photo().pixels[-4:, :4].transpose(2, 0, 1)
    np.testing.assert_array_equal(input_numbers(chosen, photo()), expected)


def test_a_photo_of_one_pixel_is_a_patch_that_goes_on_in_black() -> None:
    values = input_numbers(ConvolutionState(source="photo", size=3), photo(1, 1))
    assert values.shape == (1, 3, 3)
    assert np.count_nonzero(values) <= 1


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "x", None, 10_000])
def test_what_is_no_number_never_becomes_a_cell(value: object) -> None:
    with pytest.raises(ValueError, match="input_edits"):
        ConvolutionState.model_validate({"input_edits": ((0, 0, 0, value),)})


# --- the photo stage --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("colour", ["grey", "colour"])
@pytest.mark.parametrize(("stride", "dilation", "bias"), [(1, 1, 0.0), (2, 1, 10.0), (3, 4, -5.0)])
def test_the_photo_is_convolved_as_torchs_module_does(colour: str, stride: int, dilation: int, bias: float) -> None:
    chosen = PhotoStageState.model_validate({"colour": colour, "stride": stride, "dilation": dilation, "bias": bias})
    image = photo_picture.photo_tensor(photo(), colour == "colour")
    channels = image.shape[0]
    expected = F.conv2d(
        F.pad(image[None], (dilation,) * 4, mode="replicate"),
        torch.tensor(chosen.weights, dtype=torch.float32).reshape(1, 1, 3, 3).repeat(channels, 1, 1, 1),
        torch.full((channels,), bias),
        stride=stride,
        dilation=dilation,
        groups=channels,
    )[0]
    torch.testing.assert_close(photo_picture.convolve_photo(chosen, image), expected)


def test_the_identity_shown_as_a_picture_is_the_photo() -> None:
    weights = [value for row in KERNELS["identity"].weights for value in row]
    chosen = PhotoStageState.model_validate({"kernel": "identity", "weights": weights, "shows": "clipped"})
    drawn = photo_picture.draw(chosen, photo())
    pixels = np.frombuffer(base64.b64decode(drawn["result"]["pixels"]), np.uint8)
    expected = photo_picture.photo_tensor(photo(), False)[0].numpy().astype(np.uint8).ravel()
    np.testing.assert_array_equal(pixels, expected)


def test_a_photo_of_one_pixel_has_a_result() -> None:
    drawn = photo_picture.draw(PhotoStageState(), photo(1, 1))
    assert (drawn["result"]["width"], drawn["result"]["height"]) == (1, 1)


# --- a layer of the learner's network ---------------------------------------------------------------------------------


def random_layer(draw: random.Random, kind: type[Conv2d | ConvTranspose2d]) -> tuple[Conv2d | ConvTranspose2d, int]:
    """A layer and the number of its input channels."""
    groups = draw.choice((1, 2))
    stride, dilation = draw.randint(1, 4), draw.randint(1, 2)
    own: dict[str, Any] = {"padding_mode": draw.choice(("zeros", "reflect", "replicate", "circular"))}
    if kind is ConvTranspose2d:
        own = {"output_padding": draw.randint(0, max(stride, dilation) - 1)}
    layer = kind(
        id="conv",
        out_channels=groups * draw.randint(1, 3),
        kernel_size=(draw.randint(1, 3), draw.randint(1, 3)),
        stride=stride,
        padding=draw.randint(0, 2),
        dilation=dilation,
        groups=groups,
        bias=draw.random() < 0.5,
        **own,
    )
    return layer, groups * draw.randint(1, 4)


@pytest.mark.parametrize("kind", [Conv2d, ConvTranspose2d])
def test_a_window_into_a_layer_adds_up_to_the_layers_own_output(kind: type[Conv2d | ConvTranspose2d]) -> None:
    draw = random.Random(11)
    for n in range(100):
        layer, channels = random_layer(draw, kind)
        size = (channels, draw.randint(6, 12), draw.randint(6, 12))
        image = torch.randn(size, generator=torch.Generator().manual_seed(n))
        module = layer.module((size,))
        weight, bias = module.weight.detach(), None if module.bias is None else module.bias.detach()
        chosen = LayerStageState(
            output_map=draw.randint(1, layer.out_channels),
            first_row=draw.randint(1, 40),
            first_column=draw.randint(1, 9),
        )
        part = layer_part.part_of(layer, image, weight, bias, chosen)
        with torch.no_grad():
            whole = module(image[None])[0, chosen.output_map - 1]
        height, width = part.output.shape
        top, left = (
            min(chosen.first_row - 1, whole.shape[0] - height),
            min(chosen.first_column - 1, whole.shape[1] - width),
        )
        assert part.place == (top, left)
        expected = whole[top : top + height, left : left + width]
        torch.testing.assert_close(part.output, expected, rtol=1e-4, atol=1e-5, msg=str(layer))
        sums = products(part.setting, part.image, part.weight, 0).sum((2, 3, 4))
        added = 0.0 if bias is None else bias[chosen.output_map - 1]
        torch.testing.assert_close(sums + part.others + added, expected, rtol=1e-4, atol=1e-5, msg=str(layer))


def test_the_scripts_of_the_stage_are_there() -> None:
    folder = Path(picture.__file__).parents[1] / "components"
    from pages.ui.convolution.stage import SCRIPTS

    assert all((folder / f"{name}.js").is_file() for name in SCRIPTS)
