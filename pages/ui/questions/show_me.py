"""The button that opens the lab where a question can be seen, set to exactly its numbers."""

from __future__ import annotations

import streamlit as st

from lab.questions.question import Question
from pages.ui import history, state
from pages.ui.places import place
from pages.ui.questions.on_stage import Target, target_of
from pages.ui.questions.way_back import Opened, keep_opened


def show_me(question: Question, *, key: str) -> None:
    """Draw the button; nothing, where the lab has nothing to show.

    Args:
        question: what is asked.
        key: the widget's key, ``"_<page>.<field>"``; its page is where the way back leads.
    """
    target = target_of(question)
    if target is None:
        return
    there = place(target.page)
    if st.button(f"Show me in {there.title}", key=key, icon=there.icon, help=f"It opens {target.sentence}"):
        open_target(target, back=key.removeprefix("_").split(".")[0])
        st.switch_page(there.file, query_params=state.link_params())


def open_target(target: Target, *, back: str) -> None:
    """Set the stage or the network; undo brings back what was there.

    Args:
        target: what to open.
        back: the address of the page with the question.
    """
    value = target.value() if target.value else None  # may load torch, so not inside what cannot be interrupted
    with state.uninterrupted(), state.leaving():
        is_changed = False
        if target.network is not None and target.network != state.workbench().network:
            state.set_network(target.network)
            is_changed = True
        if value is not None and value != state.load(type(value)):
            history.settle(type(value))
            state.keep(value)
            history.settle(type(value))
            is_changed = True
        keep_opened(Opened(target.page, _sentence(target, is_changed), back))


def _sentence(target: Target, is_changed: bool) -> str:
    what = "network" if target.network is not None else "setting"
    undo = " Undo brings yours back." if is_changed else ""
    return f"This is the {what} of the question.{undo} {target.told}".strip()
