"""Three experiments on convolution, and its terms in one line each."""

from __future__ import annotations

from pages.ui.maths.experiments import Experiment
from pages.ui.maths.words import Word

EXPERIMENTS = (
    Experiment(
        "One bright pixel prints the kernel",
        "The input is a single 1, the kernel counts from 1 to 9. Before you look at the output: which way round will "
        "the kernel appear?",
        "It comes out turned by 180°: the pixel meets the last weight first. Switch on True convolution, and it stands "
        "upright; that is why mathematics flips the kernel. Layers do not bother, as they learn the weights anyway.",
        {"source": "pixel", "size": 5, "kernel": "count", "padding": 1},
    ),
    Experiment(
        "Edges that are not there",
        "Every pixel is the same, so an edge kernel has nothing to find. Count the output cells that are not 0, then "
        "set Padding shows to replicate.",
        "Zeros around the picture make a bright frame of false edges: with padding, the border of a picture is "
        "information. Repeating the edge pixel removes it, and so does no padding at all, for a smaller output.",
        {"source": "flat", "size": 7, "kernel": "outline", "padding": 1},
    ),
    Experiment(
        "A checkerboard out of nothing",
        "A transposed layer with stride 2 enlarges a picture in which all pixels are 1, with a kernel of ones. Will "
        "the output be even? Then try kernel size 2 or 4.",
        "Where stamps of neighbouring pixels overlap, 2 or 4 of them add up: 1 2 1 2. Generated pictures show this "
        "pattern. A kernel size that the stride divides has none of it inside.",
        {"transposed": True, "source": "flat", "size": 4, "kernel": "ones", "stride": 2, "padding": 0},
    ),
)

WORDS = (
    Word("Kernel", "the small grid of weights that slides; also called filter. A layer learns its numbers."),
    Word("Stride", "how many pixels the kernel moves from one position to the next."),
    Word("Padding", "pixels added around the input, so that the kernel can also stand at the edge."),
    Word("Valid, same, full", "no padding; as much as keeps the size (stride 1 only); as much as every overlap needs."),
    Word("Dilation", "the distance between neighbouring kernel cells in the input; 1 means they touch."),
    Word("Channel", "one map of a layer's input or output; each output map has its own kernel for every input map."),
    Word("Groups", "parts of the channels that do not see each other; as many as channels is called depth-wise."),
    Word("Bias", "one number per output map, added at every position."),
    Word("Cross-correlation", "what every framework computes under the name of convolution: the kernel is not turned."),
    Word(
        "Transposed convolution", "a convolution run backwards in shape: each pixel stamps the kernel on a larger map."
    ),
    Word("Output padding", "which of the sizes that a stride maps to the same output a transposed layer gives back."),
    Word("MAC", "one multiplication whose result is added to a sum; the usual measure of a layer's work."),
)
