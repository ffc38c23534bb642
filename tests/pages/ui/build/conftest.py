"""A session without a browser."""

from __future__ import annotations

import pytest

from pages.ui import state


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """A session of a visitor who has done nothing yet; the address is left alone."""
    kept: dict[str, object] = {}
    monkeypatch.setattr("streamlit.session_state", kept)
    monkeypatch.setattr(state, "publish_link", lambda: None)
    return kept
