"""Which pixels each pooling window reads, which window is dropped, and which settings are possible. No torch.

One frozen :class:`PoolSpec` describes any of eight ways to make a map smaller. Sizes come from
:mod:`lab.theory.geometry`, and so do the bounds: a control offers exactly the values for which the size exists.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from lab.errors import GeometryError
from lab.theory.geometry import adaptive_window, conv_output_size, effective_kernel_size, pool_output_size

Pair = tuple[int, int]
Weights = Literal["mean", "first", "blur", "random"]
MOST_PX = 512  # as lab.network.layers.fields allows
MOST_STRIDE = 64

Side = Annotated[int, Field(ge=1, le=MOST_PX)]
Step = Annotated[int, Field(ge=1, le=MOST_STRIDE)]
Margin = Annotated[int, Field(ge=0, le=MOST_PX // 2)]


class PoolKind(StrEnum):
    """Ways to make a map smaller; the last one is no pooling but does the same job with weights."""

    MAX = "max"
    AVERAGE = "average"
    LP = "lp"
    ADAPTIVE_MAX = "adaptive_max"
    ADAPTIVE_AVERAGE = "adaptive_average"
    GLOBAL_MAX = "global_max"
    GLOBAL_AVERAGE = "global_average"
    CONVOLUTION = "convolution"

    @property
    def slides(self) -> bool:
        """Whether a window of fixed size slides; the others cut the map into a given number of windows."""
        return self in (PoolKind.MAX, PoolKind.AVERAGE, PoolKind.LP, PoolKind.CONVOLUTION)

    @property
    def takes_maximum(self) -> bool:
        """Whether one pixel of each window wins."""
        return self in (PoolKind.MAX, PoolKind.ADAPTIVE_MAX, PoolKind.GLOBAL_MAX)


_OPTIONS: dict[PoolKind, frozenset[str]] = {
    PoolKind.MAX: frozenset({"kernel_size", "stride", "padding", "dilation", "ceil_mode"}),
    PoolKind.AVERAGE: frozenset({"kernel_size", "stride", "padding", "ceil_mode", "count_include_pad"}),
    PoolKind.LP: frozenset({"kernel_size", "stride", "ceil_mode", "norm_type"}),
    PoolKind.CONVOLUTION: frozenset({"kernel_size", "stride", "padding", "dilation", "weights"}),
    PoolKind.ADAPTIVE_MAX: frozenset({"output_size"}),
    PoolKind.ADAPTIVE_AVERAGE: frozenset({"output_size"}),
    PoolKind.GLOBAL_MAX: frozenset(),
    PoolKind.GLOBAL_AVERAGE: frozenset(),
}


class PoolSpec(BaseModel):
    """One setting of a pooling, or of the strided convolution beside it.

    An option that the kind does not have in PyTorch (dilation of average pooling, padding of LP pooling) is kept but
    without effect; :meth:`options` names those that have one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: PoolKind = PoolKind.MAX
    kernel_size: tuple[Side, Side] = (2, 2)
    stride: tuple[Step, Step] = (2, 2)
    padding: tuple[Margin, Margin] = (0, 0)
    dilation: tuple[Step, Step] = (1, 1)
    ceil_mode: bool = False
    count_include_pad: bool = True
    norm_type: Annotated[int, Field(ge=1, le=8)] = 2
    output_size: tuple[Side, Side] = (2, 2)
    weights: Weights = "mean"

    @property
    def options(self) -> frozenset[str]:
        """The fields that have an effect for this kind."""
        return _OPTIONS[self.kind]

    def effective(self) -> PoolSpec:
        """The same setting with every option that has no effect at its default.

        Examples:
            >>> PoolSpec(kind="lp", padding=(1, 1)).effective().padding
            (0, 0)
        """
        kept = {name: getattr(self, name) for name in self.options}
        if not self.kind.slides:
            kept["output_size"] = self.output_size if "output_size" in self.options else (1, 1)
        return PoolSpec(kind=self.kind, **kept)

    def output_shape(self, size: Pair) -> Pair:
        """Height and width that come out of a map of ``size`` (height, width).

        Raises:
            GeometryError: the window does not fit, or the padding is more than half of it.

        Examples:
            >>> PoolSpec(kernel_size=(3, 3)).output_shape((112, 112))
            (55, 55)
        """
        return axis_output_size(self, size[0], 0), axis_output_size(self, size[1], 1)


def axis_output_size(spec: PoolSpec, size: int, axis: int) -> int:
    """Count the windows along one axis (0 height, 1 width) of ``size`` pixels.

    The padding is at most half the kernel for every kind, the convolution too, so that all look through one window.

    Raises:
        GeometryError: the window does not fit.
    """
    one = spec.effective()
    if not one.kind.slides:
        return one.output_size[axis]
    # A convolution has no ceil mode: its spec has it off.
    return pool_output_size(
        size,
        one.kernel_size[axis],
        stride=one.stride[axis],
        padding=one.padding[axis],
        dilation=one.dilation[axis],
        ceil_mode=one.ceil_mode,
    )


@dataclass(frozen=True)
class DroppedWindow:
    """A window that would hang over the end and is not computed.

    Args:
        taps: the pixels it would read; those from ``size`` on lie outside.
        in_padding: dropped because it would start behind the picture, which ``ceil_mode`` cannot save; otherwise
            because sizes are floored.
    """

    taps: tuple[int, ...]
    in_padding: bool


@dataclass(frozen=True)
class AxisWindows:
    """What the windows read along one axis.

    Args:
        size: pixels of the map on this axis.
        taps: for each output position the pixels it reads, in order; below 0 or from ``size`` on is padding.
        dropped: the window that was left out, if any.
    """

    size: int
    taps: tuple[tuple[int, ...], ...]
    dropped: DroppedWindow | None = None

    def inside(self, position: int) -> tuple[int, ...]:
        """The pixels of the picture that one window reads, padding left out."""
        return tuple(tap for tap in self.taps[position] if 0 <= tap < self.size)

    @property
    def unread(self) -> tuple[int, ...]:
        """The pixels that no window reads."""
        read = {tap for taps in self.taps for tap in taps}
        return tuple(pixel for pixel in range(self.size) if pixel not in read)

    @property
    def shared(self) -> tuple[int, ...]:
        """The pixels that more than one window reads: where windows overlap."""
        return tuple(p for p in range(self.size) if sum(p in taps for taps in self.taps) > 1)


def axis_windows(spec: PoolSpec, size: int, axis: int) -> AxisWindows:
    """Say which pixels each window reads along one axis (0 height, 1 width).

    Raises:
        GeometryError: the window does not fit.

    Examples:
        >>> axis_windows(PoolSpec(kernel_size=(3, 3), padding=(1, 1)), 5, 0).taps
        ((-1, 0, 1), (1, 2, 3), (3, 4, 5))
        >>> axis_windows(PoolSpec(kind="adaptive_average", output_size=(3, 3)), 7, 0).taps
        ((0, 1, 2), (2, 3, 4), (4, 5, 6))
    """
    n, one = axis_output_size(spec, size, axis), spec.effective()
    if not one.kind.slides:
        spans = [adaptive_window(size, n, position) for position in range(n)]
        return AxisWindows(size, tuple(tuple(range(first, last + 1)) for first, last in spans))
    kernel, stride, padding = one.kernel_size[axis], one.stride[axis], one.padding[axis]
    dilation = one.dilation[axis]
    starts = [position * stride - padding for position in range(n + 1)]
    taps = tuple(tuple(start + dilation * tap for tap in range(kernel)) for start in starts)
    floored = conv_output_size(size, kernel, stride=stride, padding=padding, dilation=dilation)
    hangs_over = (size + 2 * padding - effective_kernel_size(kernel, dilation)) % stride > 0
    dropped = DroppedWindow(taps[n], starts[n] >= size) if hangs_over and n == floored else None
    return AxisWindows(size, taps[:n], dropped)


@dataclass(frozen=True)
class Range:
    """Smallest and largest value of one control."""

    least: int
    most: int


def bounds(spec: PoolSpec, size: Pair, *, most_kernel: int = 16, most_stride: int = 8) -> dict[str, Range]:
    """Say which values each option may take while the others stay, for controls that set both axes alike.

    Every value in a range has a size (:meth:`PoolSpec.output_shape` gives one); the next value does not, or is beyond
    what the caller draws.

    Args:
        spec: the present setting, which must be possible.
        size: height and width of the map.
        most_kernel: largest window and dilation to offer.
        most_stride: largest stride to offer.

    Returns:
        ``kernel_size``, ``stride``, ``padding``, ``dilation``, ``output_size``.

    Examples:
        >>> bounds(PoolSpec(kernel_size=(3, 3)), (6, 6))["padding"]
        Range(least=0, most=1)
        >>> bounds(PoolSpec(kernel_size=(3, 3), padding=(1, 1)), (6, 6))["kernel_size"]
        Range(least=2, most=8)
    """
    tried = {
        "kernel_size": range(1, most_kernel + 1),
        "padding": range(MOST_PX // 2),
        "dilation": range(1, most_kernel + 1),
    }
    found = {name: _possible(spec, size, name, values) for name, values in tried.items()}
    return found | {"stride": Range(1, most_stride), "output_size": Range(1, min(size))}


def _possible(spec: PoolSpec, size: Pair, name: str, values: Iterable[int]) -> Range:
    """The unbroken run of values that fit, upwards from the first that does."""
    least: int | None = None
    most = getattr(spec, name)[0]
    for value in values:
        if _fits(spec.model_copy(update={name: (value, value)}), size):
            least, most = (value if least is None else least), value
        elif least is not None:
            break
    return Range(most if least is None else least, most)


def _fits(spec: PoolSpec, size: Pair) -> bool:
    try:
        spec.output_shape(size)
    except GeometryError:
        return False
    return True


def nearest_possible(spec: PoolSpec, size: Pair) -> PoolSpec:
    """The same setting, changed as little as it takes for the window to fit a map of ``size``.

    The kernel is cut to the map first, then the dilation to 1, then the padding to half the kernel; for a map that
    just became smaller, or a kind that reads options which the one before did not.

    Examples:
        >>> nearest_possible(PoolSpec(kernel_size=(5, 5), padding=(2, 2)), (1, 6)).kernel_size
        (5, 5)
        >>> nearest_possible(PoolSpec(kernel_size=(5, 5)), (1, 6)).kernel_size
        (1, 5)
    """
    if _fits(spec, size):
        return spec
    height, width = (_fit_axis(spec, size, axis) for axis in (0, 1))
    return spec.model_copy(
        update={
            "kernel_size": (height[0], width[0]),
            "padding": (height[1], width[1]),
            "dilation": (height[2], width[2]),
        }
    )


def _fit_axis(spec: PoolSpec, size: Pair, axis: int) -> tuple[int, int, int]:
    """Kernel, padding and dilation of one axis that fit."""
    one = spec.effective()
    kernel, dilation = spec.kernel_size[axis], spec.dilation[axis]
    padding = min(spec.padding[axis], kernel // 2)
    # A dilation beyond the map's size could read nothing but padding.
    room = size[axis] + 2 * (padding if "padding" in one.options else 0)
    if effective_kernel_size(kernel, dilation) > room or dilation > size[axis]:
        dilation = 1
    if kernel > room:
        kernel = size[axis]
        padding = min(padding, kernel // 2)
    return kernel, padding, dilation
