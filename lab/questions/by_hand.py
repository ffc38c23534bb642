"""Questions with real numbers: one cell or a whole small map of a convolution, pooling, ReLU, two channels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from lab.questions.answer import Answer, Matrix, Number, integer, matrix
from lab.questions.phrases import padding_words, size, tex
from lab.questions.question import Draft, Draw, Figure, Mistake, Show, Step
from lab.questions.tensors import Maps, Rows, convolve, transposed
from lab.questions.topic import Topic

IntRows = tuple[tuple[int, ...], ...]

_CELL_IDEA = "Lay the kernel on its window, multiply the numbers that lie on each other, and add the products."
_NOT_FLIPPED = "In deep learning the kernel is not flipped. Add the bias once, at the end."


def random_rows(draw: Draw, height: int, width: int, low: int, high: int) -> IntRows:
    """Draw a matrix of whole numbers."""
    return tuple(tuple(draw.randint(low, high) for _ in range(width)) for _ in range(height))


def random_kernel(draw: Draw, side: int, most: int = 2) -> IntRows:
    """Draw a kernel that is not the same upside down, so that flipping it shows."""
    while True:
        kernel = random_rows(draw, side, side, -most, most)
        turned = tuple(tuple(reversed(row)) for row in reversed(kernel))
        if kernel != turned and sum(1 for row in kernel for value in row if value) > side:
            return kernel


def factor(value: Number) -> str:
    """Write a factor of a product: a negative one in brackets."""
    return f"({tex(value)})" if value < 0 else tex(value)


def signed_sum(values: Iterable[Number]) -> str:
    """Write a sum: ``3 - 2 + 0``."""
    numbers: tuple[Number, ...] = tuple(values)
    first, rest = numbers[0], numbers[1:]
    return tex(first) + "".join(f" {_sign(value)} {tex(max(value, -value))}" for value in rest)


def _sign(value: Number) -> str:
    return "-" if value < 0 else "+"


def cell_steps(windows: Sequence[Rows], kernels: Sequence[Rows], bias: int | None, place: str = "") -> list[Step]:
    """Work out one output cell, kernel row by kernel row so that each line fits a phone.

    Args:
        windows: what the kernel lies on, one matrix for each channel.
        kernels: the kernel's slice for each channel.
        bias: added at the end.
        place: the cell, where there are several.
    """
    steps, sums = [], []
    for channel, (window, kernel) in enumerate(zip(windows, kernels, strict=True), 1):
        for row, (pixels, weights) in enumerate(zip(window, kernel, strict=True), 1):
            total = convolve([[list(pixels)]], [[[list(weights)]]])[0][0][0]
            sums.append(total)
            where = f"channel {channel}, row {row}" if len(windows) > 1 else f"row {row}"
            left = " + ".join(rf"{factor(int(p))} \cdot {factor(int(w))}" for p, w in zip(pixels, weights, strict=True))
            told = f"{place}, {where}" if place else where.capitalize()
            steps.append(Step(f"{told} of the kernel:", f"{left} = {tex(total)}"))
    extra = [] if bias is None else [bias]
    total = sum(int(value) for value in sums) + (bias or 0)
    told = "Add the rows" + ("" if bias is None else " and the bias") + "."
    steps.append(Step(told, f"{signed_sum([*sums, *extra])} = {tex(total)}"))
    return steps


def window_of(
    rows: Rows, y: int, x: int, side: int, *, stride: int = 1, padding: int = 0, dilation: int = 1
) -> IntRows:
    """Cut out what the kernel lies on at one output position; padding is 0."""

    def pixel(row: int, column: int) -> int:
        inside = 0 <= row < len(rows) and 0 <= column < len(rows[0])
        return int(rows[row][column]) if inside else 0

    top, left = y * stride - padding, x * stride - padding
    return tuple(tuple(pixel(top + dy * dilation, left + dx * dilation) for dx in range(side)) for dy in range(side))


def facts(maps: Maps, kernels: Sequence[Maps], bias: Sequence[int] | None, **options: Any) -> dict[str, object]:
    """List what a by-hand convolution was made from."""
    return {"maps": maps, "kernels": kernels, "bias": bias, **options}


def stage(maps: Maps, kernels: Sequence[Maps], bias: Sequence[int] | None, **options: Any) -> Show:
    """Open the convolution page on these very numbers."""
    values = {
        "input": maps,
        "kernel": kernels,
        "bias": bias is not None,
        "bias_value": bias[0] if bias else 0,
        "input_size": (len(maps[0]), len(maps[0][0])),
        "kernel_size": (len(kernels[0][0]), len(kernels[0][0][0])),
        "in_channels": len(maps),
        "out_channels": len(kernels),
        **options,
    }
    return Show("convolution", values)


def one_cell(draw: Draw) -> Draft:
    """Ask for one value of a convolution's output."""
    side, k = {1: (3, 2), 2: (4, 3), 3: (5, 3)}[draw.level]
    options: dict[str, Any] = {"stride": 1, "padding": 0, "dilation": 1}
    if draw.level == 2:
        options["padding"] = draw.kind(0, 1)
    if draw.level == 3:
        options.update(draw.kind({"stride": 2, "padding": 1}, {"dilation": 2, "padding": 1}))
    image, kernel = random_rows(draw, side, side, 0, 4), random_kernel(draw, k, 1 if draw.level == 1 else 2)
    bias = None if draw.level == 1 else draw.of(-3, -2, -1, 1, 2, 3)
    biases = None if bias is None else (bias,)
    out = convolve([image], [[kernel]], biases, **options)[0]
    y, x = draw.randrange(len(out)), draw.randrange(len(out[0]))
    settings = f"stride {options['stride']}, {padding_words(options['padding'])}"
    settings += f", dilation {options['dilation']}" if options["dilation"] > 1 else ""
    settings += " and no bias" if bias is None else f" and bias {bias}".replace("-", "−")
    text = (
        f"A convolution has the kernel below, {settings}. What is its output in row {y + 1}, column {x + 1}, "
        "counted from 1?"
    )
    window = window_of(image, y, x, k, **options)
    steps = [Step(f"The kernel lies on this window{' (padding is 0)' if options['padding'] else ''}:", tex(window))]
    steps += cell_steps([window], [kernel], bias)
    wrong = [Mistake("kernel-flipped", convolve([image], [[kernel]], biases, flipped=True, **options)[0][y][x])]
    if bias is not None:
        wrong.append(Mistake("forgot-bias", convolve([image], [[kernel]], **options)[0][y][x]))
    wrong.append(Mistake("rows-and-columns", out[x][y]))
    if options["stride"] > 1:
        dense = convolve([image], [[kernel]], biases, **{**options, "stride": 1})[0]
        wrong.append(Mistake("forgot-stride", dense[y][x]))
    if options["dilation"] > 1:
        bare = convolve([image], [[kernel]], biases, **{**options, "dilation": 1})[0]
        wrong.append(Mistake("forgot-dilation", bare[y][x]))
    wrong.append(Mistake("only-added", sum(sum(row) for row in window)))
    return Draft(
        text,
        {**facts([image], [[kernel]], biases, **options), "cell": (y, x)},
        tuple(steps),
        integer(int(out[y][x])),
        figures=(Figure("Input", image), Figure("Kernel", kernel)),
        mistakes=tuple(wrong),
        hints=(_CELL_IDEA, _NOT_FLIPPED),
        shows=stage([image], [[kernel]], biases, **options),
    )


def small_map(draw: Draw) -> Draft:
    """Ask for a whole small output map."""
    if draw.level == 3 and draw.kind(False, True):
        return _transposed_map(draw)
    side, k, stride, padding = {1: (3, 2, 1, 0), 2: (4, 3, 1, 0), 3: (4, 3, 2, 1)}[draw.level]
    if draw.level == 2:
        side, k, stride = draw.kind((4, 3, 1), (4, 2, 2))
    image, kernel = random_rows(draw, side, side, 0, 3), random_kernel(draw, k, 1 if draw.level == 1 else 2)
    bias = None if draw.level == 1 else draw.of(-2, -1, 1, 2)
    biases = None if bias is None else (bias,)
    options: dict[str, Any] = {"stride": stride, "padding": padding}
    out = convolve([image], [[kernel]], biases, **options)[0]
    told_bias = "no bias" if bias is None else f"bias {bias}".replace("-", "−")
    text = (
        f"A convolution has the kernel below, stride {stride}, {padding_words(padding)} and {told_bias}. "
        f"What is its output, a map of {len(out)}×{len(out[0])}?"
    )
    steps = []
    for y in range(len(out)):
        for x in range(len(out[0])):
            window = window_of(image, y, x, k, **options)
            steps += cell_steps([window], [kernel], bias, place=f"Cell ({y + 1}, {x + 1})")
    steps.append(Step("The whole map:", tex(out)))
    wrong = [Mistake("kernel-flipped", convolve([image], [[kernel]], biases, flipped=True, **options)[0])]
    if bias is not None:
        wrong.append(Mistake("forgot-bias", convolve([image], [[kernel]], **options)[0]))
    return Draft(
        text,
        facts([image], [[kernel]], biases, **options),
        tuple(steps),
        matrix(out),
        figures=(Figure("Input", image), Figure("Kernel", kernel)),
        mistakes=tuple(wrong),
        hints=(_CELL_IDEA, _NOT_FLIPPED),
        shows=stage([image], [[kernel]], biases, **options),
    )


def _transposed_map(draw: Draw) -> Draft:
    stride = draw.of(1, 2)
    image, kernel = random_rows(draw, 2, 2, 1, 4), random_kernel(draw, 2)
    out = transposed(image, kernel, stride=stride)
    text = (
        f"A transposed convolution has the kernel below, stride {stride}, no padding and no bias. "
        f"What is its output, a map of {len(out)}×{len(out[0])}?"
    )
    steps = []
    for y, row in enumerate(image):
        for x, value in enumerate(row):
            copy = transposed([[value]], kernel)
            where = f"from row {y * stride + 1}, column {x * stride + 1}"
            steps.append(Step(f"Input ({y + 1}, {x + 1}) is {value}. It adds this {where}:", tex(copy)))
    steps.append(Step("Where copies overlap they are added. The whole map:", tex(out)))
    return Draft(
        text,
        {"maps": [image], "kernels": [[kernel]], "bias": None, "stride": stride, "transposed": True},
        tuple(steps),
        matrix(out),
        figures=(Figure("Input", image), Figure("Kernel", kernel)),
        mistakes=(Mistake("kernel-flipped", transposed(image, tuple(r[::-1] for r in kernel[::-1]), stride=stride)),),
        hints=(
            "Each input value puts a copy of the kernel, multiplied with it, into the output.",
            "The copies start a stride apart. Where they overlap, add.",
        ),
        shows=stage([image], [[kernel]], None, stride=stride, transposed=True),
    )


def two_channels(draw: Draw) -> Draft:
    """Ask for a convolution over two channels with a bias: one value, a map, two groups or a 1×1 kernel."""
    side, k = {1: (2, 2), 2: (3, 2), 3: draw.kind((3, 2), (2, 1))}[draw.level]
    maps = [random_rows(draw, side, side, 0, 4) for _ in range(2)]
    kernels = [
        random_kernel(draw, k, 1 if draw.level == 1 else 2) if k > 1 else ((draw.of(-2, -1, 2, 3),),) for _ in range(2)
    ]
    bias = draw.of(-3, -2, -1, 1, 2, 3)
    grouped = draw.level == 3 and k == 2
    biases: tuple[int, ...] = (bias,)
    if grouped:
        biases = (bias, draw.of(-2, -1, 1, 2))
        out = convolve(maps, [[kernels[0]], [kernels[1]]], biases, groups=2)[1]
        all_kernels, options = [[kernels[0]], [kernels[1]]], {"groups": 2}
    else:
        out = convolve(maps, [kernels], (bias,))[0]
        all_kernels, options = [kernels], {}
    place = f"its output, a map of {size((len(out), len(out[0])))}" if len(out) > 1 else "its output, a single number"
    if grouped:
        text = (
            f"A convolution works in 2 groups: two input channels, two output channels, biases {biases[0]} and "
            f"{biases[-1]}, stride 1, no padding. What is its second output map, of 2×2?"
        ).replace("-", "−")
    else:
        text = (
            "A convolution reads two channels and gives one. Its kernel has one slice for each channel. The bias is "
            f"{bias}, the stride 1, and there is no padding. What is {place}?"
        ).replace("-", "−")
    read = slice(1, None) if grouped else slice(None)  # the second group reads the second channel only
    steps = _channel_steps(maps[read], kernels[read], biases[-1], out)
    answer: Answer = integer(int(out[0][0])) if len(out) == 1 else matrix(out)
    slices = "Kernel" if grouped else "Kernel slice"
    figures = [Figure(f"Channel {n}", rows) for n, rows in enumerate(maps, 1)]
    figures += [Figure(f"{slices} {n}", rows) for n, rows in enumerate(kernels, 1)]
    wrong = _channel_mistakes(maps, kernels, biases, grouped=grouped)
    return Draft(
        text,
        facts(maps, all_kernels, biases, **options),
        tuple(steps),
        answer,
        figures=tuple(figures),
        mistakes=tuple(Mistake(m.misconception, _single(m.value, answer)) for m in wrong),
        hints=(
            "Each slice works on its own channel. The results are added, then the bias, once.",
            "In two groups the second kernel sees the second channel only." if grouped else _NOT_FLIPPED,
        ),
        shows=stage(maps, all_kernels, biases, **options),
    )


def _channel_steps(maps: Sequence[Rows], kernels: Sequence[Rows], bias: int, out: Matrix) -> list[Step]:
    """Work out each cell over all channels that are read; several make a map."""
    steps: list[Step] = []
    for y in range(len(out)):
        for x in range(len(out[0])):
            windows = [window_of(rows, y, x, len(kernels[0])) for rows in maps]
            mark = f"Cell ({y + 1}, {x + 1})" if len(out) > 1 else ""
            steps += cell_steps(windows, kernels, bias, place=mark)
    return [*steps, Step("The whole map:", tex(out))] if len(out) > 1 else steps


def _single(value: object, answer: Answer) -> Matrix | int:
    rows = value if isinstance(value, tuple) else ((0,),)
    return int(rows[0][0]) if answer.kind == "integer" else rows


def _channel_mistakes(
    maps: list[IntRows], kernels: list[IntRows], biases: tuple[int, ...], *, grouped: bool
) -> list[Mistake]:
    if grouped:
        return [
            Mistake("forgot-groups", convolve(maps, [kernels], biases[1:])[0]),
            Mistake("forgot-bias", convolve(maps[1:], [[kernels[1]]])[0]),
            Mistake("first-for-second", convolve(maps[:1], [[kernels[0]]], biases[:1])[0]),
            Mistake("kernel-flipped", convolve(maps[1:], [[kernels[1]]], biases[1:], flipped=True)[0]),
        ]
    doubled = (2 * biases[0],)
    return [
        Mistake("forgot-bias", convolve(maps, [kernels])[0]),
        Mistake("one-channel-only", convolve(maps[:1], [kernels[:1]], biases)[0]),
        Mistake("bias-for-each-channel", convolve(maps, [kernels], doubled)[0]),
        Mistake("kernel-flipped", convolve(maps, [kernels], biases, flipped=True)[0]),
    ]


BY_HAND = (
    Topic(
        "one-cell",
        "One output cell",
        "Multiply and add: one value of a convolution.",
        "By hand",
        one_cell,
        (40, 80, 80),
    ),
    Topic(
        "small-map",
        "A small output map",
        "A whole small map of a convolution, cell by cell.",
        "By hand",
        small_map,
        (30, 60, 60),
    ),
    Topic(
        "two-channels",
        "Two channels and a bias",
        "What do slices, channels and one bias add up to?",
        "By hand",
        two_channels,
        (40, 80, 80),
    ),
)
