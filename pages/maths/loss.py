"""Loss: what counts as wrong, by how much, and which way it pushes."""

import streamlit as st

from pages.ui.loss.number import show_number
from pages.ui.loss.prediction import show_prediction
from pages.ui.loss.walk import show_walk

st.title("Loss", anchor=False)
st.write(
    "A loss turns a prediction into one number, and its gradient says which way to push each logit. "
    "Move a logit and compare what the losses say of the same prediction."
)
show_prediction()

st.header("A number instead of a class", anchor=False)
st.write(
    "Where the answer is a number, the loss looks at the residual. What differs is how much one wild point counts."
)
show_number()

st.header("Down the surface", anchor=False)
st.write("Training is a walk to where the loss is low. Click on the map to start four of torch's optimisers there.")
show_walk()
