"""Questions with real numbers about pooling: by itself, and after ReLU and a convolution."""

from __future__ import annotations

from typing import Any

from lab.questions.answer import ROUNDED, Matrix, matrix
from lab.questions.by_hand import factor, random_kernel, random_rows, signed_sum, window_of
from lab.questions.phrases import article, listed, padding_words, tex
from lab.questions.question import Draft, Draw, Figure, Mistake, Show, Step
from lab.questions.tensors import Rows, convolve, pool, relu
from lab.questions.topic import Topic


def pooling_map(draw: Draw) -> Draft:
    """Ask for the pooled map of given numbers."""
    kind = draw.kind("max", "avg")
    side, k, options = {
        1: (4, 2, {"stride": 2}),
        2: (3, 2, {"stride": 1}),
        3: (3, 2, {"stride": 2, "ceil_mode": True}),
    }[draw.level]
    if draw.level == 3 and draw.kind(0, 0, 1):
        side, k, options = 4, 3, {"stride": 2, "padding": 1}
    low = -9 if draw.level == 3 else 0
    image = random_rows(draw, side, side, low, -1 if draw.level == 3 and kind == "max" else 9)
    out = pool(image, kind, k, **options)
    parts = [f"{article(f'{k}×{k}')} window", f"stride {options['stride']}"]
    parts += [padding_words(options["padding"])] if "padding" in options else []
    parts += ["ceil_mode=True"] if options.get("ceil_mode") else []
    zeros = ""
    if kind == "avg":
        zeros = " Zeros of the padding count in the average." if "padding" in options else zeros
        zeros = " A window that hangs over averages the numbers that it covers." if options.get("ceil_mode") else zeros
    text = (
        f"{'Max' if kind == 'max' else 'Average'} pooling with {listed(parts)} is applied to this map.{zeros} "
        f"What is its output, a map of {len(out)}×{len(out[0])}?"
    )
    steps = _pool_steps(image, kind, k, out, options)
    other = "avg" if kind == "max" else "max"
    wrong = [Mistake("max-for-average" if kind == "avg" else "average-for-max", pool(image, other, k, **options))]
    if kind == "avg":
        sums = tuple(tuple(value * k * k for value in row) for row in out)
        wrong.append(Mistake("sum-for-average", sums))
    return Draft(
        text,
        {"rows": image, "kind": kind, "kernel_size": k, **options},
        tuple(steps),
        matrix(out, tolerance=ROUNDED),
        figures=(Figure("Input", image),),
        mistakes=tuple(wrong),
        hints=(
            "Move the window over the map. Each place gives one number.",
            "Max pooling takes the largest number." if kind == "max" else "Average pooling adds up and divides.",
        ),
        shows=pooling_stage(image, kind, k, **options),
    )


def pooling_stage(image: Rows, kind: str, kernel_size: int, **options: Any) -> Show:
    """Open the pooling page on these very numbers."""
    size_hw = (len(image), len(image[0]))
    return Show(
        "pooling", {"input": [image], "input_size": size_hw, "mode": kind, "kernel_size": kernel_size, **options}
    )


def _pool_steps(image: Rows, kind: str, k: int, out: Matrix, options: dict[str, Any]) -> list[Step]:
    stride, padding = options["stride"], options.get("padding", 0)
    steps = []
    for y, row in enumerate(out):
        for x, value in enumerate(row):
            seen = [
                int(image[r][c])
                for r in range(y * stride - padding, y * stride - padding + k)
                for c in range(x * stride - padding, x * stride - padding + k)
                if 0 <= r < len(image) and 0 <= c < len(image[0])
            ]
            if kind == "max":
                latex = rf"\max({', '.join(map(tex, seen))}) = {tex(value)}"
            else:
                n = k * k if padding else len(seen)
                latex = rf"\frac{{{signed_sum(seen)}}}{{{n}}} = {tex(value)}"
            steps.append(Step(f"Row {y + 1}, column {x + 1}:", latex))
    return [*steps, Step("The whole map:", tex(out))]


def relu_pool(draw: Draw) -> Draft:
    """Ask what is left after ReLU and pooling, at level 3 after a convolution too."""
    kind = "max" if draw.level == 1 else draw.kind("max", "avg")
    figures: tuple[Figure, ...]
    steps: list[Step] = []
    if draw.level == 3:
        before: Matrix
        while True:
            image, kernel = random_rows(draw, 5, 5, 0, 3), random_kernel(draw, 2, 1)
            before = convolve([image], [[kernel]])[0]
            if min(map(min, before)) < 0 < max(map(max, before)):
                break
        figures = (Figure("Input", image), Figure("Kernel", kernel))
        window, weights = window_of(image, 0, 0, 2), [value for row in kernel for value in row]
        pairs = zip((value for row in window for value in row), weights, strict=True)
        products = " + ".join(rf"{factor(pixel)} \cdot {factor(weight)}" for pixel, weight in pairs)
        steps.append(Step("The first cell of the convolution:", f"{products} = {tex(before[0][0])}"))
        steps.append(Step("All cells, worked out in the same way:", tex(before)))
        start, given = "a convolution with the kernel below (stride 1, no padding, no bias), ", {"kernel": kernel}
    else:
        image = random_rows(draw, 4, 4, -9, 9)
        before, given, start = image, {}, ""
        figures = (Figure("Input", image),)
    after = relu(before)
    out = pool(after, kind, 2, stride=2)
    what = "max pooling" if kind == "max" else "average pooling"
    text = (
        f"This map runs through {start}ReLU and {what} with a 2×2 window and stride 2. "
        "What is the output, a map of 2×2?"
    )
    steps.append(Step("ReLU sets every negative number to 0.", tex(after)))
    steps += _pool_steps(after, kind, 2, out, {"stride": 2})
    other = "avg" if kind == "max" else "max"
    bare = pool([[max(value, -value) for value in row] for row in before], "max", 1)
    wrong = (
        Mistake("forgot-relu", pool(before, kind, 2, stride=2)),
        Mistake("max-for-average" if kind == "avg" else "average-for-max", pool(after, other, 2, stride=2)),
        Mistake("relu-takes-size", pool(bare, kind, 2, stride=2)),
    )
    return Draft(
        text,
        {"rows": image, "kind": kind, **given},
        tuple(steps),
        matrix(out, tolerance=ROUNDED),
        figures=figures,
        mistakes=wrong,
        hints=("Do one layer after the other and write down each map.", "ReLU: $\\max(0, x)$."),
        shows=pooling_stage(after, kind, 2, stride=2),
    )


POOLED = (
    Topic(
        "pooling-map",
        "Pooling by hand",
        "The largest number or the mean of each window.",
        "By hand",
        pooling_map,
        (9, 9, 9),
    ),
    Topic(
        "relu-pool",
        "ReLU, then pooling",
        "What is left after ReLU and pooling?",
        "By hand",
        relu_pool,
        (9, 9, 12),
    ),
)
