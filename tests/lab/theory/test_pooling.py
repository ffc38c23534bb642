"""Pooling against torch's modules, a slow loop over the windows, autograd and published numbers."""

from __future__ import annotations

import math
import random

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lab.errors import GeometryError
from lab.theory.pool_window import PoolKind, PoolSpec, nearest_possible
from lab.theory.pooling import PoolingDetail, conv_weight, gain, pool, take_apart, what_was_lost

N_SETTINGS = 600
# Dumoulin & Visin, arXiv:1603.07285, the map of the numeric figures.
GUIDE = torch.tensor([[3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3], [2, 0, 0, 2, 2], [2, 0, 0, 0, 1.0]])


def random_case(seed: int) -> tuple[PoolSpec, Tensor]:
    """A random possible setting and a map; whole numbers, so that ties occur, and for LP none below zero."""
    chance = random.Random(seed)
    kernel = (chance.randint(1, 5), chance.randint(1, 5))
    spec = PoolSpec(
        kind=chance.choice(tuple(PoolKind)),
        kernel_size=kernel,
        stride=(chance.randint(1, 4), chance.randint(1, 4)),
        padding=(chance.randint(0, kernel[0] // 2), chance.randint(0, kernel[1] // 2)),
        dilation=(chance.randint(1, 3), chance.randint(1, 3)),
        ceil_mode=chance.random() < 0.5,
        count_include_pad=chance.random() < 0.5,
        norm_type=chance.randint(1, 8),
        output_size=(chance.randint(1, 7), chance.randint(1, 7)),
        weights=chance.choice(("mean", "first", "blur", "random")),
    )
    size = (chance.randint(1, 8), chance.randint(1, 8))
    low = 0 if spec.kind is PoolKind.LP else -9
    values = [[float(chance.randint(low, 9)) for _ in range(size[1])] for _ in range(size[0])]
    return nearest_possible(spec, size), torch.tensor(values, dtype=torch.float64)


def torch_module(spec: PoolSpec) -> nn.Module:
    """The layer as a learner would write it."""
    window = (spec.kernel_size, spec.stride)
    if spec.kind is PoolKind.MAX:
        return nn.MaxPool2d(*window, spec.padding, spec.dilation, ceil_mode=spec.ceil_mode)
    if spec.kind is PoolKind.AVERAGE:
        return nn.AvgPool2d(*window, spec.padding, spec.ceil_mode, spec.count_include_pad)
    if spec.kind is PoolKind.LP:
        return nn.LPPool2d(spec.norm_type, *window, spec.ceil_mode)
    if spec.kind is PoolKind.CONVOLUTION:
        layer = nn.Conv2d(1, 1, *window, spec.padding, spec.dilation, bias=False, dtype=torch.float64)
        with torch.no_grad():
            layer.weight.copy_(conv_weight(spec, torch.float64))
        return layer
    return {
        PoolKind.ADAPTIVE_MAX: nn.AdaptiveMaxPool2d(spec.output_size),
        PoolKind.ADAPTIVE_AVERAGE: nn.AdaptiveAvgPool2d(spec.output_size),
        PoolKind.GLOBAL_MAX: nn.AdaptiveMaxPool2d(1),
        PoolKind.GLOBAL_AVERAGE: nn.AdaptiveAvgPool2d(1),
    }[spec.kind]


def slow_cell(detail: PoolingDetail, y: int, x: int) -> float:
    """One output by hand, from the windows and divisors that the page shows."""
    spec, taps = detail.spec, [(i, j) for i in detail.rows.taps[y] for j in detail.cols.taps[x]]
    height, width = detail.picture.shape
    values = [float(detail.picture[i, j]) for i, j in taps if 0 <= i < height and 0 <= j < width]
    if spec.kind.takes_maximum:
        return max(values)
    if detail.weight is not None:
        weights = detail.weight.flatten().tolist()
        inside = [weight for weight, (i, j) in zip(weights, taps, strict=True) if 0 <= i < height and 0 <= j < width]
        return sum(weight * value for weight, value in zip(inside, values, strict=True))
    assert detail.divisors is not None
    divisor = int(detail.divisors[y, x])
    if spec.kind is PoolKind.LP:
        n_taps = spec.kernel_size[0] * spec.kernel_size[1]
        return (sum(value**spec.norm_type for value in values) / divisor * n_taps) ** (1 / spec.norm_type)
    return sum(values) / divisor


def test_outputs_are_torchs_in_500_random_settings() -> None:
    for seed in range(N_SETTINGS):
        spec, picture = random_case(seed)
        expected = torch_module(spec)(picture[None, None])
        torch.testing.assert_close(pool(picture[None, None], spec), expected, rtol=0, atol=0, msg=f"{seed} {spec}")


def test_the_arithmetic_of_every_window_gives_its_output_in_500_random_settings() -> None:
    for seed in range(N_SETTINGS):
        detail = take_apart(*reversed(random_case(seed)))
        for y, row in enumerate(detail.output.tolist()):
            for x, value in enumerate(row):
                assert slow_cell(detail, y, x) == pytest.approx(value, abs=1e-9), (seed, detail.spec, y, x)


def test_the_winner_is_the_first_largest_pixel_in_500_random_settings() -> None:
    for seed in range(N_SETTINGS):
        spec, picture = random_case(seed)
        detail = take_apart(picture, spec)
        assert (detail.winners is not None) == spec.kind.takes_maximum
        if detail.winners is None:
            continue
        for y, row in enumerate(detail.winners.tolist()):
            for x, position in enumerate(row):
                pixels = [(i, j) for i in detail.rows.inside(y) for j in detail.cols.inside(x)]
                best = pixels[0]
                for pixel in pixels[1:]:
                    best = pixel if picture[pixel] > picture[best] else best
                assert position == best[0] * picture.shape[1] + best[1], (seed, spec, y, x)


def test_gradients_are_autograds_cell_by_cell_in_500_random_settings() -> None:
    for seed in range(N_SETTINGS):
        spec, picture = random_case(seed)
        detail, module = take_apart(picture, spec), torch_module(spec)
        values = picture.clone().requires_grad_(True)
        output = module(values[None, None])[0, 0]
        (total,) = torch.autograd.grad(output.sum(), values, retain_graph=True)
        torch.testing.assert_close(detail.gradient, total, rtol=0, atol=1e-12, equal_nan=True, msg=f"{seed} {spec}")
        y, x = seed % output.shape[0], seed % output.shape[1]
        (one,) = torch.autograd.grad(output[y, x], values)
        torch.testing.assert_close(
            detail.gradients[y, x], one, rtol=0, atol=1e-12, equal_nan=True, msg=f"{seed} {spec} {y} {x}"
        )


def test_the_pixels_passed_on_are_the_ones_that_change_an_output_in_500_random_settings() -> None:
    for seed in range(N_SETTINGS):
        spec, picture = random_case(seed)
        detail = take_apart(picture, spec)
        height, width = picture.shape
        expected = torch.zeros(height, width, dtype=torch.bool)
        for y, taps_y in enumerate(detail.rows.taps):
            for x, taps_x in enumerate(detail.cols.taps):
                if detail.winners is not None:
                    expected.view(-1)[int(detail.winners[y, x])] = True
                    continue
                for a, i in enumerate(taps_y):
                    for b, j in enumerate(taps_x):
                        weighed = detail.weight is None or float(detail.weight[a, b]) != 0
                        if weighed and 0 <= i < height and 0 <= j < width:
                            expected[i, j] = True
        assert torch.equal(detail.lost.passed[0], expected), (seed, spec)
        assert detail.lost.share_lost == pytest.approx(1 - expected.double().mean().item())


def test_the_difference_is_that_of_the_enlarged_output() -> None:
    for seed in range(100):
        spec, picture = random_case(seed)
        output = pool(picture[None, None], spec)[0, 0] / gain(spec)
        (height, width), (rows, cols) = picture.shape, output.shape
        gaps = [
            abs(float(output[y * rows // height, x * cols // width]) - float(picture[y, x]))
            for y in range(height)
            for x in range(width)
        ]
        assert what_was_lost(picture[None], spec).difference == pytest.approx(sum(gaps) / len(gaps)), (seed, spec)


def test_the_guides_figures() -> None:
    # Dumoulin & Visin, figures 1.5 and 1.6: 3×3 windows, stride 1.
    average = PoolSpec(kind="average", kernel_size=(3, 3), stride=(1, 1))
    ninths = torch.tensor([[15, 15, 15], [9, 11, 16], [10, 7, 12]], dtype=torch.float64)
    torch.testing.assert_close(take_apart(GUIDE, average).output, ninths / 9)
    largest = take_apart(GUIDE, average.model_copy(update={"kind": PoolKind.MAX})).output
    assert largest.tolist() == [[3, 3, 3], [3, 3, 3], [3, 2, 3]]


@pytest.mark.parametrize(
    ("count_include_pad", "expected", "divisors"),
    [
        (True, [[12 / 9, 16 / 9], [24 / 9, 28 / 9]], [[9, 9], [9, 9]]),
        (False, [[3, 4], [6, 7]], [[4, 4], [4, 4]]),
    ],
)
def test_count_include_pad_changes_the_divisor(
    count_include_pad: bool, expected: list[list[float]], divisors: list[list[int]]
) -> None:
    # facts.md: AvgPool2d(3, 2, 1) on 1 … 9.
    spec = PoolSpec(kind="average", kernel_size=(3, 3), padding=(1, 1), count_include_pad=count_include_pad)
    detail = take_apart(torch.arange(1.0, 10.0).reshape(3, 3), spec)
    torch.testing.assert_close(detail.output, torch.tensor(expected, dtype=torch.float64))
    assert detail.divisors is not None
    assert detail.divisors.tolist() == divisors


def test_average_pooling_of_one_to_seven() -> None:
    # torch.nn.AvgPool1d's documentation.
    detail = take_apart(torch.arange(1.0, 8.0)[None], PoolSpec(kind="average", kernel_size=(1, 3), stride=(1, 2)))
    assert detail.output.tolist() == [[2, 4, 6]]


def test_in_ceil_mode_the_mean_divides_by_what_lies_inside() -> None:
    spec = PoolSpec(kind="average", ceil_mode=True)
    detail = take_apart(torch.ones(3, 3), spec)
    assert detail.divisors is not None
    assert detail.divisors.tolist() == [[4, 2], [2, 1]]


def test_in_ceil_mode_lp_pooling_scales_a_cut_window_up_to_a_full_one() -> None:
    # PyTorch takes the mean of the powers and multiplies by the kernel's size, also where the window is cut.
    spec = PoolSpec(kind="lp", norm_type=1, ceil_mode=True)
    assert take_apart(torch.ones(3, 3), spec).output.tolist() == [[4, 4], [4, 4]]


def test_lp_pooling_of_an_odd_power_has_no_root_below_zero() -> None:
    detail = take_apart(torch.tensor([[-2.0, 1.0], [0.0, 0.0]]), PoolSpec(kind="lp", norm_type=3))
    assert math.isnan(detail.output.item())
    even = take_apart(torch.tensor([[-2.0, 1.0], [0.0, 0.0]]), PoolSpec(kind="lp", norm_type=2))
    assert even.output.item() == pytest.approx(5**0.5)


def test_a_window_of_padding_alone_is_refused() -> None:
    # PyTorch takes it forward (−∞), and its backward pass then writes to memory outside the gradient.
    with pytest.raises(GeometryError, match="with dilation 3 a window of 2 taps reads nothing but padding on 2 px"):
        take_apart(torch.ones(2, 2), PoolSpec(dilation=(3, 3), padding=(1, 1)))


def test_uneven_adaptive_windows_divide_by_their_own_sizes() -> None:
    spec = PoolSpec(kind="adaptive_average", output_size=(1, 4))
    detail = take_apart(torch.arange(7.0)[None], spec)
    assert detail.divisors is not None
    assert detail.divisors.tolist() == [[2, 3, 3, 2]]
    assert detail.output.tolist() == [[0.5, 2, 4, 5.5]]


def test_a_one_pixel_picture_is_its_own_pooling() -> None:
    for kind in PoolKind:
        spec = nearest_possible(PoolSpec(kind=kind), (1, 1))
        assert take_apart(torch.tensor([[7.0]]), spec).output.unique().tolist() == pytest.approx([7.0]), kind


def test_a_strided_convolution_with_equal_weights_is_average_pooling() -> None:
    maps = torch.rand(2, 3, 12, 10, dtype=torch.float64)
    spec = PoolSpec(kind="average", kernel_size=(3, 2), stride=(2, 2), padding=(1, 1))
    other = spec.model_copy(update={"kind": PoolKind.CONVOLUTION})
    torch.testing.assert_close(pool(maps, other), pool(maps, spec))


def test_only_one_pixel_of_four_gets_through_max_pooling() -> None:
    assert what_was_lost(torch.rand(1, 8, 8), PoolSpec()).share_lost == 0.75
    assert what_was_lost(torch.rand(1, 8, 8), PoolSpec(kind="average")).share_lost == 0


def test_the_random_weights_lie_where_torch_starts() -> None:
    weight = conv_weight(PoolSpec(kernel_size=(5, 5), weights="random"))
    assert 0 < weight.abs().max() <= 1 / 5
    assert torch.equal(weight, conv_weight(PoolSpec(kernel_size=(5, 5), weights="random")))


def test_the_blur_is_binomial() -> None:
    row = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0]) / 16
    torch.testing.assert_close(conv_weight(PoolSpec(kernel_size=(5, 5), weights="blur")), torch.outer(row, row))


def test_gain_makes_lp_pooling_comparable() -> None:
    flat = torch.full((1, 1, 6, 6), 3.0)
    spec = PoolSpec(kind="lp", norm_type=4, kernel_size=(3, 3))
    torch.testing.assert_close(pool(flat, spec) / gain(spec), F.avg_pool2d(flat, 3, 2))
