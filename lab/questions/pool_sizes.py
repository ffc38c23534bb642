"""Questions about sizes where the size is meant to shrink or to stay: pooling, ``same`` and ``valid`` padding."""

from __future__ import annotations

from collections.abc import Callable

from lab.network.layers.base import Shape
from lab.network.layers.convolution import Conv2d
from lab.network.layers.pooling import AvgPool2d, MaxPool2d
from lab.questions.answer import integer, shape
from lab.questions.phrases import count, given, layer_pair, mistake, settings, size, square, tex
from lab.questions.question import Draft, Draw, Mistake, Show, Step
from lab.questions.sizes import span_step
from lab.questions.topic import Topic
from lab.theory.geometry import conv_output_size, effective_kernel_size, pool_output_size, same_padding

_POOL_IDEA = "Pooling slides a window over each channel alone. So the channels stay, and the size follows the window."
_SAME_IDEA = "'valid' adds no padding. 'same' adds just enough that the output is as large as the input."


def pooling_size(draw: Draw) -> Draft:
    """Ask for the shape that a pooling gives; from level 2 with windows that hang over the end."""
    channels = draw.of(3, 8, 16, 32)
    while True:
        k, s, p, side, ceil_mode = _window(draw)
        overhang = (side + 2 * p - k) % s
        if p <= k // 2 and k <= side and bool(overhang) == (draw.level > 1):
            break
    is_max = draw.of(True, False)
    layer: MaxPool2d | AvgPool2d = (
        MaxPool2d(id="pool", kernel_size=k, stride=s, padding=p, ceil_mode=ceil_mode)
        if is_max
        else AvgPool2d(id="pool", kernel_size=k, stride=s, padding=p, ceil_mode=ceil_mode)
    )
    picture = (channels, side, side)
    what = "A max pooling" if is_max else "An average pooling"
    mode = f" and ceil_mode={ceil_mode}" if draw.level > 1 else ""
    text = (
        f"{what} layer has {settings(layer).replace(' and ', ', ') if mode else settings(layer)}{mode}. "
        f"It reads maps of {size(picture)}. What is the shape of the output? Give channels × height × width."
    )
    out = layer.output_shape((picture,))
    return Draft(
        text,
        given(layer, picture),
        tuple(_pool_steps(side, layer, out)),
        shape(*out),
        mistakes=_pool_mistakes(channels, side, layer),
        hints=(_POOL_IDEA, r"Without ceil_mode: $o = \left\lfloor \frac{i + 2p - k}{s} \right\rfloor + 1$."),
        shows=Show("pooling", given(layer, picture)),
    )


def _window(draw: Draw) -> tuple[int, int, int, int, bool]:
    """Draw window, stride, padding, side and ceil mode for a level."""
    if draw.level == 1:
        k = draw.of(2, 2, 3, 4)
        return k, k, 0, k * draw.randint(3, 16), False
    if draw.level == 2:
        return draw.of(2, 3, 3), draw.of(2, 2, 3), 0, draw.randint(7, 64), draw.kind(False, True)
    return (
        draw.of(2, 3, 4, 5),
        draw.of(2, 3, 4),
        draw.of(0, 1, 1, 2),
        draw.randint(5, 112),
        draw.kind(True, True, False),
    )


def _pool_steps(side: int, layer: MaxPool2d | AvgPool2d, out: Shape) -> list[Step]:
    k, s, p = (layer_pair(layer, name)[0] for name in ("kernel_size", "stride", "padding"))
    moves = side + 2 * p - k
    steps = [Step("The window can move by so many pixels:", rf"i + 2p - k = {side} + 2 \cdot {p} - {k} = {moves}")]
    n_floor = pool_output_size(side, k, stride=s, padding=p)
    if not (layer.ceil_mode and moves % s):
        why = "The last window that hangs over is dropped: round down." if moves % s else "The stride divides this."
        floor = rf"\left\lfloor {moves} / {s} \right\rfloor" if moves % s else f"{moves} / {s}"
        steps.append(Step(why, rf"o = {floor} + 1 = {n_floor - 1} + 1 = {n_floor}"))
    else:
        ceil = rf"\left\lceil {moves} / {s} \right\rceil"
        steps.append(Step("Here ceil_mode rounds up.", rf"o = {ceil} + 1 = {n_floor} + 1 = {n_floor + 1}"))
        start, end = n_floor * s, side + p
        sign, told = ("<", "so it counts") if out[1] > n_floor else (r"\ge", "so it is dropped")
        steps.append(
            Step(
                "A last window must not start in the padding after the end. Counted in padded pixels, it starts at "
                f"{start}, and that padding starts at {end}, {told}.",
                rf"{start} {sign} {end} \;\Rightarrow\; o = {out[1]}",
            )
        )
    return [*steps, Step("The channels stay. So the shape is", rf"C \times H \times W = {tex(out)}")]


def _pool_mistakes(channels: int, side: int, layer: MaxPool2d | AvgPool2d) -> tuple[Mistake, ...]:
    k, s, p = (layer_pair(layer, name)[0] for name in ("kernel_size", "stride", "padding"))
    out = layer.output_shape(((channels, side, side),))[1]
    n_floor = pool_output_size(side, k, stride=s, padding=p)
    options: list[tuple[str, Callable[[], int]]] = [
        ("forgot-ceil-mode" if layer.ceil_mode else "rounded-up", lambda: n_floor if layer.ceil_mode else n_floor + 1),
        ("forgot-plus-one", lambda: out - 1),
        ("forgot-padding", lambda: pool_output_size(side, k, stride=s, ceil_mode=layer.ceil_mode)),
        ("forgot-stride", lambda: pool_output_size(side, k, stride=1, padding=p)),
    ]
    if layer.ceil_mode and out == n_floor:
        options.insert(0, ("window-in-padding", lambda: n_floor + 1))
    if not (side + 2 * p - k) % s:
        options = options[1:]
    wrong = [found for name, compute in options for found in mistake(name, compute)]
    sizes = [Mistake(m.misconception, (channels, m.value, m.value)) for m in wrong if isinstance(m.value, int)]
    return (Mistake("pool-changes-channels", (max(1, channels // k), out, out)), *sizes)


def same_valid(draw: Draw) -> Draft:
    """Ask what ``same`` and ``valid`` do to a size, and which padding ``same`` stands for."""
    return {1: _named_padding, 2: _padding_that_keeps, 3: _two_sided}[draw.level](draw)


def _named_padding(draw: Draw) -> Draft:
    side, k, name = draw.randint(8, 64), draw.of(3, 5, 7), draw.kind("valid", "same")
    layer = Conv2d(id="conv", out_channels=1, kernel_size=k, padding=name)
    out = layer.output_shape(((1, side, side),))[1]
    valid = Mistake("same-is-valid" if name == "same" else "valid-is-same", side - k + 1 if name == "same" else side)
    text = (
        f"A convolution has {settings(layer)}. It reads a picture of {side}×{side} pixels. "
        "How many pixels long is a side of the output?"
    )
    steps: tuple[Step, ...]
    if name == "same":
        steps = (
            Step(f"'same' adds {count(k // 2, 'pixel')} at each end.", rf"p = \frac{{k - 1}}{{2}} = {k // 2}"),
            Step("So the size stays.", rf"o = {side} + 2 \cdot {k // 2} - {k} + 1 = {out}"),
        )
    else:
        steps = (Step("'valid' adds no padding.", rf"o = i - k + 1 = {side} - {k} + 1 = {out}"),)
    full = mistake("same-is-full", lambda: conv_output_size(side, k, padding=k - 1))
    half = Mistake("half-kernel", side - k // 2)
    return Draft(
        text,
        given(layer, (1, side, side)),
        steps,
        integer(out, unit="pixels", square=True),
        mistakes=(valid, half, *full, Mistake("forgot-plus-one", out - 1)),
        hints=(_SAME_IDEA, "At stride 1 a map without padding loses $k - 1$ pixels."),
        shows=Show("convolution", given(layer, (1, side, side))),
    )


def _padding_that_keeps(draw: Draw) -> Draft:
    k, d, side = draw.of(3, 5, 7, 9, 11), draw.kind(1, 2, 3), draw.randint(32, 128)
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


def _two_sided(draw: Draw) -> Draft:
    """Ask for an even window, where the two sides differ, or for a rectangular dilated one."""
    if draw.kind(True, False):
        k, d, side = draw.of(2, 4, 6, 8), draw.of(1, 1, 3), draw.randint(32, 96)
        layer = Conv2d(id="conv", out_channels=1, kernel_size=k, dilation=d, padding="same")
        before, after = same_padding(k, d)
        text = (
            f"A convolution has {settings(layer)}. PyTorch pads the two ends of an axis by different amounts. "
            "How many pixels does it add before the start and after the end? Give before × after."
        )
        span = effective_kernel_size(k, d)
        steps = [] if d == 1 else [span_step(k, d)]
        steps.append(Step("All in all, the window takes away", rf"k - 1 = {span} - 1 = {span - 1}"))
        half = rf"\left\lfloor {span - 1} / 2 \right\rfloor"
        steps.append(Step("Half of it, rounded down, goes before.", f"{half} = {before}"))
        steps.append(Step("The rest goes after. So before × after is", rf"{before} \times {after}"))
        wrong = (
            Mistake("extra-before", (after, before)),
            Mistake("one-too-many", (after, after)),
            Mistake("padding-total", (span - 1, span - 1)),
            *(() if d == 1 else (Mistake("forgot-dilation", same_padding(k)),)),
        )
        order, answer, picture = ("before", "after"), (before, after), (1, side, side)
    else:
        kernel, dilation = (draw.of(3, 5, 7), draw.of(3, 5, 9)), (draw.of(1, 2), draw.of(2, 3))
        pads = tuple(same_padding(k, d)[0] for k, d in zip(kernel, dilation, strict=True))
        layer = Conv2d(id="conv", out_channels=1, kernel_size=kernel, dilation=dilation, padding=(pads[0], pads[1]))
        picture = (1, draw.randint(32, 96), draw.randint(32, 96))
        text = (
            f"A convolution has a kernel {kernel[0]} high and {kernel[1]} wide, stride 1, dilation {dilation[0]} in "
            f"height and {dilation[1]} in width. Which padding on each side keeps the size? Give height × width."
        )
        steps = [
            Step(f"For the {name}:", rf"p = \frac{{d(k - 1)}}{{2}} = \frac{{{d} \cdot {k - 1}}}{{2}} = {p}")
            for name, k, d, p in zip(("height", "width"), kernel, dilation, pads, strict=True)
        ]
        steps.append(Step("So height × width is", tex(pads)))
        wrong = (
            Mistake("forgot-dilation", (same_padding(kernel[0])[0], same_padding(kernel[1])[0])),
            Mistake("padding-total", (2 * pads[0], 2 * pads[1])),
            Mistake("padding-is-kernel", kernel),
        )
        order, answer = ("height", "width"), (pads[0], pads[1])
    return Draft(
        text,
        given(layer, picture),
        tuple(steps),
        shape(*answer, order=order),
        mistakes=wrong,
        hints=(_SAME_IDEA, "The window takes away $d(k - 1)$ pixels. Padding gives them back."),
        shows=Show("convolution", given(layer, picture)),
    )


POOL_SIZES = (
    Topic(
        "pooling-size",
        "Output size of a pooling",
        "What does pooling make of a shape, and what does ceil_mode change?",
        "Sizes",
        pooling_size,
        (64, 64, 112),
    ),
    Topic(
        "same-valid",
        "Same and valid",
        "Which padding keeps the size, and what happens without it?",
        "Sizes",
        same_valid,
        (64, 20, 16),
    ),
)
