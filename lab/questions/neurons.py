"""Questions about single neurons: weighted sums with a bias, an activation, a small network of three."""

from __future__ import annotations

from collections.abc import Sequence

from lab.questions.activation import activated
from lab.questions.answer import Answer, decimal, number, value_latex
from lab.questions.by_hand import factor, signed_sum
from lab.questions.phrases import listed, tex
from lab.questions.question import Draft, Draw, Figure, Mistake, Show, Step
from lab.questions.tensors import as_tensor
from lab.questions.topic import Topic


def weighted_sum(weights: Sequence[float], inputs: Sequence[float], bias: float) -> float:
    """Compute a neuron before its activation, by torch."""
    from torch.nn import functional as F

    return round(float(F.linear(as_tensor(inputs), as_tensor([weights]), as_tensor([bias]))[0]), 6)


def neuron(draw: Draw) -> Draft:
    """Ask what a neuron gives: the sum, then with an activation, then a small network of three."""
    if draw.level == 3:
        return _hidden_layer(draw)
    whole = draw.level == 1
    n = draw.of(2, 3)
    inputs = [float(draw.randint(-3, 4)) if whole else draw.of(-1.0, -0.5, 0.5, 1.0, 2.0) for _ in range(n)]
    weights = [float(draw.of(-2, -1, 1, 2, 3)) if whole else draw.of(-1.0, -0.5, 0.5, 1.0, 1.5) for _ in range(n)]
    bias = float(draw.of(-3, -2, -1, 1, 2, 3)) if whole else draw.of(-1.0, -0.5, 0.5, 1.0)
    kind = "Identity" if whole else draw.kind("Sigmoid", "ReLU", "Tanh")
    before = weighted_sum(weights, inputs, bias)
    value = activated(kind, before) if kind != "Identity" else before
    name = {"Identity": "no activation", "Sigmoid": "a sigmoid", "ReLU": "ReLU", "Tanh": "tanh"}[kind]
    text = (
        f"A neuron reads the inputs {listed(map(tex, inputs))}. Its weights are {listed(map(tex, weights))}, "
        f"its bias is {tex(bias)}, and it has {name}. What is its output"
        f"{'' if kind in ('Identity', 'ReLU') else ', rounded to two decimals'}?"
    ).replace("-", "−")
    answer: Answer = decimal(value) if kind in ("Identity", "ReLU") else number(value, decimals=2)
    steps = _sum_steps(weights, inputs, bias, before)
    if kind != "Identity":
        function = {"Sigmoid": r"\sigma", "ReLU": r"\operatorname{ReLU}", "Tanh": r"\tanh"}[kind]
        sign = "=" if kind == "ReLU" else r"\approx"
        steps.append(Step("The activation:", rf"{function}({tex(before)}) {sign} {answer.latex}"))

    def after(sum_before: float) -> float:
        return activated(kind, sum_before) if kind != "Identity" else sum_before

    wrong = [
        Mistake("forgot-bias-of-neuron", after(weighted_sum(weights, inputs, 0))),
        Mistake("bias-for-each-input", after(weighted_sum(weights, inputs, bias * n))),
        Mistake("inputs-not-weighted", after(sum(inputs) + bias)),
        Mistake("bias-subtracted", after(weighted_sum(weights, inputs, -bias))),
    ]
    if kind != "Identity":
        wrong.insert(0, Mistake("forgot-activation", before))
    return Draft(
        text,
        {"inputs": inputs, "weights": weights, "bias": bias, "kind": kind},
        tuple(steps),
        answer,
        mistakes=tuple(wrong),
        hints=(
            "Multiply each input with its weight, add up, then add the bias once.",
            "$y = f(w_1 x_1 + w_2 x_2 + … + b)$",
        ),
        shows=Show("neurons", {}),
    )


def _sum_steps(weights: Sequence[float], inputs: Sequence[float], bias: float, total: float) -> list[Step]:
    products = [weighted_sum([w], [x], 0.0) for w, x in zip(weights, inputs, strict=True)]
    left = " + ".join(rf"{factor(w)} \cdot {factor(x)}" for w, x in zip(weights, inputs, strict=True))
    return [
        Step("The products:", left),
        Step("Add them and the bias.", f"{signed_sum([*products, bias])} = {tex(total)}"),
    ]


def _hidden_layer(draw: Draw) -> Draft:
    """Ask for the output of two ReLU neurons and a third that reads them."""
    while True:
        inputs = [float(draw.randint(-2, 3)) for _ in range(2)]
        hidden = [[float(draw.of(-2, -1, 1, 2)) for _ in range(2)] for _ in range(2)]
        biases = [float(draw.of(-2, -1, 1, 2)) for _ in range(2)]
        last, bias = [float(draw.of(-2, -1, 1, 2, 3)) for _ in range(2)], float(draw.of(-2, -1, 1, 2))
        sums = [weighted_sum(row, inputs, b) for row, b in zip(hidden, biases, strict=True)]
        if max(sums) > 0 and any(inputs):
            break
    values = [activated("ReLU", one) for one in sums]
    out = weighted_sum(last, values, bias)
    text = (
        f"Two hidden neurons read the inputs {tex(inputs[0])} and {tex(inputs[1])}. They have the weights and biases "
        "below, a row for each with the bias last, and ReLU. An output neuron without activation reads them. "
        f"Its weights are {tex(last[0])} and {tex(last[1])}, its bias is {tex(bias)}. What is its output?"
    ).replace("-", "−")
    steps = []
    for n, (row, b, before, value) in enumerate(zip(hidden, biases, sums, values, strict=True), 1):
        left = " + ".join(rf"{factor(w)} \cdot {factor(x)}" for w, x in zip(row, inputs, strict=True))
        sign = "-" if b < 0 else "+"
        steps.append(Step(f"Hidden neuron {n}:", f"{left} {sign} {tex(abs(b))} = {tex(before)}"))
        steps.append(Step("Its ReLU:", rf"h_{n} = \max(0, {tex(before)}) = {tex(value)}"))
    left = " + ".join(rf"{factor(w)} \cdot {factor(v)}" for w, v in zip(last, values, strict=True))
    sign = "-" if bias < 0 else "+"
    steps.append(Step("The output neuron:", f"{left} {sign} {tex(abs(bias))} = {value_latex(decimal(out).value)}"))
    bare = [activated("ReLU", weighted_sum(row, inputs, 0)) for row in hidden]
    wrong = (
        Mistake("forgot-hidden-relu", weighted_sum(last, sums, bias)),
        Mistake("forgot-bias-of-neuron", weighted_sum(last, bare, 0)),
        Mistake("forgot-bias-of-neuron", weighted_sum(last, values, 0)),
        Mistake("relu-at-the-end", activated("ReLU", out)),
    )
    table = Figure("Weights and bias", tuple((*row, b) for row, b in zip(hidden, biases, strict=True)))
    return Draft(
        text,
        {"inputs": inputs, "hidden": hidden, "biases": biases, "last": last, "bias": bias},
        tuple(steps),
        decimal(out),
        figures=(table,),
        mistakes=wrong,
        hints=("Work from the left to the right: first both hidden neurons, then the output.", "ReLU: $\\max(0, x)$."),
        shows=Show("neurons", {}),
    )


NEURONS = (
    Topic(
        "neuron",
        "A neuron with its bias",
        "Weights, bias, activation: what comes out?",
        "Neurons",
        neuron,
        (45, 10, 100),
    ),
)
