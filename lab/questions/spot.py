"""Spot the mistake: a worked solution whose lines follow from each other, except for one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lab.network.layers.convolution import Conv2d, ConvTranspose2d
from lab.questions.misconceptions import MISCONCEPTIONS
from lab.questions.phrases import given, settings, size, square
from lab.questions.question import Draft, Draw, Mistake, Show, Step
from lab.questions.sizes import STAGE_SIDE
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
        right: the arithmetic as it has to be, given the lines before; Python.
        due: what that is.
        why: the right arithmetic worked out, and where its numbers come from.
        misconception: the mistake in it; empty for a right line.
    """

    text: str
    written: str
    value: int
    right: str
    due: int
    why: str
    misconception: str = ""

    @property
    def sentence(self) -> str:
        """The line as it is read."""
        result = _signs(str(self.value))
        return f"{self.text} {self.written}." if self.written == result else f"{self.text} {self.written} = {result}."


@dataclass(frozen=True)
class Slip:
    """How a line is written when its mistake is made: the arithmetic and its result."""

    misconception: str
    written: str
    value: int


def spot_the_mistake(draw: Draw) -> Draft:
    """Ask which line of a worked solution is wrong: of a size, of parameters, of a transposed or dilated layer."""
    makers = {1: (_size_lines, _param_lines), 2: (_size_lines, _param_lines), 3: (_transposed_lines, _size_lines)}
    task, lines, shows = draw.kind(*makers[draw.level])(draw)
    written = "\n".join(f"- Line {n}: {line.sentence}" for n, line in enumerate(lines, 1))
    wrong = next(n for n, line in enumerate(lines, 1) if line.misconception)
    text = f"{task} A student works it out like this:\n\n{written}\n\nOne line is wrong by itself. Which one?"
    line = lines[wrong - 1]
    name = MISCONCEPTIONS[line.misconception].inline
    others = [
        Mistake("line-follows", f"Line {n}", _why_right(n, lines, wrong))
        for n in range(1, len(lines) + 1)
        if n != wrong
    ]
    return Draft(
        text,
        {"lines": [(one.right, one.value) for one in lines], "wrong": wrong},
        (
            Step(f"The mistake in Line {wrong}: {name}. It has to be", _tex(line)),
            Step(f"Here is why: {line.why}."),
            Step("The other lines follow from the question and from the lines before them."),
            Step(f"So the wrong one is Line {wrong}."),
        ),
        sentence=f"Line {wrong}",
        mistakes=tuple(others),
        in_order=True,
        hints=(
            "Check each line by itself: does it follow from the question and from the lines before?",
            f"The mistake has a name: {name}.",
        ),
        shows=shows,
    )


def _why_right(n: int, lines: list[Line], wrong: int) -> str:
    """Tell whoever chose a right line why it is right, and which one is wrong and why."""
    mistake = lines[wrong - 1]
    name = MISCONCEPTIONS[mistake.misconception].inline
    given = ", with the numbers above it" if n > wrong else ""
    return (
        f"Line {n} is right{given}: {lines[n - 1].why}. The wrong one is Line {wrong} ({name}). "
        f"It has to be: {mistake.why}."
    )


def _tex(line: Line) -> str:
    arithmetic = line.right.replace("*", r"\cdot")
    if "//" in arithmetic:
        arithmetic = rf"\left\lfloor {arithmetic.replace('//', '/')} \right\rfloor"
    return _thousands(f"{arithmetic} = {line.due}", "{,}")


def _line(text: str, right: str, due: int, why: str, slips: Sequence[Slip] = (), made: str = "") -> Line:
    """Write a line: right, or with the mistake that was made, if it is one of this line's."""
    for slip in slips:
        if slip.misconception == made:
            return Line(text, _signs(slip.written), slip.value, right, due, _signs(why), made)
    written = f"⌊{right.replace('//', '/')}⌋" if "//" in right else right
    return Line(text, _signs(written), due, right, due, _signs(why))


def _signs(arithmetic: str) -> str:
    return _thousands(arithmetic, ",").replace(" - ", " − ").replace(" * ", "·")


def _thousands(arithmetic: str, separator: str) -> str:
    """Set off the thousands of every number, as the answers of other questions have them."""
    return re.sub(r"\d{4,}", lambda found: f"{int(found[0]):,}".replace(",", separator), arithmetic)


def _size_lines(draw: Draw) -> tuple[str, list[Line], Show]:
    k, s = draw.of(3, 5, 7), 2 if draw.level == 1 else draw.of(2, 3)
    p, d = draw.of(1, 2), 1 if draw.level == 1 else draw.of(2, 3)
    side = draw.randint(24, 64) if draw.level > 1 else draw.randint(8, draw.of(15, 64))
    layer = Conv2d(id="conv", out_channels=1, kernel_size=k, stride=s, padding=p, dilation=d)
    while (side + 2 * p - effective_kernel_size(k, d)) % s == 0:
        side += 1
    mistakes = ["padding-once", "forgot-plus-one", "rounded-up"]
    mistakes += ["dilation-from-zero", "dilation-times-kernel"] if d > 1 else []
    made = draw.choice(mistakes)
    padded = _line(
        "The padded side is",
        f"{side} + 2 * {p}",
        side + 2 * p,
        f"{side} pixels and {p} at each end are {side} + {2 * p} = {side + 2 * p}",
        [Slip("padding-once", f"{side} + {p}", side + p)],
        made,
    )
    lines, span = [padded], k
    if d > 1:
        right_span = effective_kernel_size(k, d)
        one_more = effective_kernel_size(k, d + 1)
        slips = [
            Slip("dilation-from-zero", f"{d + 1} * ({k} - 1) + 1", one_more),
            Slip("dilation-times-kernel", f"{d} * {k}", d * k),
        ]
        why = f"{k} taps have {k - 1} gaps of {d} pixels, {d} * {k - 1} + 1 = {right_span}"
        lines.append(_line("The kernel spans", f"{d} * ({k} - 1) + 1", right_span, why, slips, made))
        span = lines[-1].value
    room = padded.value - span
    why = f"the window covers {span} of {padded.value} pixels and leaves {padded.value} - {span} = {room}"
    lines.append(_line("The window can move by", f"{padded.value} - {span}", room, why))
    moves = room // s
    if made == "rounded-up" and room % s == 0:  # rounding up would change nothing
        return _size_lines(draw)
    how = "up" if made == "rounded-up" else "down"
    exactly = f"{room} / {s} = {moves}" if room % s == 0 else f"{room} / {s} is {room / s:.4g}, rounded down to {moves}"
    slips = [Slip("rounded-up", f"⌈{room} / {s}⌉", -(-room // s))]
    lines.append(_line(f"Divided by the stride and rounded {how}:", f"{room} // {s}", moves, exactly, slips, made))
    moves = lines[-1].value
    why = f"the first position comes before any move, {moves} + 1 = {moves + 1}"
    slips = [Slip("forgot-plus-one", f"{moves}", moves)]
    lines.append(_line("So the side of the output is", f"{moves} + 1", moves + 1, why, slips, made))
    task = f"A convolution has {settings(layer)}. It reads {side}×{side} pixels. How long is a side of the output?"
    return task, lines, Show("convolution", given(layer, (1, side, side)))


def _param_lines(draw: Draw) -> tuple[str, list[Line], Show]:
    channels, kernels, k = draw.of(3, 4, 8, 16), draw.of(6, 12, 20, 32), draw.of(3, 5)
    side = draw.of(16, 28, 32)
    if draw.level == 1 and draw.of(True, False):  # few enough for the stage
        channels, kernels, side = draw.of(2, 3, 4), draw.of(2, 3, 4), draw.randint(8, STAGE_SIDE)
    made = draw.of("forgot-input-channels", "one-kernel-only", "bias-per-kernel-slice", "macs-for-parameters")
    layer = Conv2d(id="conv", out_channels=kernels, kernel_size=k, padding=k // 2)
    right_one = conv_n_params(channels, 1, (k, k), bias=False)
    one = _line(
        "The weights of one kernel:",
        f"{k} * {k} * {channels}",
        right_one,
        f"a {k}×{k} kernel has a slice for each of {channels} channels, {k * k} * {channels} = {right_one}",
        [Slip("forgot-input-channels", f"{k} * {k}", k * k)],
        made,
    )
    slips = [
        Slip("macs-for-parameters", f"{one.value} * {side} * {side}", one.value * side * side),
        Slip("one-kernel-only", f"{one.value} * 1", one.value),
    ]
    why = f"there are {kernels} kernels of {one.value} weights, {one.value} * {kernels} = {one.value * kernels}"
    weights = _line("All kernels together:", f"{one.value} * {kernels}", one.value * kernels, why, slips, made)
    slips = [Slip("bias-per-kernel-slice", f"{kernels} * {channels}", kernels * channels)]
    why = f"each of the {kernels} output maps has one bias, {kernels} * 1 = {kernels}"
    biases = _line("The biases:", f"{kernels} * 1", kernels, why, slips, made)
    total = f"{weights.value} + {biases.value}"
    n_params = weights.value + biases.value
    why = f"weights and biases are both learned, {total} = {n_params}"
    lines = [one, weights, biases, _line("The parameters in all:", total, n_params, why)]
    task = (
        f"A convolution with {square(k)} kernel and a bias reads {size((channels, side, side))} and gives "
        f"{kernels} maps of the same size. How many parameters does it learn?"
    )
    return task, lines, Show("convolution", given(layer, (channels, side, side)))


def _transposed_lines(draw: Draw) -> tuple[str, list[Line], Show]:
    k, s, p, side = draw.of(3, 4, 5), draw.of(2, 3, 4), draw.of(1, 2), draw.randint(4, 24)
    extra = draw.randint(1, s - 1)
    layer = ConvTranspose2d(id="up", out_channels=1, kernel_size=k, stride=s, padding=p, output_padding=extra)
    made = draw.of("first-position-spread", "padding-added", "output-padding-twice", "padding-once")
    why = f"between {side} positions there are {side - 1} strides of {s}, {side - 1} * {s} = {(side - 1) * s}"
    slips = [Slip("first-position-spread", f"{side} * {s}", side * s)]
    spread = _line("The positions are spread over", f"({side} - 1) * {s}", (side - 1) * s, why, slips, made)
    wide = spread.value + k
    why = f"behind the last position the kernel still has its {k} pixels, {spread.value} + {k} = {wide}"
    full = _line("With the last kernel:", f"{spread.value} + {k}", wide, why)
    slips = [
        Slip("padding-added", f"{wide} + 2 * {p}", wide + 2 * p),
        Slip("padding-once", f"{wide} - {p}", wide - p),
    ]
    why = f"padding cuts {p} away at each end, {wide} - {2 * p} = {wide - 2 * p}"
    cut = _line("With the padding:", f"{wide} - 2 * {p}", wide - 2 * p, why, slips, made)
    slips = [Slip("output-padding-twice", f"{cut.value} + 2 * {extra}", cut.value + 2 * extra)]
    why = f"output padding adds {extra} at one end only, {cut.value} + {extra} = {cut.value + extra}"
    last = _line("With the output padding:", f"{cut.value} + {extra}", cut.value + extra, why, slips, made)
    task = f"A transposed convolution has {settings(layer)}. "
    task += f"It reads a map of {side}×{side}. How long is a side of the output?"
    shows = Show("convolution", {**given(layer, (1, side, side)), "transposed": True})
    return task, [spread, full, cut, last], shows


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
