"""Where to go with a network that has learned something: look inside it, show it a photo."""

from __future__ import annotations

import streamlit as st

from lab.training.run_folder import Run
from pages.ui.feature_maps.state import RUN
from pages.ui.network_choice import choose_network


def show_onward(run: Run) -> None:
    """Offer the pages that take a trained network, each opened at this run."""
    with st.container(horizontal=True):
        if st.button("See its feature maps", key="_train.to_maps", icon=":material/grid_view:"):
            choose_network(RUN + run.id)
            st.switch_page("pages/look/feature_maps.py")
        if st.button("Classify a photo with it", key="_train.to_classify", icon=":material/add_a_photo:"):
            choose_network(RUN + run.id)
            st.switch_page("pages/look/classify.py")
