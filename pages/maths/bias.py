"""Bias: the three things that are called so, each under the learner's hand."""

import streamlit as st

from pages.ui.bias.batch_norm import show_batch_norm
from pages.ui.bias.filter import show_filter
from pages.ui.bias.neuron import show_neuron
from pages.ui.bias.sample import show_sample
from pages.ui.bias.training import show_training
from pages.ui.bias.variance import show_variance

st.title("Bias", anchor=False)
st.write(
    "One number, added to a neuron's weighted sum. Move it and the line moves; without it the line is tied to (0, 0)."
)
show_neuron()
st.header("A filter's bias", anchor=False)
show_filter()
st.header("With and without", anchor=False)
show_training()
st.header("The bias that BatchNorm takes away", anchor=False)
show_batch_norm()
st.header("The bias of a data set", anchor=False)
show_sample()
st.header("Bias and variance", anchor=False)
show_variance()
