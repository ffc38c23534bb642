"""Start: what this is, and where to begin."""

from __future__ import annotations

import streamlit as st

from pages.ui.components.address import offer_last_time

st.title("See how a network sees", anchor=False)
st.markdown(
    "Build a convolutional network, train it on real images, follow every number in it, and practise what an exam asks."
)
offer_last_time()

# On a server that has just started, the first words stand on the screen while the rest of the page is being loaded.
from pages.ui.home import welcome  # noqa: E402

runs = welcome.recent_runs()
welcome.show_cards(runs)
welcome.show_walk()
left, right = st.columns([0.6, 0.4], gap="large")
with left:
    welcome.show_runs(runs)
with right:
    welcome.show_machine()
