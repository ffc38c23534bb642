"""An own lab home for every page test, and no import of torch in the background."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner

from pages.ui import messages


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LAB_WARMUP", "0")


@pytest.fixture(autouse=True)
def _mistakes_reach_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that fails is an exception in ``AppTest``, not a sentence that a test might overlook."""
    monkeypatch.setattr(messages, "surviving", messages.guarded)


@pytest.fixture(autouse=True, scope="session")
def _packages_are_searched_once() -> Iterator[None]:
    """Let ``AppTest`` look only once for components in the installed packages: every new one takes 0.1 s for it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield
