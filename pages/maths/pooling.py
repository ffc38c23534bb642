"""Pooling: which pixel wins, what is lost, where the gradient goes, and what a shift changes."""

import streamlit as st

from pages.ui import warmup
from pages.ui.maths.experiments import show_experiments
from pages.ui.maths.words import show_words
from pages.ui.photo import last_good, photo_input
from pages.ui.pooling.layer_stage import show_your_layer
from pages.ui.pooling.lessons import NUMBERS_EXPERIMENTS, SHIFT_EXPERIMENTS, WORDS
from pages.ui.pooling.numbers_stage import show_numbers_stage
from pages.ui.pooling.photo_stage import show_photo_stage
from pages.ui.pooling.shift_stage import show_shift_stage
from pages.ui.pooling.state import PoolingState, ShiftState

st.title("Pooling", anchor=False)
st.write("Each window of the map becomes one number, and nothing is learned. Point at a number to see where it goes.")
warmup.wait_for_torch()
numbers_place = st.container()
show_experiments(PoolingState, NUMBERS_EXPERIMENTS)
st.header("On a photo", anchor=False)
photo = photo_input(empty="Choose a picture, and every kind of pooling of it appears below.") or last_good()
with numbers_place:
    show_numbers_stage(photo)
show_photo_stage(photo)
st.header("When the picture moves", anchor=False)
show_shift_stage(photo)
show_experiments(ShiftState, SHIFT_EXPERIMENTS)
show_your_layer()
show_words(WORDS)
