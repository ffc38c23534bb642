"""Convolution: a kernel over numbers and over a photo, every product written out."""

import streamlit as st

from pages.ui import warmup
from pages.ui.convolution.layer_stage import show_layer_stage
from pages.ui.convolution.photo_stage import show_photo_stage
from pages.ui.convolution.stage import show_stage
from pages.ui.convolution.state import ConvolutionState
from pages.ui.convolution.things_to_try import EXPERIMENTS, WORDS
from pages.ui.maths.experiments import show_experiments
from pages.ui.maths.words import show_words

st.title("Convolution", anchor=False)
st.markdown("A small kernel slides over the input; at each position it multiplies, adds up, and writes one number.")
warmup.wait_for_torch()
show_stage()
show_experiments(ConvolutionState, EXPERIMENTS)
show_photo_stage()
show_layer_stage()
show_words(WORDS)
