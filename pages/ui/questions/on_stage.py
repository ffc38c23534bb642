"""Which page shows a question, and the setting that opens exactly its numbers there.

A setting that a stage cannot show (a picture of 70 × 22 pixels, 32 channels) opens as a network of one layer in Build.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from lab.network.catalogue import CATALOGUE
from lab.network.layers.convolution import Conv2d
from lab.network.spec import NetworkSpec
from lab.questions.question import Question
from pages.ui.questions.on_convolution import by_hand, setting, weighted_sum
from pages.ui.questions.on_neurons import hidden_layer, single_neuron, single_weight
from pages.ui.questions.on_pages import activation, loss, number_step, pooling, pooling_by_hand, recipe
from pages.ui.state import PageState


@dataclass(frozen=True)
class Target:
    """Where a question is shown.

    Args:
        page: the page's address.
        sentence: what stands there.
        value: makes the page's state; it may need torch, so it is called on the click only.
        network: the network to open.
        told: what is said on arrival, where the place is not at the top of the page.
    """

    page: str
    sentence: str
    value: Callable[[], PageState] | None = None
    network: NetworkSpec | None = None
    told: str = ""


_NUMBERS = "exactly the numbers of this question."
_NETWORK = "the network of this question, layer by layer."


def target_of(question: Question) -> Target | None:
    """Say where a question is shown; ``None`` where the lab has nothing for it."""
    shows = question.shows
    if shows is None:
        return None
    if shows.network is not None:
        return Target("build", _NETWORK, network=shows.network, told=_ordinary_layer(question, shows.network))
    find = _PAGES.get(shows.page)
    return find(question) if find else None


def _ordinary_layer(question: Question, pair: NetworkSpec) -> str:
    """Say how to see the layer that a depth-wise pair is compared with: a network has no place for both."""
    last = pair.layers[-1] if pair.layers else None
    if not question.given.get("saving") or not isinstance(last, Conv2d):
        return ""
    return (
        "It shows the pair, depth-wise and 1×1. For the ordinary layer, set the depth-wise layer to 1 group and "
        f"{last.out_channels} output channels, and delete the 1×1 layer."
    )


def _convolution(question: Question) -> Target | None:
    assert question.shows is not None  # noqa: S101 - target_of has looked
    values = question.shows.values
    found = by_hand(question) if "kernel" in values else setting(values)
    told = "Below the stage, Backward shows the gradient of the question." if "upstream" in question.given else ""
    return Target("convolution", _NUMBERS, value=lambda: found, told=told) if found is not None else _one_layer(values)


def _pooling(question: Question) -> Target | None:
    assert question.shows is not None  # noqa: S101 - target_of has looked
    values: Mapping[str, Any] = question.shows.values
    upstream: Any = question.given.get("upstream", ())
    found = pooling_by_hand(values, upstream) if "mode" in values else pooling(values)
    n_channels = 1 if "mode" in values else values["input"][0]
    told = _NUMBERS if n_channels == 1 else f"one of the {n_channels} channels; each of them is pooled alone."
    return Target("pooling", told, value=lambda: found) if found is not None else _one_layer(values)


def _neurons(question: Question) -> Target | None:
    given = question.given
    if "hidden" in given:
        return Target("neurons", _NUMBERS, value=lambda: hidden_layer(given))
    if "x" in given:
        return Target("neurons", "the neuron of this question, at its input.", value=lambda: single_weight(given))
    if len(given.get("inputs", ())) == 2:  # type: ignore[arg-type]
        return Target("neurons", _NUMBERS, value=lambda: single_neuron(given))
    found = weighted_sum(given)
    return Target("convolution", "the weighted sum of this question, as a kernel that sees all inputs.", lambda: found)


def _loss(question: Question) -> Target | None:
    given = question.given
    if "optimizer" in (question.shows.values if question.shows else {}):
        told = "The weight and the step of the question stand under “A number instead of a class”, in the row MSE."
        return Target("loss", "this step, down a squared error.", lambda: number_step(question), told=told)
    told = "the first of the two pictures." if len(given.get("rows", ())) > 1 else _NUMBERS  # type: ignore[arg-type]
    return Target("loss", told, value=lambda: loss(given))


def _activation(question: Question) -> Target | None:
    return Target("activation", "this curve at this input.", value=lambda: activation(question.given))


def _train(question: Question) -> Target | None:
    return Target("train", "a training with these settings.", value=lambda: recipe(question.given))


_PAGES: Mapping[str, Callable[[Question], Target | None]] = {
    "convolution": _convolution,
    "pooling": _pooling,
    "neurons": _neurons,
    "loss": _loss,
    "activation": _activation,
    "train": _train,
}


def _one_layer(values: Mapping[str, Any]) -> Target | None:
    """A network of this one layer, for Build."""
    kind = CATALOGUE.get(str(values.get("kind")))
    if kind is None:
        return None
    fields = {name: value for name, value in values.items() if name in kind.model_fields and name not in _DERIVED}
    try:
        layer = kind.model_validate({**fields, "id": "pool" if "Pool" in kind.__name__ else "conv"})
        network = NetworkSpec(name="question", input=values["input"], layers=(layer,))
    except (ValidationError, KeyError):
        return None
    return Target("build", "this layer, its output and what it costs.", network=network)


_DERIVED = frozenset({"kind", "in_channels", "input"})  # Build finds out how many channels reach a layer
