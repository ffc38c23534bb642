"""Questions about differences: a dense net against a convolution, dense against convolution against pooling."""

from __future__ import annotations

from fractions import Fraction

from lab.network.layers.base import LayerSpec
from lab.network.layers.convolution import Conv2d
from lab.network.layers.dense import Linear
from lab.network.layers.pooling import AvgPool2d, MaxPool2d
from lab.network.layers.shape import Flatten
from lab.network.spec import NetworkSpec
from lab.network.summary import summarize
from lab.questions.answer import exact, integer
from lab.questions.chains import chain
from lab.questions.phrases import count, given_network, layer_pair, size, square, tex
from lab.questions.question import Draft, Draw, Mistake, Show, Step
from lab.questions.topic import Topic


def ann_against_cnn(draw: Draw) -> Draft:
    """Ask for the difference in parameters, for the ratio, and what a larger picture changes."""
    sides = {1: (4, 5, 6, 8, 10, 12), 2: (12, 16, 20, 24, 28, 32), 3: (8, 10, 12, 14, 16, 20, 24)}[draw.level]
    picture = (draw.of(1, 3), draw.choice(sides), draw.choice(sides))
    k, maps, neurons = draw.of(3, 5), draw.of(4, 6, 8, 10, 16), draw.of(10, 16, 20, 32, 50)
    bias = draw.level != 2
    if draw.level == 2:
        neurons = maps * draw.of(1, 2, 4)
    dense = _dense(picture, neurons, bias=bias)
    conv = chain(picture, Conv2d(id="conv", out_channels=maps, kernel_size=k, padding=k // 2, bias=bias))
    if draw.level == 3:
        return _larger_picture(draw, dense, conv)
    n_dense, n_conv = summarize(dense).n_params, summarize(conv).n_params
    designs = (
        f"A dense layer with {count(neurons, 'neuron')} reads a picture of {size(picture)}. A convolution with "
        f"{square(k)} kernel and {count(maps, 'output channel')} reads the same picture. "
        f"{'Both have biases' if bias else 'Neither has a bias'}. "
    )
    steps = [
        Step("The dense layer:", _dense_latex(dense)),
        Step("The convolution:", _conv_latex(conv)),
    ]
    facts = {"dense": given_network(dense), "conv": given_network(conv)}
    if draw.level == 1:
        ask = "How many more parameters does the dense layer learn?"
        steps.append(Step("The difference:", f"{tex(n_dense)} - {tex(n_conv)} = {tex(n_dense - n_conv)}"))
        answer = integer(n_dense - n_conv, unit="parameters")
        wrong: tuple[Mistake, ...] = (
            Mistake("one-side-only", n_dense),
            Mistake("forgot-bias", n_dense - neurons - n_conv + maps),
            Mistake("forgot-bias", n_dense - neurons - n_conv),
            Mistake("bias-anyway", n_dense - n_conv + maps),
            Mistake("forgot-input-channels", n_dense - k * k * maps - maps),
            Mistake("size-for-vector", neurons * picture[1] + neurons - n_conv),
        )
    else:
        ask = "How many times as many parameters does the dense layer learn? Give a fraction, or two decimals."
        ratio = Fraction(n_dense, n_conv)
        steps.append(Step("The ratio:", rf"\frac{{{tex(n_dense)}}}{{{tex(n_conv)}}} = {tex(ratio)}"))
        answer = exact(ratio)
        wrong = (
            Mistake("ratio-upside-down", 1 / ratio),
            Mistake("difference-for-ratio", n_dense - n_conv),
            Mistake("forgot-input-channels", Fraction(n_dense, k * k * maps)),
            Mistake("size-for-vector", Fraction(neurons * picture[1], n_conv)),
        )
    return Draft(
        designs + ask,
        facts,
        tuple(steps),
        answer,
        mistakes=wrong,
        hints=(
            "A dense layer has a weight for every pixel and neuron; a convolution uses one kernel everywhere.",
            r"Dense: $n_{in} \cdot n_{out}$. Convolution: $k^2 C_{in} C_{out}$.",
        ),
        shows=Show("build", network=dense),
    )


def _dense(picture: tuple[int, int, int], neurons: int, *, bias: bool) -> NetworkSpec:
    return chain(picture, Flatten(id="flatten"), Linear(id="fc", out_features=neurons, bias=bias))


def _dense_latex(spec: NetworkSpec) -> str:
    row = summarize(spec).row("fc")
    bias = row.n_params - row.n_macs
    return rf"{tex(row.inputs[0][0])} \cdot {row.output[0]}{f' + {bias}' if bias else ''} = {tex(row.n_params)}"


def _conv_latex(spec: NetworkSpec) -> str:
    layer = spec.layers[0]
    assert isinstance(layer, Conv2d)  # noqa: S101 - narrows the type
    n, k = summarize(spec).n_params, layer.kernel_size[0]
    bias = f" + {layer.out_channels}" if layer.bias else ""
    return rf"{k} \cdot {k} \cdot {spec.input[0]} \cdot {layer.out_channels}{bias} = {tex(n)}"


def _larger_picture(draw: Draw, dense: NetworkSpec, conv: NetworkSpec) -> Draft:
    """Double the side of the picture: how many parameters does each layer gain?"""
    asks_dense = draw.kind(True, False, True)
    spec = dense if asks_dense else conv
    channels, side, _ = spec.input
    larger = chain((channels, 2 * side, 2 * side), *spec.layers)
    before, after = summarize(spec).n_params, summarize(larger).n_params
    what = "dense layer" if asks_dense else "convolution"
    layer, n_out = spec.layers[-1], summarize(spec).output[0]
    detail = (
        f"with {count(n_out, 'neuron')}"
        if asks_dense
        else f"with {square(layer_pair(layer, 'kernel_size')[0])} kernel, {count(n_out, 'output channel')}"
    )
    text = (
        f"A {what} {detail} and a bias reads pictures of {size(spec.input)}. "
        f"Now the pictures become twice as high and twice as wide. How many more parameters does it learn?"
    )
    if asks_dense:
        steps = [
            Step("Before:", _dense_latex(spec)),
            Step("After:", _dense_latex(larger)),
            Step("The difference:", f"{tex(after)} - {tex(before)} = {tex(after - before)}"),
        ]
        wrong = (
            Mistake("twice-not-four-times", before - summarize(spec).output[0]),
            Mistake("one-side-only", after),
            Mistake("dense-like-convolution", 0),
        )
    else:
        steps = [
            Step("The kernel is the same, whatever the size of the picture.", _conv_latex(spec)),
            Step("So nothing is added.", f"{tex(after)} - {tex(before)} = {after - before}"),
        ]
        wrong = (
            Mistake("convolution-like-dense", 3 * before),
            Mistake("convolution-like-dense", before),
            Mistake("one-side-only", after),
        )
    return Draft(
        text,
        {"before": given_network(spec), "after": given_network(larger)},
        tuple(steps),
        integer(after - before, unit="parameters"),
        mistakes=wrong,
        hints=(
            "Which weights depend on the size of the picture?",
            "A picture with twice the sides has four times the pixels.",
        ),
        shows=Show("build", network=larger),
    )


def layers_compared(draw: Draw) -> Draft:
    """Ask which of several layers learns or costs most or least, or keeps what."""
    channels, side = draw.of(1, 3, 8), draw.of(8, 16, 28)
    picture = (channels, side, side)
    designs = _designs(draw)
    asks_macs = draw.level == 3
    sizes = {text: _cost(chain(picture, *layers), asks_macs=asks_macs) for text, layers in designs}
    if len(set(sizes.values())) < len(sizes):
        return layers_compared(draw)
    most = draw.kind(True, False) if draw.level != 2 else draw.kind(False, True)
    best = max(sizes, key=lambda text: sizes[text]) if most else min(sizes, key=lambda text: sizes[text])
    what = "needs the {} multiply-accumulates for one picture" if asks_macs else "learns the {} parameters"
    text = (
        f"Each of these layers reads pictures of {size(picture)}; all but the pooling have biases. "
        f"Which one {what.format('most' if most else 'fewest')}?"
    )
    noun = "MACs" if asks_macs else "parameters"
    steps = [
        Step(f"{text_of} {'costs' if asks_macs else 'learns'}", _working(chain(picture, *layers), asks_macs=asks_macs))
        if sizes[text_of]
        else Step(f"{text_of} {'multiplies' if asks_macs else 'learns'} nothing: 0 {noun}.")
        for text_of, layers in designs
    ]
    steps.append(Step(f"So it is this one: {best}."))
    mistakes = tuple(
        Mistake(_confusion(other, most=most, asks_macs=asks_macs), other) for other in sizes if other != best
    )
    return Draft(
        text,
        {"input": picture, "asks_macs": asks_macs, "most": most,
         "designs": [(name, given_network(chain(picture, *layers))["layers"]) for name, layers in designs]},
        tuple(steps),
        sentence=best,
        mistakes=mistakes,
        hints=(
            "Work out the number for each layer.",
            "A convolution uses its few weights at every position; a dense layer uses its many weights once."
            if asks_macs
            else "A pooling has nothing to learn. A dense layer has a weight for every pixel and neuron.",
        ),
        shows=Show("build", network=chain(picture, *designs[0][1])),
    )  # fmt: skip


def _designs(draw: Draw) -> list[tuple[str, tuple[LayerSpec, ...]]]:
    """Draw the layers that are compared, each with its name: a convolution, a dense layer, a pooling, and more."""
    k, maps, neurons = draw.of(3, 5), draw.of(4, 8, 16), draw.of(10, 32, 64)
    designs: list[tuple[str, tuple[LayerSpec, ...]]] = [
        (
            f"A convolution with {square(k)} kernel and {count(maps, 'output channel')}",
            (Conv2d(id="conv", out_channels=maps, kernel_size=k, padding=k // 2),),
        ),
        (
            f"A dense layer with {count(neurons, 'neuron')}",
            (Flatten(id="flatten"), Linear(id="fc", out_features=neurons)),
        ),
        ("A 2×2 max pooling", (MaxPool2d(id="pool", kernel_size=2),)),
    ]
    if draw.level > 1:
        designs.append(
            (
                "A 1×1 convolution with " + count(maps, "output channel"),
                (Conv2d(id="point", out_channels=maps, kernel_size=1),),
            )
        )
        designs[2] = ("A 2×2 average pooling", (AvgPool2d(id="pool", kernel_size=2),))
    return designs


def _cost(spec: NetworkSpec, *, asks_macs: bool) -> int:
    return summarize(spec).n_macs if asks_macs else summarize(spec).n_params


def _working(spec: NetworkSpec, *, asks_macs: bool) -> str:
    """Write how the parameters or multiply-accumulates of one layer with a bias come about."""
    row, layer = summarize(spec).rows[-1], spec.layers[-1]
    product = rf"{tex(row.inputs[0][0])} \cdot {row.output[0]}"
    if isinstance(layer, Conv2d):
        k = layer.kernel_size[0]
        product = rf"{k} \cdot {k} \cdot {spec.input[0]} \cdot {layer.out_channels}"
        product += rf" \cdot {row.output[1]} \cdot {row.output[2]}" if asks_macs else ""
    if asks_macs:
        return rf"{product} = {tex(row.n_macs)}\;\text{{MACs}}"
    return rf"{product} + {row.output[0]} = {tex(row.n_params)}\;\text{{parameters}}"


def _confusion(other: str, *, most: bool, asks_macs: bool) -> str:
    """Name the wrong idea behind choosing this layer."""
    if "pooling" in other:
        return "pooling-has-parameters"
    if "dense" in other:
        return "dense-is-cheap" if not most else "dense-used-once"
    return "convolution-is-large" if most and not asks_macs else "convolution-reused"


DIFFERENCES = (
    Topic(
        "ann-against-cnn",
        "ANN against CNN",
        "What does sharing weights save on the same picture?",
        "Judging",
        ann_against_cnn,
        (30_000, 4_000, 400_000),
    ),
    Topic(
        "layers-compared",
        "Dense, convolution, pooling",
        "Which layer learns most, and which computes most?",
        "Judging",
        layers_compared,
        (8, 8, 8),
    ),
)
