"""An own lab home for every page test, and no import of torch in the background."""

from __future__ import annotations

from pathlib import Path

import pytest

from pages.ui import messages


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LAB_WARMUP", "0")


@pytest.fixture(autouse=True)
def _mistakes_reach_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that fails is an exception in ``AppTest``, not a sentence that a test might overlook."""
    monkeypatch.setattr(messages, "surviving", messages.guarded)
