"""Sizes against PyTorch: a real layer on an empty (meta) picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
import torch

from lab.questions.answer import value_text
from lab.questions.question import Question

Asked = Callable[[str, int], list[Question]]


def torch_shape(given: Mapping[str, object]) -> tuple[int, ...]:
    """Run the layer that the question describes, with nothing but torch."""
    options = {name: value for name, value in given.items() if name not in ("input", "kind")}
    with torch.device("meta"):
        module = getattr(torch.nn, str(given["kind"]))(**options)
        return tuple(module(torch.empty(1, *given["input"])).shape[1:])  # type: ignore[misc]


def asked_for(question: Question, shape: tuple[int, ...]) -> str:
    """Write what the question asks for: a side, height × width, or the whole shape."""
    if "Give channels × height × width" in question.text:
        return value_text(shape)
    if "Give height × width" in question.text:
        return value_text(shape[1:])
    assert shape[1] == shape[2]
    return value_text(shape[1])


@pytest.mark.parametrize("level", [1, 2, 3])
@pytest.mark.parametrize("topic", ["output-size"])
def test_the_size_is_what_torch_gives(asked: Asked, topic: str, level: int) -> None:
    for question in asked(topic, level):
        assert question.answer.text == asked_for(question, torch_shape(question.given)), question.id
