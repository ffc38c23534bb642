"""How the lab tells a visitor that something cannot be done: one escaped sentence with its code, never a traceback."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import streamlit as st
from streamlit.errors import FragmentHandledException

from lab.errors import Code, LabError
from pages.ui import state

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:^=&@/])")
# Spaces of any kind and number (four at the front would be a block of code), control characters, and the marks that
# turn the direction of writing, so that "gnp.exe" reads as a picture.
_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")
# Streamlit makes links of bare addresses after it has taken the backslashes away; a word joiner, which nobody sees and
# no line breaks at, keeps them text.
_ADDRESS = re.compile(r"(https?(?=:)|www(?=\.)|@)", re.IGNORECASE)
_JOINER = "\u2060"
_CODE = re.compile(rf" \(({'|'.join(Code)})\)$")

UNEXPECTED = (
    "Something went wrong on this page that the lab did not expect; what you made is kept. The other pages still work, "
    "and the lab's log says what happened."
)


def escape(text: str) -> str:
    r"""Make text that a user wrote safe and plain inside Markdown: class names, run names, file names.

    Examples:
        >>> escape("*bold* <b> $x$ :smile:")
        '\\*bold\\* \\<b\\> \\$x\\$ \\:smile\\:'
        >>> escape("    a\r\nb")
        'a b'
    """
    joined = _ADDRESS.sub(rf"\1{_JOINER}", _BLANK.sub(" ", text).strip())
    return _SPECIAL.sub(r"\\\1", joined)


def said(sentence: str) -> str:
    r"""Escape a sentence of the lab; its code, there to be quoted, stands small and grey behind it, and called a code.

    Examples:
        >>> said("cat.png: the file ends too early (IMG-TRUNCATED)")
        'cat\\.png\\: the file ends too early :small[:gray[code IMG\\-TRUNCATED]]'
        >>> said("Nothing to add")
        'Nothing to add'
    """
    found = _CODE.search(sentence)
    return f"{escape(sentence[: found.start()])} :small[:gray[code {escape(found[1])}]]" if found else escape(sentence)


def without_code(sentence: str) -> str:
    """Leave out the code at the end of a sentence, where there is no room to set it apart.

    Examples:
        >>> without_code("spec.json is missing (RUN-DAMAGED)")
        'spec.json is missing'
    """
    return _CODE.sub("", sentence)


def show_error(error: LabError) -> None:
    """Show an error where it happened: where, what, what now, code."""
    st.error(said(error.sentence), icon=":material/error:")


def show_warning(sentence: str) -> None:
    """Show something to be careful about."""
    st.warning(said(sentence), icon=":material/warning:")


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


@contextmanager
def surviving() -> Iterator[None]:
    """Go on after a mistake of the lab itself: one sentence for the visitor, the traceback for the log.

    Around a whole page, so that navigation, link and heartbeat follow whatever happens on it. Streamlit's own orders to
    stop or run again are no ``Exception`` and pass through.
    """
    try:
        # Streamlit has shown and logged already what it handled in the fragment where it happened.
        with suppress(FragmentHandledException), guarded():
            yield
    except Exception:
        logging.getLogger(__name__).exception("a page failed")
        st.error(UNEXPECTED, icon=":material/error:")


def show_notices() -> None:
    """Show the sentences that wait for the visitor, with a button to take them away."""
    waiting = state.notices()
    if not waiting:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(" ".join(said(sentence) for sentence in waiting), icon=":material/info:")
        st.button("Dismiss", key="_app.dismiss", on_click=state.dismiss_notices, type="tertiary")
