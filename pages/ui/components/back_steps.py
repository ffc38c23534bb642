"""The browser's Back leads to the page before, not through every value that was set on this one (that is undo's)."""

from __future__ import annotations

import streamlit as st

from pages.ui.components.assets import script

_component = st.components.v2.component("lab_back_steps", js=script("back_steps"))


def back_by_pages() -> None:
    """Mount it once a page; it draws nothing."""
    _component(key="_app.back_steps", height="content")
