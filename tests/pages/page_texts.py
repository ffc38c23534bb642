"""What a page says, as tests read it."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def texts(at: AppTest) -> str:
    """Every sentence and heading of the page, without the marks that keep Markdown from reading it."""
    parts = [*at.markdown, *at.caption, *at.info, *at.error, *at.warning, *at.title, *at.header, *at.subheader]
    return " ".join(str(part.value) for part in parts).replace("\\", "")
