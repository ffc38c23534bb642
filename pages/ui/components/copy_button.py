"""A button that copies a text: always there to be seen, where the one on Streamlit's code blocks waits for a mouse."""

from __future__ import annotations

import streamlit as st

from pages.ui.components.assets import script, style

# The words stand in the page before any script has run: a button is never without a name.
_component = st.components.v2.component(
    "lab_copy_button",
    html='<button type="button" class="copy">Copy</button><span class="said" role="status"></span>',
    css=style("copy_button"),
    js=script("copying", "copy_button"),
)


def copy_button(text: str, *, key: str, label: str = "Copy") -> None:
    """Mount the button.

    Args:
        text: what goes to the clipboard.
        key: of the component.
        label: on the button.
    """
    _component(key=key, data={"text": text, "label": label}, width="content")
