"""What to try on Neurons, and the terms of the page."""

from __future__ import annotations

from pages.ui.maths.experiments import Experiment
from pages.ui.maths.words import Word

_EIGHT_STRAIGHT = {"n_neurons": 8, "activation": "Identity"}
_EIGHT = {"n_neurons": 8, "activation": "Tanh"}

EXPERIMENTS: tuple[Experiment, ...] = (
    Experiment(
        "One neuron against exclusive or",
        "No hidden layer is left, so one neuron decides alone. Press Play and let it try. Then click the input x₁x₂.",
        "Alone, half of its answers stay wrong, however long it trains: its border is one straight line. With x₁x₂ the "
        "same neuron is right within three epochs. A good input can replace a hidden layer.",
        {"data": "xor", "layers": ()},
    ),
    Experiment(
        "Three layers that are none",
        "Three layers of eight neurons without an activation. Press Play. Then choose Tanh in the middle one.",
        "177 numbers to learn, and still no better than chance: sums of sums are one sum, and its border is straight. "
        "One bend in one layer is enough to close the circle.",
        {"data": "circle", "layers": (_EIGHT_STRAIGHT,) * 3, "lr": 0.03},
    ),
    Experiment(
        "All right, and getting worse",
        "40 noisy points and a large network. Press Play at full speed, and watch the two losses after epoch 20. Then "
        "set the penalty to L2, its rate to 0.03, and reset.",
        "Every training point is right, yet the test loss climbs: the network grows sure of what was only noise. With "
        "the penalty it stays low. Test points that you did not train on are the only ones that tell.",
        {"data": "xor", "noise": 0.4, "n_points": 80, "layers": (_EIGHT,) * 3, "optimizer": "adam", "lr": 0.01,
         "show_test": True},
    ),
)  # fmt: skip

WORDS: tuple[Word, ...] = (
    Word(
        "Neuron", "adds up its inputs, each times its own weight, adds its bias, and puts the sum through a function."
    ),
    Word("Weight", "how much one input counts, and in which direction."),
    Word("Bias", "the sum that a neuron has before it reads any input; it moves the border away from the middle."),
    Word("Activation", "the function at the end of a neuron; without a bend in it, many layers do no more than one."),
    Word("Layer", "neurons that read the same inputs; deeper layers read what the layer before answers."),
    Word("Batch", "the points of one training step; an epoch is all batches once."),
    Word(
        "Cross-entropy", "the loss for classes: large when the network was sure and wrong, near 0 when sure and right."
    ),
    Word("Learning rate", "how far the weights move against the slope of the loss in one step."),
    Word("L1 and L2", "a price on weights: L1 sets weak ones to 0, L2 shrinks all, the large ones most."),
    Word("Dropout", "leaves out random neurons while training, so that none can be relied on alone."),
    Word("Overfitting", "the training loss falls while the test loss rises: the points are learned by heart."),
)
