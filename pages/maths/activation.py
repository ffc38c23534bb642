"""Activation: curves and slopes under the hand, what they do to a layer, and what happens fifty layers deep."""

import streamlit as st

from pages.ui.activation.curves import show_curves
from pages.ui.activation.depth import show_depth
from pages.ui.activation.subject import sources

st.title("Activation", anchor=False)
st.caption("A function of one number, applied to every value between two layers. Drag x and watch value and slope.")
show_curves(sources())
st.subheader("Through many layers", anchor=False)
show_depth()
