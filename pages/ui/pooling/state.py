"""What a visitor has chosen on the Pooling page: one state for each of its stages."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from lab.theory.pool_window import PoolKind, PoolSpec, Weights
from lab.theory.shift import Compare
from pages.ui.state import PageState

MOST_SIDE = 10  # of the map of numbers: readable on a phone
MOST_KERNEL, MOST_STRIDE = 6, 6
MOST_PHOTO_KERNEL = 32
MOST_SHIFT = 32
LIMIT = 999.0  # of a typed number: what a cell can show

MapName = Literal["digits", "guide", "dot", "checks", "ramp", "photo"]
Index = Annotated[int, Field(ge=0, lt=MOST_SIDE)]
CellValue = Annotated[float, Field(ge=-LIMIT, le=LIMIT, allow_inf_nan=False)]
Edit = tuple[MapName, Index, Index, CellValue]
"""Which map, row, column, and the number typed there."""
OutputIndex = Annotated[int, Field(ge=0, lt=2 * MOST_SIDE)]
OutputEdit = tuple[OutputIndex, OutputIndex, CellValue]
"""Row and column of an output, and the gradient typed there."""

KIND_NAMES: dict[PoolKind, str] = {
    PoolKind.MAX: "Max",
    PoolKind.AVERAGE: "Average",
    PoolKind.LP: "LP (root of summed powers)",
    PoolKind.CONVOLUTION: "Strided convolution",
    PoolKind.ADAPTIVE_MAX: "Adaptive max",
    PoolKind.ADAPTIVE_AVERAGE: "Adaptive average",
    PoolKind.GLOBAL_MAX: "Global max",
    PoolKind.GLOBAL_AVERAGE: "Global average",
}
SLIDING = (PoolKind.MAX, PoolKind.AVERAGE, PoolKind.LP, PoolKind.CONVOLUTION)
WEIGHT_NAMES: dict[Weights, str] = {
    "mean": "All equal",
    "first": "First pixel only",
    "blur": "Blur (binomial)",
    "random": "Random, untrained",
}
MAP_NAMES: dict[MapName, str] = {
    "digits": "Digits",
    "guide": "Dumoulin & Visin's",
    "dot": "One bright dot",
    "checks": "Chessboard",
    "ramp": "Ramp",
    "photo": "Your photo, shrunk",
}


class PoolingState(PageState):
    """The stage of numbers."""

    page: ClassVar[str] = "pooling"
    linked: ClassVar[frozenset[str]] = frozenset(
        {"map", "height", "width", "edits", "kind", "kernel_size", "stride", "padding", "dilation", "ceil_mode"}
        | {"count_include_pad", "norm_type", "output_size", "weights", "upstream_edits"}
    )

    map: MapName = Field(
        "digits", title="Numbers", description="Each of them can be changed: drag it, or choose it and type."
    )
    height: int = Field(6, ge=1, le=MOST_SIDE, title="Rows")
    width: int = Field(6, ge=1, le=MOST_SIDE, title="Columns")
    edits: tuple[Edit, ...] = Field((), max_length=MOST_SIDE * MOST_SIDE, title="Number")
    kind: PoolKind = Field(PoolKind.MAX, title="Pooling")
    kernel_size: int = Field(2, ge=1, le=MOST_KERNEL, title="Window", description="Height and width of the window.")
    stride: int = Field(2, ge=1, le=MOST_STRIDE, description="How far the window moves; less than the window: overlap.")
    padding: int = Field(
        0, ge=0, le=MOST_SIDE, description="Rows and columns added on each side: at most half the window."
    )
    dilation: int = Field(1, ge=1, le=MOST_SIDE, description="Distance between neighbouring pixels of the window.")
    ceil_mode: bool = Field(
        False, title="Ceil mode", description="Keep a last window that hangs over the edge, if it starts inside."
    )
    count_include_pad: bool = Field(
        True, title="Count the padding", description="count_include_pad: the padded zeros count in the mean."
    )
    norm_type: int = Field(2, ge=1, le=8, title="Power p", description="1 adds up; larger comes closer to the maximum.")
    output_size: int = Field(
        3, ge=1, le=MOST_SIDE, title="Output size", description="Adaptive pooling finds windows that give this size."
    )
    weights: Weights = Field(
        "mean", title="Weights", description="A convolution would learn its weights; here you choose them."
    )
    upstream_edits: tuple[OutputEdit, ...] = Field((), max_length=MOST_SIDE * MOST_SIDE, title="Gradient that arrives")

    @property
    def spec(self) -> PoolSpec:
        """The setting as ``lab`` takes it."""
        return _spec(self)


class PhotoPoolState(PageState):
    """The stage that shows all kinds on a photo."""

    page: ClassVar[str] = "pooling-photo"
    linked: ClassVar[frozenset[str]] = frozenset(
        {"kernel_size", "stride", "padding", "ceil_mode", "norm_type", "output_size", "weights", "view"}
    )

    view: Literal["result", "passed", "difference", "gradient"] = Field("result", title="Show")
    kernel_size: int = Field(8, ge=1, le=MOST_PHOTO_KERNEL, title="Window", description="In pixels of the photo.")
    stride: int = Field(8, ge=1, le=MOST_PHOTO_KERNEL, description="How far the window moves.")
    padding: int = Field(0, ge=0, le=MOST_PHOTO_KERNEL // 2, description="At most half the window.")
    ceil_mode: bool = Field(False, title="Ceil mode", description="Keep a last window that hangs over the edge.")
    norm_type: int = Field(4, ge=1, le=8, title="Power p of LP")
    output_size: int = Field(16, ge=1, le=64, title="Output size of adaptive pooling")
    weights: Weights = Field("first", title="Weights of the convolution")

    def spec(self, kind: PoolKind) -> PoolSpec:
        """The setting of one kind."""
        return _spec(self).model_copy(update={"kind": kind})


class ShiftState(PageState):
    """The stage that moves the picture."""

    page: ClassVar[str] = "pooling-shift"
    linked: ClassVar[frozenset[str]] = frozenset(
        {"picture", "compare", "kind", "shift", "kernel_size", "stride", "padding", "norm_type", "weights"}
        | {"output_size"}
    )

    picture: Literal["photo", "dot", "stripes"] = Field("photo", title="Picture")
    compare: Compare = Field("in_place", title="Compare each number with")
    kind: PoolKind = Field(PoolKind.MAX, title="Shown below")
    shift: int = Field(1, ge=0, le=MOST_SHIFT, title="Shift", description="Pixels to the right, around a ring.")
    kernel_size: int = Field(8, ge=1, le=MOST_PHOTO_KERNEL, title="Window", description="In pixels of the picture.")
    stride: int = Field(8, ge=1, le=MOST_PHOTO_KERNEL, description="How far the window moves.")
    padding: int = Field(0, ge=0, le=MOST_PHOTO_KERNEL // 2, description="At most half the window.")
    norm_type: int = Field(4, ge=1, le=8, title="Power p of LP")
    weights: Weights = Field("first", title="Weights of the convolution")
    output_size: int = Field(10, ge=1, le=64, title="Output size of adaptive pooling")

    def spec(self, kind: PoolKind) -> PoolSpec:
        """The setting of one kind."""
        return _spec(self).model_copy(update={"kind": kind})


class LayerPoolState(PageState):
    """The stage of a layer of the learner's network: which layer, and where to look."""

    page: ClassVar[str] = "pooling-layer"
    linked: ClassVar[frozenset[str]] = frozenset({"layer", "channel", "top", "left"})

    layer: str = Field("", max_length=120)
    channel: int = Field(0, ge=0, le=65_535)
    top: int = Field(9, ge=1, le=1001, title="First row", description="Where the patch begins on the map.")
    left: int = Field(9, ge=1, le=1001, title="First column", description="Where the patch begins on the map.")


_PAIRS = ("kernel_size", "stride", "padding", "dilation", "output_size")


def _spec(chosen: PageState) -> PoolSpec:
    """Read the fields that a setting has; one number stands for both axes."""
    found = {name: value for name, value in dict(chosen).items() if name in PoolSpec.model_fields}
    return PoolSpec(**{name: (value, value) if name in _PAIRS else value for name, value in found.items()})
