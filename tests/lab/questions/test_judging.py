"""Spot the mistake, and designs compared: each line computed again, each design built in torch."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
import torch
from torch import nn

from lab.questions.answer import value_text
from lab.questions.checking import check
from lab.questions.question import Question

Asked = Callable[[str, int], list[Question]]


@pytest.mark.parametrize("level", [1, 2, 3])
def test_exactly_the_line_named_does_not_follow(asked: Asked, level: int) -> None:
    for question in asked("spot-the-mistake", level):
        lines: Any = question.given["lines"]
        wrong = [n for n, (right, value) in enumerate(lines, 1) if eval(right) != value]  # noqa: S307 - our own sums
        assert [f"Line {n}" for n in wrong] == [question.answer.text], question.id


@pytest.mark.parametrize("level", [1, 2, 3])
def test_each_right_line_is_defended_with_its_own_numbers_and_the_wrong_one_named(asked: Asked, level: int) -> None:
    for question in asked("spot-the-mistake", level)[:40]:
        lines: Any = question.given["lines"]
        wrong = f"Line {question.given['wrong']}"
        assert [option.text for option in question.options] == [f"Line {n}" for n in range(1, len(lines) + 1)]
        for n, (option, (_, value)) in enumerate(zip(question.options, lines, strict=True), 1):
            if option.text == wrong:
                continue
            sentence = check(question, n - 1).sentence
            own, _, other = sentence.partition(" The wrong one is ")
            assert own.startswith(f"Line {n} is right"), question.id
            assert own.endswith((f" {value:,}.", f" {value:,}")), (question.id, own, value)
            assert other.startswith(f"{wrong} ("), question.id
        told = [option.sentence for option in question.options if option.text != wrong]
        assert len(set(told)) == len(told) == len(lines) - 1, question.id


def model_of(layers: Any) -> nn.Sequential:
    with torch.device("meta"):
        return nn.Sequential(*(getattr(nn, kind)(**options) for kind, options in layers))


def n_learned(given: Any) -> int:
    model = model_of(given["layers"])
    model(torch.empty(1, *given["input"], device="meta"))  # the layers fit the picture
    return sum(parameter.numel() for parameter in model.parameters())


@pytest.mark.parametrize("level", [1, 2, 3])
def test_the_difference_is_that_of_real_layers(asked: Asked, level: int) -> None:
    for question in asked("ann-against-cnn", level):
        given: Any = question.given
        first, second = ("after", "before") if level == 3 else ("dense", "conv")
        left, right = n_learned(given[first]), n_learned(given[second])
        expected = Fraction(left, right) if level == 2 else left - right
        assert question.answer.text == value_text(expected), question.id


@pytest.mark.parametrize("level", [1, 2, 3])
def test_the_layer_named_is_the_extreme_one(asked: Asked, level: int) -> None:
    for question in asked("layers-compared", level):
        given: Any = question.given
        costs = {}
        for name, layers in given["designs"]:
            model, values, total = model_of(layers), torch.empty(1, *given["input"], device="meta"), 0
            for module in model:
                values = module(values)
                weights = getattr(module, "weight", None)
                if given["asks_macs"] and weights is not None:
                    total += weights.numel() * (values.shape[2:].numel() if values.dim() == 4 else 1)
            costs[name] = total if given["asks_macs"] else sum(p.numel() for p in model.parameters())
        extreme = (max if given["most"] else min)(costs, key=costs.__getitem__)
        assert question.answer.text == extreme, question.id
        assert list(costs.values()).count(costs[extreme]) == 1, question.id
