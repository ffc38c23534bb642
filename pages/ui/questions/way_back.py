"""What stands over a page that a question opened: what it shows, and the way back to the question."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.ui import state
from pages.ui.places import place

_OPENED = "questions.opened"


@dataclass(frozen=True)
class Opened:
    """A page that a question opened.

    Args:
        page: its address.
        sentence: what it shows.
        back: the address of the page where the question is asked.
    """

    page: str
    sentence: str
    back: str


def keep_opened(opened: Opened) -> None:
    """Have the sentence and the way back shown on the page that opens next."""
    state.remember(_OPENED, opened)


def show_way_back(page: str) -> None:
    """Draw both over the page that was opened; whoever has gone on to another page needs neither.

    Args:
        page: the address of the page that is drawn.
    """
    opened = state.recall(_OPENED)
    if not isinstance(opened, Opened):
        return
    if opened.page != page:
        state.forget(_OPENED)
        return
    back = place(opened.back)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.info(opened.sentence, icon=":material/info:")
        st.page_link(back.file, label="Back to the question", icon=":material/arrow_back:")
        st.button("Dismiss", key="_app.dismiss_opened", on_click=state.forget, args=(_OPENED,), type="tertiary")
