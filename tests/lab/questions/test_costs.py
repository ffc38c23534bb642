"""Costs against PyTorch: parameters by ``numel``, multiplications by a slow count, bytes by the tensor itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
import torch

from lab.questions.answer import value_text
from lab.questions.question import Question

Asked = Callable[[str, int], list[Question]]


def module_of(kind: str, options: Mapping[str, object]) -> torch.nn.Module:
    with torch.device("meta"):
        module: torch.nn.Module = getattr(torch.nn, kind)(**options)
        return module


def layer_of(given: Mapping[str, object]) -> torch.nn.Module:
    known = ("input", "kind", "batch", "bits")
    return module_of(str(given["kind"]), {name: value for name, value in given.items() if name not in known})


def n_learned(module: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


@pytest.mark.parametrize(("topic", "level"), [("parameters", 1), ("parameters", 2), ("parameters", 3),
                                              ("grouped-parameters", 1), ("grouped-parameters", 2)])  # fmt: skip
def test_the_parameters_are_what_torch_learns(asked: Asked, topic: str, level: int) -> None:
    for question in asked(topic, level):
        assert question.answer.text == value_text(n_learned(layer_of(question.given))), question.id


def test_the_separable_pair_and_what_it_saves(asked: Asked) -> None:
    for question in asked("grouped-parameters", 3):
        modules = [module_of(kind, options) for kind, options in question.given["layers"]]  # type: ignore[attr-defined]
        pair = sum(map(n_learned, modules))
        side = question.given["kernel_size"]
        full = module_of("Conv2d", {"in_channels": modules[0].in_channels, "out_channels": modules[1].out_channels,
                                    "kernel_size": side, "bias": False})  # fmt: skip
        expected = n_learned(full) - pair if question.given["saving"] else pair
        assert question.answer.text == value_text(expected), question.id


def multiplications(module: torch.nn.Module, shape: tuple[int, int, int]) -> int:
    """Count products by computing with ones: each product adds 1 to the sum of the output.

    Without bias and with every weight and input 1, an output value is the number of its products, except those with
    padding; so the picture is padded with ones by hand. A transposed layer cuts padding away, so it is run without.
    """
    options = {"stride": module.stride, "dilation": module.dilation, "groups": module.groups}
    weight = torch.ones(module.weight.shape)
    (top, left), picture = module.padding, torch.ones(1, *shape)
    if isinstance(module, torch.nn.ConvTranspose2d):
        return int(torch.nn.functional.conv_transpose2d(picture, weight, None, **options).sum())  # type: ignore[arg-type]
    padded = torch.nn.functional.pad(picture, (left, left, top, top), value=1.0)
    return int(torch.nn.functional.conv2d(padded, weight, None, **options).double().sum())  # type: ignore[arg-type]


@pytest.mark.parametrize("level", [1, 2, 3])
def test_the_macs_are_the_products_that_are_made(asked: Asked, level: int) -> None:
    for question in asked("macs", level)[::4] + asked("macs", level)[3:40:4]:
        count = multiplications(layer_of(question.given), question.given["input"])  # type: ignore[arg-type]
        assert question.answer.text == value_text(count), question.id


@pytest.mark.parametrize("level", [1, 2, 3])
def test_the_macs_are_weights_times_positions_for_every_seed(asked: Asked, level: int) -> None:
    for question in asked("macs", level):
        module = layer_of(question.given)
        picture = torch.empty(1, *question.given["input"], device="meta")  # type: ignore[misc]
        where = picture if isinstance(module, torch.nn.ConvTranspose2d) else module(picture)
        positions = where.shape[2] * where.shape[3]
        assert question.answer.text == value_text(module.weight.numel() * positions), question.id


@pytest.mark.parametrize("level", [1, 2, 3])
def test_the_bytes_are_those_of_the_tensor(asked: Asked, level: int) -> None:
    for question in asked("memory", level):
        given = question.given
        picture = torch.empty(given["batch"], *given["input"], device="meta")  # type: ignore[misc]
        output = layer_of(given)(picture).to(getattr(torch, f"float{given['bits']}"))
        whole, rest = divmod(output.nbytes, 1024 if "KiB" in question.text else 1)
        assert (question.answer.text, rest) == (value_text(whole), 0), question.id
