"""Where to go with a network that has learned something: look inside it, show it a photo."""

from __future__ import annotations

import streamlit as st

from lab.training.run_folder import Run


def show_onward(run: Run) -> None:
    """Offer the pages that take a trained network."""
    with st.container(horizontal=True):
        st.page_link("pages/look/feature_maps.py", label="See its feature maps", icon=":material/grid_view:")
        st.page_link("pages/look/classify.py", label="Classify a photo with it", icon=":material/add_a_photo:")
