"""What the Activation page has to say in words: things to try, the terms, every formula."""

from __future__ import annotations

import streamlit as st

from lab.network.catalogue import CATALOGUE
from lab.theory.activation_formulas import FORMULAS
from pages.ui.activation.state import KINDS
from pages.ui.maths.experiments import Experiment
from pages.ui.maths.words import Word

CURVE_EXPERIMENTS = (
    Experiment(
        "A larger input, a smaller output",
        "GELU, SiLU and Mish look like a rounded ReLU. Drag x from −3 to 0 and read the values.",
        "They first go down: GELU to −0.17 at x = −0.75, where its slope is 0, and left of that its slope is negative. "
        "Further right its slope is above 1: 1.13 at x = 1.41.",
        {"kinds": ("GELU", "SiLU", "Mish", "ReLU"), "x": -0.75, "span": 3.0},
    ),
    Experiment(
        "Kill a layer with its bias",
        "Everything that reaches the layer is lowered by 1, as a bias of −1 would do. Read the dead units of each.",
        "Most ReLU units are dead: slope 0 for every value of every picture, so no gradient can bring them back. "
        "Leaky ReLU and GELU have none. Now move “Plus” back to 0 and watch the units wake up.",
        {"kinds": ("ReLU", "LeakyReLU", "GELU"), "shift": -1.0, "x": -1.0},
    ),
    Experiment(
        "Softmax of two is a sigmoid",
        "Softmax shares 1 between channels. With two of them, drag “The other channel” and compare with the sigmoid.",
        "The curve of softmax is the sigmoid itself, moved to where the other channel stands: only the difference of "
        "the two counts. With the other one at 0 they are the same to the last digit.",
        {"kinds": ("Softmax", "Sigmoid"), "other": 1.5, "x": 1.5},
    ),
)

DEPTH_EXPERIMENTS = (
    Experiment(
        "Twenty sigmoids",
        "Xavier's weights, 20 layers. Compare the size of the signal with the difference between inputs.",
        "The signal keeps its size of 0.5, and yet two inputs differ by only 10⁻¹³ at the end: the network answers the "
        "same to everything. The gradient falls as fast. Choose Tanh, which has its mean at 0, and both are saved.",
        {"kind": "Sigmoid", "depth": 20, "init": "xavier_normal"},
    ),
    Experiment(
        "Steady signal, exploding gradient",
        "Tanh with weights that are 2.5 times too large, 50 layers. Is all well because the signal is steady?",
        "Tanh keeps every signal below 1 however large the weights are, but nothing holds the gradient: it grows to "
        "more than 10⁷ on its way down. Move “Weights times” to 0.7 (that is Xavier's) and both are level.",
        {"kind": "Tanh", "depth": 50, "init": "he_normal", "scale": 2.5},
    ),
    Experiment(
        "What ReLU takes, He gives back",
        "ReLU with Xavier's weights, 50 layers. Then choose He.",
        "ReLU drops half of every layer, so Xavier's variance 1/n loses a factor √2 in size at every layer: 10⁻⁹ after "
        "50. He's 2/n makes up for exactly that. Then set the bias to −0.5: a few layers later all is exactly 0.",
        {"kind": "ReLU", "depth": 50, "init": "xavier_normal"},
    ),
)

WORDS = (
    Word("Activation function", "a function of one number that is applied to every value between two layers."),
    Word("Why at all", "without one, two linear layers in a row can do no more than one."),
    Word(
        "Slope (derivative)",
        "how much the output moves for a small move of the input; back-propagation multiplies by it.",
    ),
    Word("Corner", "a place with two slopes, such as ReLU's at 0; PyTorch takes one of them and goes on."),
    Word("Flat value", "a value at which the slope is almost 0, so that hardly any gradient passes back."),
    Word("Saturated unit", "a unit of which nearly all values are flat, over all pictures and positions."),
    Word("Dead unit", "a unit whose slope is exactly 0 at every value: nothing before it learns from these pictures."),
    Word("Unit", "one channel of a map with all its positions, or one number of a vector."),
    Word(
        "Vanishing gradient",
        "a gradient that shrinks at every layer on its way back, until the first layers stand still.",
    ),
    Word("Exploding gradient", "the opposite: it grows at every layer, and one step of training ruins the weights."),
    Word("Initialisation", "how weights are drawn before training; their variance decides what depth does to signals."),
    Word("Xavier, He, LSUV", "rules for that variance: for tanh, for ReLU, and by measuring each layer's output."),
)


def show_formulas() -> None:
    """Draw the button that opens every activation's formula.

    In a dialog, and so not on the page: Streamlit goes through all that is on a page at every step of a drag.
    """
    if st.button("Every activation and its formula", key="_activation.formulas", icon=":material/functions:"):
        _formulas()


@st.dialog("Every activation and its formula", width="large")
def _formulas() -> None:
    rows = [
        f"| {CATALOGUE[kind].title} | ${_cell(FORMULAS[kind].latex)}$ | {CATALOGUE[kind].sentence} |" for kind in KINDS
    ]
    st.markdown("\n".join(["| Activation | Formula | In words |", "|---|---|---|", *rows]))


def _cell(latex: str) -> str:
    """A bar would end the cell of a table."""
    return latex.replace("|x|", r"\lvert x \rvert")
