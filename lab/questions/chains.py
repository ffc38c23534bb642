"""Questions about several layers in a row: the first dense layer, and totals of a whole network."""

from __future__ import annotations

from math import prod

from lab.errors import LabError
from lab.network.layers.base import LayerSpec, Shape
from lab.network.layers.convolution import Conv2d
from lab.network.layers.dense import Linear
from lab.network.layers.pooling import MaxPool2d
from lab.network.layers.shape import Flatten
from lab.network.spec import NetworkSpec
from lab.network.summary import LayerRow, summarize
from lab.questions.answer import integer
from lab.questions.phrases import chain_lines, given_network, size, tex
from lab.questions.question import Draft, Draw, Mistake, Show, Step
from lab.questions.topic import Topic


def chain(picture: Shape, *layers: LayerSpec) -> NetworkSpec:
    """Make a plain network of a few layers."""
    return NetworkSpec(name="question", input=picture, layers=layers)


def flatten(draw: Draw) -> Draft:
    """Ask how many values reach the first dense layer, then how many weights that makes."""
    layers: list[LayerSpec] = []
    if draw.level == 1:
        picture: Shape = (draw.of(2, 3, 4, 5, 6, 8, 10, 12, 16, 20), draw.randint(3, 8), draw.randint(3, 8))
    else:
        picture = (draw.of(1, 3), *(draw.of(12, 16, 20, 24, 28, 32),) * 2)
        k, p = draw.of((2, 0), (3, 0), (3, 1), (5, 0), (5, 2))
        layers = [
            Conv2d(id="conv", out_channels=draw.of(4, 6, 8, 16), kernel_size=k, padding=p),
            MaxPool2d(id="pool", kernel_size=draw.of(2, 2, 4)),
        ]
    layers.append(Flatten(id="flatten"))
    asks_params = draw.level == 3
    if asks_params:
        layers.append(Linear(id="fc", out_features=draw.of(10, 20, 32)))
    spec = chain((picture[0], picture[1], picture[2]), *layers)
    ask = (
        "How many parameters does the dense layer `fc` learn?"
        if asks_params
        else "How many values does the vector have? This is the dense layer's in_features."
    )
    if draw.level == 1:
        text = f"Maps of {size(picture)} are flattened into a vector for a dense layer. {ask}"
    else:
        text = f"A picture of {size(picture)} runs through these layers:\n\n{chain_lines(spec)}\n\n{ask}"
    return Draft(
        text,
        given_network(spec),
        tuple(_flatten_steps(spec)),
        integer(_asked(spec), unit="parameters" if asks_params else "values"),
        mistakes=_flatten_mistakes(spec),
        hints=(
            "Follow the shape layer by layer down to the flattening.",
            r"Flattening keeps every value: $C \cdot H \cdot W$.",
        ),
        shows=Show("build", network=spec),
    )


def _asked(spec: NetworkSpec) -> int:
    """Say what a flatten question asks: the parameters of a last dense layer, else the values of the vector."""
    row = summarize(spec).rows[-1]
    return row.n_params if row.kind == "Linear" else row.output[0]


def _flatten_steps(spec: NetworkSpec) -> list[Step]:
    summary = summarize(spec)
    steps = [
        Step(f"After `{row.id}`:", rf"C \times H \times W = {tex(row.output)}")
        for row in summary.rows
        if row.kind in ("Conv2d", "MaxPool2d")
    ]
    row = summary.row("flatten")
    product = r" \cdot ".join(map(str, row.inputs[0]))
    steps.append(Step("The vector has one entry for each value.", rf"{product} = {tex(row.output[0])}"))
    last = summary.rows[-1]
    if last.kind == "Linear":
        n_in, n_out = last.inputs[0][0], last.output[0]
        weights = last.n_macs  # one multiplication for each weight
        steps.append(Step("Weights of `fc`:", rf"{tex(n_in)} \cdot {n_out} = {tex(weights)}"))
        steps.append(Step("Every neuron has one bias.", rf"{tex(weights)} + {n_out} = {tex(last.n_params)}"))
    return steps


def _flatten_mistakes(spec: NetworkSpec) -> tuple[Mistake, ...]:
    channels, height, width = summarize(spec).row("flatten").inputs[0]
    wrong = [Mistake(name, _asked(other)) for name, other in _variants(spec)]
    if spec.layers[-1].kind == "Linear":
        last = summarize(spec).rows[-1]
        return (Mistake("forgot-bias", last.n_macs), *wrong, Mistake("bias-per-input", last.n_macs + last.inputs[0][0]))
    return (
        *wrong,
        Mistake("forgot-channels", height * width),
        Mistake("one-axis-only", channels * height),
        Mistake("sizes-added", channels + height + width),
    )


def _variants(spec: NetworkSpec) -> list[tuple[str, NetworkSpec]]:
    """Make the networks that a learner may have seen instead: a layer skipped, a padding missed."""
    found = []
    for layer in spec.layers:
        others = tuple(other for other in spec.layers if other is not layer)
        if layer.kind in ("MaxPool2d", "Conv2d"):
            found.append(("layer-left-out", chain(spec.input, *others)))
        if isinstance(layer, Conv2d) and layer.padding != (0, 0):
            bare = layer.model_copy(update={"padding": (0, 0)})
            found.append(("forgot-padding", chain(spec.input, *(bare if o is layer else o for o in spec.layers))))
    return [(name, other) for name, other in found if _fits(other)]


def _fits(spec: NetworkSpec) -> bool:
    try:
        summarize(spec)
    except LabError:
        return False
    return True


def network_totals(draw: Draw) -> Draft:
    """Ask for the parameters or the multiply-accumulates of a whole small network."""
    spec = chain(*_whole_network(draw))
    summary = summarize(spec)
    asks_macs = draw.level > 1 and draw.kind(False, True)
    what = "multiply-accumulates (MACs) does one picture cost" if asks_macs else "parameters does the network learn"
    text = f"A picture of {size(spec.input)} runs through these layers:\n\n{chain_lines(spec)}\n\nHow many {what}?"
    if asks_macs:
        text += " Biases are not counted."
    counts = [(row, row.n_macs if asks_macs else row.n_params) for row in summary.rows]
    total = summary.n_macs if asks_macs else summary.n_params
    return Draft(
        text,
        {**given_network(spec), "asks_macs": asks_macs},
        tuple(_total_steps(counts, total, asks_macs=asks_macs)),
        integer(total, unit="MACs" if asks_macs else "parameters"),
        mistakes=_total_mistakes(spec, counts, asks_macs=asks_macs),
        hints=(
            "Work through the layers one by one and write down each shape. Only convolutions and dense layers count.",
            "A MAC count is weights times output positions."
            if asks_macs
            else "Weights of a convolution: $k^2 C_{in} C_{out}$; of a dense layer: $n_{in} n_{out}$; then the biases.",
        ),
        shows=Show("build", network=spec),
    )


def _whole_network(draw: Draw) -> tuple[Shape, *tuple[LayerSpec, ...]]:
    if draw.level == 1:
        hidden = Linear(id="fc1", out_features=draw.of(4, 5, 6, 8, 10, 12))
        picture = (draw.of(1, 1, 2), draw.randint(3, 8), draw.randint(3, 8))
        return picture, Flatten(id="flatten"), hidden, Linear(id="fc2", out_features=draw.of(2, 3, 4, 5, 10))
    side = draw.of(8, 12, 16) if draw.level == 2 else draw.of(16, 20, 28, 32)
    picture = (draw.of(1, 3), side, side)
    layers: list[LayerSpec] = []
    for n in range(1, draw.level):
        k, p = draw.of((3, 1), (3, 0), (5, 2))
        bias = draw.level == 2 or draw.of(True, False)
        layers.append(Conv2d(id=f"conv{n}", out_channels=4 * n + draw.of(0, 2, 4), kernel_size=k, padding=p, bias=bias))
        layers.append(MaxPool2d(id=f"pool{n}", kernel_size=2))
    layers += [Flatten(id="flatten"), Linear(id="fc", out_features=draw.of(2, 5, 10))]
    return picture, *layers


def _total_steps(counts: list[tuple[LayerRow, int]], total: int, *, asks_macs: bool) -> list[Step]:
    steps = []
    for row, n in counts:
        shape = f"`{row.id}` turns {size(row.inputs[0])} into {size(row.output)}."
        if row.kind == "Conv2d":
            shape += f" Each kernel has {row.n_macs // prod(row.output)} weights."
        if not n:
            steps.append(Step(f"{shape} It {'multiplies' if asks_macs else 'learns'} nothing."))
        else:
            what = r"\text{MACs}" if asks_macs else r"\text{parameters}"
            steps.append(Step(shape, _count_latex(row, n, asks_macs=asks_macs) + rf"\;{what}"))
    parts = " + ".join(tex(n) for _, n in counts if n)
    return [*steps, Step("Add up the layers.", parts), Step("So the total is", tex(total))]


def _count_latex(row: LayerRow, n: int, *, asks_macs: bool) -> str:
    """Write how one layer's count comes about."""
    outputs = row.output[0]
    if row.kind == "Linear":
        product, bias = rf"{tex(row.inputs[0][0])} \cdot {outputs}", row.n_params - row.n_macs
    else:
        positions = row.output[1] * row.output[2]
        per_kernel = row.n_macs // positions // outputs
        product, bias = rf"{per_kernel} \cdot {outputs}", row.n_params - row.n_macs // positions
        product += rf" \cdot {tex(positions)}" if asks_macs else ""
    extra = f" + {bias}" if bias and not asks_macs else ""
    return rf"{product}{extra} = {tex(n)}"


def _total_mistakes(spec: NetworkSpec, counts: list[tuple[LayerRow, int]], *, asks_macs: bool) -> tuple[Mistake, ...]:
    total = sum(n for _, n in counts)

    def asked(other: NetworkSpec) -> int:
        return summarize(other).n_macs if asks_macs else summarize(other).n_params

    bare = chain(spec.input, *(_with(layer, "bias", False) for layer in spec.layers))
    full = chain(spec.input, *(_with(layer, "bias", True) for layer in spec.layers))
    wrong = [
        Mistake("last-layer-left-out", total - counts[-1][1]),
        Mistake("first-layer-only", next(n for _, n in counts if n)),
    ]
    if asks_macs:
        wrong.insert(0, Mistake("parameters-for-macs", summarize(spec).n_params))
    else:
        wrong = [Mistake("forgot-bias", asked(bare)), Mistake("bias-anyway", asked(full)), *wrong]
        wrong.append(Mistake("macs-for-parameters", summarize(spec).n_macs))
    n_pools = _kinds(spec, "MaxPool2d")
    without_pool = [other for _, other in _variants(spec) if _kinds(other, "MaxPool2d") < n_pools]
    return (*wrong, *(Mistake("layer-left-out", asked(other)) for other in without_pool))


def _kinds(spec: NetworkSpec, kind: str) -> int:
    return sum(layer.kind == kind for layer in spec.layers)


def _with(layer: LayerSpec, field: str, value: object) -> LayerSpec:
    return layer.model_copy(update={field: value}) if field in type(layer).model_fields else layer


CHAINS = (
    Topic(
        "flatten",
        "Flatten and the first dense layer",
        "How many values reach the dense layer, and what does that cost?",
        "Networks",
        flatten,
        (1_280, 4_096, 140_000),
    ),
    Topic(
        "network-totals",
        "Totals of a network",
        "What does a whole small network learn and cost?",
        "Networks",
        network_totals,
        (1_700, 400_000, 2_500_000),
    ),
)
