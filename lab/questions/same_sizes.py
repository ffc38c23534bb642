"""Questions about ``same`` and ``valid`` padding: which size comes out, and which padding keeps it."""

from __future__ import annotations

from collections.abc import Callable

from lab.network.layers.base import Shape
from lab.network.layers.convolution import Conv2d
from lab.questions.answer import integer, shape
from lab.questions.phrases import AXES, count, given, settings, square, tex
from lab.questions.question import Draft, Draw, Mistake, Show, Step
from lab.questions.sizes import STAGE_SIDE, span_step
from lab.questions.topic import Topic
from lab.theory.geometry import conv_output_size, effective_kernel_size, same_padding

_SAME_IDEA = "'valid' adds no padding. 'same' adds just enough that the output is as large as the input."


def same_valid(draw: Draw) -> Draft:
    """Ask what ``same`` and ``valid`` do to a size, and which padding ``same`` stands for."""
    return {1: _named_padding, 2: _padding_that_keeps, 3: _two_sided}[draw.level](draw)


def _named_padding(draw: Draw) -> Draft:
    name, k, most = draw.kind("valid", "same"), draw.of(3, 5, 7), draw.of(STAGE_SIDE, STAGE_SIDE, 64)
    sides = (draw.randint(8, most), draw.randint(8, most))
    layer = Conv2d(id="conv", out_channels=1, kernel_size=k, padding=name)
    picture = (1, *sides)
    out = layer.output_shape((picture,))[1:]
    text = (
        f"A convolution has {settings(layer)}. It reads a picture that is {sides[0]} pixels high and {sides[1]} wide. "
        "How large is the output map? Give height × width."
    )
    pads = f" + 2 \\cdot {k // 2}" if name == "same" else ""
    first = (
        Step(f"'same' adds {count(k // 2, 'pixel')} at each end.", rf"p = \frac{{{k} - 1}}{{2}} = {k // 2}")
        if name == "same"
        else Step("'valid' adds no padding, so each axis loses", f"k - 1 = {k} - 1 = {k - 1}")
    )
    axes = [
        Step(f"For the {AXES[axis]}:", f"{'HW'[axis]} = {sides[axis]}{pads} - {k} + 1 = {out[axis]}") for axis in (0, 1)
    ]

    def both(value: Callable[[int], int]) -> tuple[int, int]:
        return value(sides[0]), value(sides[1])

    other = ("same-is-valid", both(lambda side: side - k + 1)) if name == "same" else ("valid-is-same", sides)
    wrong = (
        Mistake(*other),
        Mistake("half-kernel", both(lambda side: side - k // 2)),
        Mistake("same-is-full", both(lambda side: conv_output_size(side, k, padding=k - 1))),
        Mistake("forgot-plus-one", (out[0] - 1, out[1] - 1)),
    )
    return Draft(
        text,
        given(layer, picture),
        (first, *axes, Step("So height × width is", tex(out))),
        shape(*out, order=AXES),
        mistakes=wrong,
        hints=(_SAME_IDEA, "At stride 1 a map without padding loses $k - 1$ pixels."),
        shows=Show("convolution", given(layer, picture)),
    )


def _padding_that_keeps(draw: Draw) -> Draft:
    k, d = draw.of(3, 5, 7, 9, 11), draw.kind(1, 2, 3)
    side = _side_for(draw, effective_kernel_size(k, d), draw.of(STAGE_SIDE, 128))
    before = same_padding(k, d)[0]
    layer = Conv2d(id="conv", out_channels=1, kernel_size=k, padding=before, dilation=d)
    dilated = f" and dilation {d}" if d > 1 else ""
    text = (
        f"A convolution has {square(k)} kernel{' ' if not dilated else ','} {'and ' if not dilated else ''}"
        f"stride 1{dilated}. Which padding on each side keeps the size of a picture of {side}×{side} pixels?"
    ).replace("  ", " ")
    span = effective_kernel_size(k, d)
    steps = [] if d == 1 else [span_step(k, d)]
    steps.append(Step("The window takes away its span less one.", rf"k - 1 = {span} - 1 = {span - 1}"))
    steps.append(Step("Half of it comes back at each side.", rf"p = \frac{{{span - 1}}}{{2}} = {before}"))
    wrong = (
        Mistake("padding-total", span - 1),
        Mistake("padding-is-kernel", k),
        *(() if d == 1 else (Mistake("forgot-dilation", same_padding(k)[0]),)),
        *(() if d == 1 else (Mistake("dilation-times-kernel", d * k // 2),)),
        Mistake("one-too-many", before + 1),
    )
    return Draft(
        text,
        given(layer, (1, side, side)),
        tuple(steps),
        integer(before, unit="pixels"),
        mistakes=wrong,
        hints=(_SAME_IDEA, "The output has $i + 2p - k + 1$ pixels, $k$ being the span. Set this equal to $i$."),
        shows=Show("convolution", given(layer, (1, side, side))),
    )


def _side_for(draw: Draw, span: int, largest: int) -> int:
    """Draw a side that the kernel fits on, 12 pixels at least."""
    return draw.randint(max(12, span), max(largest, span))


def _two_sided(draw: Draw) -> Draft:
    """Ask for an even window, where the two ends of an axis differ, or for a rectangular dilated one."""
    return _uneven_ends(draw) if draw.kind(True, False) else _padding_of_both_axes(draw)


def _uneven_ends(draw: Draw) -> Draft:
    axis, even = draw.of(0, 1), draw.of(2, 4, 6)
    other = draw.choice([side for side in range(1, 8) if side != even])
    kernel = (even, other) if axis == 0 else (other, even)
    dilation = draw.of((1, 1), (1, 1), (3, 3), (1, 3), (3, 1))
    picture = (1, draw.randint(8, STAGE_SIDE), draw.randint(8, STAGE_SIDE))
    layer = Conv2d(id="conv", out_channels=1, kernel_size=kernel, dilation=dilation, padding="same")
    k, d = kernel[axis], dilation[axis]
    before, after = same_padding(k, d)
    order = (("top", "bottom"), ("left", "right"))[axis]
    ends = [f"{'on' if axis else 'at'} the {end}" for end in order]
    text = (
        f"A convolution has {settings(layer)}. Pairs are height × width. PyTorch pads the two ends of an axis by "
        f"different amounts where it must. How many pixels does it add {ends[0]} and {ends[1]}? "
        f"Give {order[0]} × {order[1]}."
    )
    span = effective_kernel_size(k, d)
    half = rf"\left\lfloor {span - 1} / 2 \right\rfloor"
    steps = [
        *([] if d == 1 else [span_step(k, d)]),
        Step(f"In {AXES[axis]}, the window takes away", rf"k - 1 = {span} - 1 = {span - 1}"),
        Step(f"Half of it, rounded down, goes {ends[0]}.", f"{half} = {before}"),
        Step(f"The rest goes {ends[1]}. So {order[0]} × {order[1]} is", rf"{before} \times {after}"),
    ]
    wrong = (
        Mistake("extra-before", (after, before)),
        Mistake("one-too-many", (after, after)),
        Mistake("padding-total", (span - 1, span - 1)),
        Mistake("other-axis", same_padding(kernel[1 - axis], dilation[1 - axis])),
        *(() if d == 1 else (Mistake("forgot-dilation", same_padding(k)),)),
    )
    hint = "The window takes away $d(k - 1)$ pixels. Padding gives them back; an odd number has no middle."
    return _ask_padding(text, layer, picture, (before, after), order, steps, wrong, hint)


def _padding_of_both_axes(draw: Draw) -> Draft:
    while True:
        kernel, dilation = (draw.of(3, 5, 7), draw.of(1, 3, 5, 7, 9)), (draw.of(1, 2, 3), draw.of(1, 2, 3, 4))
        if kernel[0] != kernel[1] and max(dilation) > 1:
            break
    pads = tuple(same_padding(k, d)[0] for k, d in zip(kernel, dilation, strict=True))
    layer = Conv2d(id="conv", out_channels=1, kernel_size=kernel, dilation=dilation, padding=(pads[0], pads[1]))
    largest = draw.of(STAGE_SIDE, 96)
    spans = [effective_kernel_size(k, d) for k, d in zip(kernel, dilation, strict=True)]
    picture = (1, _side_for(draw, spans[0], largest), _side_for(draw, spans[1], largest))
    text = (
        f"A convolution has a kernel {kernel[0]} high and {kernel[1]} wide, stride 1, dilation {dilation[0]} in "
        f"height and {dilation[1]} in width. Which padding on each side keeps the size? Give height × width."
    )
    steps = [
        Step(f"For the {name}:", rf"p = \frac{{d(k - 1)}}{{2}} = \frac{{{d} \cdot {k - 1}}}{{2}} = {p}")
        for name, k, d, p in zip(AXES, kernel, dilation, pads, strict=True)
    ]
    steps.append(Step("So height × width is", tex(pads)))
    wrong = (
        Mistake("forgot-dilation", (same_padding(kernel[0])[0], same_padding(kernel[1])[0])),
        Mistake("padding-total", (2 * pads[0], 2 * pads[1])),
        Mistake("padding-is-kernel", kernel),
    )
    hint = "The window takes away $d(k - 1)$ pixels. Padding gives them back."
    return _ask_padding(text, layer, picture, (pads[0], pads[1]), AXES, steps, wrong, hint)


def _ask_padding(
    text: str, layer: Conv2d, picture: Shape, pads: tuple[int, int], order: tuple[str, ...], steps: list[Step],
    mistakes: tuple[Mistake, ...], hint: str,
) -> Draft:  # fmt: skip
    return Draft(
        text,
        given(layer, picture),
        tuple(steps),
        shape(*pads, order=order),
        mistakes=mistakes,
        hints=(_SAME_IDEA, hint),
        shows=Show("convolution", given(layer, picture)),
    )


SAME_SIZES = (
    Topic(
        "same-valid",
        "Same and valid",
        "Which padding keeps the size, and what happens without it?",
        "Sizes",
        same_valid,
        (64, 20, 16),
    ),
)
