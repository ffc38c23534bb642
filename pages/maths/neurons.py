"""Neurons: a dense network on points of a plane, every neuron a picture, trained while you watch."""

from __future__ import annotations

import streamlit as st

from pages.ui import warmup
from pages.ui.maths.experiments import show_experiments
from pages.ui.maths.words import show_words
from pages.ui.neurons.experiments import EXPERIMENTS, WORDS
from pages.ui.neurons.stage import show_stage
from pages.ui.neurons.state import NeuronsState
from pages.ui.neurons.your_network import show_your_network

st.title("Neurons", anchor=False)
st.write("A network of neurons learns to colour the plane. Each neuron adds up what reaches it and bends the sum.")
warmup.wait_for_torch()
show_stage()
show_experiments(NeuronsState, EXPERIMENTS)
show_your_network()
show_words(WORDS)
