"""What stands beside every page: the learner's network in three lines, and the link to share."""

from __future__ import annotations

import streamlit as st

from pages.ui import state, units
from pages.ui.messages import escape
from pages.ui.network_totals import totals
from pages.ui.places import place
from pages.ui.share import share_menu


def show_sidebar(url_path: str) -> None:
    """Draw the network card under the navigation; the page Build shows the network itself.

    Args:
        url_path: of the page that is open.
    """
    if url_path == "build":
        return
    network = state.workbench().network
    n_params = totals(network).n_params
    build = place("build")
    with st.sidebar, st.container(border=True, gap="small"):
        st.caption("Your network")
        st.markdown(f"**{escape(network.name)}**")
        st.caption(f"{units.shape(network.input)} in, {units.short_count(n_params)} parameters")
        st.page_link(build.file, label="Change it", icon=build.icon)
    with st.sidebar:
        share_menu(key="_app.share", holds="this page as it is set, your other pages and your network, not your photos")
