"""Questions about receptive fields: how much of the picture one value of the last map sees."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import prod

from lab.network.layers.base import LayerSpec
from lab.network.layers.convolution import Conv2d
from lab.network.layers.pooling import MaxPool2d
from lab.network.spec import NetworkSpec
from lab.network.summary import summarize
from lab.questions.answer import integer
from lab.questions.chains import chain
from lab.questions.phrases import chain_lines, given_network, layer_pair
from lab.questions.question import Draft, Draw, Mistake, Show, Step
from lab.questions.topic import Topic
from lab.theory.geometry import effective_kernel_size, receptive_field_step


def receptive_field(draw: Draw) -> Draft:
    """Ask how high or wide the part of the picture is that one value of the last map sees."""
    axis = draw.of(0, 1)
    spec = chain((1, 128, 128), *_windows(draw, axis))
    found = summarize(spec).rows[-1].receptive_field
    field = found or (0, 0)
    is_square = all(layer_pair(layer, "kernel_size")[0] == layer_pair(layer, "kernel_size")[1] for layer in spec.layers)
    pairs = "" if is_square else " Pairs are height × width."
    text = (
        f"A picture runs through these layers:\n\n{chain_lines(spec)}\n\n"
        f"How many pixels {('high', 'wide')[axis]} is the receptive field of one value of the last map?{pairs}"
    )
    return Draft(
        text,
        {**given_network(spec), "axis": axis},
        tuple(_field_steps(spec, axis)),
        integer(field[axis], unit="pixels", square=is_square),
        mistakes=(*_field_mistakes(spec, axis), Mistake("other-axis", field[1 - axis])),
        hints=(
            "Go from the input to the output. Keep two numbers: the field r and the jump j between neighbours.",
            r"Start with $r = 1$, $j = 1$. Each layer: $r \leftarrow r + (k - 1) j$, then $j \leftarrow j \cdot s$.",
        ),
        shows=Show("build", network=spec),
    )


def _windows(draw: Draw, axis: int) -> list[LayerSpec]:
    def conv(n: int, k: int, s: int = 1, d: int = 1) -> Conv2d:
        other = draw.of(k, 3) if k > 1 else 3
        kernel = (k, other) if axis == 0 else (other, k)
        return Conv2d(id=f"conv{n}", out_channels=4, kernel_size=kernel, stride=s, dilation=d)

    def pool(n: int, k: int = 2) -> MaxPool2d:
        return MaxPool2d(id=f"pool{n}", kernel_size=k, stride=2)

    if draw.level == 1:
        return [conv(n, draw.of(2, 3, 3, 5, 7)) for n in range(1, draw.randint(2, 3) + 1)]
    if draw.level == 2:
        last: tuple[LayerSpec, ...] = draw.choice([(), (pool(2),), (conv(3, 3),)])
        return [conv(1, draw.of(2, 3, 5, 7)), pool(1, draw.of(2, 3)), conv(2, draw.of(3, 4, 5)), *last]
    return [
        conv(1, draw.of(3, 5, 7), draw.of(1, 2)),
        pool(1, draw.of(2, 3)),
        conv(2, draw.of(3, 5), 1, draw.of(1, 2, 2)),
        conv(3, 3, draw.of(1, 2), draw.of(1, 1, 2)),
    ]


def _facts(layer: LayerSpec, axis: int) -> tuple[int, int, int]:
    """Read a layer's kernel, stride and dilation along one axis."""
    k, s, d = (layer_pair(layer, name)[axis] for name in ("kernel_size", "stride", "dilation"))
    return k, s, d


def _field_steps(spec: NetworkSpec, axis: int) -> list[Step]:
    field, jump = 1, Fraction(1)
    steps = [Step("Start with one pixel.", "r = 1, \\; j = 1")]
    for layer in spec.layers:
        k, s, d = _facts(layer, axis)
        span = effective_kernel_size(k, d)
        before, before_jump = field, jump
        field, jump = receptive_field_step(field, jump, k, s, d)
        stretched = f" (its kernel spans {span} pixels)" if d > 1 else ""
        steps.append(Step(f"`{layer.id}`{stretched}:", rf"r = {before} + ({span} - 1) \cdot {before_jump} = {field}"))
        if s > 1 and layer is not spec.layers[-1]:
            steps.append(Step("Its stride spreads the positions.", rf"j = {before_jump} \cdot {s} = {jump}"))
    return steps


def _field_mistakes(spec: NetworkSpec, axis: int) -> tuple[Mistake, ...]:
    def walk(change: Callable[[LayerSpec], tuple[int, int, int]], *, stride_first: bool = False) -> int:
        field, jump = 1, Fraction(1)
        for layer in spec.layers:
            k, s, d = change(layer)
            own = jump * s if stride_first else jump
            field, _ = receptive_field_step(field, own, k, s, d)
            jump *= s
        return field

    def facts(layer: LayerSpec) -> tuple[int, int, int]:
        return _facts(layer, axis)

    kernels = [facts(layer)[0] for layer in spec.layers]

    def blind_pool(layer: LayerSpec) -> tuple[int, int, int]:
        return (1, *facts(layer)[1:]) if "Pool" in layer.kind else facts(layer)

    return (
        Mistake("forgot-jump", walk(lambda layer: (facts(layer)[0], 1, facts(layer)[2]))),
        Mistake("stride-too-early", walk(facts, stride_first=True)),
        Mistake("kernels-added", sum(kernels)),
        Mistake("forgot-dilation", walk(lambda layer: (*facts(layer)[:2], 1))),
        Mistake("pooling-sees-nothing", walk(blind_pool)),
        Mistake("last-layer-only", kernels[-1]),
        Mistake("kernels-multiplied", prod(kernels)),
    )


FIELDS = (
    Topic(
        "receptive-field",
        "Receptive field",
        "How much of the picture does one value see?",
        "Networks",
        receptive_field,
        (20, 40, 80),
    ),
)
