"""Neurons: a dense network on points of a plane, every neuron a picture, trained while you watch."""

from __future__ import annotations

import streamlit as st

from pages.ui.neurons.stage import show_stage

st.title("Neurons", anchor=False)
st.write("A network of neurons learns to colour the plane. Each neuron adds up what reaches it and bends the sum.")
show_stage()
