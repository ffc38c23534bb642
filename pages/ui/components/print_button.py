"""A button that opens the browser's print window, and the style in which the papers of the Sheet page are printed."""

from __future__ import annotations

import streamlit as st

from pages.ui.components.assets import script, style

# The words stand in the page from the first moment, before any script has run: a button is never without a name.
# Not isolated: the style has to reach the whole page to leave everything but the papers out of the print.
_component = st.components.v2.component(
    "lab_print_button",
    html='<button type="button" class="lab-print">Print or save as PDF</button>',
    css=style("questions/sheet"),
    js=script("questions/print_button"),
    isolate_styles=False,
)


def print_button(*, key: str) -> None:
    """Mount the button."""
    _component(key=key, width="content")
