"""The questions that all tests of this room look at: 200 seeds of each topic and level, made once."""

from __future__ import annotations

import functools
from collections.abc import Callable

import pytest

from lab.questions.question import Question, make_question

N_SEEDS = 200
Asked = Callable[[str, int], list[Question]]


@functools.cache
def _asked(topic: str, level: int) -> list[Question]:
    return [make_question(topic, level, seed) for seed in range(N_SEEDS)]


@pytest.fixture
def asked() -> Asked:
    """Give the questions of a topic and level."""
    return _asked
