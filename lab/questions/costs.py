"""Questions about what one layer costs: parameters, groups, multiply-accumulates."""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from lab.network.layers.base import Shape
from lab.network.layers.convolution import Conv2d, ConvTranspose2d
from lab.network.layers.dense import Linear
from lab.network.spec import NetworkSpec
from lab.network.summary import summarize
from lab.questions.answer import integer
from lab.questions.phrases import count, given, given_network, settings, size, tex
from lab.questions.question import Draft, Draw, Mistake, Show, Step
from lab.questions.sizes import STAGE_SIDE
from lab.questions.topic import Topic
from lab.theory.cost import conv_n_macs, conv_n_params, linear_n_params

_PARAMS_IDEA = "Count the numbers that are learned: the weights of one kernel, then all kernels, then the biases."
_MACS_IDEA = "One output value costs as many multiplications as its kernel has weights. Then count the output values."


def parameters(draw: Draw) -> Draft:
    """Ask for the parameters of a convolution, then of rectangular kernels, dense and transposed layers."""
    if draw.level == 3 and draw.kind(True, False):
        return _dense_parameters(draw)
    channels, kernels, kernel, sides = _layer(draw)
    bias = draw.kind(True, False) if draw.level > 1 else draw.of(True, True, False)
    kind = ConvTranspose2d if draw.level == 3 else Conv2d
    layer = kind(id="conv", out_channels=kernels, kernel_size=kernel, bias=bias)
    picture = (channels, *sides)
    name = "transposed convolution" if kind is ConvTranspose2d else "convolution"
    text = (
        f"A {name} with a {size(kernel)} kernel reads maps of {size(picture)} and gives {count(kernels, 'map')}. "
        f"It has {'a bias' if bias else 'no bias'}. How many parameters does it learn?"
    )
    return Draft(
        text,
        given(layer, picture),
        tuple(conv_param_steps(channels, layer)),
        integer(layer.n_params((picture,)), unit="parameters"),
        mistakes=conv_param_mistakes(picture, layer),
        hints=(_PARAMS_IDEA, "The formula is $k_h k_w C_{in} C_{out}$, and one bias for each output channel."),
        shows=Show("convolution", given(layer, picture)),
    )


def _layer(draw: Draw) -> tuple[int, int, tuple[int, int], tuple[int, int]]:
    """Draw channels that arrive and leave, kernel, and sides of the maps: mostly few at first, as the stage shows."""
    if draw.level == 1:
        k = draw.of(1, 2, 3, 3, 5)
        if draw.of(True, True, False):
            sides = draw.randint(max(k, 4), STAGE_SIDE), draw.randint(max(k, 4), STAGE_SIDE)
            return draw.randint(1, 4), draw.randint(2, 4), (k, k), sides
        return draw.of(1, 3, 4, 8), draw.of(4, 6, 8, 10, 16), (k, k), (draw.of(16, 28, 32, 64),) * 2
    kernel = (draw.of(3, 5), draw.of(1, 3, 7)) if draw.level == 2 else (draw.of(2, 3, 4, 5),) * 2
    if draw.level == 2 and draw.of(True, False):
        sides = draw.randint(8, STAGE_SIDE), draw.randint(8, STAGE_SIDE)
        return draw.randint(2, 4), draw.randint(2, 4), kernel, sides
    return draw.of(3, 8, 16, 24, 32), draw.of(12, 16, 20, 32, 64), kernel, (draw.of(16, 28, 32, 64),) * 2


def conv_param_steps(channels: int, layer: Conv2d | ConvTranspose2d) -> list[Step]:
    """Work out the parameters of a convolution."""
    k, out, groups = layer.kernel_size, layer.out_channels, layer.groups
    seen = channels // groups
    one = conv_n_params(seen, 1, k, bias=False)
    weights = conv_n_params(channels, out, k, groups=groups, bias=False)
    steps = []
    if groups > 1:
        own = "one channel" if seen == 1 else f"{seen} channels"
        text = f"Each kernel sees only the {own} of its group."
        steps.append(Step(text, rf"C_{{in}} / g = {channels} / {groups} = {seen}"))
    steps.append(Step("The weights of one kernel:", rf"{k[0]} \cdot {k[1]} \cdot {seen} = {tex(one)}"))
    steps.append(Step(f"There are {count(out, 'kernel')}.", rf"{out} \cdot {tex(one)} = {tex(weights)}"))
    if layer.bias:
        total = conv_n_params(channels, out, k, groups=groups)
        steps.append(Step("Each output channel has one bias.", rf"{tex(weights)} + {out} = {tex(total)}"))
    else:
        steps.append(Step("There is no bias, so that is all.", rf"{tex(weights)} + 0 = {tex(weights)}"))
    return steps


def conv_param_mistakes(picture: Shape, layer: Conv2d | ConvTranspose2d) -> tuple[Mistake, ...]:
    """Compute what known mistakes make of the parameters of a convolution."""
    channels, k, out, groups = picture[0], layer.kernel_size, layer.out_channels, layer.groups
    right = layer.n_params((picture,))
    options = [Mistake("forgot-bias", conv_n_params(channels, out, k, groups=groups, bias=False))]
    if not layer.bias:
        options = [Mistake("bias-anyway", conv_n_params(channels, out, k, groups=groups))]
    if groups > 1:
        options.append(Mistake("forgot-groups", conv_n_params(channels, out, k, bias=layer.bias)))
    options += [
        Mistake("forgot-input-channels", conv_n_params(1, out, k, bias=layer.bias)),
        Mistake("macs-for-parameters", layer.n_macs((picture,))),
        Mistake("one-kernel-only", conv_n_params(channels // groups, 1, k, bias=layer.bias)),
    ]
    if layer.bias:
        per_pair = conv_n_params(channels, out, k, groups=groups, bias=False) + out * channels // groups
        options.append(Mistake("bias-per-kernel-slice", per_pair))
    return tuple(option for option in options if option.value != right)


def _dense_parameters(draw: Draw) -> Draft:
    inputs, bias = draw.of(64, 100, 120, 144, 196, 256, 400, 784), draw.of(True, True, False)
    outputs = draw.of(10, 16, 20, 32, 50, 64, 84, 100)
    layer = Linear(id="fc", out_features=outputs, bias=bias)
    text = (
        f"A dense layer reads a vector of {count(inputs, 'value')} and has {count(outputs, 'neuron')}. "
        f"It has {'a bias' if bias else 'no bias'}. How many parameters does it learn?"
    )
    weights = linear_n_params(inputs, outputs, bias=False)
    total = layer.n_params(((inputs,),))
    steps = [Step("Every neuron has one weight for each input.", rf"{inputs} \cdot {outputs} = {tex(weights)}")]
    told, extra = ("Every neuron has one bias.", outputs) if bias else ("There is no bias, so that is all.", 0)
    steps.append(Step(told, rf"{tex(weights)} + {extra} = {tex(total)}"))
    wrong = (
        Mistake("forgot-bias", weights) if bias else Mistake("bias-anyway", weights + outputs),
        Mistake("bias-per-input", weights + inputs),
        Mistake("neurons-added", inputs + outputs),
    )
    facts = {"input": (inputs,), "kind": "Linear", **layer.arguments(((inputs,),))}
    network = NetworkSpec(name="dense", input=(1, 1, inputs), layers=_flat(layer))
    return Draft(
        text,
        facts,
        tuple(steps),
        integer(total, unit="parameters"),
        mistakes=wrong,
        hints=("In a dense layer every output reads every input.", "Count $n_{in} \\cdot n_{out}$ weights first."),
        shows=Show("build", network=network),
    )


def _flat(*layers: Linear) -> tuple[object, ...]:
    from lab.network.layers.shape import Flatten

    return (Flatten(id="flatten"), *layers)


def grouped_parameters(draw: Draw) -> Draft:
    """Ask for depth-wise layers, grouped ones, then the depth-wise separable pair."""
    if draw.level == 3:
        return _separable(draw)
    if draw.level == 1:
        channels = draw.of(draw.randint(2, 4), draw.of(6, 8, 12, 16, 24, 32, 64))
        kernels, groups = channels, channels
    else:
        groups, most = draw.of((2, 2), (2, 8), (3, 8), (4, 8), (8, 8))  # two groups of few channels fit the stage
        channels, kernels = groups * draw.of(*range(2, most + 1, 2)), groups * draw.of(*range(2, min(most, 6) + 1, 2))
    k, bias = draw.of(2, 3, 3, 5, 7), draw.of(True, False)
    layer = Conv2d(id="conv", out_channels=kernels, kernel_size=k, padding=k // 2, groups=groups, bias=bias)
    sides = (draw.randint(8, STAGE_SIDE), draw.randint(8, STAGE_SIDE)) if channels <= 4 else (draw.of(14, 28, 32),) * 2
    picture = (channels, *sides)
    what = "depth-wise convolution" if groups == channels else f"convolution in {groups} groups"
    text = (
        f"A {what} with a {k}×{k} kernel reads maps of {size(picture)} and gives {count(kernels, 'map')}. "
        f"It has {'a bias' if bias else 'no bias'}. How many parameters does it learn?"
    )
    return Draft(
        text,
        given(layer, picture),
        tuple(conv_param_steps(channels, layer)),
        integer(layer.n_params((picture,)), unit="parameters"),
        mistakes=conv_param_mistakes(picture, layer),
        hints=(
            "A kernel sees only the channels of its own group. Depth-wise means one group for each channel.",
            r"The formula is $k^2 \cdot \frac{C_{in}}{g} \cdot C_{out}$, and one bias for each output channel.",
        ),
        shows=Show("convolution", given(layer, picture)),
    )


def _separable(draw: Draw) -> Draft:
    """Ask for a depth-wise layer followed by a 1×1 layer, or how many parameters the pair saves."""
    channels, kernels, k = draw.of(8, 10, 12, 16, 20, 24, 32), draw.of(16, 20, 24, 32, 40, 48, 64), draw.of(3, 5, 7)
    picture = (channels, *(draw.of(14, 28, 32),) * 2)
    depth = Conv2d(id="depthwise", out_channels=channels, kernel_size=k, padding=k // 2, groups=channels, bias=False)
    point = Conv2d(id="pointwise", out_channels=kernels, kernel_size=1, bias=False)
    spec = NetworkSpec(name="separable", input=picture, layers=(depth, point))
    full = conv_n_params(channels, kernels, (k, k), bias=False)
    pair, asks_saving = summarize(spec).n_params, draw.kind(False, True)
    first, second = depth.n_params((picture,)), point.n_params((picture,))
    ask = (
        f"How many fewer parameters does the pair learn than one ordinary {k}×{k} convolution from {channels} "
        f"to {count(kernels, 'channel')}?"
        if asks_saving
        else "How many parameters do the two layers learn together?"
    )
    text = (
        f"A depth-wise {k}×{k} convolution on {count(channels, 'channel')} is followed by a 1×1 convolution that gives "
        f"{count(kernels, 'channel')}. Neither has a bias. {ask}"
    )
    steps = [
        Step("Depth-wise: each kernel sees one channel.", rf"{k} \cdot {k} \cdot 1 \cdot {channels} = {tex(first)}"),
        Step("The 1×1 layer mixes the channels.", rf"1 \cdot 1 \cdot {channels} \cdot {kernels} = {tex(second)}"),
        Step("Together:", f"{tex(first)} + {tex(second)} = {tex(pair)}"),
    ]
    if asks_saving:
        product = rf"{k} \cdot {k} \cdot {channels} \cdot {kernels} = {tex(full)}"
        steps.append(Step("The ordinary layer:", product))
        steps.append(Step("The difference:", f"{tex(full)} - {tex(pair)} = {tex(full - pair)}"))
    wrong = (
        Mistake("forgot-groups", conv_n_params(channels, channels, (k, k), bias=False) + second),
        Mistake("layer-left-out-of-sum", full - first if asks_saving else first),
        Mistake("layer-left-out-of-sum", full - second if asks_saving else second),
        Mistake("bias-anyway", full - pair - channels if asks_saving else pair + channels + kernels),
        Mistake("ordinary-convolution", pair if asks_saving else full),
    )
    facts = {**given_network(spec), "saving": asks_saving, "kernel_size": k}
    return Draft(
        text,
        facts,
        tuple(steps),
        integer(full - pair if asks_saving else pair, unit="parameters"),
        mistakes=wrong,
        hints=("Count the two layers one after the other.", "Depth-wise: one kernel of one channel for each channel."),
        shows=Show("build", network=spec),
    )


def macs(draw: Draw) -> Draft:
    """Ask for the multiply-accumulates of a layer on one picture."""
    groups, is_transposed, fits_stage = 1, False, True
    channels, kernels = draw.of(1, 2, 3, 4), draw.of(2, 3, 4, draw.of(5, 8, 10))
    k, s, p, side = draw.of(1, 2, 3, 3, 5), 1, 0, draw.of(6, 7, 8, 9, 10, 11, 12, 14, 16)
    if draw.level > 1:
        fits_stage = draw.of(True, False)
        channels, kernels = (
            (draw.of(2, 3, 4), draw.of(2, 3, 4)) if fits_stage else (draw.of(3, 8, 16), draw.of(8, 16, 32))
        )
        k, s, p = draw.of(3, 5), draw.of(1, 2, 2, 3), draw.of(0, 1, 2)
        side = draw.randint(7, STAGE_SIDE) if fits_stage else draw.randint(14, 32)
    if draw.level == 3:
        is_transposed, groups = draw.kind((False, draw.of(2, 4)), (True, 1))
        channels = 4 if fits_stage else draw.of(4, 8, 16)
        kernels = 4 if fits_stage and groups > 1 else kernels
    picture = (channels, side, side)
    kind = ConvTranspose2d if is_transposed else Conv2d
    layer = kind(id="conv", out_channels=kernels, kernel_size=k, stride=s, padding=p, groups=groups)
    name = "transposed convolution" if is_transposed else "convolution"
    text = (
        f"A {name} has {count(kernels, 'output channel')}, {settings(layer)}. "
        f"{f'It works in {groups} groups. ' if groups > 1 else ''}It reads maps of {size(picture)}. "
        "How many multiply-accumulates (MACs) does one picture cost? Biases are not counted."
    )
    out = layer.output_shape((picture,))
    return Draft(
        text,
        given(layer, picture),
        tuple(mac_steps(picture, out, layer)),
        integer(layer.n_macs((picture,)), unit="MACs"),
        mistakes=mac_mistakes(picture, out, layer),
        hints=(_MACS_IDEA, r"MACs = positions $\cdot$ weights: every weight is used once at every position."),
        shows=Show("convolution", {**given(layer, picture), "transposed": is_transposed}),
    )


def mac_steps(picture: Shape, out: Shape, layer: Conv2d | ConvTranspose2d) -> list[Step]:
    """Work out the multiply-accumulates of a convolution."""
    k, seen = layer.kernel_size, picture[0] // layer.groups
    weights = conv_n_params(picture[0], layer.out_channels, k, groups=layer.groups, bias=False)
    total = layer.n_macs((picture,))
    product = rf"{k[0]} \cdot {k[1]} \cdot {seen} \cdot {layer.out_channels} = {tex(weights)}"
    if isinstance(layer, ConvTranspose2d):
        where, positions = "Every input value is multiplied with the whole kernel. Positions of the input:", picture[1:]
    else:
        where, positions = "Every weight is used once at each position of the output.", out[1:]
    n = prod(positions)
    return [
        Step("The weights, biases left out:", product),
        Step(where, rf"{positions[0]} \cdot {positions[1]} = {tex(n)}"),
        Step("Multiply.", rf"{tex(n)} \cdot {tex(weights)} = {tex(total)}"),
    ]


def mac_mistakes(picture: Shape, out: Shape, layer: Conv2d | ConvTranspose2d) -> tuple[Mistake, ...]:
    """Compute what known mistakes make of the multiply-accumulates of a convolution."""
    k, n_out, groups = layer.kernel_size, layer.out_channels, layer.groups
    here, there = (out[1], out[2]), (picture[1], picture[2])
    if isinstance(layer, ConvTranspose2d):
        here, there = there, here

    def cost(channels: int, positions: tuple[int, int], in_groups: int = groups) -> Callable[[], int]:
        return lambda: conv_n_macs(channels, n_out, k, positions, groups=in_groups)

    right = layer.n_macs((picture,))
    options = [
        Mistake("parameters-for-macs", layer.n_params((picture,))),
        Mistake("wrong-positions", cost(picture[0], there)()),
        Mistake("forgot-input-channels", cost(1, here, 1)()),
        Mistake("bias-counted", right + n_out * prod(here)),
        Mistake("one-kernel-only", conv_n_macs(picture[0] // groups, 1, k, here)),
    ]
    if groups > 1:
        options.insert(0, Mistake("forgot-groups", cost(picture[0], here, 1)()))
    return tuple(options)


COSTS = (
    Topic(
        "parameters",
        "Parameters of a layer",
        "How many numbers does a layer learn, with and without bias?",
        "Costs",
        parameters,
        (4_000, 80_000, 80_000),
    ),
    Topic(
        "grouped-parameters",
        "Groups and depth-wise layers",
        "What do groups save?",
        "Costs",
        grouped_parameters,
        (4_000, 40_000, 120_000),
    ),
    Topic(
        "macs",
        "Multiply-accumulates",
        "How much arithmetic does one picture cost?",
        "Costs",
        macs,
        (500_000, 20_000_000, 20_000_000),
    ),
)
