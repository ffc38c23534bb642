"""How the lab tells a visitor that something cannot be done: one escaped sentence with its code, never a traceback."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from lab.errors import LabError
from pages.ui import state

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:^=&@/])")


def escape(text: str) -> str:
    r"""Make text that a user wrote safe and plain inside Markdown: class names, run names, file names.

    Examples:
        >>> escape("*bold* <b> $x$ :smile:")
        '\\*bold\\* \\<b\\> \\$x\\$ \\:smile\\:'
    """
    return _SPECIAL.sub(r"\\\1", text.replace("\n", " "))


def show_error(error: LabError) -> None:
    """Show an error where it happened: where, what, what now, code."""
    st.error(escape(error.sentence), icon=":material/error:")


def show_warning(sentence: str) -> None:
    """Show something to be careful about."""
    st.warning(escape(sentence), icon=":material/warning:")


@contextmanager
def guarded() -> Iterator[None]:
    """Show a :class:`LabError` raised inside as one sentence; everything else passes through.

    Examples::

        with messages.guarded():
            show_maps(cached.feature_maps(...))
    """
    try:
        yield
    except LabError as error:
        show_error(error)


def show_notices() -> None:
    """Show the sentences that wait for the visitor, with a button to take them away."""
    waiting = state.notices()
    if not waiting:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(" ".join(escape(sentence) for sentence in waiting), icon=":material/info:")
        st.button("Dismiss", key="_app.dismiss", on_click=state.dismiss_notices, type="tertiary")
