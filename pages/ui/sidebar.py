"""What stands beside every page: the learner's network in two lines, undo, redo and the link."""

from __future__ import annotations

import streamlit as st

from pages.ui import cached, state, units
from pages.ui.messages import escape


def show_sidebar() -> None:
    """Draw the network card under the navigation."""
    bench = state.workbench()
    analysis = cached.analyse(bench.network)
    with st.sidebar:
        st.caption("Your network")
        st.markdown(f"**{escape(bench.network.name)}**")
        st.caption(f"{units.shape(bench.network.input)} in, {units.short_count(analysis.n_params)} parameters")
