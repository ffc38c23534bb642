"""The page that most people write first: torch and torchvision imported on top, everything else as it comes."""

import streamlit as st
import torch
import torchvision

st.title("Empty")
value = st.slider("Value", 0, 1000, 500, key="value")
if st.button("Add one", key="add"):
    # The bare session: what is measured here is Streamlit without anything of ours.
    st.session_state["count"] = st.session_state.get("count", 0) + 1
st.text(f"value {value}, count {st.session_state.get('count', 0)}, {torch.__name__}, {torchvision.__name__}")
