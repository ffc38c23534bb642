"""Neurons against plain arithmetic, derivatives against a central difference."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from lab.questions.question import Question

Asked = Callable[[str, int], list[Question]]

BY_FORMULA: dict[str, Callable[..., float]] = {
    "Identity": lambda x: x,
    "ReLU": lambda x: max(0.0, x),
    "LeakyReLU": lambda x, negative_slope: x if x > 0 else negative_slope * x,
    "ReLU6": lambda x: min(max(0.0, x), 6.0),
    "Hardtanh": lambda x: min(max(-1.0, x), 1.0),
    "Sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "Tanh": math.tanh,
    "Softplus": lambda x: math.log(1 + math.exp(x)),
    "ELU": lambda x, alpha: x if x > 0 else alpha * (math.exp(x) - 1),
    "SiLU": lambda x: x / (1 + math.exp(-x)),
}


def as_number(text: str) -> float:
    return float(text.replace("−", "-").replace(",", ""))


@pytest.mark.parametrize("level", [1, 2, 3])
def test_values_and_derivatives(asked: Asked, level: int) -> None:
    for question in asked("activation", level):
        given: Any = question.given
        f, x, h = partial(BY_FORMULA[given["kind"]], **given["options"]), given["x"], 1e-5
        expected = (f(x + h) - f(x - h)) / (2 * h) if given["slope"] else f(x)
        assert as_number(question.answer.text) == pytest.approx(expected, abs=0.00501), question.id


@pytest.mark.parametrize("level", [1, 2])
def test_a_neuron(asked: Asked, level: int) -> None:
    for question in asked("neuron", level):
        given: Any = question.given
        total = sum(w * x for w, x in zip(given["weights"], given["inputs"], strict=True)) + given["bias"]
        expected = BY_FORMULA[given["kind"]](total)
        assert as_number(question.answer.text) == pytest.approx(expected, abs=0.00501), question.id


def test_three_neurons(asked: Asked) -> None:
    for question in asked("neuron", 3):
        given: Any = question.given
        hidden = [max(0.0, sum(w * x for w, x in zip(row, given["inputs"], strict=True)) + b)
                  for row, b in zip(given["hidden"], given["biases"], strict=True)]  # fmt: skip
        expected = sum(w * h for w, h in zip(given["last"], hidden, strict=True)) + given["bias"]
        assert as_number(question.answer.text) == pytest.approx(expected), question.id
