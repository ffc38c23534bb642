"""A layer of one's own on the stage, and what is said where there is none any more."""

from __future__ import annotations

from typing import Any

import pytest

from pages.ui import state
from pages.ui.activation.state import CurvesState
from pages.ui.activation.your_network import _open


def test_a_run_that_was_deleted_in_another_tab_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    session: dict[str, Any] = {}
    monkeypatch.setattr(state, "_session", lambda: session)
    before = CurvesState(opened="run:20200101-000000-gone-0000#relu1")
    state.keep(before)
    _open()
    assert state.load(CurvesState) == before
    (sentence,) = state.notices()
    assert "20200101-000000-gone-0000" in sentence
