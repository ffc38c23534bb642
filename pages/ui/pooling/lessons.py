"""What to try on the Pooling page, and its terms in one line each."""

from __future__ import annotations

from pages.ui.maths.experiments import Experiment
from pages.ui.maths.words import Word

NUMBERS_EXPERIMENTS = (
    Experiment(
        "Change a number that lost",
        "Drag any struck-through number a little to the side, but not above the largest of its window.",
        "The output does not move at all. Three of four numbers have no say, and the gradient there is 0: the layers "
        "before learn nothing from them on this picture.",
        {"map": "digits", "kernel_size": 2, "stride": 2},
    ),
    Experiment(
        "Find a convolution that pools",
        "A strided convolution is set up with equal weights. Compare its bar with that of average pooling, window by "
        "window.",
        "They agree everywhere: average pooling is a convolution whose weights nobody trains. But there are no weights "
        "with which it would take the maximum.",
        {"kind": "convolution", "weights": "mean", "kernel_size": 3, "height": 7, "width": 7},
    ),
    Experiment(
        "Ask for a window and do not get it",
        "Ceil mode is on, so that windows which hang over the edge are kept. Read the size formula, then set the "
        "padding to 0.",
        "The formula gives 3, yet 2 come out: the third window would begin behind the map, in the padding, where there "
        "is nothing to pool. Without any padding there are 2 as well.",
        {"height": 3, "width": 3, "kernel_size": 2, "stride": 2, "padding": 1, "ceil_mode": True},
    ),
)

SHIFT_EXPERIMENTS = (
    Experiment(
        "Is max pooling deaf to a shift?",
        "The photo moves by one pixel under windows of 8 pixels. Compare max and average pooling in the sentence below "
        "the curves.",
        "Max pooling is said to make networks deaf to small shifts, but on this photo the average changes less than "
        "half as much. Plain subsampling, a convolution with its first pixel only, is the worst.",
        {"picture": "photo", "shift": 1},
    ),
    Experiment(
        "A dot on the move",
        "A single bright dot stands in the first column of its window. Move it to the right, one pixel after another.",
        "For seven pixels max pooling does not change at all, with the eighth the dot jumps to the next window. Where "
        "in its window it stands is lost.",
        {"picture": "dot", "shift": 7},
    ),
    Experiment(
        "Are they the same numbers, moved?",
        "Now each number is compared with the one that should arrive at its place. Look for the shifts at which the "
        "curves touch zero.",
        "Only after a whole stride is the output the same, moved. In between, the numbers themselves are new ones: "
        "what subsamples does not simply move along, as a convolution does.",
        {"picture": "photo", "compare": "moved_along", "shift": 8},
    ),
)

WORDS = (
    Word("Pooling window", "The pixels that become one number; it moves by the stride over each channel by itself."),
    Word("Max pooling", "Keeps the largest number of each window: was the feature anywhere in here?"),
    Word("Average pooling", "Keeps the mean of each window: how much of the feature is in here?"),
    Word("LP pooling", "The p-th root of the sum of p-th powers: p = 1 adds up, large p comes close to the maximum."),
    Word("Global pooling", "One window over the whole map: each channel becomes a single number."),
    Word(
        "Adaptive pooling", "You give the output size, and the windows follow; they may differ by a pixel and overlap."
    ),
    Word("Strided convolution", "A convolution that moves by more than one pixel: it shrinks with weights it learns."),
    Word("Overlapping windows", "A stride below the window's size, so that pixels are read more than once."),
    Word("Ceil mode", "Keeps a last window that hangs over the edge, as long as it begins inside the picture."),
    Word("count_include_pad", "Whether the padded zeros count when an average pooling divides."),
    Word("Winner", "The pixel that a maximum took; it alone gets the window's gradient, of equal ones the first."),
    Word("Invariance", "The output stays as it is when the picture moves."),
    Word("Equivariance", "The output moves along with the picture, and is otherwise the same."),
)
