"""The address that brings anybody to exactly what is set here."""

from __future__ import annotations

import streamlit as st

from pages.ui import state
from pages.ui.source import show_source


@st.fragment
def share_menu(*, key: str, holds: str) -> None:
    """Draw the button; the address is made when it is opened.

    Args:
        key: the widget's key.
        holds: what the link carries, to end "This link opens the lab with ...".
    """
    with st.popover("Share", icon=":material/link:", key=key, on_change="rerun") as menu:
        if not menu.open:
            return
        address = state.share_url()
        if address is None:
            st.write("Your network is too large for a link. Save it as a file on Build instead.")
            return
        st.caption(f"This link opens the lab with {holds}. Nothing is uploaded: it is all in the link.")
        show_source(address, key=f"{key}_copy", language=None, wrap_lines=True)
