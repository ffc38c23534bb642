"""Whether this visitor's theme is light or dark, for charts and pictures whose colours Python chooses."""

from __future__ import annotations

import streamlit as st

from pages.ui.palette import Scheme


def scheme() -> Scheme:
    """Light, unless the browser says dark."""
    return "dark" if st.context.theme.type == "dark" else "light"
