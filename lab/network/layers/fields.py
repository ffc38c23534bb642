"""The kinds of value that a layer's fields hold: whole numbers with bounds, pairs (height, width), paddings.

A pair may be written as one number for both axes, as in PyTorch: ``3`` means ``(3, 3)``. Every bound is here for one
of two reasons: the value has no meaning beyond it, or it would make a network that no machine of a learner can hold.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

MAX_CHANNELS = 65_536
MAX_KERNEL_PX = 512  # a global pooling of the largest input that we take
MAX_PADDING_PX = 256


def _pair(value: object) -> object:
    """Let one number stand for both axes."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value, value
    if isinstance(value, list | tuple) and len(value) == 2:
        return value
    raise ValueError("must be a whole number, or two: for height and width")


def _padding(value: object) -> object:
    """Check a convolution's padding here, so that the learner reads one sentence instead of one a union member."""
    pair = (value, value) if isinstance(value, int) else value
    pair = tuple(pair) if isinstance(pair, list) else pair
    if isinstance(pair, tuple) and len(pair) == 2 and all(_is_padding(side) for side in pair):
        return pair
    if isinstance(value, str) and value in ("same", "valid"):
        return value
    raise ValueError(f"must be 'same', 'valid', or whole numbers from 0 to {MAX_PADDING_PX} for height and width")


def _is_padding(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_PADDING_PX


Count = Annotated[int, Field(strict=True, ge=1, le=MAX_CHANNELS)]
KernelPx = Annotated[int, Field(strict=True, ge=1, le=MAX_KERNEL_PX)]
StridePx = Annotated[int, Field(strict=True, ge=1, le=64)]
DilationPx = Annotated[int, Field(strict=True, ge=1, le=64)]
PaddingPx = Annotated[int, Field(strict=True, ge=0, le=MAX_PADDING_PX)]
Factor = Annotated[int, Field(strict=True, ge=1, le=16)]
SidePx = Annotated[int, Field(strict=True, ge=1, le=512)]

KernelSize = Annotated[tuple[KernelPx, KernelPx], BeforeValidator(_pair)]
Stride = Annotated[tuple[StridePx, StridePx], BeforeValidator(_pair)]
Dilation = Annotated[tuple[DilationPx, DilationPx], BeforeValidator(_pair)]
PaddingPair = Annotated[tuple[PaddingPx, PaddingPx], BeforeValidator(_pair)]
OutputSize = Annotated[tuple[SidePx, SidePx], BeforeValidator(_pair)]
ScaleFactor = Annotated[tuple[Factor, Factor], BeforeValidator(_pair)]
Padding = Annotated[tuple[int, int] | Literal["same", "valid"], BeforeValidator(_padding)]
Switch = Annotated[bool, Field(strict=True)]
