"""Numbers to as many digits as are shown of them, against Python's own formatting."""

from __future__ import annotations

import json
import math
import random

import pytest

from pages.ui.loss.rounding import rounded, rounded_lists


@pytest.mark.parametrize("digits", [4, 6])
def test_a_number_is_the_one_that_its_digits_say(digits: int) -> None:
    draw = random.Random(f"digits {digits}")
    values = [draw.choice([-1, 1]) * 10 ** draw.uniform(-14, 12) for _ in range(20_000)]
    found = rounded(values, digits)
    assert found == [float(f"{value:.{digits}g}") for value in values]
    assert max(len(json.dumps(value)) for value in found if abs(value) < 1e6) <= digits + len("-0.000")


@pytest.mark.parametrize("value", [1e-17, 3.3333333e-200, 2.5e300, 1.7e308, -1e-299])
def test_the_tiniest_and_the_largest_keep_their_size(value: float) -> None:
    assert rounded([value]) == pytest.approx([value], rel=1e-5)


def test_what_is_no_number_stays_what_it_is_and_nought_has_no_sign() -> None:
    first, *others = rounded([math.nan, math.inf, -math.inf, 0.0, -0.0, 5e-324])
    assert math.isnan(first)
    assert others == [math.inf, -math.inf, 0.0, 0.0, 0.0]
    assert not any(math.copysign(1, value) < 0 for value in others[2:])


def test_lists_keep_their_lengths_and_their_order() -> None:
    lists = [[], [1 / 3, 2 / 3], (0.1,), [], [math.pi] * 3]
    assert rounded_lists(lists) == [rounded(row) for row in lists]
    assert rounded_lists([]) == []
