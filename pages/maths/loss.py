"""Loss: what counts as wrong, by how much, and which way it pushes."""

import streamlit as st

from pages.ui import warmup
from pages.ui.loss.from_run import show_from_run
from pages.ui.loss.number import show_number
from pages.ui.loss.prediction import show_prediction
from pages.ui.loss.state import LossState
from pages.ui.loss.together import begin
from pages.ui.loss.walk import show_walk
from pages.ui.loss.words import EXPERIMENTS, WORDS
from pages.ui.maths.experiments import show_experiments
from pages.ui.maths.words import show_words

st.title("Loss", anchor=False)
st.write("A loss turns a prediction into one number; its gradient says which way to push each logit. Move a logit.")
warmup.wait_for_torch()
begin()
show_prediction()
show_experiments(LossState, EXPERIMENTS)
st.header("A number instead of a class", anchor=False)
st.write(
    "Where the answer is a number, the loss looks at the residual. What differs is how much one wild point counts."
)
show_number()
st.header("Down the surface", anchor=False)
st.write("Training is a walk to where the loss is low. Click on the map to start four of torch's optimizers there.")
show_walk()
show_from_run()
show_words(WORDS)
