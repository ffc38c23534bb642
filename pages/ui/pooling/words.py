"""What the Pooling page says with today's numbers: the size formula, the dropped window, what was lost."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lab.theory.pool_window import AxisWindows, PoolKind, PoolSpec, axis_windows
from pages.ui import units
from pages.ui.pooling.layer import n_params
from pages.ui.pooling.state import KIND_NAMES, WEIGHT_NAMES

if TYPE_CHECKING:
    from lab.theory.pooling import PoolingDetail

_AXES = ("rows", "columns")
_SUMS = {1: "the sum", 2: "root of the sum of squares"}  # of LP pooling, by its power


def name_with_setting(spec: PoolSpec) -> str:
    """A kind's name with what its number depends on besides the window: LP's power, the convolution's weights.

    Examples:
        >>> name_with_setting(PoolSpec(kind="lp")), name_with_setting(PoolSpec(kind="lp", norm_type=3))
        ('LP (root of the sum of squares, p = 2)', 'LP (root of the sum of powers, p = 3)')
        >>> name_with_setting(PoolSpec(kind="convolution", kernel_size=(3, 3))), name_with_setting(PoolSpec(kind="max"))
        ('Strided convolution (weights 1/9)', 'Max')
    """
    if spec.kind is PoolKind.LP:
        return f"LP ({_SUMS.get(spec.norm_type, 'root of the sum of powers')}, p = {spec.norm_type})"
    name = KIND_NAMES[spec.kind]
    if spec.kind is not PoolKind.CONVOLUTION:
        return name
    if spec.weights == "mean":
        return f"{name} (weights 1/{math.prod(spec.kernel_size)})"
    return f"{name} (weights: {WEIGHT_NAMES[spec.weights].lower()})"


def size_formula(spec: PoolSpec, size: int, axis: int) -> str:
    """The output size along one axis with the numbers put in.

    Examples:
        >>> size_formula(PoolSpec(kernel_size=(3, 3), padding=(1, 1)), 6, 0)
        '⌊(6 + 2·1 − 1·(3 − 1) − 1) / 2⌋ + 1 = 3'
    """
    one, windows = spec.effective(), axis_windows(spec, size, axis)
    n = len(windows.taps)
    if not one.kind.slides:
        return (
            f"{n} windows, from ⌊i·{size}/{n}⌋ up to ⌈(i + 1)·{size}/{n}⌉ − 1" if n > 1 else "1 window over everything"
        )
    kernel, stride, padding = one.kernel_size[axis], one.stride[axis], one.padding[axis]
    opening, closing = ("⌈", "⌉") if one.ceil_mode else ("⌊", "⌋")
    fraction = f"({size} + 2·{padding} − {one.dilation[axis]}·({kernel} − 1) − 1) / {stride}"
    text = f"{opening}{fraction}{closing} + 1 = "
    if one.ceil_mode and windows.dropped is not None:
        return f"{text}{n + 1}, minus the dropped window: {n}"
    return f"{text}{n}"


def size_lines(spec: PoolSpec, size: tuple[int, int]) -> list[dict[str, str]]:
    """The formula for both axes, or once where they are alike."""
    height, width = (size_formula(spec, size[axis], axis) for axis in (0, 1))
    if height == width:
        return [{"name": "Output size", "text": height}]
    return [{"name": "Output rows", "text": height}, {"name": "Output columns", "text": width}]


def facts(detail: PoolingDetail) -> list[str]:
    """What there is to say about this setting on this map, the most surprising first."""
    return [
        *_dropped(detail.spec, (detail.rows, detail.cols)),
        *_unread((detail.rows, detail.cols)),
        _lost(detail),
        *_overlap((detail.rows, detail.cols)),
        _cost(detail),
    ]


def _dropped(spec: PoolSpec, windows: tuple[AxisWindows, AxisWindows]) -> list[str]:
    """Say which window was left out and why; both axes in one sentence where they agree."""
    said: list[str] = []
    for axis, one in enumerate(windows):
        if one.dropped is None:
            continue
        place = f"A window that starts at {_AXES[axis][:-1]} {one.dropped.taps[0] + 1}"
        if one.dropped.in_padding:
            said.append(f"{place} would begin behind the map, in the padding: ceil mode drops it, too.")
        else:
            ways = "Ceil mode would keep it." if "ceil_mode" in spec.options else "A convolution has no ceil mode."
            said.append(f"{place} would hang over the edge: it is dropped. {ways}")
    return said


def _unread(windows: tuple[AxisWindows, AxisWindows]) -> list[str]:
    words = _counted([len(one.unread) for one in windows])
    return [f"No window ever reads {words}."] if words else []


def _counted(counts: list[int]) -> str:
    """Say how many rows and columns; an axis with none is not named.

    Examples:
        >>> _counted([1, 2]), _counted([0, 3])
        ('1 row and 2 columns', '3 columns')
    """
    return " and ".join(f"{n} {_AXES[axis] if n > 1 else _AXES[axis][:-1]}" for axis, n in enumerate(counts) if n)


def _lost(detail: PoolingDetail) -> str:
    n, passed = detail.picture.numel(), int(detail.lost.passed.sum())
    share = detail.lost.share_lost
    said = f"{passed} of {n} numbers have a say in the output; {units.whole_percent(share)} are never passed on."
    if math.isnan(detail.lost.difference):
        return said
    return (
        f"{said} Enlarged to its old size, the output differs from the map by {detail.lost.difference:.3g} on average."
    )


def _overlap(windows: tuple[AxisWindows, AxisWindows]) -> list[str]:
    shared = [len(one.shared) for one in windows]
    verb = "is" if sum(shared) == 1 else "are"
    return [f"Windows overlap: {_counted(shared)} {verb} read more than once."] if any(shared) else []


def _cost(detail: PoolingDetail) -> str:
    height, width = detail.picture.shape
    n = n_params(detail.spec, (height, width))
    return f"Parameters to learn: {n}." + (" Pooling learns nothing." if n == 0 else "")
