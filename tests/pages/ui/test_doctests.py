"""The examples in the docstrings of ``pages/ui`` are true; pytest itself only collects those of ``lab``."""

from __future__ import annotations

import doctest
import importlib

import pytest

MODULES = (
    "units",
    "fields",
    "messages",
    "link",
    "build.fields",
    "build.rows",
    "build.stops",
    "build.actions",
    "build.toolbar",
    "home.machine",
)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_are_true(name: str) -> None:
    result = doctest.testmod(importlib.import_module(f"pages.ui.{name}"))
    assert result.attempted > 0
    assert result.failed == 0
