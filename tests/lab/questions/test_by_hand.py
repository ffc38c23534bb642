"""By-hand questions against slow loops in plain Python, which know nothing of torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import pytest

from lab.questions.answer import Matrix, value_text
from lab.questions.question import Question

Asked = Callable[[str, int], list[Question]]


def convolved(given: Mapping[str, Any], channel: int) -> Matrix:
    """One output channel, pixel by pixel."""
    maps, kernels = given["maps"], given["kernels"][channel]
    stride, padding, dilation = (
        given.get(name, default) for name, default in (("stride", 1), ("padding", 0), ("dilation", 1))
    )
    height, width, k = len(maps[0]), len(maps[0][0]), len(kernels[0])
    seen = maps if given.get("groups", 1) == 1 else maps[channel : channel + 1]
    span = (k - 1) * dilation + 1
    rows = []
    for top in range(-padding, height + padding - span + 1, stride):
        row = []
        for left in range(-padding, width + padding - span + 1, stride):
            total = given["bias"][channel] if given["bias"] else 0
            for image, kernel in zip(seen, kernels, strict=True):
                for dy in range(k):
                    for dx in range(k):
                        y, x = top + dy * dilation, left + dx * dilation
                        if 0 <= y < height and 0 <= x < width:
                            total += image[y][x] * kernel[dy][dx]
            row.append(total)
        rows.append(tuple(row))
    return tuple(rows)


def spread(given: Mapping[str, Any]) -> Matrix:
    """A transposed convolution: every input value adds a copy of the kernel."""
    image, kernel, stride = given["maps"][0], given["kernels"][0][0], given["stride"]
    side = (len(image) - 1) * stride + len(kernel)
    out = [[0] * side for _ in range(side)]
    for y, row in enumerate(image):
        for x, value in enumerate(row):
            for dy, weights in enumerate(kernel):
                for dx, weight in enumerate(weights):
                    out[y * stride + dy][x * stride + dx] += value * weight
    return tuple(map(tuple, out))


def pooled(rows: Any, kind: str, k: int, stride: int, padding: int = 0, ceil_mode: bool = False) -> Matrix:
    """Max or average of each window; a window counts if it starts inside the map or the padding before it."""
    side = len(rows)
    starts = [s for s in range(-padding, side + padding, stride)
              if s + k <= side + padding or (ceil_mode and s < side)]  # fmt: skip
    out = []
    for top in starts:
        row = []
        for left in starts:
            window = [Fraction(rows[y][x]) for y in range(top, top + k) for x in range(left, left + k)
                      if 0 <= y < side and 0 <= x < side]  # fmt: skip
            n = k * k if padding else len(window)
            row.append(max(window) if kind == "max" else sum(window) / n)
        out.append(tuple(row))
    return tuple(out)


@pytest.mark.parametrize("level", [1, 2, 3])
def test_one_cell_is_what_the_loop_gives(asked: Asked, level: int) -> None:
    for question in asked("one-cell", level):
        y, x = question.given["cell"]  # type: ignore[misc]
        assert question.answer.text == value_text(convolved(question.given, 0)[y][x]), question.id


@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_small_map_is_what_the_loop_gives(asked: Asked, level: int) -> None:
    for question in asked("small-map", level):
        expected = spread(question.given) if question.given.get("transposed") else convolved(question.given, 0)
        assert question.answer.text == value_text(expected), question.id


@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_pooled_map_is_what_the_loop_gives(asked: Asked, level: int) -> None:
    for question in asked("pooling-map", level):
        given = dict(question.given)
        k = given.pop("kernel_size")
        assert question.answer.text == value_text(pooled(k=k, **given)), question.id  # type: ignore[arg-type]


@pytest.mark.parametrize("level", [1, 2, 3])
def test_relu_and_pooling_are_what_the_loops_give(asked: Asked, level: int) -> None:
    for question in asked("relu-pool", level):
        rows: Any = question.given["rows"]
        if "kernel" in question.given:
            rows = convolved({"maps": [rows], "kernels": [[question.given["kernel"]]], "bias": None}, 0)
        rectified = [[max(0, value) for value in row] for row in rows]
        expected = pooled(rectified, str(question.given["kind"]), 2, 2)
        assert question.answer.text == value_text(expected), question.id


@pytest.mark.parametrize("level", [1, 2, 3])
def test_two_channels_are_what_the_loop_gives(asked: Asked, level: int) -> None:
    for question in asked("two-channels", level):
        channel = 1 if question.given.get("groups") == 2 else 0
        expected = convolved(question.given, channel)
        text = value_text(expected if len(expected) > 1 else expected[0][0])
        assert question.answer.text == text, question.id
