"""What to try on the Bias page: three experiments with the neuron, and one with each of the other stages."""

from __future__ import annotations

import streamlit as st

from pages.ui import state
from pages.ui.maths.experiments import Experiment, keep_in_sight, set_up, show_answer
from pages.ui.messages import escape
from pages.ui.state import PageState

NEURON = (
    Experiment(
        "Tie the line to (0, 0)",
        "Leave b at 0 and turn w1 and w2 as you like. How many of the 60 points can you get right?",
        "At most 41, whatever you do: both clouds lie on the same side of (0, 0), and every line must go through it. "
        "Set w1 and w2 back to 1 and move only b to −2.8: all 60 are right.",
        {"bias": 0.0, "shift": 2.0},
    ),
    Experiment(
        "Leave b alone and move the line",
        "The line parts the clouds. Now raise w1 and w2 to 3 and do not touch b.",
        "The line slides towards (0, 0) and 19 points are lost, although b is the same: its distance is |b| / ‖w‖. "
        "A bias is neither large nor small by itself, only beside its weights.",
        {"bias": -2.8, "shift": 2.0},
    ),
    Experiment(
        "Kill a neuron",
        "A ReLU neuron with b = −6. Open the table: what does it answer to the 60 points? Then raise b slowly.",
        "It answers 0 to every point, and where a ReLU answers 0 its gradient is 0 too: training could not wake it. "
        "One bias that is too low makes a dead neuron.",
        {"bias": -6.0, "shift": 0.0, "activation": "relu"},
    ),
)

FILTER = Experiment(
    "A blur that finds the bright parts",
    "Take the blur and drag b slowly from −0.8 to −0.2.",
    "A blur answers with the brightness, so its bias is a threshold of brightness: light areas appear first.",
    {"kernel": "Blur", "bias": -0.6},
)
TRAINING = Experiment(
    "The bias that is missing bends the slope",
    "The points lie around y = 2 + 0.8 x. Which slope does each arm find?",
    "With a bias 0.87, close to the truth. Without one 1.66, twice as steep: the line must go through (0, 0), and the "
    "weight has to do the bias's work.",
    {"task": "line", "shift": 2.0, "lr": 0.2},
)
NORM = Experiment(
    "Drown a bias",
    "In evaluation, before any batch: the bias shows. Drag the number of batches from 0 to 60.",
    "The running mean takes in a tenth of what is missing with every batch. After 22 batches 90 % of the bias is gone, "
    "after 44 batches 99 %.",
    {"mode": "evaluation", "n_batches": 0, "bias": 2.0},
)
SAMPLE = Experiment(
    "Perfect, and useless",
    "All training pictures in their usual colour. Compare the three lower bars, then go down to 95 and 80 %.",
    "Tested on data as skewed as the training it makes no mistake, far better than without colour. On fair data it is "
    "right every second time: it learned the colour and nothing else, and only a fair test can tell.",
    {"share": 100},
)
VARIANCE = Experiment(
    "Thirteen points, thirteen numbers",
    "Degree 12 through 13 points: compare its error on the fitted points with that on new ones. Then lower the degree.",
    "It goes through every point: no error there, and the largest of all on new points. Each fit chases its own noise, "
    "which is variance. Their mean is close to the truth: bias is not what is wrong.",
    {"degree": 12, "n_points": 13},
)


def show_trial(model: type[PageState], experiment: Experiment) -> None:
    """Draw one experiment as a line with a button; call it outside the stages' fragments."""
    is_open = state.recall(_name(model)) is True
    st.markdown(f"**Try this: {escape(experiment.title)}.** {escape(experiment.do)}")
    if is_open:
        show_answer(experiment)
    st.button(
        "Set it up again" if is_open else "Set it up",
        key=f"_{model.page}.trial",
        icon=":material/science:",
        on_click=_set_up,
        args=(model, experiment),
    )
    keep_in_sight(model)


def _set_up(model: type[PageState], experiment: Experiment) -> None:
    with state.uninterrupted():
        set_up(model, 0, experiment)
        state.remember(_name(model), True)


def _name(model: type[PageState]) -> str:
    return f"bias.trial.{model.page}"
