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
from pages.ui.photo import last_good, photo_input

st.title("Convolution", anchor=False)
st.markdown("A small kernel slides over the input; at each position it multiplies, adds up, and writes one number.")
warmup.wait_for_torch()
numbers_place = st.container()
show_experiments(ConvolutionState, EXPERIMENTS)
st.header("On a photo", anchor=False)
photo = photo_input(empty="Choose a photo, or take one, and the kernel runs over it.")
with numbers_place:
    show_stage(photo or last_good())
if photo is not None:
    show_photo_stage(photo)
show_layer_stage()
show_words(WORDS)
