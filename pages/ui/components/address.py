"""The address in the browser: what is a step for Back, and where this browser was when the lab was last closed."""

from __future__ import annotations

import streamlit as st

from pages.ui.components.assets import script, style

# Not isolated: its style is the page's.
_address = st.components.v2.component(
    "lab_address", css=style("phone"), js=script("kept_address", "address"), isolate_styles=False
)
_last_time = st.components.v2.component(
    "lab_last_time",
    html='<div class="last"></div>',
    css=style("last_time"),
    js=script("kept_address", "last_time"),
)


def follow_address() -> None:
    """Mount it on every page; it draws nothing, and on a phone takes empty space away from the top of the page.

    Back leads to the page before, not through every value that was set on this one (that is undo's). The browser keeps
    the last address, which holds the network and all that was set, and the last ones of networks that were built.
    """
    _address(key="_app.address", height="content")


def offer_last_time() -> None:
    """Links to where this browser was before this tab was opened, and to networks built in it; or nothing."""
    _last_time(key="_app.last_time", height="content")
