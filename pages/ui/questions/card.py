"""One question on the screen: what is asked, where the answer goes, what is said to it, and the way to the answer."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from lab.questions.checking import Reply, Verdict
from lab.questions.question import Question, Step
from pages.ui import state
from pages.ui.components.reply_box import reply_box
from pages.ui.questions.reply import payload, read_act, read_reply


def show_question(question: Question) -> None:
    """Draw the text and its matrices; these stand side by side where there is room."""
    st.markdown(question.text)
    if not question.figures:
        return
    with st.container(horizontal=True, gap="medium"):
        for figure in question.figures:
            with st.container(width="content"):
                st.markdown(f"{figure.title}  \n$\\displaystyle {figure.latex}$", width="content")


def reply_widgets(
    question: Question,
    key: str,
    *,
    kept: Reply = "",
    on_enter: Callable[[], None] | None = None,
    focus: bool = True,
    leaves: bool = False,
) -> Reply:
    """Draw the place for the answer, and give what stands in it: an empty text for nothing.

    Args:
        question: what is asked.
        key: the widget's key, ``"_<page>.<field>"``.
        kept: what stood in it before; the page keeps the reply when it goes on to another question.
        on_enter: called when Enter is pressed in it, before the rerun.
        focus: take the focus when the question appears.
        leaves: Enter leads on to another question.
    """
    nothing: Callable[[], None] = lambda: None  # noqa: E731 - Streamlit wants a callback for each value

    def entered() -> None:
        made = state.widget_value(key)
        if on_enter is not None and read_act(question, made.get("act") if made else None) is not None:
            on_enter()

    found = reply_box(
        payload(question, kept=kept, focus=focus, leaves=leaves), key=key, on_reply=nothing, on_act=entered
    )
    for message in (found["act"], found["reply"]):
        if message is not None and message.get("id") == question.id:
            return read_reply(question, message)
    return kept


def show_verdict(question: Question, verdict: Verdict) -> None:
    """Say what a reply is: right, a known mistake by what it is, or nothing that can be read."""
    if verdict.is_right:
        st.success(verdict.sentence, icon=":material/check_circle:")
    elif not verdict.is_valid:
        st.info(verdict.sentence, icon=":material/info:")
    else:
        # Only a known mistake has a sentence of its own, which names it; every other one begins with this.
        start = "Not right. " if verdict.misconception is not None else ""
        st.warning(f"{start}{verdict.sentence}", icon=":material/close:")


def show_solution(question: Question) -> None:
    """Draw the worked solution step by step; its last line is the answer."""
    st.markdown("\n".join(_line(step) for step in question.solution))


def _line(step: Step) -> str:
    """Write one step as an entry of a numbered list. A formula inside a text breaks where a block would run off."""
    formula = f"$\\displaystyle {step.latex}$" if step.latex else ""
    return "1. " + "  \n   ".join(part for part in (step.text, formula) if part)
