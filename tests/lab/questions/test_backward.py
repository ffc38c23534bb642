"""The way back against slow loops: who won, and what each number was multiplied with."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from lab.questions.answer import value_text
from lab.questions.question import Question

Asked = Callable[[str, int], list[Question]]


@pytest.mark.parametrize("level", [1, 2, 3])
def test_the_gradient_goes_to_who_made_the_output(asked: Asked, level: int) -> None:
    for question in asked("pool-gradient", level):
        given: Any = question.given
        rows, k, stride = given["rows"], given["kernel_size"], given["stride"]
        back = [[Fraction(0)] * len(rows) for _ in rows]
        for y, line in enumerate(given["upstream"]):
            for x, value in enumerate(line):
                places = [(y * stride + dy, x * stride + dx) for dy in range(k) for dx in range(k)]
                winner = max(places, key=lambda place: rows[place[0]][place[1]])
                for place in [winner] if given["kind"] == "max" else places:
                    back[place[0]][place[1]] += value if given["kind"] == "max" else Fraction(value, k * k)
        assert question.answer.text == value_text(tuple(map(tuple, back))), question.id


@pytest.mark.parametrize("level", [1, 2, 3])
def test_the_gradients_are_those_of_the_chain_rule(asked: Asked, level: int) -> None:
    for question in asked("weight-gradient", level):
        given: Any = question.given
        image, kernel, stride, top = given["image"], given["kernel"], given["stride"], given["upstream"]
        weights = [[0] * len(kernel) for _ in kernel]
        pixels = [[0] * len(image) for _ in image]
        for y, line in enumerate(top):
            for x, value in enumerate(line):
                for dy in range(len(kernel)):
                    for dx in range(len(kernel)):
                        weights[dy][dx] += value * image[y * stride + dy][x * stride + dx]
                        pixels[y * stride + dy][x * stride + dx] += value * kernel[dy][dx]
        found = {"weight": tuple(map(tuple, weights)), "input": tuple(map(tuple, pixels)), "bias": sum(map(sum, top))}
        assert question.answer.text == value_text(found[given["what"]]), question.id
