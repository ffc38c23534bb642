"""All topics with how well each is known, when it comes back, and a button that practises it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import streamlit as st

from pages.ui.components.assets import script, style
from pages.ui.questions.progress_rows import TopicGroup

_component = st.components.v2.component(
    "lab_mastery_board",
    html='<div class="board"></div>',
    css=style("questions/mastery_board"),
    js=script("element", "questions/mastery_board"),
)


def mastery_board(groups: Sequence[TopicGroup], *, key: str) -> str | None:
    """Mount the board; returns the topic whose button has just been pressed."""
    made = _component(
        key=key, data={"groups": [asdict(group) for group in groups]}, height="content",
        on_practise_change=lambda: None,
    )  # fmt: skip
    known = {row.topic for group in groups for row in group.rows}
    return made.practise if isinstance(made.practise, str) and made.practise in known else None
