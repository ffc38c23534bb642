"""What the learner reads on the Bias page besides the stages."""

from __future__ import annotations

import streamlit as st

from pages.ui.maths.words import Word

LEAD = (
    "One number, added to a neuron's weighted sum. Move it and the line moves; without it the line is tied to (0, 0)."
)

THREE = (
    (
        "1 · A number in a layer",
        "`b` in `w · x + b`: learned like a weight, it shifts what the neuron answers to. Nothing is wrong with it.",
    ),
    (
        "2 · A skew in a data set",
        "The pictures differ from those that the network will meet. The network learns the skew, and no loss tells.",
    ),
    (
        "3 · A fit that is too simple",
        "The mean of many fits misses the truth. Its opposite is variance: every fit is different.",
    ),
)

FILTER = (
    "A convolution adds the same bias at every position. With ReLU behind it the bias is a threshold: a pixel passes "
    "where the filter's sum is above −b."
)
TRAINING = "The same points, starting weights and steps. Only the layer on the right has a bias, and it starts at 0."
TRAINING_CODE = """nn.Linear(2, 1, bias=False)  # left
Dense(1, use_bias=False)     # Keras
nn.Linear(2, 1)              # right
Dense(1)                     # Keras"""
NORM = (
    "BatchNorm subtracts the mean. A bias before it is part of that mean, so it is paid for and does nothing "
    "(Ioffe and Szegedy 2015, section 3.2)."
)
NORM_CODE = """# the same output, one number less
nn.Conv2d(1, 1, 3, bias=False)
nn.BatchNorm2d(1)"""
SAMPLE = (
    "Two classes of Fashion-MNIST, printed in orange and blue. The classifier (softmax regression on 400 pictures) is "
    "trained anew whenever you move the slider, and tested on pictures that each appear in both colours."
)
VARIANCE = (
    "One draw gives one fit. Draw again, and the fit is another one. Bias is how far the mean of the fits is from the "
    "truth, variance how far single fits are from their mean; with the noise they add up to the error on new points "
    "(Geman, Bienenstock and Doursat 1992)."
)

WORDS = (
    Word("Bias of a neuron", "the number b added to the weighted sum; the intercept of the line."),
    Word("Decision line", "where the sum is 0: on one side the neuron answers high, on the other low."),
    Word("Threshold", "−b: what the weighted sum must exceed for a ReLU to let something through."),
    Word("Beta", "the shift that BatchNorm learns for each channel; it replaces the bias before it."),
    Word("Running mean", "BatchNorm's moving average of the batch means, subtracted when the network is used."),
    Word("Data set bias", "training pictures that are not like those met later; also called a skewed sample."),
    Word(
        "Spurious correlation", "something that goes with the class in the sample but not in the world, as colour here."
    ),
    Word("Bias² of a fit", "the squared distance of the mean fit from the truth; high where the curve is too simple."),
    Word("Variance of a fit", "how much fits to different draws differ; high where the curve is too flexible."),
    Word("Noise", "the part of the error that no fit can avoid, because the points themselves scatter."),
)


def head(i: int) -> None:
    """Begin one of the three things."""
    st.header(THREE[i][0], anchor=False, divider="gray")


def show_three() -> None:
    """Say which three things are called bias; one element, because every element costs time while a slider moves."""
    rows = "\n".join(f"- **{title}.** {line}" for title, line in THREE)
    st.info(f"**Three things are called bias**\n{rows}", icon=":material/signpost:")
