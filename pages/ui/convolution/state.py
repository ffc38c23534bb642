"""What a visitor has chosen on the Convolution page."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field

from lab.theory.kernels import CLASSIC_KERNELS
from pages.ui.state import PageState

MAX_SIZE = 16  # more cells than this nobody reads
MAX_KERNEL = 7
MAX_CHANNELS = 4
MAX_EDITS = 500
MAX_OUTPUT = 24  # more output cells than 24 × 24 nobody reads
MAX_NUMBER = 9999.0  # as wide as a cell

Place = Annotated[int, Field(ge=0, lt=MAX_SIZE)]
Channel = Annotated[int, Field(ge=0, lt=MAX_CHANNELS)]
Number = Annotated[float, Field(ge=-MAX_NUMBER, le=MAX_NUMBER)]
Side = Annotated[int, Field(ge=1, le=MAX_SIZE)]
Taps = Annotated[int, Field(ge=1, le=MAX_KERNEL)]
Step = Annotated[int, Field(ge=1, le=5)]
Gap = Annotated[int, Field(ge=1, le=4)]
Rim = Annotated[int, Field(ge=0, le=8)]

InputEdit = tuple[Channel, Place, Place, Number]  # channel, row, column, value
OutputPlace = Annotated[int, Field(ge=0, lt=MAX_OUTPUT)]
OutputEdit = tuple[Channel, OutputPlace, OutputPlace, Number]  # out channel, row, column, value
KernelEdit = tuple[Channel, Channel, Place, Place, Number]  # out channel, input of its group, row, column, value

KERNELS = {kernel.name.lower().replace(" ", "_"): kernel for kernel in CLASSIC_KERNELS}
SOURCES = {
    "guide": "The guide's 5×5",
    "photo": "A patch of a photo",
    "pixel": "One bright pixel",
    "flat": "All the same",
    "ramp": "A ramp",
    "noise": "Noise",
}
KERNEL_NAMES = {
    "guide": "The guide's 3×3",
    **{name: kernel.name for name, kernel in KERNELS.items()},
    "count": "1, 2, 3, …",
    "ones": "All 1",
    "mean": "Mean",
    "noise": "Noise",
}


class ConvolutionState(PageState):
    """The numbers stage. Sizes are those of the height, and of the width too as long as ``square`` is on."""

    model_config = ConfigDict(allow_inf_nan=False)

    page: ClassVar[str] = "convolution"
    linked: ClassVar[frozenset[str]] = frozenset(
        {"transposed", "source", "size", "size_width", "kernel", "kernel_size", "kernel_size_width", "square"}
        | {"stride", "stride_width", "padding_kind", "padding", "padding_width", "padding_mode", "dilation"}
        | {"dilation_width", "output_padding", "output_padding_width", "in_channels", "out_channels", "groups"}
        | {"bias", "bias_values", "flipped", "input_edits", "kernel_edits", "out_channel", "view", "row", "column"}
        | {"patch_x", "patch_y", "patch_px", "upstream", "upstream_edits"}
    )

    transposed: bool = Field(
        False,
        title="Transposed",
        description="Runs the layer backwards: each input value stamps the kernel on the output.",
    )
    square: bool = Field(True, title="Square", description="One number for height and width.")

    source: Literal["guide", "photo", "pixel", "flat", "ramp", "noise"] = Field(
        "guide", title="Input", description="Every number of it can be changed: choose a cell and type."
    )
    size: Side = Field(5, title="Size", description="Height and width of the input in pixels.")
    size_width: Side = Field(5, title="Width")
    in_channels: int = Field(1, ge=1, le=MAX_CHANNELS, title="In channels", description="Maps that come in.")
    input_edits: tuple[InputEdit, ...] = Field((), max_length=MAX_EDITS)
    patch_x: float = Field(0.36, ge=0, le=1, title="Patch from the left")
    patch_y: float = Field(0.28, ge=0, le=1, title="Patch from the top")
    patch_px: Literal[24, 48, 96, 192] = Field(
        48,
        title="Photo shrunk to",
        description="The longest side of the photo, in pixels, before the patch is cut out.",
    )

    kernel: Literal[
        "guide", "identity", "blur", "sharpen", "outline", "emboss", "top_sobel", "bottom_sobel", "left_sobel",
        "right_sobel", "count", "ones", "mean", "noise",
    ] = Field(
        "right_sobel", title="Kernel", description="Every number of it can be changed: choose a cell and type."
    )  # fmt: skip
    kernel_size: Taps = Field(3, title="Kernel size", description="Height and width of the kernel.")
    kernel_size_width: Taps = Field(3, title="Kernel width")
    kernel_edits: tuple[KernelEdit, ...] = Field((), max_length=MAX_EDITS)
    flipped: bool = Field(
        False,
        title="True convolution",
        description="Turns the kernel by 180° first, as mathematics does. A layer does not: it cross-correlates.",
    )

    stride: Step = Field(1, title="Stride", description="How far the window moves from one position to the next.")
    stride_width: Step = Field(1, title="Stride across")
    padding_kind: Literal["numbers", "valid", "same", "full"] = Field(
        "numbers", title="Padding", description="valid: none. same: the size stays. full: every overlap counts."
    )
    padding: Rim = Field(1, title="Padding", description="Pixels added on each side.")
    padding_width: Rim = Field(1, title="Padding left and right")
    padding_mode: Literal["zeros", "reflect", "replicate", "circular"] = Field(
        "zeros", title="Padding shows", description="0, the mirrored, the edge or the opposite pixels."
    )
    dilation: Gap = Field(1, title="Dilation", description="Distance between neighbouring kernel cells; 1 is no gap.")
    dilation_width: Gap = Field(1, title="Dilation across")
    output_padding: int = Field(
        0, ge=0, le=4, title="Output padding", description="Extra pixels at the bottom and right."
    )
    output_padding_width: int = Field(0, ge=0, le=4, title="Output padding right")

    out_channels: int = Field(
        1, ge=1, le=MAX_CHANNELS, title="Out channels", description="Maps that go out: one kernel set each."
    )
    groups: int = Field(
        1, ge=1, le=MAX_CHANNELS, title="Groups", description="Groups of channels that do not see each other."
    )
    bias: bool = Field(True, title="Bias", description="One number per output map, added at every position.")
    bias_values: tuple[Number, Number, Number, Number] = (0.0, 0.0, 0.0, 0.0)

    out_channel: int = Field(0, ge=0, lt=MAX_CHANNELS, title="Output map")
    view: Literal["sum", "matrix", "backward"] = Field("sum", title="Below")
    row: int = Field(0, ge=0, le=63)
    column: int = Field(0, ge=0, le=63)
    upstream: Literal["cell", "map"] = Field("cell", title="Back from")
    upstream_edits: tuple[OutputEdit, ...] = Field((), max_length=MAX_EDITS, title="Gradient of the output")

    def pair(self, name: str) -> tuple[int, int]:
        """Give a size as (height, width); one number for both while ``square`` is on."""
        return getattr(self, name), getattr(self, name if self.square else f"{name}_width")


class PhotoStageState(PageState):
    """The photo stage: one kernel over a whole photo."""

    model_config = ConfigDict(allow_inf_nan=False)

    page: ClassVar[str] = "convolution-photo"
    linked: ClassVar[frozenset[str]] = frozenset({"kernel", "weights", "stride", "dilation", "colour", "bias", "shows"})

    kernel: str = Field("outline", max_length=24, title="Kernel")
    weights: Annotated[tuple[Number, ...], Field(min_length=9, max_length=9)] = (-1, -1, -1, -1, 8, -1, -1, -1, -1)
    stride: int = Field(1, ge=1, le=8, title="Stride", description="Also how many times smaller the result is.")
    dilation: int = Field(1, ge=1, le=16, title="Dilation", description="Distance between neighbouring kernel cells.")
    bias: float = Field(0.0, ge=-255, le=255, title="Bias", description="Added to every pixel of the result.")
    colour: Literal["grey", "colour"] = Field(
        "grey", title="Photo", description="In colour the kernel is used on red, green and blue separately (groups=3)."
    )
    shows: Literal["signed", "clipped"] = Field(
        "signed", title="Result", description="With its sign (blue above 0, red below), or cut to 0…255 as a picture."
    )


class LayerStageState(PageState):
    """The numbers stage on a layer of the learner's own network: which layer, which map, and where in it."""

    page: ClassVar[str] = "convolution-layer"
    linked: ClassVar[frozenset[str]] = frozenset(
        {"layer", "output_map", "first_row", "first_column", "view", "row", "column"}
    )

    layer: str = Field("", max_length=120)
    output_map: int = Field(1, ge=1, le=65_536, title="Output map", description="Each has kernels of its own.")
    first_row: int = Field(1, ge=1, le=4096, title="From row", description="Of the output cells that are shown.")
    first_column: int = Field(1, ge=1, le=4096, title="From column", description="Of the output cells that are shown.")
    view: Literal["sum", "matrix", "backward"] = Field("sum", title="Below")
    row: int = Field(0, ge=0, le=63)
    column: int = Field(0, ge=0, le=63)
