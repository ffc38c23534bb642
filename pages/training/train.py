"""Train: choose images and a recipe, start, and watch the network learn."""

import streamlit as st

from pages.ui import state
from pages.ui.train.run_view import show_run
from pages.ui.train.setup import show_setup
from pages.ui.train.state import TrainState

st.title("Train", anchor=False)
chosen = state.load(TrainState)
if chosen.run:
    show_run(chosen.run)
else:
    show_setup()
