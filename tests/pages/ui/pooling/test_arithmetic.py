"""The written-out arithmetic, read back by a small calculator, gives PyTorch's output."""

from __future__ import annotations

import math
import random
import re

import pytest
import torch
from torch import Tensor

from lab.theory.pool_window import PoolKind, PoolSpec, nearest_possible
from lab.theory.pooling import PoolingDetail, take_apart
from pages.ui.pooling.arithmetic import MOST_TERMS, cell_line, cell_note, gradient_cells, picture_cells
from pages.ui.pooling.numbers_stage import numbers_picture

POWERS = {sign: str(n) for n, sign in enumerate("⁰¹²³⁴⁵⁶⁷⁸")}


def random_detail(seed: int) -> PoolingDetail:
    chance = random.Random(seed)
    kernel = chance.randint(1, 4)
    spec = PoolSpec(
        kind=chance.choice(tuple(PoolKind)),
        kernel_size=(kernel, kernel),
        stride=(chance.randint(1, 3),) * 2,
        padding=(chance.randint(0, kernel // 2),) * 2,
        dilation=(chance.randint(1, 2),) * 2,
        ceil_mode=chance.random() < 0.5,
        count_include_pad=chance.random() < 0.5,
        norm_type=chance.randint(1, 8),
        output_size=(chance.randint(1, 4), chance.randint(1, 4)),
        weights=chance.choice(("mean", "first", "blur", "random")),
    )
    size = (chance.randint(1, 5), chance.randint(1, 6))
    # An odd power of negative numbers has no real root; that case has its own test.
    low = 0 if spec.kind is PoolKind.LP and spec.norm_type % 2 else -9
    values = [[float(chance.randint(low, 9)) for _ in range(size[1])] for _ in range(size[0])]
    return take_apart(torch.tensor(values), nearest_possible(spec, size))


def written(detail: PoolingDetail, y: int, x: int) -> str:
    """The line as a learner reads it, with full precision."""
    pieces = cell_line(detail, y, x)
    return "".join(
        piece if isinstance(piece, str) else repr(piece) if isinstance(piece, float) else repr(number_at(detail, piece))
        for piece in pieces
    )


def number_at(detail: PoolingDetail, place: list[int]) -> float:
    return float(detail.picture[place[0], place[1]])


def calculated(text: str) -> tuple[float, float]:
    """What stands before the last equals sign, worked out by Python, and what stands behind it."""
    left, right = text.rsplit(" = ", 1)
    left = re.sub("[⁰¹²³⁴⁵⁶⁷⁸]", lambda found: f"**{POWERS[found[0]]}", left)
    left = left.replace("−∞", "-math.inf").replace("×", "*").replace("^", "**").replace("max(", "max(-math.inf, ")
    return eval(left, {"math": math, "max": max, "__builtins__": {}}), float(right)  # noqa: S307 - our own text


def test_every_line_is_true_in_500_random_settings() -> None:
    for seed in range(500):
        detail = random_detail(seed)
        for y in range(detail.output.shape[0]):
            for x in range(detail.output.shape[1]):
                text = written(detail, y, x)
                if "more" in text:
                    continue
                before, behind = calculated(text)
                assert before == pytest.approx(behind, abs=1e-3), (seed, detail.spec, text)  # weights are shortened
                assert behind == pytest.approx(float(detail.output[y, x]), abs=1e-9), (seed, detail.spec, text)


def line_of(values: list[list[float]], **spec: object) -> tuple[str, str]:
    detail = take_apart(torch.tensor(values), PoolSpec(**spec))  # type: ignore[arg-type]
    return written(detail, 0, 0), cell_note(detail, 0, 0)


def test_the_maximum_is_written_with_its_numbers() -> None:
    assert line_of([[1, 5], [3, 2]]) == ("max(1.0, 5.0, 3.0, 2.0) = 5.0", "")


def test_padding_of_a_maximum_can_never_win() -> None:
    text, note = line_of([[-1.0]], padding=(1, 1))
    assert text == "max(−∞, −∞, −∞, -1.0) = -1.0"
    assert note == "3 of the 4 places lie outside the map: they count as −∞ and can never win."


def test_counted_padding_is_written_as_zero_and_uncounted_is_left_out() -> None:
    nine = [[1.0, 2, 3], [4, 5, 6], [7, 8, 9]]
    counted = line_of(nine, kind="average", kernel_size=(3, 3), padding=(1, 1))
    assert counted[0].startswith("(0 + 0 + 0 + 0 + 1.0 + 2.0 + 0 + 4.0 + 5.0) / 9 = 1.333")
    assert counted[1] == "5 of the 9 places lie outside the map: they count as 0, and the mean still divides by 9."
    left_out = line_of(nine, kind="average", kernel_size=(3, 3), padding=(1, 1), count_include_pad=False)
    assert left_out[0] == "(1.0 + 2.0 + 4.0 + 5.0) / 4 = 3.0"
    assert left_out[1] == "5 of the 9 places lie outside the map and are left out of the mean: it divides by 4."


def test_an_odd_root_below_zero_is_explained() -> None:
    text, note = line_of([[-2.0, 1], [0, 0]], kind="lp", norm_type=3)
    assert text == "((-2.0)³ + 1.0³ + 0.0³ + 0.0³)^(1/3) = NaN"
    assert note.startswith("The sum is below zero, and PyTorch has no root of it: NaN.")


def test_a_long_line_is_abbreviated() -> None:
    detail = take_apart(torch.arange(100.0).reshape(10, 10), PoolSpec(kind="global_average"))
    text = written(detail, 0, 0)
    assert "… 70 more …" in text
    assert text.count(" + ") == MOST_TERMS
    assert text.endswith(" / 100 = 49.5")


def test_the_gradient_of_one_output_lists_the_pixels_that_get_any() -> None:
    detail = take_apart(torch.tensor([[1.0, 5.0], [3.0, 2.0]]), PoolSpec())
    assert gradient_cells(detail, 0, 0) == [[0, 1, 1.0]]
    assert picture_cells(detail)[0][0]["winner"] == [0, 1]


def test_the_picture_holds_only_what_json_can_carry() -> None:
    detail = take_apart(torch.tensor([[-2.0, 1.0], [0.0, 0.0]]), PoolSpec(kind="lp", norm_type=3))
    picture = numbers_picture(detail, map_name="digits", is_grey=False)
    assert picture["output"] == [["NaN"]]
    assert not _has_nan(picture)


def _has_nan(value: object) -> bool:
    if isinstance(value, dict):
        return any(map(_has_nan, value.values()))
    if isinstance(value, list | tuple):
        return any(map(_has_nan, value))
    return isinstance(value, float) and math.isnan(value)


def others_of(grid: Tensor, spec: PoolSpec) -> dict[str, float]:
    picture = numbers_picture(take_apart(grid, spec), map_name="", is_grey=False)
    return {row["name"]: row["values"][0][0] for row in picture["others"]}


@pytest.mark.parametrize(
    ("power", "name", "expected"),
    [
        (1, "LP (the sum, p = 1)", 2 + 7 + 8 + 1),
        (2, "LP (root of the sum of squares, p = 2)", math.sqrt(4 + 49 + 64 + 1)),
        (3, "LP (root of the sum of powers, p = 3)", (8 + 343 + 512 + 1) ** (1 / 3)),
    ],
)
def test_the_name_of_lp_says_what_is_computed(power: int, name: str, expected: float) -> None:
    grid = torch.tensor([[2.0, 7.0], [8.0, 1.0]], dtype=torch.float64)
    assert others_of(grid, PoolSpec(norm_type=power))[name] == pytest.approx(expected)


def test_the_bar_of_the_strided_convolution_says_its_weights() -> None:
    grid = torch.tensor([[2.0, 7.0], [8.0, 1.0]])
    assert others_of(grid, PoolSpec())["Strided convolution (weights 1/4)"] == 18 / 4
    assert others_of(grid, PoolSpec(weights="first"))["Strided convolution (weights: first pixel only)"] == 2


def test_the_other_kinds_look_through_the_same_window() -> None:
    grid = torch.tensor([[3.0, 4.0], [0.0, 0.0]])
    assert others_of(grid, PoolSpec()) == {
        "Max": 4.0,
        "Average": 1.75,
        "LP (root of the sum of squares, p = 2)": 5.0,
        "Strided convolution (weights 1/4)": 1.75,
    }
    # LP pooling has no padding, so it cannot look through these windows.
    assert not any(name.startswith("LP") for name in others_of(grid, PoolSpec(padding=(1, 1))))
    assert set(others_of(grid, PoolSpec(kind="global_max"))) == {"Global max", "Global average"}
