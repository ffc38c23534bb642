"""Questions about the learner's own network: a shape, parameters, arithmetic or the field of one of its layers."""

from __future__ import annotations

from lab.errors import Code, LabError
from lab.network.layers.base import LayerSpec, Shape
from lab.network.layers.convolution import Conv2d, ConvTranspose2d
from lab.network.spec import NetworkSpec
from lab.network.summary import LayerRow, NetworkSummary, summarize
from lab.questions.answer import integer, shape
from lab.questions.costs import conv_param_mistakes, conv_param_steps, mac_mistakes, mac_steps
from lab.questions.phrases import article, layer_words, size, tex
from lab.questions.question import Draft, Draw, Mistake, Question, Show, Step, question_from

YOUR_NETWORK = "your-network"
_LEVEL = 2


def your_network_questions(spec: NetworkSpec, seed: int) -> Question:
    """Make a question about a network that the learner built.

    Args:
        spec: the network; it must fit together.
        seed: which layer, and what is asked of it.

    Raises:
        LabError: the network has no layers (``INPUT``) or does not fit together (``NET-SHAPE``, ``NET-SIZE``).

    Examples:
        >>> from lab.network.presets import preset
        >>> question = your_network_questions(preset("lenet5"), 1)
        >>> question == your_network_questions(preset("lenet5"), 1)
        True
    """
    if not spec.layers:
        raise LabError(Code.INPUT, "the network has no layers to ask about", now="add a layer first")
    summary = summarize(spec)
    draw = Draw(f"{YOUR_NETWORK}:{spec.to_json()}", _LEVEL, seed)
    draft = draw.choice(_drafts(spec, summary))
    name = f"{YOUR_NETWORK}:{_LEVEL}:{seed}"
    return question_from(draft, draw, topic=YOUR_NETWORK, level=_LEVEL, seed=seed, name=name)


def _drafts(spec: NetworkSpec, summary: NetworkSummary) -> list[Draft]:
    """Make every question that the network allows; one of them is asked."""
    drafts = [_total(spec, summary)] if summary.n_params else []
    for layer, row in zip(spec.layers, summary.rows, strict=True):
        if len(row.inputs) > 1:
            continue
        if len(row.output) == 3 and row.output != row.inputs[0]:
            drafts.append(_shape(spec, layer, row))
        if isinstance(layer, Conv2d | ConvTranspose2d):
            drafts += [_conv_parameters(spec, layer, row), _conv_macs(spec, layer, row)]
        elif row.kind == "Linear":
            drafts.append(_dense_parameters(spec, row))
    return drafts or [_shape(spec, spec.layers[0], summary.rows[0])]


def _intro(spec: NetworkSpec, layer: LayerSpec, row: LayerRow) -> str:
    name = " ".join(spec.name.replace("`", " ").split())
    words = layer_words(layer)
    arriving = " and ".join(f"{size(part)}" for part in row.inputs)
    return f"In your network `{name}`, the layer `{layer.id}` is {article(words)}. It reads {arriving}."


def _draft(
    spec: NetworkSpec, text: str, answer_row: tuple[object, ...], steps: list[Step], mistakes: tuple[Mistake, ...],
    hint: str, facts: dict[str, object],
) -> Draft:  # fmt: skip
    kind, value = answer_row
    answer = shape(*value) if kind == "shape" else integer(value, unit=str(kind))  # type: ignore[misc, arg-type]
    hints = ("Look at the layer's settings and at the shape that reaches it.", hint)
    return Draft(text, facts, tuple(steps), answer, mistakes=mistakes, hints=hints, shows=Show("build", network=spec))


def _shape(spec: NetworkSpec, layer: LayerSpec, row: LayerRow) -> Draft:
    if len(row.output) == 1:
        return _length(spec, layer, row)
    before: Shape = row.inputs[0]
    text = f"{_intro(spec, layer, row)} What is the shape of its output? Give channels × height × width."
    steps = [
        Step("The channels:", f"C = {row.output[0]}"),
        Step("Height and width follow from the window:", rf"H \times W = {tex(row.output[1:])}"),
        Step("So the shape is", tex(row.output)),
    ]
    wrong = (
        Mistake("channels-of-input", (before[0], *row.output[1:])),
        Mistake("layer-left-out", tuple(before)),
        Mistake("forgot-plus-one", (row.output[0], *(part - 1 for part in row.output[1:]))),
    )
    hint = r"One axis: $o = \left\lfloor \frac{i + 2p - k}{s} \right\rfloor + 1$."
    return _draft(spec, text, ("shape", row.output), steps, wrong, hint, {"layer": row.id, "asks": "shape"})


def _length(spec: NetworkSpec, layer: LayerSpec, row: LayerRow) -> Draft:
    text = f"{_intro(spec, layer, row)} How many values does it give?"
    product = r" \cdot ".join(map(str, row.inputs[0]))
    steps = [Step("Count every value that arrives.", product), Step("It gives", tex(row.output[0]))]
    wrong = (Mistake("forgot-channels", row.output[0] // row.inputs[0][0]), Mistake("sizes-added", sum(row.inputs[0])))
    facts: dict[str, object] = {"layer": row.id, "asks": "length"}
    return _draft(spec, text, ("values", row.output[0]), steps, wrong, "Flattening keeps every value.", facts)


def _conv_parameters(spec: NetworkSpec, layer: Conv2d | ConvTranspose2d, row: LayerRow) -> Draft:
    text = f"{_intro(spec, layer, row)} How many parameters does it learn?"
    steps = conv_param_steps(row.inputs[0][0], layer)
    wrong = conv_param_mistakes(row.inputs[0], layer)
    hint = r"The formula is $k_h k_w \frac{C_{in}}{g} C_{out}$, and one bias for each output channel."
    facts: dict[str, object] = {"layer": row.id, "asks": "parameters"}
    return _draft(spec, text, ("parameters", row.n_params), steps, wrong, hint, facts)


def _conv_macs(spec: NetworkSpec, layer: Conv2d | ConvTranspose2d, row: LayerRow) -> Draft:
    text = f"{_intro(spec, layer, row)} How many multiply-accumulates (MACs) does it cost for one picture?"
    steps = mac_steps(row.inputs[0], row.output, layer)
    wrong = mac_mistakes(row.inputs[0], row.output, layer)
    facts: dict[str, object] = {"layer": row.id, "asks": "macs"}
    return _draft(spec, text, ("MACs", row.n_macs), steps, wrong, "MACs are weights times positions.", facts)


def _dense_parameters(spec: NetworkSpec, row: LayerRow) -> Draft:
    n_in, n_out, biases = row.inputs[0][0], row.output[0], row.n_params - row.n_macs
    text = f"{_intro(spec, spec.layer(row.id), row)} How many parameters does it learn?"
    steps = [
        Step("Every output has a weight for each input.", rf"{n_in} \cdot {n_out} = {tex(row.n_macs)}"),
        Step("The biases:", f"{tex(row.n_macs)} + {biases} = {tex(row.n_params)}"),
    ]
    wrong = (
        Mistake("forgot-bias", row.n_macs) if biases else Mistake("bias-anyway", row.n_macs + n_out),
        Mistake("neurons-added", n_in + n_out),
        Mistake("bias-per-input", row.n_macs + n_in),
    )
    facts: dict[str, object] = {"layer": row.id, "asks": "parameters"}
    hint = r"Count $n_{in} \cdot n_{out}$ weights first."
    return _draft(spec, text, ("parameters", row.n_params), steps, wrong, hint, facts)


def _total(spec: NetworkSpec, summary: NetworkSummary) -> Draft:
    name = " ".join(spec.name.replace("`", " ").split())
    text = f"How many parameters does your network `{name}` learn in all?"
    learning = [row for row in summary.rows if row.n_params]
    steps = [Step(f"`{row.id}` learns", tex(row.n_params)) for row in learning]
    steps.append(Step("Add them up. The total:", tex(summary.n_params)))
    wrong = (
        Mistake("macs-for-parameters", summary.n_macs),
        Mistake("last-layer-left-out", summary.n_params - learning[-1].n_params),
        Mistake("first-layer-only", learning[0].n_params),
    )
    facts: dict[str, object] = {"layer": None, "asks": "parameters"}
    hint = "Only layers with weights learn: add up their parameters."
    return _draft(spec, text, ("parameters", summary.n_params), steps, wrong, hint, facts)
