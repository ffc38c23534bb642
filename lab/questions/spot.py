"""Spot the mistake: a worked solution whose lines follow from each other, except for one."""

from __future__ import annotations

from dataclasses import dataclass

from lab.network.layers.convolution import Conv2d, ConvTranspose2d
from lab.questions.misconceptions import MISCONCEPTIONS
from lab.questions.phrases import given, settings, size, square
from lab.questions.question import Draft, Draw, Mistake, Show, Step
from lab.questions.topic import Topic
from lab.theory.cost import conv_n_params
from lab.theory.geometry import effective_kernel_size


@dataclass(frozen=True)
class Line:
    """One line of a worked solution.

    Args:
        text: what it says before its arithmetic.
        written: the arithmetic as the solution writes it.
        value: what it writes as the result.
        right: the arithmetic as it has to be, given the lines before.
        misconception: the mistake in it; empty for a right line.
    """

    text: str
    written: str
    value: int
    right: str
    misconception: str = ""

    @property
    def sentence(self) -> str:
        """The line as it is read."""
        return f"{self.text} {self.written} = {self.value}."


def spot_the_mistake(draw: Draw) -> Draft:
    """Ask which line of a worked solution is wrong: of a size, of parameters, of a transposed or dilated layer."""
    makers = {1: (_size_lines, _param_lines), 2: (_size_lines, _param_lines), 3: (_transposed_lines, _size_lines)}
    task, lines, shows = draw.kind(*makers[draw.level])(draw)
    written = "\n".join(f"- Line {n}: {line.sentence}" for n, line in enumerate(lines, 1))
    wrong = next(n for n, line in enumerate(lines, 1) if line.misconception)
    text = f"{task} A student works it out like this:\n\n{written}\n\nOne line is wrong by itself. Which one?"
    others = [Mistake("line-follows", f"Line {n}") for n in range(1, len(lines) + 1) if n != wrong]
    line = lines[wrong - 1]
    why = MISCONCEPTIONS[line.misconception]
    return Draft(
        text,
        {"lines": [(one.right, one.value) for one in lines], "wrong": wrong},
        (
            Step(f"The mistake: {why.title.lower()}. In this line it has to be", f"{_tex(line.right)}"),
            Step("The other lines follow from the lines before them."),
            Step(f"So the wrong one is Line {wrong}."),
        ),
        sentence=f"Line {wrong}",
        mistakes=tuple(others),
        hints=(
            "Check each line by itself: does it follow from the question and from the lines before?",
            f"The mistake has a name: {why.title.lower()}.",
        ),
        shows=shows,
    )


def _tex(arithmetic: str) -> str:
    if "//" in arithmetic:
        return r"\left\lfloor " + arithmetic.replace("//", "/") + r" \right\rfloor"
    return arithmetic.replace("*", r"\cdot")


def _size_lines(draw: Draw) -> tuple[str, list[Line], Show]:
    k, s = draw.of(3, 5, 7), 2 if draw.level == 1 else draw.of(2, 3)
    p, d = draw.of(1, 2), 1 if draw.level == 1 else draw.of(2, 3)
    side = draw.randint(24, 64)
    layer = Conv2d(id="conv", out_channels=1, kernel_size=k, stride=s, padding=p, dilation=d)
    while (side + 2 * p - effective_kernel_size(k, d)) % s == 0:
        side += 1
    mistakes = ["padding-once", "forgot-plus-one", "rounded-up"]
    mistakes += ["dilation-from-zero", "dilation-times-kernel"] if d > 1 else []
    mistake = draw.choice(mistakes)
    lines = []
    padded = side + (p if mistake == "padding-once" else 2 * p)
    once = mistake == "padding-once"
    lines.append(
        _line(
            "The padded side is",
            f"{side} + {p}" if once else f"{side} + 2·{p}",
            padded,
            f"{side} + 2 * {p}",
            mistake if once else "",
        )
    )
    span = effective_kernel_size(k, d)
    if d > 1:
        right = f"{d} * ({k} - 1) + 1"
        written, told = right.replace(" * ", "·"), ""
        if mistake == "dilation-from-zero":
            written, span, told = f"{d + 1}·({k} - 1) + 1", effective_kernel_size(k, d + 1), mistake
        elif mistake == "dilation-times-kernel":
            written, span, told = f"{d}·{k}", d * k, mistake
        lines.append(_line("The kernel spans", written, span, right, told))
    room = padded - span
    lines.append(_line("The window can move by", f"{padded} - {span}", room, f"{padded} - {span}"))
    up = mistake == "rounded-up" and room % s != 0
    moves = -(-room // s) if up else room // s
    how = "up" if up else "down"
    lines.append(
        _line(
            f"Divided by the stride and rounded {how}:", f"{room} / {s}", moves, f"{room} // {s}", mistake if up else ""
        )
    )
    short = mistake == "forgot-plus-one"
    out = moves if short else moves + 1
    lines.append(
        _line(
            "So the side of the output is",
            f"{moves}" if short else f"{moves} + 1",
            out,
            f"{moves} + 1",
            mistake if short else "",
        )
    )
    if not any(line.misconception for line in lines):  # rounding up changed nothing
        return _size_lines(draw)
    task = f"A convolution has {settings(layer)}. It reads {side}×{side} pixels. How long is a side of the output?"
    return task, lines, Show("convolution", given(layer, (1, side, side)))


def _line(text: str, written: str, value: int, right: str, misconception: str = "") -> Line:
    return Line(text, written.replace(" - ", " − "), value, right, misconception)


def _param_lines(draw: Draw) -> tuple[str, list[Line], Show]:
    channels, kernels, k, side = draw.of(3, 4, 8, 16), draw.of(6, 12, 20, 32), draw.of(3, 5), draw.of(16, 28, 32)
    mistake = draw.of("forgot-input-channels", "one-kernel-only", "bias-per-kernel-slice", "macs-for-parameters")
    one = conv_n_params(1 if mistake == "forgot-input-channels" else channels, 1, (k, k), bias=False)
    layer = Conv2d(id="conv", out_channels=kernels, kernel_size=k, padding=k // 2)
    lines = []
    right_one = f"{k} * {k} * {channels}"
    forgot = mistake == "forgot-input-channels"
    written = f"{k}·{k}" if forgot else f"{k}·{k}·{channels}"
    lines.append(_line("One kernel has so many weights:", written, one, right_one, mistake if forgot else ""))
    many = mistake == "macs-for-parameters"
    factor = side * side if many else kernels
    weights = one * factor if mistake != "one-kernel-only" else one
    written = f"{one}·{side}·{side}" if many else f"{one}·{kernels}"
    single = mistake == "one-kernel-only"
    written = f"{one}·1" if single else written
    told = mistake if many or single else ""
    lines.append(_line("All kernels together:", written, weights, f"{one} * {kernels}", told))
    slices = mistake == "bias-per-kernel-slice"
    biases = kernels * channels if slices else kernels
    written = f"{kernels}·{channels}" if slices else f"{kernels}·1"
    lines.append(_line("The biases:", written, biases, f"{kernels} * 1", mistake if slices else ""))
    lines.append(_line("The parameters in all:", f"{weights} + {biases}", weights + biases, f"{weights} + {biases}"))
    task = (
        f"A convolution with {square(k)} kernel and a bias reads {size((channels, side, side))} and gives "
        f"{kernels} maps of the same size. How many parameters does it learn?"
    )
    return task, lines, Show("convolution", given(layer, (channels, side, side)))


def _transposed_lines(draw: Draw) -> tuple[str, list[Line], Show]:
    k, s, p, side = draw.of(3, 4, 5), draw.of(2, 3, 4), draw.of(1, 2), draw.randint(4, 24)
    extra = draw.randint(1, s - 1)
    layer = ConvTranspose2d(id="up", out_channels=1, kernel_size=k, stride=s, padding=p, output_padding=extra)
    mistake = draw.of("first-position-spread", "padding-added", "output-padding-twice", "padding-once")
    spread = mistake == "first-position-spread"
    lines = []
    base = side * s if spread else (side - 1) * s
    written = f"{side}·{s}" if spread else f"({side} - 1)·{s}"
    lines.append(
        _line("The positions are spread over", written, base, f"({side} - 1) * {s}", mistake if spread else "")
    )
    wide = base + k
    lines.append(_line("With the last kernel:", f"{base} + {k}", wide, f"{base} + {k}"))
    right = f"{wide} - 2 * {p}"
    cut, written, told = wide - 2 * p, f"{wide} - 2·{p}", ""
    if mistake == "padding-added":
        cut, written, told = wide + 2 * p, f"{wide} + 2·{p}", mistake
    elif mistake == "padding-once":
        cut, written, told = wide - p, f"{wide} - {p}", mistake
    lines.append(_line("With the padding:", written, cut, right, told))
    twice = mistake == "output-padding-twice"
    out = cut + (2 * extra if twice else extra)
    written = f"{cut} + 2·{extra}" if twice else f"{cut} + {extra}"
    lines.append(_line("With the output padding:", written, out, f"{cut} + {extra}", mistake if twice else ""))
    task = f"A transposed convolution has {settings(layer)}. "
    task += f"It reads a map of {side}×{side}. How long is a side of the output?"
    return task, lines, Show("convolution", {**given(layer, (1, side, side)), "transposed": True})


SPOT = (
    Topic(
        "spot-the-mistake",
        "Spot the mistake",
        "A worked solution with one wrong line.",
        "Judging",
        spot_the_mistake,
        (8, 8, 8),
    ),
)
