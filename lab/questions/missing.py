"""Questions that run backwards: the sizes are known, one setting is not; every setting that fits is right."""

from __future__ import annotations

from collections.abc import Callable

from lab.errors import GeometryError
from lab.network.layers.convolution import Conv2d, ConvTranspose2d
from lab.questions.answer import integer
from lab.questions.phrases import given, padding_words, square
from lab.questions.question import Draft, Draw, Mistake, Show, Step
from lab.questions.sizes import STAGE_SIDE
from lab.questions.topic import Topic
from lab.theory.geometry import conv_output_size, effective_kernel_size, transposed_output_size

_MOST = 40  # no setting asked for is larger
_IDEA = "Write the size formula with the unknown in it, then solve it or try values."
_FORMULA = r"$o = \left\lfloor \frac{i + 2p - k}{s} \right\rfloor + 1$"


def missing_setting(draw: Draw) -> Draft:
    """Ask for the padding, stride, kernel, dilation or output padding that leads from one size to another."""
    makers: dict[int, tuple[Callable[[Draw], Draft], ...]] = {
        1: (_padding, _stride),
        2: (_stride, _kernel),
        3: (_dilation, _output_padding, _stride),
    }
    return draw.kind(*makers[draw.level])(draw)


def _fitting(low: int, out: int, compute: Callable[[int], int]) -> tuple[int, ...]:
    """Find every value of a setting that gives the output asked for."""
    found = []
    for value in range(low, _MOST + 1):
        try:
            if compute(value) == out:
                found.append(value)
        except GeometryError:
            continue
    return tuple(found)


def _draft(
    text: str, layer: Conv2d | ConvTranspose2d, side: int, answer: tuple[int, ...], steps: list[Step],
    mistakes: tuple[Mistake, ...], unknown: str, hint: str = f"The formula is {_FORMULA}.",
) -> Draft:  # fmt: skip
    facts = {**given(layer, (1, side, side)), "unknown": unknown, "output": layer.output_shape(((1, side, side),))[1]}
    values = given(layer, (1, side, side))
    return Draft(
        text,
        facts,
        tuple(steps),
        integer(*answer),
        mistakes=tuple(m for m in mistakes if isinstance(m.value, int) and m.value >= 0),
        hints=(_IDEA, hint),
        shows=Show("convolution", values),
    )


def _padding(draw: Draw) -> Draft:
    k, p, side = draw.of(2, 3, 4, 5, 7), draw.randint(1, 3), draw.randint(7, draw.of(STAGE_SIDE, 40))
    out = conv_output_size(side, k, padding=p)
    answer = _fitting(0, out, lambda value: conv_output_size(side, k, padding=value))
    text = (
        f"A convolution has {square(k)} kernel and stride 1. It turns a picture of {side}×{side} pixels into a map of "
        f"{out}×{out}. Which padding does it have on each side?"
    )
    steps = [
        Step("Without padding the map would have", rf"i - k + 1 = {side} - {k} + 1 = {side - k + 1}"),
        Step("Padding adds the rest, half at each side.", rf"p = \frac{{{out} - {side - k + 1}}}{{2}} = {p}"),
    ]
    wrong = (
        Mistake("padding-total", 2 * p),
        Mistake("padding-is-kernel", k),
        *((Mistake("always-same", k // 2),) if k % 2 else ()),
        Mistake("one-too-many", p + 1),
    )
    layer = Conv2d(id="conv", out_channels=1, kernel_size=k, padding=p)
    return _draft(text, layer, side, answer, steps, wrong, "padding")


def _stride(draw: Draw) -> Draft:
    """Ask for a stride: one that divides at level 1, any that fits after rounding down later."""
    while True:
        k, p, s = draw.of(2, 3, 4, 5), draw.of(0, 1), draw.randint(2, 4 if draw.level == 1 else 5)
        p = draw.of(p, 2) if draw.level == 3 else p
        side = draw.randint(6, draw.of(STAGE_SIDE, 40 if draw.level == 1 else 64))
        room = side + 2 * p - k
        if p < k and bool(room % s) == (draw.level > 1) and room // s >= 2:
            break
    out = conv_output_size(side, k, stride=s, padding=p)
    answer = _fitting(1, out, lambda value: conv_output_size(side, k, stride=value, padding=p))
    many = " If several strides fit, give one of them." if draw.level > 1 else ""
    text = (
        f"A convolution has {square(k)} kernel and {padding_words(p)}. It turns a picture of "
        f"{side}×{side} pixels into a map of {out}×{out}. Which stride does it have?{many}"
    )
    steps = [Step("The window can move by", rf"i + 2p - k = {side} + 2 \cdot {p} - {k} = {room}")]
    steps.append(Step(f"It makes {out - 1} moves.", rf"\left\lfloor {room} / s \right\rfloor = {out} - 1 = {out - 1}"))
    if len(answer) > 1:
        low, high = rf"\frac{{{room}}}{{{out}}}", rf"\frac{{{room}}}{{{out - 1}}}"
        steps.append(Step("So the stride lies between two bounds.", rf"{low} < s \le {high}"))
        listed = ", ".join(map(str, answer))
        steps.append(Step(f"Every whole number between them is right: {listed}. For example", f"s = {answer[0]}"))
    else:
        steps.append(Step("Only one whole number fits.", f"s = {answer[0]}"))
    wrong = (
        Mistake("size-over-size", side // out),
        Mistake("moves-are-positions", room // out),
        Mistake("forgot-padding", (side - k) // (out - 1)),
        Mistake("one-too-many", answer[-1] + 1),
        Mistake("one-too-few", answer[0] - 1),
    )
    layer = Conv2d(id="conv", out_channels=1, kernel_size=k, stride=answer[0], padding=p)
    return _draft(text, layer, side, answer, steps, wrong, "stride")


def _kernel(draw: Draw) -> Draft:
    s, p, k, side = draw.of(1, 2, 2, 3), draw.of(0, 1), draw.randint(2, 9), draw.randint(12, draw.of(STAGE_SIDE, 64))
    out = conv_output_size(side, k, stride=s, padding=p)
    answer = _fitting(1, out, lambda value: conv_output_size(side, value, stride=s, padding=p))
    text = (
        f"A convolution with a square kernel has stride {s} and {padding_words(p)}. It turns a "
        f"picture of {side}×{side} pixels into a map of {out}×{out}. How large is a side of its kernel? "
        "If several sizes fit, give one of them."
    )
    padded = side + 2 * p
    steps = [
        Step("The padded picture has", rf"i + 2p = {side} + 2 \cdot {p} = {padded}"),
        Step("The largest kernel uses every pixel.", rf"k = {padded} - {s} \cdot ({out} - 1) = {answer[-1]}"),
    ]
    if len(answer) > 1:
        listed = ", ".join(map(str, answer))
        told = f"A smaller one may leave pixels over. All that fit: {listed}. So, for example,"
        steps.append(Step(told, f"k = {answer[0]}"))
    wrong = (
        Mistake("forgot-padding", answer[-1] - 2 * p),
        Mistake("padding-once", answer[-1] - p),
        Mistake("forgot-plus-one", answer[-1] - s),
        Mistake("one-too-many", answer[-1] + 1),
    )
    layer = Conv2d(id="conv", out_channels=1, kernel_size=answer[0], stride=s, padding=p)
    return _draft(text, layer, side, answer, steps, wrong, "kernel_size")


def _dilation(draw: Draw) -> Draft:
    k, p, d = draw.of(3, 5), draw.of(0, 1, 2), draw.randint(2, 5)
    least = effective_kernel_size(k, d) + 2
    side = draw.randint(least, draw.of(max(least, STAGE_SIDE), 64))
    out = conv_output_size(side, k, padding=p, dilation=d)
    answer = _fitting(1, out, lambda value: conv_output_size(side, k, padding=p, dilation=value))
    text = (
        f"A convolution has {square(k)} kernel, stride 1 and {padding_words(p)}. It turns a picture "
        f"of {side}×{side} pixels into a map of {out}×{out}. Which dilation does it have?"
    )
    span = effective_kernel_size(k, d)
    steps = [
        Step("The kernel spans", rf"i + 2p - o + 1 = {side} + {2 * p} - {out} + 1 = {span}"),
        Step("There are k − 1 gaps.", rf"d = \frac{{{span} - 1}}{{{k} - 1}} = {d}"),
    ]
    wrong = (
        Mistake("dilation-from-zero", d - 1),
        Mistake("dilation-times-kernel", span // k),
        Mistake("forgot-padding", (span - 2 * p - 1) // (k - 1)),
        Mistake("span-for-dilation", span),
        Mistake("one-too-many", d + 1),
    )
    layer = Conv2d(id="conv", out_channels=1, kernel_size=k, padding=p, dilation=d)
    return _draft(text, layer, side, answer, steps, wrong, "dilation")


def _output_padding(draw: Draw) -> Draft:
    k, s = draw.of(3, 4, 5), draw.of(2, 3, 4)
    p, extra, side = draw.of(0, 1), draw.randint(0, s - 1), draw.randint(4, draw.of(8, 32))
    out = transposed_output_size(side, k, stride=s, padding=p, output_padding=extra)

    def compute(value: int) -> int:
        return transposed_output_size(side, k, stride=s, padding=p, output_padding=value)

    answer = _fitting(0, out, compute)
    text = (
        f"A transposed convolution has {square(k)} kernel, stride {s} and {padding_words(p)}. "
        f"It enlarges a map of {side}×{side} to {out}×{out}. Which output padding does it have?"
    )
    bare = compute(0)
    steps = [
        Step("Without output padding:", rf"({side} - 1) \cdot {s} - 2 \cdot {p} + {k} = {bare}"),
        Step("Output padding adds the rest, at one end only.", rf"a = {out} - {bare} = {extra}"),
    ]
    wrong = (
        Mistake("output-padding-twice", (out - bare) // 2),
        Mistake("forgot-padding", out - transposed_output_size(side, k, stride=s)),
        Mistake("one-too-many", extra + 1),
        Mistake("size-times-stride", abs(out - side * s)),
        Mistake("too-large-output-padding", s),
    )
    layer = ConvTranspose2d(id="up", out_channels=1, kernel_size=k, stride=s, padding=p, output_padding=extra)
    hint = "The formula is $o = (i - 1)s - 2p + k + a$."
    return _draft(text, layer, side, answer, steps, wrong, "output_padding", hint)


MISSING = (
    Topic(
        "missing-setting",
        "Find the missing setting",
        "Which padding, stride, kernel or dilation leads from one size to another?",
        "Sizes",
        missing_setting,
        (12, 40, 40),
    ),
)
