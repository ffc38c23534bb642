"""Training questions against plain arithmetic with the maths module, and a count of batches."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from lab.questions.answer import value_text
from lab.questions.question import Question

Asked = Callable[[str, int], list[Question]]


def shares(logits: tuple[float, ...], temperature: float = 1.0) -> list[float]:
    powers = [math.exp(z / temperature) for z in logits]
    return [power / sum(powers) for power in powers]


def as_number(text: str) -> float:
    return float(text.replace("−", "-").replace(",", ""))


@pytest.mark.parametrize("level", [1, 2, 3])
def test_softmax_and_its_gradient(asked: Asked, level: int) -> None:
    for question in asked("softmax", level):
        given: Any = question.given
        found = shares(given["logits"], given["temperature"])
        if given["gradient"]:
            found[given["target"]] -= 1
        expected = [found[given["target"]]] if level == 1 else found
        told = [as_number(text) for text in question.answer.text.split()]
        assert told == pytest.approx(expected, abs=0.005001), question.id


@pytest.mark.parametrize("level", [1, 2, 3])
def test_cross_entropy(asked: Asked, level: int) -> None:
    for question in asked("cross-entropy", level):
        given: Any = question.given
        if level == 1:
            expected = -math.log(given["probabilities"][given["target"]])
        else:
            losses = []
            for row, label in zip(given["rows"], given["targets"], strict=True):
                logs = [-math.log(p) for p in shares(row)]
                losses.append((1 - given["smoothing"]) * logs[label] + given["smoothing"] * sum(logs) / 3)
            expected = sum(losses) / len(losses)
        assert as_number(question.answer.text) == pytest.approx(expected, abs=0.005001), question.id


@pytest.mark.parametrize("level", [1, 2, 3])
def test_the_weight_after_sgd(asked: Asked, level: int) -> None:
    for question in asked("sgd-step", level):
        given: Any = question.given
        weight, velocity = given["weight"], 0.0
        gradients = given.get("gradients") or [2 * (weight * given["x"] - given["target"]) * given["x"]]
        for gradient in gradients:
            velocity = given.get("momentum", 0) * velocity + gradient + given.get("weight_decay", 0) * weight
            weight -= given["lr"] * velocity
        assert as_number(question.answer.text) == pytest.approx(weight, abs=1e-6), question.id


@pytest.mark.parametrize("level", [1, 2, 3])
def test_the_steps_are_the_batches_that_are_read(asked: Asked, level: int) -> None:
    for question in asked("batches", level):
        given: Any = question.given
        left, steps = given["n_images"] - given["n_images"] * given["test_share"] // 100, 0
        while left >= (given["batch_size"] if given["drop_last"] else 1):
            left -= given["batch_size"]
            steps += 1
        assert question.answer.text == value_text(steps * given["epochs"]), question.id
