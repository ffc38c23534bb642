"""Convolution: a kernel over numbers and over a photo, every product written out."""

import streamlit as st

from pages.ui.convolution.stage import show_stage

st.title("Convolution", anchor=False)
st.markdown("A small kernel slides over the input; at each position it multiplies, adds up, and writes one number.")
show_stage()
