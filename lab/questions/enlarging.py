"""Questions about transposed convolutions, which enlarge, and dilation, which stretches the kernel."""

from __future__ import annotations

from lab.network.layers.base import Shape
from lab.network.layers.convolution import Conv2d, ConvTranspose2d
from lab.questions.answer import Answer, integer, shape
from lab.questions.phrases import AXES, given, layer_pair, mistake, pairs_told, settings, size, square, tex
from lab.questions.question import Draft, Draw, Mistake, Show, Step
from lab.questions.sizes import STAGE_SIDE, asked_side, conv_mistakes, conv_steps, span_step
from lab.questions.topic import Topic
from lab.theory.geometry import conv_output_size, effective_kernel_size, transposed_output_size

_STAGE_SIDE = 24  # pixels: the largest output that the numbers stage of the Convolution page draws
_BACK = "A transposed convolution goes the way of a convolution backwards: from its output size to its input size."
_BACK_FORMULA = "$o = (i - 1)s - 2p + d(k - 1) + 1 + a$, where $a$ is the output padding."


def transposed_size(draw: Draw) -> Draft:
    """Ask for the size that a transposed convolution gives; output padding from level 2, pairs and dilation at 3."""
    if draw.level == 3:
        return _transposed_shape(draw)
    is_square, axis = draw.level > 1 or draw.kind(True, False), draw.of(0, 1)
    while True:
        k, s, p, a = draw.of(2, 3, 4, 5), draw.of(1, 2, 2, 3, 4), 0, 0
        most = 12 if draw.level == 1 else draw.of(8, 32)
        sides = [draw.randint(3, most), draw.randint(3, most)]
        sides[1] = sides[0] if is_square else sides[1]
        if draw.level == 2:
            p, a = draw.of(0, 1, 1, 2), draw.randint(0, s - 1)
        layer = ConvTranspose2d(id="up", out_channels=1, kernel_size=k, stride=s, padding=p, output_padding=a)
        picture = (1, sides[0], sides[1])
        if p <= k // 2 and is_square == (sides[0] == sides[1]) and (draw.level == 2) == bool(a + p):
            out = layer.output_shape((picture,))
            if draw.level > 1 or max(out) <= _STAGE_SIDE:
                break
    reads, ask, named = asked_side(sides, None if is_square else axis)
    text = f"A transposed convolution has {settings(layer)}. It reads {reads.replace('picture', 'map')}. {ask}"
    answer = integer(out[1 + axis], unit="pixels", square=is_square)
    steps = _transposed_steps(sides[axis], layer, axis, named=named)
    wrong = (*_transposed_mistakes(sides[axis], layer, axis), Mistake("other-axis", out[2 - axis]))
    return _transposed(text, layer, picture, answer, steps, wrong)


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
        f"{pairs_told(layer)}It reads maps of {size(picture)}. "
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
    cut = f" - {2 * p}" if p else ""
    steps.append(Step("Add up.", f"{letter} = {(length - 1) * s}{cut} + {span}{extra} = {out}"))
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
    side = draw.randint(span + 2, draw.of(max(STAGE_SIDE, span + 2), 64 if draw.level == 2 else 128))
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
    """Draw a kernel that still leaves room on the stage; from rectangles one axis is asked for."""
    is_square, axis = draw.kind(True, *(False,) * 5), draw.of(0, 1)
    while True:
        kernel, dilation = (draw.randint(2, 7), draw.randint(2, 7)), (draw.randint(1, 4), draw.randint(1, 4))
        if is_square:
            kernel, dilation = (kernel[0],) * 2, (dilation[0],) * 2
        spans = [effective_kernel_size(k, d) for k, d in zip(kernel, dilation, strict=True)]
        if max(spans) <= STAGE_SIDE and dilation[axis] > 1 and (is_square or spans[0] != spans[1]):
            break
    layer = Conv2d(id="conv", out_channels=1, kernel_size=kernel, dilation=dilation)
    picture = (1, *(min(span + 3, STAGE_SIDE) for span in spans))
    k, d, span = kernel[axis], dilation[axis], spans[axis]
    if is_square:
        text = (
            f"{square(k).capitalize()} kernel has dilation {d}. "
            "How many pixels does it span from its first to its last tap in a row, both counted?"
        )
    else:
        text = (
            f"A kernel is {kernel[0]} taps high and {kernel[1]} wide. Its dilation is {dilation[0]} in height and "
            f"{dilation[1]} in width. How many pixels {('high', 'wide')[axis]} is the window that it spans?"
        )
    wrong = (
        Mistake("forgot-dilation", k),
        Mistake("dilation-times-kernel", k * d),
        Mistake("dilation-from-zero", effective_kernel_size(k, d + 1)),
        Mistake("forgot-plus-one", span - 1),
        Mistake("other-axis", spans[1 - axis]),
    )
    return Draft(
        text,
        given(layer, (picture[0], picture[1], picture[2])),
        (span_step(k, d),),
        integer(span, unit="pixels", square=is_square),
        mistakes=wrong,
        hints=("Draw the taps in a row and count the gaps between them.", "There are $k - 1$ gaps of $d$ pixels."),
        shows=Show("convolution", given(layer, (picture[0], picture[1], picture[2]))),
    )


ENLARGING = (
    Topic(
        "transposed-size",
        "Output size of a transposed convolution",
        "How large does a transposed convolution make a map?",
        "Sizes",
        transposed_size,
        (24, 140, 140),
    ),
    Topic(
        "dilation",
        "Dilation",
        "What do gaps between the taps do to the kernel and to the map?",
        "Sizes",
        dilation,
        (16, 66, 70),
    ),
)
