"""The formula and the sentences on the page, worked out."""

from __future__ import annotations

import math
import random

import torch

from lab.theory.pool_window import PoolSpec, nearest_possible
from lab.theory.pooling import take_apart
from pages.ui.pooling.words import facts, size_formula, size_lines


def test_the_formula_gives_its_result_in_500_random_settings() -> None:
    for seed in range(500):
        chance = random.Random(seed)
        kernel, size = chance.randint(1, 5), chance.randint(1, 10)
        spec = PoolSpec(
            kind=chance.choice(("max", "average", "lp", "convolution")),
            kernel_size=(kernel, kernel),
            stride=(chance.randint(1, 4),) * 2,
            padding=(chance.randint(0, kernel // 2),) * 2,
            dilation=(chance.randint(1, 3),) * 2,
            ceil_mode=chance.random() < 0.5,
        )
        spec = nearest_possible(spec, (size, size))
        text = size_formula(spec, size, 0)
        left, right = text.split(" = ")
        for sign, name in (("⌊", "floor("), ("⌋", ")"), ("⌈", "ceil("), ("⌉", ")"), ("·", "*"), ("−", "-")):
            left = left.replace(sign, name)
        value = eval(left, {"floor": math.floor, "ceil": math.ceil, "__builtins__": {}})  # noqa: S307 - our own text
        first, _, last = right.partition(", minus the dropped window: ")
        assert value == int(first), (seed, spec, text)
        assert int(last or first) == spec.output_shape((size, size))[0], (seed, spec, text)


def test_unequal_axes_have_a_line_each() -> None:
    assert [row["name"] for row in size_lines(PoolSpec(), (4, 6))] == ["Output rows", "Output columns"]
    assert size_lines(PoolSpec(kind="global_max"), (4, 6))[0]["text"] == "1 window over everything"


def test_the_window_that_ceil_mode_drops_as_well_is_told_of() -> None:
    spec = PoolSpec(padding=(1, 1), ceil_mode=True)
    assert size_formula(spec, 3, 0) == "⌈(3 + 2·1 − 1·(2 − 1) − 1) / 2⌉ + 1 = 3, minus the dropped window: 2"
    assert facts(take_apart(torch.ones(3, 3), spec))[0] == (
        "A window that starts at row 4 would begin behind the map, in the padding: ceil mode drops it, too."
    )


def test_what_floor_drops_and_nobody_reads_is_told_of() -> None:
    said = facts(take_apart(torch.ones(4, 5), PoolSpec()))
    assert (
        said[0] == "A window that starts at column 5 would hang over the edge: it is dropped. Ceil mode would keep it."
    )
    assert said[1] == "No window ever reads 1 column."
    assert said[2].startswith("4 of 20 numbers have a say in the output; 80 % are never passed on.")
    assert said[-1] == "Parameters to learn: 0. Pooling learns nothing."


def test_overlap_is_told_of() -> None:
    said = facts(take_apart(torch.ones(7, 7), PoolSpec(kernel_size=(3, 3))))
    assert "Windows overlap: 2 rows and 2 columns are read more than once." in said
    said = facts(take_apart(torch.ones(3, 1), PoolSpec(kernel_size=(2, 1), stride=(1, 1))))
    assert "Windows overlap: 1 row is read more than once." in said
