"""Classify a photo."""

import streamlit as st

st.title("Classify a photo")
