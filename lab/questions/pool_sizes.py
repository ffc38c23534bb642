"""Questions about the size that a pooling gives."""

from __future__ import annotations

from collections.abc import Callable

from lab.network.layers.base import Shape
from lab.network.layers.pooling import AvgPool2d, MaxPool2d
from lab.questions.answer import shape
from lab.questions.phrases import AXES, given, layer_pair, mistake, settings, size, tex
from lab.questions.question import Draft, Draw, Mistake, Show, Step
from lab.questions.topic import Topic
from lab.theory.geometry import pool_output_size

_STAGE_SIDE = 10  # maps up to this size open on the numbers stage of the Pooling page
_POOL_IDEA = "Pooling slides a window over each channel alone. So the channels stay, and the size follows the window."


def pooling_size(draw: Draw) -> Draft:
    """Ask for the shape that a pooling gives; from level 2 with windows that hang over the end."""
    channels = draw.of(3, 4, 8, 12, 16, 32)
    fits_stage = draw.of(True, True, True, False) if draw.level == 1 else draw.of(True, False)
    while True:
        k, s, p, sides, ceil_mode = _window(draw, fits_stage=fits_stage)
        overhangs = [(side + 2 * p - k) % s for side in sides]
        if p <= k // 2 and k < min(sides) and all(bool(overhang) == (draw.level > 1) for overhang in overhangs):
            break
    is_max, fields = draw.of(True, False), {"kernel_size": k, "stride": s, "padding": p, "ceil_mode": ceil_mode}
    layer = MaxPool2d(id="pool", **fields) if is_max else AvgPool2d(id="pool", **fields)
    picture = (channels, *sides)
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
        tuple(_pool_steps(picture, layer, out)),
        shape(*out),
        mistakes=_pool_mistakes(picture, layer, out),
        hints=(_POOL_IDEA, r"Without ceil_mode: $o = \left\lfloor \frac{i + 2p - k}{s} \right\rfloor + 1$."),
        shows=Show("pooling", given(layer, picture)),
    )


def _window(draw: Draw, *, fits_stage: bool) -> tuple[int, int, int, tuple[int, int], bool]:
    """Draw window, stride, padding, height and width, and ceil mode for a level; most maps fit the Pooling stage."""
    if draw.level == 1:
        k, most = draw.of(2, 2, 3, 4), _STAGE_SIDE if fits_stage else 32
        return k, draw.of(k, k, 1, 2), 0, (draw.randint(k, most), draw.randint(k, most)), False
    if draw.level == 2:
        side = draw.randint(5, _STAGE_SIDE if fits_stage else 64)
        return draw.of(2, 3, 3, 4), draw.of(2, 2, 3), 0, (side, side), draw.kind(False, True)
    k, s, p = draw.of(2, 3, 4, 5), draw.of(2, 3, 4), draw.of(0, 1, 1, 2)
    side = draw.randint(5, _STAGE_SIDE if fits_stage else 112)
    return k, s, p, (side, side), draw.kind(True, True, False)


def _pool_steps(picture: Shape, layer: MaxPool2d | AvgPool2d, out: Shape) -> list[Step]:
    axes = (0,) if picture[1] == picture[2] else (0, 1)
    steps = [step for axis in axes for step in _axis_steps(picture, layer, out, axis, named=len(axes) > 1)]
    return [*steps, Step("The channels stay. So the shape is", rf"C \times H \times W = {tex(out)}")]


def _axis_steps(picture: Shape, layer: MaxPool2d | AvgPool2d, out: Shape, axis: int, *, named: bool) -> list[Step]:
    k, s, p = (layer_pair(layer, name)[axis] for name in ("kernel_size", "stride", "padding"))
    side, found = picture[1 + axis], out[1 + axis]
    moves, letter, place = side + 2 * p - k, "HW"[axis] if named else "o", f"In {AXES[axis]}, the" if named else "The"
    can = rf"i + 2p - k = {side} + 2 \cdot {p} - {k} = {moves}"
    steps = [Step(f"{place} window can move by", can)]
    n_floor = pool_output_size(side, k, stride=s, padding=p)
    if not (layer.ceil_mode and moves % s):
        why = "The last window that hangs over is dropped: round down." if moves % s else "The stride divides this."
        floor = rf"\left\lfloor {moves} / {s} \right\rfloor" if moves % s else f"{moves} / {s}"
        return [*steps, Step(why, rf"{letter} = {floor} + 1 = {n_floor - 1} + 1 = {n_floor}")]
    ceil = rf"\left\lceil {moves} / {s} \right\rceil"
    steps.append(Step("Here ceil_mode rounds up.", rf"{letter} = {ceil} + 1 = {n_floor} + 1 = {n_floor + 1}"))
    start, end = n_floor * s, side + p
    sign, told = ("<", "so it counts") if found > n_floor else (r"\ge", "so it is dropped")
    text = (
        "A last window must not start in the padding after the end. Counted in padded pixels, it starts at "
        f"{start}, and that padding starts at {end}, {told}."
    )
    return [*steps, Step(text, rf"{start} {sign} {end} \;\Rightarrow\; {letter} = {found}")]


def _pool_mistakes(picture: Shape, layer: MaxPool2d | AvgPool2d, out: Shape) -> tuple[Mistake, ...]:
    axes = [_axis_mistakes(picture[1 + axis], layer, axis, out[1 + axis]) for axis in (0, 1)]
    sizes = [
        Mistake(name, (out[0], axes[0].get(name, out[1]), axes[1].get(name, out[2])))
        for name in dict.fromkeys((*axes[0], *axes[1]))
    ]
    k = layer_pair(layer, "kernel_size")[0]
    return (Mistake("pool-changes-channels", (max(1, out[0] // k), *out[1:])), *sizes)


def _axis_mistakes(side: int, layer: MaxPool2d | AvgPool2d, axis: int, out: int) -> dict[str, int]:
    """Compute what known mistakes give on one axis."""
    k, s, p = (layer_pair(layer, name)[axis] for name in ("kernel_size", "stride", "padding"))
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
    found = [one for name, compute in options for one in mistake(name, compute)]
    return {one.misconception: one.value for one in found if isinstance(one.value, int)}


POOL_SIZES = (
    Topic(
        "pooling-size",
        "Output size of a pooling",
        "What does pooling make of a shape, and what does ceil_mode change?",
        "Sizes",
        pooling_size,
        (32, 64, 112),
    ),
)
