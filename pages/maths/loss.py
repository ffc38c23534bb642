"""Loss: what counts as wrong, by how much, and which way it pushes."""

import streamlit as st

from pages.ui.loss.prediction import show_prediction

st.title("Loss", anchor=False)
st.write(
    "A loss turns a prediction into one number, and its gradient says which way to push each logit. "
    "Move a logit and compare what the losses say of the same prediction."
)
show_prediction()
