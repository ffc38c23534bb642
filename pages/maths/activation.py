"""Activation: curves and slopes under the hand, what they do to a layer, and what happens fifty layers deep."""

import streamlit as st

from pages.ui import warmup
from pages.ui.activation.curves import show_curves
from pages.ui.activation.depth import show_depth
from pages.ui.activation.state import CurvesState, DepthState
from pages.ui.activation.subject import sources
from pages.ui.activation.teaching import CURVE_EXPERIMENTS, DEPTH_EXPERIMENTS, WORDS, show_formulas
from pages.ui.activation.your_network import choose_layer
from pages.ui.maths.experiments import show_experiments
from pages.ui.maths.words import show_words

st.title("Activation", anchor=False)
st.write("A function of one number, applied to every value between two layers. Drag x and watch value and slope.")
warmup.wait_for_torch()
show_curves(sources())
show_experiments(CurvesState, CURVE_EXPERIMENTS)
st.header("Through many layers", anchor=False)
st.caption("Random inputs go up through equal layers, a random gradient comes back down; nothing is trained yet.")
show_depth()
show_experiments(DepthState, DEPTH_EXPERIMENTS)
choose_layer()
show_words(WORDS)
show_formulas()
