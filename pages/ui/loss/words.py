"""What to try first on the Loss page, and its terms in one line each."""

from __future__ import annotations

from lab.theory.surface_names import SURFACES
from pages.ui.loss.walk import surface_values
from pages.ui.maths.experiments import Experiment
from pages.ui.maths.words import Word

EXPERIMENTS = (
    Experiment(
        "Sure, and wrong",
        "The right class is 10 behind. Take a few steps under MSE, then one under cross-entropy.",
        "MSE's gradient is about 0.00006: softmax is saturated, so the worst mistake teaches almost nothing, however "
        "often you click. Cross-entropy pulls with a gradient of almost 1, whatever happens.",
        {"z1": 0.0, "z2": 10.0, "z3": 0.0, "target": 0, "shown": ("cross-entropy", "mse", "mae", "hinge")},
    ),
    Experiment(
        "One wild point",
        "Below, under “A number instead of a class”, drag the wild point up and down.",
        "MSE's line follows it all the way. MAE's does not move at all as long as the point stays on its side of the "
        "line: to MAE only the side counts, not the distance.",
        {"wild_x": 9.5, "wild_y": -9.0},
    ),
    Experiment(
        "Momentum overshoots",
        "At the bottom of the page, on the map: press Play, then pull momentum down from 0.95 to 0.5.",
        "On a round bowl plain SGD never passes the lowest point. Momentum of 0.95 shoots past it and comes back again "
        "and again, though nothing there is uneven; 0.5 is faster than none, and hardly overshoots.",
        {
            "surface": "bowl",
            **surface_values(SURFACES["bowl"]),
            "momentum": 0.95,
            "n_steps": 100,
            "walkers": ("sgd", "momentum"),
        },
    ),
)

WORDS = (
    Word("Logit z", "a class's number before softmax; only differences between logits matter."),
    Word("Softmax", "e to the power of each logit, divided by their sum: shares between 0 and 1 that add up to 1."),
    Word("Margin", "the right class's logit less the best other one; above 0 the answer is right."),
    Word("Cross-entropy", "minus the logarithm of the share given to the right class; its gradient is p − target."),
    Word("NLL", "negative log-likelihood: cross-entropy whose logarithm was taken before, by log_softmax."),
    Word("KL divergence", "how much one distribution differs from another; 0 when they are equal."),
    Word("Hinge", "a loss that is exactly 0 once the margin is large enough."),
    Word("Residual", "prediction minus right number."),
    Word("Outlier", "a point far from where the others say it should be."),
    Word("Gradient", "how fast the loss rises with each number; a step goes the other way."),
    Word("Learning rate", "how many times the gradient one step is long."),
    Word("Momentum", "each step keeps a share of the velocity of the one before."),
    Word("RMSprop, Adam", "divide each gradient by its usual size, so steep and flat directions get steps alike."),
    Word("Diverging", "each step lands higher than the one before: the learning rate is too large."),
)
