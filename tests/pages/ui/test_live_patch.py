"""Differences: put together again they are the value itself, and nothing travels that has not changed."""

from __future__ import annotations

import random
from typing import Any

import pytest

from pages.ui.live_patch import difference
from tests.pages.ui.patched import patched


def drawn(source: random.Random, depth: int = 3) -> Any:
    """A random JSON value."""
    kind = source.choice(["number", "text", "null", "list", "mapping"] if depth else ["number", "text", "null"])
    if kind == "list":
        return [drawn(source, depth - 1) for _ in range(source.randint(0, 3))]
    if kind == "mapping":
        return {name: drawn(source, depth - 1) for name in source.sample("abcd", source.randint(0, 4))}
    return {"number": round(source.uniform(-2, 2), 1), "text": source.choice("xyz"), "null": None}[kind]


def changed(source: random.Random, value: Any) -> Any:
    """The same value with some of its parts drawn anew."""
    if source.random() < 0.2:
        return drawn(source)
    if isinstance(value, dict):
        return {name: changed(source, part) for name, part in value.items()}
    if isinstance(value, list):
        return [changed(source, part) for part in value]
    return value


@pytest.mark.parametrize("seed", range(300))
def test_a_difference_put_together_with_the_value_before_is_the_value_after(seed: int) -> None:
    source = random.Random(seed)
    before = drawn(source, 4)
    after = changed(source, before)
    change = difference(before, after)
    assert (change is None) == (before == after)
    assert change is None or patched(before, change) == after


def test_only_the_parts_that_changed_travel() -> None:
    before = {"curves": [{"y": [1.0] * 100}, {"y": [2.0] * 100}], "at": 0.5}
    after = {"curves": [{"y": [1.0] * 100}, {"y": [3.0] * 100}], "at": 0.5}
    assert difference(before, after) == {"parts": {"curves": {"parts": {1: {"parts": {"y": {"value": [3.0] * 100}}}}}}}


def test_what_is_no_number_travels_each_time() -> None:
    assert difference({"loss": float("nan")}, {"loss": float("nan")}) is not None
