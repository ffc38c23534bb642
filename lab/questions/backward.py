"""Questions about the way back: where pooling sends a gradient, and the gradient of weights, input and bias."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lab.questions.answer import ROUNDED, Answer, Matrix, Number, integer, matrix
from lab.questions.by_hand import IntRows, factor, random_kernel, random_rows, signed_sum, stage, window_of
from lab.questions.phrases import article, tex
from lab.questions.pooled import pooling_stage
from lab.questions.question import Draft, Draw, Figure, Mistake, Step
from lab.questions.tensors import as_tensor, convolve, gradient, pool
from lab.questions.topic import Topic

if TYPE_CHECKING:
    from torch import Tensor


def distinct_rows(draw: Draw, side: int) -> IntRows:
    """Draw a matrix of different numbers, so that no window has two winners."""
    values = draw.sample(range(side * side + 4), side * side)
    return tuple(tuple(values[y * side : (y + 1) * side]) for y in range(side))


def pool_gradient(draw: Draw) -> Draft:
    """Ask where a pooling sends the gradient: max, then average, then windows that overlap."""
    kind = {1: "max", 2: draw.kind("avg", "max"), 3: "max"}[draw.level]
    side, k, stride = (3, 2, 1) if draw.level == 3 else (4, 2, 2)
    image = distinct_rows(draw, side)
    # No 0: a winner that gets nothing looks like one that lost.
    signs = (1,) if draw.level == 1 else (-1, 1)
    scale, most = (4, 4) if kind == "avg" else (1, 9)
    top = tuple(tuple(draw.choice(signs) * scale * draw.randint(1, most) for _ in range(2)) for _ in range(2))
    back = gradient(image, _pooling(kind, k, stride), top)
    name = "Max" if kind == "max" else "Average"
    text = (
        f"{name} pooling with {article(f'{k}×{k}')} window and stride {stride} was applied to this map. "
        "The gradient of the loss with respect to its 2×2 output is given too. "
        f"What is the gradient with respect to the input, a map of {side}×{side}?"
    )
    other = gradient(image, _pooling("avg" if kind == "max" else "max", k, stride), top)
    everywhere = gradient(image, lambda x: _pooling("avg", k, stride)(x) * (k * k), top)
    wrong = (
        Mistake("gradient-shared" if kind == "max" else "gradient-to-winner", other),
        Mistake("gradient-everywhere", everywhere),
    )
    return Draft(
        text,
        {"rows": image, "kind": kind, "kernel_size": k, "stride": stride, "upstream": top},
        tuple(_pool_gradient_steps(image, kind, stride, top, back)),
        matrix(back, tolerance=ROUNDED),
        figures=(Figure("Input", image), Figure("Gradient of the output", top)),
        mistakes=wrong,
        hints=(
            "Ask for each output value: which inputs did it depend on, and how strongly?",
            "The maximum depends on the winner only."
            if kind == "max"
            else "The mean depends on each of its pixels by one part in four.",
        ),
        shows=pooling_stage(image, kind, k, stride=stride),
    )


def _pooling(kind: str, k: int, stride: int) -> Callable[[Tensor], Tensor]:
    from torch.nn import functional as F

    return lambda x: F.max_pool2d(x, k, stride) if kind == "max" else F.avg_pool2d(x, k, stride)


def _pool_gradient_steps(image: IntRows, kind: str, stride: int, top: IntRows, back: Matrix) -> list[Step]:
    steps = []
    for y, row in enumerate(top):
        for x, value in enumerate(row):
            window = window_of(image, y, x, 2, stride=stride)
            if kind == "max":
                best = pool(window, "max", 2)[0][0]
                dy, dx = next((r, c) for r, line in enumerate(window) for c, v in enumerate(line) if v == best)
                where = f"row {y * stride + dy + 1}, column {x * stride + dx + 1}"
                numbers = ", ".join(tex(v) for line in window for v in line)
                told = f"Output ({y + 1}, {x + 1}): the winner {best} is in {where}. It gets {tex(value)}."
                steps.append(Step(told.replace("-", "−"), rf"\max({numbers}) = {tex(best)}"))
            else:
                share = gradient(window, _pooling("avg", 2, 2), [[value]])[0][0]
                told = f"Output ({y + 1}, {x + 1}): each of its four pixels gets a quarter."
                steps.append(Step(told, rf"{tex(value)} / 4 = {tex(share)}"))
    if kind == "avg":
        last = "The windows do not overlap."
    elif stride == 1:
        last = "A pixel that wins in several windows gets the sum, one that never wins 0."
    else:
        last = "A pixel that does not win gets 0."
    return [*steps, Step(f"{last} The gradient of the input:", tex(back))]


def weight_gradient(draw: Draw) -> Draft:
    """Ask for the gradient of a kernel, of the input, or of the bias, given the gradient of the output."""
    what = {1: "weight", 2: "weight", 3: draw.kind("input", "weight", "bias")}[draw.level]
    side, k, stride = {1: (2, 2, 1), 2: (3, 2, 1), 3: (4, 2, 2) if what == "weight" else (3, 2, 1)}[draw.level]
    image, kernel = random_rows(draw, side, side, 0, 4), random_kernel(draw, k, 1)
    n_out = (side - k) // stride + 1
    top = random_rows(draw, n_out, n_out, -3, 3)
    # A row of zeros teaches nothing, and a single 1 only copies the input.
    while not all(any(row) for row in top) or top in (((1,),), ((-1,),)):
        top = random_rows(draw, n_out, n_out, -3, 3)
    back = _weight_back(what, image, kernel, top, stride)
    target = {"weight": "kernel", "input": "input", "bias": "bias"}[what]
    shape = "a single number" if what == "bias" else f"a matrix of {len(back)}×{len(back)}"
    text = (
        f"A convolution with stride {stride} and no padding reads the input below. "
        "The gradient of the loss with respect to its output is given too. "
        f"What is the gradient with respect to the {target}, {shape}?"
    )
    figures = [Figure("Input", image), Figure("Gradient of the output", top)]
    figures += [] if what == "weight" else [Figure("Kernel", kernel)]
    answer: Answer = integer(int(back[0][0])) if what == "bias" else matrix(back)
    hints = {
        "weight": "A weight was multiplied with one pixel at each position. Its gradient adds pixel times gradient.",
        "input": "Each output gradient goes back through the kernel to the pixels of its window.",
        "bias": "The bias was added to every output value, each time with weight 1.",
    }
    return Draft(
        text,
        {"what": what, "image": image, "kernel": kernel, "upstream": top, "stride": stride},
        tuple(_weight_steps(what, image, kernel, top, stride, back)),
        answer,
        figures=tuple(figures),
        mistakes=_weight_mistakes(what, image, kernel, top, stride),
        hints=("Use the chain rule: gradient of the output times what it was multiplied with.", hints[what]),
        shows=stage([image], [[kernel]], (0,) if what == "bias" else None, stride=stride),
    )


def _weight_back(what: str, image: IntRows, kernel: IntRows, top: IntRows, stride: int) -> Matrix:
    from torch.nn import functional as F

    pixels, weights = as_tensor(image)[None, None], as_tensor(kernel)[None, None]
    if what == "weight":
        return gradient(kernel, lambda value: F.conv2d(pixels, value, stride=stride), top)
    if what == "input":
        return gradient(image, lambda value: F.conv2d(value, weights, stride=stride), top)
    return gradient([[0]], lambda value: F.conv2d(pixels, weights, value[0, 0, 0], stride=stride), top)


def _weight_steps(what: str, image: IntRows, kernel: IntRows, top: IntRows, stride: int, back: Matrix) -> list[Step]:
    flat = [value for row in top for value in row]
    if what == "bias":
        return [Step("Add up the gradient of the output.", f"{signed_sum(flat)} = {tex(back[0][0])}")]
    steps = []
    if what == "input":
        for y, row in enumerate(top):
            for x, value in enumerate(row):
                copy = convolve([kernel], [[[[value]]]])[0]
                told = f"{value} times the kernel goes to the window from row {y + 1}, column {x + 1}:".replace(
                    "-", "−"
                )
                steps.append(Step(told, tex(copy)))
        return [*steps, Step("Add where windows overlap. The gradient of the input:", tex(back))]
    for dy, line in enumerate(back):
        for dx, total in enumerate(line):
            seen = [int(image[y * stride + dy][x * stride + dx]) for y in range(len(top)) for x in range(len(top))]
            products = " + ".join(rf"{factor(g)} \cdot {factor(p)}" for g, p in zip(flat, seen, strict=True))
            steps.append(Step(f"Weight ({dy + 1}, {dx + 1}):", f"{products} = {tex(total)}"))
    return [*steps, Step("The gradient of the kernel:", tex(back))]


def _weight_mistakes(what: str, image: IntRows, kernel: IntRows, top: IntRows, stride: int) -> tuple[Mistake, ...]:
    total: Number = sum(value for row in top for value in row)
    if what == "bias":
        mean = total // (len(top) ** 2) if total % (len(top) ** 2) == 0 else total * len(top)
        one = top[-1][-1]
        return Mistake("gradient-averaged", mean), Mistake("one-position-only", one), Mistake("bias-gradient-one", 1)
    right = _weight_back(what, image, kernel, top, stride)
    flipped = tuple(tuple(reversed(row)) for row in reversed(right))
    if what == "weight":
        first = tuple(tuple(top[0][0] * image[y][x] for x in range(len(kernel))) for y in range(len(kernel)))
        window = tuple(tuple(image[y][x] for x in range(len(kernel))) for y in range(len(kernel)))
        return (
            Mistake("one-position-only", first),
            Mistake("gradient-not-multiplied", window),
            Mistake("kernel-flipped", flipped),
        )
    return (Mistake("kernel-flipped", flipped),)


BACKWARD = (
    Topic(
        "pool-gradient",
        "Where pooling sends its gradient",
        "Who gets the gradient of a pooled value?",
        "Backward",
        pool_gradient,
        (9, 16, 32),
    ),
    Topic(
        "weight-gradient",
        "Gradient of a weight",
        "Chain rule through a convolution: kernel, input, bias.",
        "Backward",
        weight_gradient,
        (12, 48, 48),
    ),
)
