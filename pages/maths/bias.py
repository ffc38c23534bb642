"""Bias: the three things that are called so, each under the learner's hand."""

import streamlit as st

from pages.ui import warmup
from pages.ui.bias import experiments, words
from pages.ui.bias.batch_norm import show_batch_norm
from pages.ui.bias.filter import show_filter
from pages.ui.bias.neuron import show_neuron
from pages.ui.bias.sample import show_sample
from pages.ui.bias.state import FilterState, NeuronState, NormState, SampleState, TrainingState, VarianceState
from pages.ui.bias.training import show_training
from pages.ui.bias.variance import show_variance
from pages.ui.bias.your_network import show_your_network
from pages.ui.maths.experiments import show_experiments
from pages.ui.maths.words import show_words
from pages.ui.photo import last_good, photo_input

st.title("Bias", anchor=False)
st.write(words.LEAD)
warmup.wait_for_torch()
show_neuron()
show_experiments(NeuronState, experiments.NEURON)
words.show_three()

words.head(0)
st.subheader("A filter's bias is a threshold", anchor=False)
st.write(words.FILTER)
show_filter(photo_input(empty="Choose a photo, or take one, and the filter runs over it.") or last_good())
experiments.show_trial(FilterState, experiments.FILTER)

st.subheader("With and without, trained side by side", anchor=False)
st.write(words.TRAINING)
st.code(words.TRAINING_CODE, language="python", wrap_lines=True)
show_training()
experiments.show_trial(TrainingState, experiments.TRAINING)

st.subheader("The bias that BatchNorm takes away", anchor=False)
st.write(words.NORM)
st.code(words.NORM_CODE, language="python", wrap_lines=True)
show_batch_norm()
experiments.show_trial(NormState, experiments.NORM)

words.head(1)
st.write(words.SAMPLE)
show_sample()
experiments.show_trial(SampleState, experiments.SAMPLE)

words.head(2)
st.write(words.VARIANCE)
show_variance()
experiments.show_trial(VarianceState, experiments.VARIANCE)

show_your_network()
show_words(words.WORDS)
