"""Questions about sizes: convolution, pooling, same and valid, transposed convolution, dilation."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lab.network.layers.base import Shape
from lab.network.layers.convolution import Conv2d
from lab.questions.answer import Answer, integer, shape
from lab.questions.phrases import AXES, given, layer_pair, mistake, pairs_told, settings, size, tex
from lab.questions.question import Draft, Draw, Mistake, Show, Step
from lab.questions.topic import Topic
from lab.theory.geometry import (
    conv_output_size,
    effective_kernel_size,
    padded_output_size,
)

STAGE_SIDE = 16  # pixels: pictures up to this size open on the numbers stage of the Convolution page
_FORMULA = r"o = \left\lfloor \frac{i + 2p - k}{s} \right\rfloor + 1"
_IDEA = "Count where the window can stand: it starts at the first pixel, padding included, and moves by the stride."


def output_size(draw: Draw) -> Draft:
    """Ask for the size of the map that a convolution gives."""
    return {1: _side, 2: _rectangle, 3: _whole_shape}[draw.level](draw)


def _side(draw: Draw) -> Draft:
    """Draw clean divisions: a square picture, or one side of a rectangle; small enough for the numbers stage."""
    is_square, axis = draw.kind(True, False, False), draw.of(0, 1)
    while True:
        k, s, p = draw.of(2, 3, 4, 5, 7), draw.of(1, 2, 2, 3, 4), draw.of(0, 1, 1, 2)
        outs = (draw.randint(2, 15), draw.randint(2, 15))
        sides = [(out - 1) * s + k - 2 * p for out in outs]
        sides[1] = sides[0] if is_square else sides[1]
        if k <= min(sides) and max(sides) <= STAGE_SIDE and p < k and is_square == (sides[0] == sides[1]):
            break
    layer = Conv2d(id="conv", out_channels=1, kernel_size=k, stride=s, padding=p)
    picture = (1, sides[0], sides[1])
    reads, ask, named = asked_side(sides, None if is_square else axis)
    text = f"A convolution has {settings(layer)}. It reads {reads}. {ask}"
    out = layer.output_shape((picture,))
    answer = integer(out[1 + axis], unit="pixels", square=is_square)
    wrong = (*conv_mistakes(sides[axis], layer, axis), Mistake("other-axis", out[2 - axis]))
    steps = conv_steps(sides[axis], layer, axis, named=named)
    return _draft(text, layer, picture, answer, steps, wrong)


def asked_side(sides: Sequence[int], axis: int | None) -> tuple[str, str, bool]:
    """Put a picture and what is asked about its map into words; the map is square only if the picture is.

    Args:
        sides: height and width of the picture.
        axis: 0 asks for the height of the map, 1 for its width, ``None`` for the side of a square one.

    Returns:
        The picture, the question, and whether the solution names the axis.

    Examples:
        >>> asked_side((6, 9), 1)[:2]
        ('a picture that is 6 pixels high and 9 wide', 'How many pixels wide is the output map?')
    """
    if axis is None:
        return (
            f"a picture of {size(sides)} pixels",
            "The output map is square. How many pixels long is its side?",
            False,
        )
    how = ("high", "wide")[axis]
    return (
        f"a picture that is {sides[0]} pixels high and {sides[1]} wide",
        f"How many pixels {how} is the output map?",
        True,
    )


def _rectangle(draw: Draw) -> Draft:
    """Draw floors, and different numbers for height and width."""
    while True:
        kernel, stride = draw.kind((3, 3), (5, 3), (3, 5), (7, 3)), draw.kind((2, 2), (2, 1), (3, 2))
        padding = (draw.randint(0, kernel[0] // 2), draw.randint(0, kernel[1] // 2))
        largest = draw.of(STAGE_SIDE, 128)
        sizes = (draw.randint(8, largest), draw.randint(8, largest))
        rests = [(sizes[a] + 2 * padding[a] - kernel[a]) % stride[a] for a in (0, 1)]
        if sizes[0] != sizes[1] and any(rests):
            break
    layer = Conv2d(id="conv", out_channels=1, kernel_size=kernel, stride=stride, padding=padding)
    text = (
        f"A convolution has {settings(layer)}. {pairs_told(layer)}"
        f"It reads a picture that is {sizes[0]} pixels high and {sizes[1]} wide. "
        "How large is the output map? Give height × width."
    )
    picture = (1, *sizes)
    answer = shape(*layer.output_shape((picture,))[1:], order=AXES)
    steps = [step for axis in (0, 1) for step in conv_steps(sizes[axis], layer, axis, named=True)]
    steps.append(Step("So height × width is", tex(answer.value)))
    return _draft(text, layer, picture, answer, steps, _both_axes(layer, sizes))


def _whole_shape(draw: Draw) -> Draft:
    """Draw channels, groups and dilation, and ask for the whole shape."""
    groups = draw.of(1, 2, 4)
    while True:
        channels, kernels = groups * draw.of(2, 3, 4, 8), groups * draw.of(2, 4, 6, 16)
        k, s, p, d = draw.of(3, 3, 5), draw.of(1, 2, 3), draw.of(0, 1, 2, 3), draw.of(1, 2, 2, 3)
        side = draw.randint(20, 256)
        if kernels != channels and p <= effective_kernel_size(k, d) // 2:
            break
    layer = Conv2d(id="conv", out_channels=kernels, kernel_size=k, stride=s, padding=p, dilation=d, groups=groups)
    picture = (channels, side, side)
    in_groups = f"It works in {groups} groups. " if groups > 1 else ""
    text = (
        f"A convolution has {kernels} output channels, {settings(layer)}. {in_groups}"
        f"It reads maps of {size(picture)}. What is the shape of the output? Give channels × height × width."
    )
    out = layer.output_shape((picture,))
    wrong = tuple(Mistake(m.misconception, (kernels, m.value, m.value)) for m in conv_mistakes(side, layer, 0)
                  if isinstance(m.value, int))  # fmt: skip
    wrong = (Mistake("channels-of-input", (channels, *out[1:])), *wrong)
    last = Step("Each kernel gives one map, so the shape is", rf"C \times H \times W = {tex(out)}")
    return _draft(text, layer, picture, shape(*out), [*conv_steps(side, layer, 0), last], wrong)


def _draft(
    text: str, layer: Conv2d, picture: Shape, answer: Answer, steps: list[Step], mistakes: tuple[Mistake, ...]
) -> Draft:
    return Draft(
        text,
        given(layer, picture),
        tuple(steps),
        answer,
        mistakes=mistakes,
        hints=(_IDEA, f"The formula is ${_FORMULA}$ where $k$ is the span of the kernel."),
        shows=Show("convolution", given(layer, picture)),
    )


def conv_steps(length: int, layer: Conv2d, axis: int, *, named: bool = False) -> list[Step]:
    """Work out one axis of a convolution; with ``named`` the axis is called by its name."""
    k, s, p, d = (layer_pair(layer, name)[axis] for name in ("kernel_size", "stride", "padding", "dilation"))
    span = effective_kernel_size(k, d)
    out = conv_output_size(length, k, stride=s, padding=p, dilation=d)
    letter = "HW"[axis] if named else "o"
    steps = [] if d == 1 else [span_step(k, d)]
    inside = rf"\frac{{{length} + 2 \cdot {p} - {span}}}{{{s}}}"
    what = f"For the {AXES[axis]}, put" if named else "Put"
    steps.append(Step(f"{what} the numbers in.", rf"{letter} = \left\lfloor {inside} \right\rfloor + 1"))
    rest = length + 2 * p - span
    rounded = f"{rest} + 1" if s == 1 else rf"\left\lfloor {rest} / {s} \right\rfloor + 1 = {out - 1} + 1"
    text = f"{rest} is not a multiple of {s}, so round down." if rest % s else f"{rest} is a multiple of {s}."
    steps.append(Step(text if s > 1 else "Add up.", rf"{letter} = {rounded} = {out}"))
    return steps


def span_step(k: int, d: int) -> Step:
    """Work out how many pixels a dilated kernel spans."""
    span = effective_kernel_size(k, d)
    return Step(
        f"The {k} taps lie {d} pixels apart. So the kernel spans", rf"d(k - 1) + 1 = {d} \cdot {k - 1} + 1 = {span}"
    )


def conv_mistakes(length: int, layer: Conv2d, axis: int) -> tuple[Mistake, ...]:
    """Compute what known mistakes give on one axis of a convolution."""
    k, s, p, d = (layer_pair(layer, name)[axis] for name in ("kernel_size", "stride", "padding", "dilation"))
    out = conv_output_size(length, k, stride=s, padding=p, dilation=d)
    rest = (length + 2 * p - effective_kernel_size(k, d)) % s
    options: list[tuple[str, Callable[[], int]]] = [
        ("padding-once", lambda: padded_output_size(length, k, stride=s, padding=(p, 0), dilation=d)),
        ("forgot-plus-one", lambda: out - 1),
        ("forgot-dilation", lambda: conv_output_size(length, k, stride=s, padding=p)),
        ("dilation-from-zero", lambda: conv_output_size(length, k, stride=s, padding=p, dilation=d + 1)),
        ("forgot-padding", lambda: conv_output_size(length, k, stride=s, dilation=d)),
        ("forgot-stride", lambda: conv_output_size(length, k, padding=p, dilation=d)),
        ("kernel-not-subtracted", lambda: (length + 2 * p) // s + 1),
    ]
    if d == 1:
        options = [option for option in options if "dilation" not in option[0]]
    if rest:
        options.insert(0, ("rounded-up", lambda: out + 1))
    return tuple(found for name, compute in options for found in mistake(name, compute))


def _both_axes(layer: Conv2d, sizes: tuple[int, int]) -> tuple[Mistake, ...]:
    """Pair the wrong heights with the wrong widths of the same mistake."""
    right = layer.output_shape(((1, *sizes),))[1:]
    axes = [{m.misconception: m.value for m in conv_mistakes(sizes[a], layer, a)} for a in (0, 1)]
    names = dict.fromkeys((*axes[0], *axes[1]))
    pairs = [Mistake(name, (_int(axes[0].get(name, right[0])), _int(axes[1].get(name, right[1])))) for name in names]
    return tuple(pairs)


def _int(value: object) -> int:
    return value if isinstance(value, int) else 0


SIZES = (
    Topic(
        "output-size",
        "Output size of a convolution",
        "How large is the map that a convolution gives?",
        "Sizes",
        output_size,
        (16, 130, 256),
    ),
)
