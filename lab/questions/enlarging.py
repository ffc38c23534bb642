"""Questions about transposed convolutions, which enlarge, and dilation, which stretches the kernel."""

from __future__ import annotations

from lab.network.layers.base import Shape
from lab.network.layers.convolution import Conv2d, ConvTranspose2d
from lab.questions.answer import Answer, integer, shape
from lab.questions.phrases import AXES, given, layer_pair, mistake, settings, size, square, tex
from lab.questions.question import Draft, Draw, Mistake, Show, Step
from lab.questions.sizes import conv_mistakes, conv_steps, span_step
from lab.questions.topic import Topic
from lab.theory.geometry import conv_output_size, effective_kernel_size, transposed_output_size

_BACK = "A transposed convolution goes the way of a convolution backwards: from its output size to its input size."
_BACK_FORMULA = "$o = (i - 1)s - 2p + d(k - 1) + 1 + a$, where $a$ is the output padding."


def transposed_size(draw: Draw) -> Draft:
    """Ask for the size that a transposed convolution gives; output padding from level 2, pairs and dilation at 3."""
    if draw.level == 3:
        return _transposed_shape(draw)
    while True:
        k, s, i = draw.of(2, 3, 4, 5), draw.of(1, 2, 2, 3, 4), draw.randint(3, 32)
        p = 0 if draw.level == 1 else draw.of(0, 1, 1, 2)
        a = 0 if draw.level == 1 else draw.randint(0, s - 1)
        if p < k and not (draw.level == 2 and a == p == 0):
            break
    layer = ConvTranspose2d(id="up", out_channels=1, kernel_size=k, stride=s, padding=p, output_padding=a)
    text = (
        f"A transposed convolution has {settings(layer)}. It reads a map of {i}×{i}. "
        "The output map is square. How many pixels long is its side?"
    )
    out = layer.output_shape(((1, i, i),))[1]
    answer = integer(out, unit="pixels", square=True)
    return _transposed(
        text, layer, (1, i, i), answer, _transposed_steps(i, layer, 0), _transposed_mistakes(i, layer, 0)
    )


def _transposed_shape(draw: Draw) -> Draft:
    while True:
        kernel, stride = (draw.of(3, 4, 5), draw.of(2, 3, 5)), (draw.of(2, 3), draw.of(1, 2, 4))
        padding = (draw.of(0, 1, 2), draw.of(0, 1))
        extra = (draw.randint(0, stride[0] - 1), draw.randint(0, stride[1] - 1))
        dilation = draw.kind((1, 1), (2, 2))
        picture = (draw.of(8, 16, 32), draw.randint(3, 32), draw.randint(3, 32))
        if picture[1] != picture[2] and any(extra):
            break
    layer = ConvTranspose2d(
        id="up",
        out_channels=picture[0] // 2,
        kernel_size=kernel,
        stride=stride,
        padding=padding,
        output_padding=extra,
        dilation=dilation,
    )
    text = (
        f"A transposed convolution has {layer.out_channels} output channels, {settings(layer)}. "
        f"Pairs are height × width. It reads maps of {size(picture)}. "
        "What is the shape of the output? Give channels × height × width."
    )
    out = layer.output_shape((picture,))
    steps = [step for axis in (0, 1) for step in _transposed_steps(picture[1 + axis], layer, axis, named=True)]
    steps.append(
        Step("There is one map for each output channel. So the shape is", rf"C \times H \times W = {tex(out)}")
    )
    both = [{m.misconception: m.value for m in _transposed_mistakes(picture[1 + a], layer, a)} for a in (0, 1)]
    names = dict.fromkeys((*both[0], *both[1]))
    pairs = {name: [_whole(both[axis].get(name, out[1 + axis])) for axis in (0, 1)] for name in names}
    wrong = (Mistake(name, (out[0], *pair)) for name, pair in pairs.items())
    mistakes = (Mistake("channels-of-input", (picture[0], *out[1:])), *wrong)
    return _transposed(text, layer, picture, shape(*out), steps, mistakes)


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _transposed(
    text: str,
    layer: ConvTranspose2d,
    picture: Shape,
    answer: Answer,
    steps: list[Step],
    mistakes: tuple[Mistake, ...],
) -> Draft:
    shows = Show("convolution", {**given(layer, picture), "transposed": True})
    hints = (_BACK, f"The formula is {_BACK_FORMULA}")
    return Draft(text, given(layer, picture), tuple(steps), answer, mistakes=mistakes, hints=hints, shows=shows)


def _transposed_steps(length: int, layer: ConvTranspose2d, axis: int, *, named: bool = False) -> list[Step]:
    fields = ("kernel_size", "stride", "padding", "dilation")
    k, s, p, d = (layer_pair(layer, name)[axis] for name in fields)
    a = layer.output_padding[axis]
    span = effective_kernel_size(k, d)
    out = transposed_output_size(length, k, stride=s, padding=p, output_padding=a, dilation=d)
    letter, place = ("HW"[axis], f" for the {AXES[axis]}") if named else ("o", "")
    steps = [] if d == 1 else [span_step(k, d)]
    parts = rf"({length} - 1) \cdot {s} - 2 \cdot {p} + {span}" + (f" + {a}" if a else "")
    steps.append(Step(f"Put the numbers in{place}.", f"{letter} = {parts}"))
    extra = f" + {a}" if a else ""
    steps.append(Step("Add up.", rf"{letter} = {(length - 1) * s} - {2 * p} + {span}{extra} = {out}"))
    return steps


def _transposed_mistakes(length: int, layer: ConvTranspose2d, axis: int) -> tuple[Mistake, ...]:
    fields = ("kernel_size", "stride", "padding", "dilation")
    k, s, p, d = (layer_pair(layer, name)[axis] for name in fields)
    a = layer.output_padding[axis]
    bare = transposed_output_size(length, k, stride=s, dilation=d)
    options = [
        *mistake("forward-size", lambda: conv_output_size(length, k, stride=s, padding=p, dilation=d)),
        Mistake("size-times-stride", length * s),
    ]
    if a:
        options.append(Mistake("forgot-output-padding", bare - 2 * p))
        options.append(Mistake("output-padding-twice", bare - 2 * p + 2 * a))
    if p:
        options.append(Mistake("padding-added", bare + 2 * p + a))
        options.append(Mistake("padding-once", bare - p + a))
        options.append(Mistake("forgot-padding", bare + a))
    if d > 1:
        options += mistake(
            "forgot-dilation", lambda: transposed_output_size(length, k, stride=s, padding=p, output_padding=a)
        )
    options.append(Mistake("first-position-spread", length * s - 2 * p + effective_kernel_size(k, d) + a))
    return tuple(options)


def dilation(draw: Draw) -> Draft:
    """Ask for the span of a dilated kernel, then for the map that it gives."""
    if draw.level == 1:
        return _span(draw)
    k, d = draw.of(3, 3, 5), draw.of(2, 2, 3, 4)
    s, p = (1, draw.of(0, 1, 2)) if draw.level == 2 else (draw.of(2, 3), draw.of(0, 1, 2, 4))
    span = effective_kernel_size(k, d)
    side = draw.randint(span + 2, 64 if draw.level == 2 else 128)
    layer = Conv2d(id="conv", out_channels=1, kernel_size=k, stride=s, padding=p, dilation=d)
    text = (
        f"A convolution has {settings(layer)}. It reads a picture of {side}×{side} pixels. "
        "How many pixels long is a side of the output?"
    )
    out = layer.output_shape(((1, side, side),))[1]
    times = mistake("dilation-times-kernel", lambda: (side + 2 * p - d * k) // s + 1)
    return Draft(
        text,
        given(layer, (1, side, side)),
        tuple(conv_steps(side, layer, 0)),
        integer(out, unit="pixels", square=True),
        mistakes=(*conv_mistakes(side, layer, 0), *times),
        hints=("First find out how many pixels the stretched kernel spans.", "The span is $d(k - 1) + 1$."),
        shows=Show("convolution", given(layer, (1, side, side))),
    )


def _span(draw: Draw) -> Draft:
    k, d = draw.randint(2, 7), draw.randint(2, 5)
    layer = Conv2d(id="conv", out_channels=1, kernel_size=k, dilation=d)
    side = effective_kernel_size(k, d)
    text = (
        f"{square(k).capitalize()} kernel has dilation {d}. "
        "How many pixels does it span from its first to its last tap, both counted?"
    )
    wrong = (
        Mistake("forgot-dilation", k),
        Mistake("dilation-times-kernel", k * d),
        Mistake("dilation-from-zero", effective_kernel_size(k, d + 1)),
        Mistake("forgot-plus-one", side - 1),
    )
    return Draft(
        text,
        given(layer, (1, side + 4, side + 4)),
        (span_step(k, d),),
        integer(side, unit="pixels", square=True),
        mistakes=wrong,
        hints=("Draw the taps in a row and count the gaps between them.", "There are $k - 1$ gaps of $d$ pixels."),
        shows=Show("convolution", given(layer, (1, side + 4, side + 4))),
    )


ENLARGING = (
    Topic(
        "transposed-size",
        "Output size of a transposed convolution",
        "How large does a transposed convolution make a map?",
        "Sizes",
        transposed_size,
        (140, 140, 140),
    ),
    Topic(
        "dilation",
        "Dilation",
        "What do gaps between the taps do to the kernel and to the map?",
        "Sizes",
        dilation,
        (31, 66, 70),
    ),
)
