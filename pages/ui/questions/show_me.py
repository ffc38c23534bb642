"""The button that opens the lab where a question can be seen, set to exactly its numbers."""

from __future__ import annotations

import streamlit as st

from lab.questions.question import Question
from pages.ui import history, state
from pages.ui.places import place
from pages.ui.questions.on_stage import Target, target_of


def show_me(question: Question, *, key: str = "_show_me.open") -> None:
    """Draw the button; nothing, where the lab has nothing to show."""
    target = target_of(question)
    if target is None:
        return
    there = place(target.page)
    if st.button(f"Show me in {there.title}", key=key, icon=there.icon, help=f"It opens {target.sentence}"):
        open_target(target)
        st.switch_page(there.file)


def open_target(target: Target) -> None:
    """Set the stage or the network; undo brings back what was there."""
    value = target.value() if target.value else None  # may load torch, so not inside what cannot be interrupted
    with state.uninterrupted():
        if target.network is not None and target.network != state.workbench().network:
            state.set_network(target.network)
            state.notify("This is the network of the question. Undo brings yours back.")
        if target.told:
            state.notify(target.told)
        if value is not None:
            history.settle(type(value))
            state.keep(value)
            history.settle(type(value))
            # That stage takes a change for the hand's and lets typed numbers go with their kernel; this one is whole.
            state.forget("convolution.good")
