"""Sizes against PyTorch: a real layer on an empty (meta) picture."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
import torch

from lab.questions.answer import value_text
from lab.questions.checking import check
from lab.questions.question import Question

Asked = Callable[[str, int], list[Question]]


def torch_shape(given: Mapping[str, object]) -> tuple[int, ...]:
    """Run the layer that the question describes, with nothing but torch."""
    options = {name: value for name, value in given.items() if name not in ("input", "kind")}
    with torch.device("meta"):
        module = getattr(torch.nn, str(given["kind"]))(**options)
        return tuple(module(torch.empty(1, *given["input"])).shape[1:])  # type: ignore[misc]


def asked_for(question: Question, shape: tuple[int, ...]) -> str:
    """Write what the question asks for: the height, the width, a side, height × width, or the whole shape."""
    if "Give channels × height × width" in question.text:
        return value_text(shape)
    if "Give height × width" in question.text:
        return value_text(shape[1:])
    if found := re.search(r"How many pixels (high|wide) is the output map", question.text):
        return value_text(shape[1 + asked_axis(found[1])])
    assert shape[1] == shape[2]
    return value_text(shape[1])


def asked_axis(words: str) -> int:
    """Say which axis a text asks about: 0 for the height, 1 for the width."""
    return int(bool(re.search(r"\bwide\b(?! \d)|on the left", words.rpartition("How many")[2] or words)))


@pytest.mark.parametrize("level", [1, 2, 3])
@pytest.mark.parametrize("topic", ["output-size", "pooling-size", "same-valid", "transposed-size", "dilation"])
def test_the_size_is_what_torch_gives(asked: Asked, topic: str, level: int) -> None:
    if (topic, level) in {("same-valid", 2), ("same-valid", 3), ("dilation", 1)}:
        return  # these ask for something else than a size and have their own tests below
    for question in asked(topic, level):
        assert question.answer.text == asked_for(question, torch_shape(question.given)), question.id


def kernel_reach(kernel_size: int, dilation: int) -> int:
    """Count the pixels from the first to the last tap, by the gradient of a kernel of ones."""
    picture = torch.zeros(1, 1, 64, 64, requires_grad=True)
    torch.nn.functional.conv2d(picture, torch.ones(1, 1, kernel_size, 1), dilation=(dilation, 1))[0, 0, 0, 0].backward()
    assert picture.grad is not None
    rows = picture.grad[0, 0, :, 0].nonzero().flatten()
    return int(rows[-1] - rows[0] + 1)


def test_the_span_of_a_dilated_kernel_is_what_its_gradient_reaches(asked: Asked) -> None:
    for question in asked("dilation", 1):
        given: Any = question.given
        axis = asked_axis(question.text)
        assert question.answer.text == str(kernel_reach(given["kernel_size"][axis], given["dilation"][axis])), (
            question.id
        )


# torch says that an even kernel with "same" costs a copy; that is the very case asked about.
@pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel")
@pytest.mark.parametrize("level", [2, 3])
def test_the_padding_asked_for_keeps_the_size_and_no_other_does(asked: Asked, level: int) -> None:
    for question in asked("same-valid", level):
        given: Any = dict(question.given)
        if given["padding"] == "same":
            axis = asked_axis(question.text)
            span = kernel_reach(given["kernel_size"][axis], given["dilation"][axis])
            before, after = map(int, question.answer.text.split("×"))
            impulse = torch.zeros(1, 1, 64, 1)
            impulse[0, 0, 30] = 1.0
            kernel = torch.ones(1, 1, span, 1)
            with_torch = torch.nn.functional.conv2d(impulse, kernel, padding="same")[0, 0, :, 0].nonzero().flatten()
            # Output o reads input o - before … o + after, so the impulse at 30 shows from 30 - after to 30 + before.
            assert (30 - int(with_torch[0]), int(with_torch[-1]) - 30) == (after, before), question.id
            continue
        keeping = []
        for padding in range(40):
            pads = (padding, padding)
            if torch_shape({**given, "padding": pads})[1] == given["input"][1]:  # type: ignore[index]
                keeping.append(padding)
        assert question.answer.text.split("×")[0] == str(*keeping), question.id
        assert torch_shape(given) == given["input"], question.id


@pytest.mark.parametrize("level", [1, 2, 3])
def test_every_setting_that_leads_to_the_size_is_right_and_nothing_else(asked: Asked, level: int) -> None:
    for question in asked("missing-setting", level):
        if question.options:
            continue
        given = {name: value for name, value in question.given.items() if name not in ("unknown", "output")}
        unknown, output = str(question.given["unknown"]), question.given["output"]
        for value in range(unknown == "kernel_size", 24):
            try:
                fits = torch_shape({**given, unknown: (value, value)})[1:] == (output, output)
            except (RuntimeError, ValueError, ZeroDivisionError):  # torch refuses the setting
                fits = False
            assert check(question, str(value)).is_right == fits, (question.id, value)
