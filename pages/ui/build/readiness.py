"""Whether the network can be trained as it is: a word beside the way to Train, which follows every step."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import streamlit as st

from lab.data.catalogue import DataSetRow, data_sets, fitting_sentence
from lab.errors import LabError
from lab.network.spec import NetworkSpec
from lab.training.recipe import check_recipe, default_recipe
from pages.ui import cached, messages, state, units

_SHOWN = "build.readiness"


@dataclass(frozen=True)
class Readiness:
    """A few words, and the sentence behind them."""

    words: str
    sentence: str


def readiness(network: NetworkSpec) -> Readiness:
    """Name the first image set that the network fits, one whose pictures need no change before all others.

    Examples:
        >>> from lab.network.presets import preset
        >>> readiness(preset("student_cnn")).words
        'fits Fashion-MNIST'
        >>> readiness(NetworkSpec(name="New", input=(1, 28, 28))).sentence
        'New: the network has no layers yet.'
    """
    return _readiness(network, tuple(data_sets().values()))


@lru_cache(maxsize=64)
def _readiness(network: NetworkSpec, known: tuple[DataSetRow, ...]) -> Readiness:
    for broken in cached.analyse(network).errors.values():
        return _not_ready(broken)
    problems = {row: _problem(network, row.name) for row in known}
    fitting = [row for row, problem in problems.items() if problem is None]
    if fitting:
        return _fits(network, next((row for row in fitting if row.shape == network.input), fitting[0]))
    return _not_ready(next(problem for problem in problems.values() if problem is not None))


def _not_ready(problem: LabError) -> Readiness:
    return Readiness("not ready to train", f"{messages.without_code(problem.sentence)}.")


def _problem(network: NetworkSpec, data: str) -> LabError | None:
    try:
        check_recipe(default_recipe(network, data))
    except LabError as error:
        return error
    return None


def _fits(network: NetworkSpec, row: DataSetRow) -> Readiness:
    name, _, _ = row.title.partition(" (")
    taken = f"It takes the {units.shape(row.shape)} pictures of {row.title} as they are."
    sentence = fitting_sentence(row.shape, network.input) or taken
    return Readiness(f"fits {name}", f"{sentence} It gives one number for each of the {len(row.classes)} classes.")


def show_readiness(network: NetworkSpec) -> None:
    """Say it."""
    now = readiness(network)
    st.caption(messages.escape(now.words), help=messages.escape(now.sentence), width="content")
    state.remember(_SHOWN, now)


def owe_readiness() -> None:
    """Have the page drawn anew when a step of the network has changed what is said here."""
    bench = state.workbench()
    if bench.began is None and readiness(bench.network) != state.recall(_SHOWN):
        state.owe_page()
