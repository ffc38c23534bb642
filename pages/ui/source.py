"""Code, or an address, to be read and copied."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.ui.components.copy_button import copy_button


def show_source(text: str, *, key: str, language: str | None = "python", **options: Any) -> None:
    """Draw a block of code with a button under it that copies it; Streamlit's own shows itself to a mouse only.

    Args:
        text: the code.
        key: of the button.
        language: for the colours; ``None`` for plain text.
        options: further ones of ``st.code``.
    """
    st.code(text, language=language, **options)
    copy_button(text, key=key)
