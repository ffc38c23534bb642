"""Questions about the learner's own network, against the model itself."""

from __future__ import annotations

import pytest
import torch

from lab.errors import LabError
from lab.network.build import build_network
from lab.network.presets import PRESETS, preset
from lab.network.spec import NetworkSpec
from lab.questions.answer import value_text
from lab.questions.checking import check
from lab.questions.your_network import your_network_questions


@pytest.mark.parametrize("name", ["lenet5", "student_cnn", "mlp"])
def test_the_answer_is_that_of_the_model(name: str) -> None:
    spec = preset(name)
    network = build_network(spec)
    trace = network.trace(torch.zeros(1, *spec.input))
    asked = set()
    for seed in range(200):
        question = your_network_questions(spec, seed)
        layer, asks = question.given["layer"], question.given["asks"]
        asked.add((layer, asks))
        if asks in ("shape", "length"):
            expected = value_text(tuple(trace[str(layer)].shape[1:]) if asks == "shape" else trace[str(layer)].numel())
        else:
            module = network if layer is None else network.get_submodule(str(layer))
            n = sum(parameter.numel() for parameter in module.parameters())
            if asks == "macs":
                n = module.weight.numel() * trace[str(layer)].shape[2:].numel()  # type: ignore[union-attr, operator]
            expected = value_text(n)
        assert question.answer.text == expected, (seed, question.text)
        assert check(question, question.answer.text).is_right
        assert question.shows is not None
        assert question.shows.network == spec
    assert len(asked) >= 3


def test_every_preset_can_be_asked_about() -> None:
    for name in PRESETS:
        for seed in range(3):
            question = your_network_questions(preset(name), seed)
            assert question.solution[-1].latex.endswith(question.answer.latex), question.text


def test_an_empty_network_and_a_broken_one_are_refused_in_words() -> None:
    with pytest.raises(LabError, match="no layers to ask about"):
        your_network_questions(NetworkSpec(name="empty", input=(1, 8, 8)), 0)
