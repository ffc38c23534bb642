"""Convolution: PyTorch's result taken apart, against torch, autograd and the published figures."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lab.errors import GeometryError
from lab.theory.conv_gradient import cell_gradient
from lab.theory.conv_matrix import conv_matrix
from lab.theory.convolution import ConvSetting, convolve, kernels_of, pad, products
from lab.theory.taps import NOTHING

N_RANDOM = 600
CLOSE = {"rtol": 1e-9, "atol": 1e-9}

# Corner cases by name; the rest is drawn at random below.
NAMED = {
    "a single pixel": ConvSetting(size=(1, 1), kernel_size=(1, 1)),
    "rectangular in everything": ConvSetting(
        size=(5, 8), kernel_size=(2, 3), stride=(1, 3), padding=((2, 2), (1, 1)), dilation=(2, 1)
    ),
    "same with an even kernel": ConvSetting(size=(5, 5), kernel_size=(4, 4), padding=((1, 2), (1, 2))),
    "stride larger than the kernel": ConvSetting(size=(7, 7), kernel_size=(2, 2), stride=(3, 3)),
    "grouped": ConvSetting(size=(5, 5), in_channels=4, out_channels=6, groups=2),
    "depth-wise": ConvSetting(size=(5, 5), in_channels=3, out_channels=3, groups=3),
    "depth-wise with a multiplier": ConvSetting(size=(4, 4), in_channels=2, out_channels=6, groups=2),
    "dilated": ConvSetting(size=(7, 7), dilation=(2, 2)),
    "zeros": ConvSetting(size=(4, 5), padding=((2, 2), (2, 2))),
    "reflect": ConvSetting(size=(4, 5), padding=((2, 2), (3, 3)), padding_mode="reflect"),
    "replicate": ConvSetting(size=(4, 5), padding=((6, 6), (3, 3)), padding_mode="replicate"),
    "circular": ConvSetting(size=(4, 5), padding=((4, 4), (3, 3)), padding_mode="circular"),
    "true convolution": ConvSetting(size=(5, 5), flipped=True),
    "transposed": ConvSetting(size=(3, 3), transposed=True),
    "transposed with stride": ConvSetting(size=(3, 3), stride=(2, 2), transposed=True),
    "transposed with output padding": ConvSetting(
        size=(3, 3), stride=(2, 2), padding=((1, 1), (1, 1)), output_padding=(1, 1), transposed=True
    ),
    "transposed with holes": ConvSetting(size=(3, 3), kernel_size=(1, 1), stride=(3, 3), transposed=True),
    "transposed, dilated beyond the stride": ConvSetting(
        size=(3, 4), stride=(2, 1), dilation=(3, 2), output_padding=(2, 1), transposed=True
    ),
    "transposed and grouped": ConvSetting(
        size=(3, 3), in_channels=4, out_channels=6, groups=2, stride=(2, 2), transposed=True
    ),
    "transposed and rectangular": ConvSetting(
        size=(2, 5), kernel_size=(3, 2), stride=(2, 1), padding=((1, 1), (0, 0)), transposed=True
    ),
    "transposed and flipped": ConvSetting(size=(3, 3), stride=(2, 2), flipped=True, transposed=True),
    "transposed, a part of its output": ConvSetting(
        size=(3, 4), stride=(2, 2), padding=((2, 0), (1, 3)), output_padding=(1, 0), transposed=True
    ),
}


def random_setting(draw: random.Random) -> ConvSetting | None:
    """Draw a setting; ``None`` when it does not fit."""
    groups = draw.choice((1, 1, 1, 2, 3))
    pair = lambda low, high: (draw.randint(low, high), draw.randint(low, high))  # noqa: E731
    transposed = draw.random() < 0.4
    sides = [(p, p) for p in pair(0, 3)] if transposed else [pair(0, 3), pair(0, 3)]
    setting = ConvSetting(
        size=pair(1, 7),
        in_channels=groups * draw.randint(1, 2),
        out_channels=groups * draw.randint(1, 2),
        kernel_size=pair(1, 4),
        stride=pair(1, 3),
        padding=(sides[0], sides[1]),
        padding_mode="zeros" if transposed else draw.choice(("zeros", "reflect", "replicate", "circular")),
        dilation=pair(1, 3),
        groups=groups,
        transposed=transposed,
        output_padding=pair(0, 2) if transposed else (0, 0),
        flipped=draw.random() < 0.3,
    )
    most = {"reflect": -1, "circular": 0}.get(setting.padding_mode, 99)
    if any(max(both) > size + most for size, both in zip(setting.size, setting.padding, strict=True)):
        return None
    try:
        assert setting.output_size
    except GeometryError:
        return None
    return setting


def settings() -> Iterator[tuple[str, ConvSetting]]:
    draw = random.Random(20_261)
    yield from NAMED.items()
    n = 0
    while n < N_RANDOM:
        setting = random_setting(draw)
        if setting is not None:
            n += 1
            yield f"random {n}", setting


def numbers(setting: ConvSetting) -> tuple[Tensor, Tensor, Tensor]:
    """Draw input, weight and bias; all positive, so that no sum hides a missing product."""
    source = torch.Generator().manual_seed(7)
    shapes = ((setting.in_channels, *setting.size), setting.weight_shape, (setting.out_channels,))
    image, weight, bias = (0.5 + torch.rand(shape, generator=source, dtype=torch.float64) for shape in shapes)
    return image, weight, bias


def module_of(setting: ConvSetting) -> nn.Module:
    """Build torch's own layer, which pads by itself wherever both sides are equal."""
    kind = nn.ConvTranspose2d if setting.transposed else nn.Conv2d
    extra = {"output_padding": setting.output_padding} if setting.transposed else {"padding_mode": setting.padding_mode}
    return kind(
        setting.in_channels,
        setting.out_channels,
        setting.kernel_size,
        setting.stride,
        padding=(setting.padding[0][0], setting.padding[1][0]),
        dilation=setting.dilation,
        groups=setting.groups,
        dtype=torch.float64,
        **extra,
    )


def test_every_number_of_every_setting_is_the_one_of_torch():
    for name, setting in settings():
        image, weight, bias = numbers(setting)
        result = convolve(setting, image, weight, bias)
        _check_against_the_module(name, setting, image, weight, bias, result)
        _check_products(name, setting, image, weight, bias, result)
        _check_matrix(name, setting, image, weight, bias, result)
        _check_touches(name, setting, image, weight, bias)


def _check_against_the_module(name, setting, image, weight, bias, result):
    if any(first != last for first, last in setting.padding):
        return  # torch pads both sides alike; `pad` is checked below
    layer = module_of(setting)
    with torch.no_grad():
        layer.weight.copy_(weight.flip(-2, -1) if setting.flipped else weight)
        layer.bias.copy_(bias)
        torch.testing.assert_close(layer(image[None])[0], result, msg=f"{name}: {setting}", **CLOSE)


def _check_products(name, setting, image, weight, bias, result):
    for channel in range(setting.out_channels):
        found = products(setting, image, weight, channel).sum((2, 3, 4)) + bias[channel]
        torch.testing.assert_close(found, result[channel], msg=f"{name}: {setting}", **CLOSE)


def _check_matrix(name, setting, image, weight, bias, result):
    column = conv_matrix(setting, weight) @ image.flatten() + bias.repeat_interleave(math.prod(setting.output_size))
    torch.testing.assert_close(column, result.flatten(), msg=f"{name}: {setting}", **CLOSE)


def _check_touches(name, setting, image, weight, bias):
    """Autograd finds exactly the pixels and kernel values that the two tables name, for a cell in the middle."""
    height, width = setting.output_size
    cell = (setting.out_channels - 1, height // 2, width // 2)
    slope = cell_gradient(setting, image, weight, bias, cell)
    rows, columns = setting.rows.sources[cell[1]], setting.columns.sources[cell[2]]
    expected_image, expected_weight = torch.zeros_like(image), torch.zeros_like(weight)
    kernels, slot = kernels_of(setting, weight, cell[0]), kernels_of(setting, expected_weight, cell[0])
    for place, channel in enumerate(setting.channels_read(cell[0])):
        for i, row in enumerate(rows):
            for j, column in enumerate(columns):
                if NOTHING not in (row, column):
                    expected_image[channel, row, column] += kernels[place, i, j]
                    slot[place, i, j] += image[channel, row, column]
    torch.testing.assert_close(slope.image, expected_image, msg=f"{name}: {setting}", **CLOSE)
    torch.testing.assert_close(slope.weight, expected_weight, msg=f"{name}: {setting}", **CLOSE)
    assert slope.bias is not None
    assert slope.bias.tolist() == [float(channel == cell[0]) for channel in range(setting.out_channels)]


def test_a_part_of_a_transposed_layers_output_is_cut_out_of_torchs_whole_one():
    part = NAMED["transposed, a part of its output"]
    image, weight, bias = numbers(part)
    whole = nn.functional.conv_transpose2d(image[None], weight, bias, stride=2, output_padding=(1, 0))[0]
    torch.testing.assert_close(convolve(part, image, weight, bias), whole[:, 2:, 1:-3], **CLOSE)
    with pytest.raises(GeometryError, match="cutting away 8 px before and 0 px after leaves no pixel"):
        assert part.model_copy(update={"padding": ((8, 0), (0, 0))}).rows


def test_pixels_called_unread_change_nothing_and_all_others_do():
    for name, setting in settings():
        image, weight, _ = numbers(setting)
        image.requires_grad_()
        slope = torch.autograd.grad(convolve(setting, image, weight).sum(), image)[0]
        unread = torch.zeros(setting.size, dtype=torch.bool)
        unread[list(setting.rows.unread)] = True
        unread[:, list(setting.columns.unread)] = True
        assert torch.equal(slope.sum(0) == 0, unread), f"{name}: {setting}"


def test_output_cells_called_untouched_hold_the_bias_alone():
    for name, setting in settings():
        image, weight, bias = numbers(setting)
        result = convolve(setting, image, weight, bias)[0]
        untouched = torch.zeros(setting.output_size, dtype=torch.bool)
        untouched[list(setting.rows.untouched)] = True
        untouched[:, list(setting.columns.untouched)] = True
        assert torch.equal(result == bias[0], untouched), f"{name}: {setting}"


def test_the_frame_shows_what_torch_pads_with():
    for name, setting in settings():
        image, _, _ = numbers(setting)
        rows, columns = torch.tensor(setting.rows.frame), torch.tensor(setting.columns.frame)
        shown = F.pad(image, (0, 1, 0, 1))[:, rows[:, None], columns[None, :]]
        assert torch.equal(pad(setting, image), shown), f"{name}: {setting}"


def test_the_transposed_layer_is_the_transposed_matrix():
    checked = 0
    for name, setting in settings():
        if any(extra >= step for extra, step in zip(setting.output_padding, setting.stride, strict=True)):
            continue  # PyTorch allows it where the dilation is larger; no forward layer has such an output
        forward = ConvSetting(
            size=setting.output_size,
            in_channels=setting.out_channels,
            out_channels=setting.in_channels,
            **{
                field: getattr(setting, field)
                for field in ("kernel_size", "stride", "padding", "dilation", "groups", "flipped")
            },
        )
        if not setting.transposed:
            continue
        checked += 1
        _, weight, _ = numbers(setting)
        assert torch.equal(conv_matrix(setting, weight), conv_matrix(forward, weight).T), f"{name}: {setting}"
    assert checked > 140


# --- published numbers ------------------------------------------------------------------------------------------------

# Dumoulin & Visin, arXiv:1603.07285; drawn by their `bin/produce_figure` with RandomState(1234).
GUIDE_INPUT = [[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1]]
GUIDE_KERNEL = [[0, 1, 2], [2, 2, 0], [0, 1, 2]]


@pytest.mark.parametrize(
    ("stride", "padding", "expected"),
    [
        (1, 0, [[12, 12, 17], [10, 17, 19], [9, 6, 14]]),
        (2, 1, [[6, 17, 3], [8, 17, 13], [6, 4, 4]]),
    ],
)
def test_the_guides_worked_figures_come_out(stride, padding, expected):
    image, weight = torch.tensor([GUIDE_INPUT]).double(), torch.tensor([[GUIDE_KERNEL]]).double()
    setting = ConvSetting(size=(5, 5), stride=(stride,) * 2, padding=((padding,) * 2,) * 2)
    assert convolve(setting, image, weight)[0].tolist() == expected


# Figure, i, k, s, p, d, o; then of the transposed layer: a (output padding), p' and the stretched input's length.
FIGURES = [
    ("no padding, no strides", 4, 3, 1, 0, 1, 2, 0, 2, 2),
    ("arbitrary padding", 5, 4, 1, 2, 1, 6, 0, 1, 6),
    ("half padding", 5, 3, 1, 1, 1, 5, 0, 1, 5),
    ("full padding", 5, 3, 1, 2, 1, 7, 0, 0, 7),
    ("no padding, strides", 5, 3, 2, 0, 1, 2, 0, 2, 3),
    ("padding, strides", 5, 3, 2, 1, 1, 3, 0, 1, 5),
    ("padding, strides (odd)", 6, 3, 2, 1, 1, 3, 1, 1, 5),
]


@pytest.mark.parametrize(("name", "i", "k", "s", "p", "d", "o", "a", "direct", "stretched"), FIGURES)
def test_the_guides_seven_figures_forwards_and_backwards(name, i, k, s, p, d, o, a, direct, stretched):
    same = {"kernel_size": (k, k), "stride": (s, s), "padding": ((p, p), (p, p)), "dilation": (d, d)}
    forward = ConvSetting(size=(i, i), **same)
    back = ConvSetting(size=(o, o), transposed=True, output_padding=(a, a), **same)
    assert (forward.output_size, back.output_size) == ((o, o), (i, i)), name
    assert (k - p - 1, (o - 1) * s + 1) == (direct, stretched), "p' and the stretched input of the figure"
    image, weight, _ = numbers(back)
    # The equivalent direct convolution: zeros between the pixels, p' around them, the kernel turned round.
    holes = torch.zeros(1, stretched, stretched, dtype=torch.float64)
    holes[:, ::s, ::s] = image
    framed = F.pad(holes, (direct, direct + a, direct, direct + a))
    expected = F.conv2d(framed[None], weight.flip(-2, -1))[0]
    torch.testing.assert_close(convolve(back, image, weight), expected, **CLOSE)


def test_the_guides_dilated_figure():
    assert ConvSetting(size=(7, 7), dilation=(2, 2)).output_size == (3, 3)


RELATIONSHIPS = [
    (1, {}, lambda i, k, s, p: (i - k) + 1),
    (2, {"p": 2}, lambda i, k, s, p: (i - k) + 2 * p + 1),
    (3, {"k": 5, "p": 2}, lambda i, k, s, p: i),
    (4, {"k": 4, "p": 3}, lambda i, k, s, p: i + (k - 1)),
    (5, {"s": 2}, lambda i, k, s, p: (i - k) // s + 1),
    (6, {"s": 2, "p": 1}, lambda i, k, s, p: (i + 2 * p - k) // s + 1),
]


@pytest.mark.parametrize("i", range(5, 12))
@pytest.mark.parametrize(
    ("number", "given", "rule"), RELATIONSHIPS, ids=[f"relationship {n}" for n, *_ in RELATIONSHIPS]
)
def test_the_guides_relationships_hold(number, given, rule, i):
    chosen = {"k": 3, "s": 1, "p": 0} | given
    k, s, p = (chosen[name] for name in "ksp")
    setting = ConvSetting(size=(i, i), kernel_size=(k, k), stride=(s, s), padding=((p, p), (p, p)))
    assert setting.output_size == (rule(i, k, s, p),) * 2, f"Relationship {number}"


TRANSPOSED_RELATIONSHIPS = [
    (8, {}, lambda i, k, s, p, a: i + (k - 1)),
    (9, {"p": 1, "k": 4}, lambda i, k, s, p, a: i + (k - 1) - 2 * p),
    (10, {"k": 5, "p": 2}, lambda i, k, s, p, a: i),
    (11, {"k": 3, "p": 2}, lambda i, k, s, p, a: i - (k - 1)),
    (12, {"s": 2}, lambda i, k, s, p, a: s * (i - 1) + k),
    (13, {"s": 2, "p": 1}, lambda i, k, s, p, a: s * (i - 1) + k - 2 * p),
    (14, {"s": 3, "p": 1, "a": 2}, lambda i, k, s, p, a: s * (i - 1) + a + k - 2 * p),
]


@pytest.mark.parametrize("i", range(3, 8))
@pytest.mark.parametrize(
    ("number", "given", "rule"),
    TRANSPOSED_RELATIONSHIPS,
    ids=[f"relationship {n}" for n, *_ in TRANSPOSED_RELATIONSHIPS],
)
def test_the_guides_relationships_of_transposed_layers_hold(number, given, rule, i):
    chosen = {"k": 3, "s": 1, "p": 0, "a": 0} | given
    k, s, p, a = (chosen[name] for name in "kspa")
    setting = ConvSetting(
        size=(i, i),
        kernel_size=(k, k),
        stride=(s, s),
        padding=((p, p), (p, p)),
        output_padding=(a, a),
        transposed=True,
    )
    assert setting.output_size == (rule(i, k, s, p, a),) * 2, f"Relationship {number}"


@pytest.mark.parametrize("dilation", [1, 2, 3])
@pytest.mark.parametrize("i", range(9, 14))
def test_relationship_15_holds(i, dilation):
    setting = ConvSetting(size=(i, i), stride=(2, 2), padding=((1, 1), (1, 1)), dilation=(dilation, dilation))
    assert setting.output_size == ((i + 2 - 3 - 2 * (dilation - 1)) // 2 + 1,) * 2


def test_one_bright_pixel_prints_the_kernel_turned_round_and_the_true_convolution_prints_it_upright():
    image = torch.zeros(1, 5, 5)
    image[0, 2, 2] = 1
    weight = torch.arange(1.0, 10.0).view(1, 1, 3, 3)
    assert torch.equal(convolve(ConvSetting(size=(5, 5)), image, weight)[0], weight[0, 0].flip(-2, -1))
    assert torch.equal(convolve(ConvSetting(size=(5, 5), flipped=True), image, weight)[0], weight[0, 0])


def test_the_true_convolution_is_the_one_of_numpy():
    row, kernel = [3.0, 1.0, 4.0, 1.0, 5.0], [2.0, 7.0, 1.0]
    setting = ConvSetting(size=(1, 5), kernel_size=(1, 3), flipped=True)
    found = convolve(setting, torch.tensor([[row]]), torch.tensor([[[kernel]]]))
    assert found.flatten().tolist() == np.convolve(row, kernel, mode="valid").tolist()


def test_a_tensor_of_another_shape_is_refused_with_both_shapes():
    with pytest.raises(GeometryError, match=r"the input has the shape \(1, 4, 4\), but the setting needs \(1, 5, 5\)"):
        convolve(ConvSetting(size=(5, 5)), torch.zeros(1, 4, 4), torch.zeros(1, 1, 3, 3))
