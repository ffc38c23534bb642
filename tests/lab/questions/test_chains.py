"""Chains against PyTorch: receptive fields by gradient, vectors and totals by a real model."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import nn

from lab.questions.answer import value_text
from lab.questions.question import Question

Asked = Callable[[str, int], list[Question]]


def model_of(question: Question, device: str = "meta") -> nn.Sequential:
    with torch.device(device):
        layers = question.given["layers"]
        return nn.Sequential(*(getattr(nn, kind)(**options) for kind, options in layers))  # type: ignore[attr-defined]


@pytest.mark.parametrize("level", [1, 2, 3])
def test_the_receptive_field_is_what_the_gradient_reaches(asked: Asked, level: int) -> None:
    """Average pooling in place of max pooling, and kernels of ones: then every pixel of the field has a gradient."""
    for question in asked("receptive-field", level):
        axis = int("pixels wide" in question.text)
        picture = torch.zeros(1, 1, 128, 1, requires_grad=True)
        values = picture
        for kind, options in question.given["layers"]:  # type: ignore[attr-defined]
            k, s = options["kernel_size"][axis], options["stride"][axis]
            if kind == "MaxPool2d":
                values = nn.functional.avg_pool2d(values, (k, 1), (s, 1))
            else:
                kernel = torch.ones(1, 1, k, 1)
                values = nn.functional.conv2d(values, kernel, stride=(s, 1), dilation=(options["dilation"][axis], 1))
        values[0, 0, 0, 0].backward()
        assert picture.grad is not None
        rows = picture.grad[0, 0, :, 0].nonzero().flatten()
        assert question.answer.text == str(int(rows[-1] - rows[0] + 1)), question.id


@pytest.mark.parametrize("level", [1, 2])
def test_the_vector_is_as_long_as_torchs(asked: Asked, level: int) -> None:
    for question in asked("flatten", level):
        output = model_of(question)(torch.empty(1, *question.given["input"], device="meta"))  # type: ignore[misc]
        assert question.answer.text == value_text(output.shape[1]), question.id


def test_the_first_dense_layer_learns_what_torchs_does(asked: Asked) -> None:
    for question in asked("flatten", 3):
        model = model_of(question)
        model(torch.empty(1, *question.given["input"], device="meta"))  # type: ignore[misc]  # the sizes fit
        assert question.answer.text == value_text(sum(p.numel() for p in model[-1].parameters())), question.id


@pytest.mark.parametrize("level", [1, 2, 3])
def test_the_totals_are_those_of_the_model(asked: Asked, level: int) -> None:
    for question in asked("network-totals", level):
        model = model_of(question)
        expected = sum(parameter.numel() for parameter in model.parameters())
        if question.given["asks_macs"]:
            expected, values = 0, torch.empty(1, *question.given["input"], device="meta")  # type: ignore[misc]
            for module in model:
                values = module(values)
                if isinstance(module, nn.Conv2d | nn.Linear):
                    positions = values.shape[2:].numel() if isinstance(module, nn.Conv2d) else 1
                    expected += module.weight.numel() * positions
        assert question.answer.text == value_text(expected), question.id
