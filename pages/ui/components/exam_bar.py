"""The bar over an exam: a clock that runs in the browser, and a button for each question that says how far it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from pages.ui import state
from pages.ui.components.assets import script, style

_component = st.components.v2.component(
    "lab_exam_bar",
    html='<div class="exam-bar"></div>',
    css=style("questions/exam_bar"),
    js=script("element", "questions/exam_bar"),
)


def exam_bar(
    standings: Sequence[str],
    *,
    at: int,
    elapsed_s: float,
    limit_s: float,
    key: str,
    on_go: Callable[[], None],
    on_over: Callable[[], None],
) -> None:
    """Mount the bar.

    Args:
        standings: of each question: ``open``, ``answered`` or ``unreadable``.
        at: the question that is shown, counted from 0.
        elapsed_s: time since the start; the clock counts on from it without asking the server.
        limit_s: with a limit, the clock counts down from it; 0 for none.
        key: the widget's key; :func:`chosen` reads it in ``on_go``.
        on_go: called when another question was chosen, before the rerun.
        on_over: called when the clock has run down, before the rerun.
    """
    data = {"standings": list(standings), "at": at, "elapsed_s": elapsed_s, "limit_s": limit_s}
    _component(key=key, data=data, height="content", on_go_change=on_go, on_over_change=on_over)


def chosen(key: str) -> int | None:
    """The question that the browser has just asked for, whatever it is; the caller checks the range."""
    sent = getattr(state.widget_value(key), "go", None)
    return sent if isinstance(sent, int) and not isinstance(sent, bool) else None
