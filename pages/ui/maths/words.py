"""The terms of a page, each in one line."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from pages.ui.messages import escape


@dataclass(frozen=True)
class Word:
    """A term and what it means, without a full stop at the end of the term and with one at the end of the line."""

    term: str
    line: str


def show_words(words: tuple[Word, ...]) -> None:
    """Draw them as a list under "The words"."""
    st.header("The words", anchor=False)
    st.markdown("\n".join(f"- **{escape(word.term)}**: {escape(word.line)}" for word in words))
