"""A calculation is worth what Python's own exact fractions make of it."""

from __future__ import annotations

import math
from fractions import Fraction
from random import Random

import pytest

from lab.questions.checking import check
from lab.questions.question import question_of
from lab.questions.reading import number_readings


def written(draw: Random, depth: int) -> tuple[str, Fraction]:
    """A random calculation and its value by Python's operators."""
    if depth == 0 or draw.random() < 0.2:
        n = draw.randint(0, 40)
        return str(n), Fraction(n)
    (left, a), (right, b) = written(draw, depth - 1), written(draw, depth - 1)
    sign = draw.choice("+-x/⌊")
    if sign in "/⌊" and not b:
        return left, a
    if sign == "⌊":
        return f"⌊({left})/({right})⌋", Fraction(math.floor(a / b))
    if sign == "/":
        return f"({left}) / ({right})", a / b
    space = draw.choice(["", " "])
    value = {"+": a + b, "-": a - b, "x": a * b}[sign]
    return f"({left}){space}{draw.choice('×*') if sign == 'x' else sign}{space}({right})", value


def test_five_hundred_random_calculations_are_worked_out_exactly() -> None:
    draw, n_tried = Random(0), 0
    while n_tried < 500:
        text, value = written(draw, 3)
        if sum(c.isdigit() for c in text) > 30 or not any(c in text for c in "+-×*/⌊"):
            continue
        assert value in number_readings(text), text
        n_tried += 1


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("(11-5)/2+1", 4),
        ("= 3*3*16 + 1", 145),
        ("2 + 3 x 4", 14),
        ("28 − 3 + 1", 26),
        ("3^2", 9),
        ("-(2 - 5)", 3),
        ("1,024 x 2", 2048),
        ("0,5 * 3", Fraction(3, 2)),
        ("⌊7/2⌋", 3),
        ("7 - 2 - 1", 4),
    ],
)
def test_usual_writings(text: str, value: Fraction) -> None:
    assert number_readings(text)[0] == value


@pytest.mark.parametrize(
    "text",
    [
        "3 +",
        "(3",
        "3)",
        "+",
        "x",
        "2 // 3",
        "4 / 0",
        "9^999999",
        "9^9^9^9",
        "1e9 ^ 12",
        "(" * 900,
        "two + 2",
        "8 / 2 / 2",
        "2 + --3",
        "0x10 + 1",
    ],
)
def test_nonsense_and_what_grows_out_of_hand_is_no_number(text: str) -> None:
    assert number_readings(text) == ()


def test_a_calculation_is_an_answer() -> None:
    question = question_of("output-size:1:0")
    value = question.answer.text
    assert check(question, f"{value} + 3 - 3").is_right
    assert not check(question, f"{value} + 1").is_right
