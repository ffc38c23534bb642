"""The page's state without a server: a plain dictionary, as a visitor finds it."""

from __future__ import annotations

from typing import Any

import pytest

from pages.ui import state
from pages.ui.loss.state import LossState
from pages.ui.loss.together import begin


@pytest.fixture(autouse=True)
def _session(monkeypatch: pytest.MonkeyPatch) -> None:
    session: dict[str, Any] = {}
    monkeypatch.setattr(state, "_session", lambda: session)
    state.keep(LossState())
    begin()
