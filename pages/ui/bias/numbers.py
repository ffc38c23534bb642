"""What leaves for the browser: numbers with no more digits than a screen shows, and maps as bytes."""

from __future__ import annotations

import math
from base64 import b64encode
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

DIGITS = 5  # significant; a plot of 500 pixels shows three


def short(value: float) -> float | None:
    """A number for a drawing; ``None`` where it is not finite.

    Examples:
        >>> short(0.123456789), short(-0.0), short(float("inf"))
        (0.12346, 0.0, None)
    """
    return float(f"{value:.{DIGITS}g}") + 0.0 if math.isfinite(value) else None


def shorts(values: Iterable[float]) -> list[float | None]:
    """Many of them."""
    return [short(value) for value in values]


def signed_map(values: Tensor, limit: float) -> dict[str, object]:
    """A map ``(H, W)`` as steps of the diverging colour scale: 1 is ``-limit``, 128 zero, 255 ``limit``."""
    from lab.inspection.mosaic import quantise

    height, width = values.shape
    content = quantise(values, limit).numpy().tobytes()
    return {"width": width, "height": height, "bytes": b64encode(content).decode(), "limit": short(limit)}


def colour_map(pixels: Tensor) -> dict[str, object]:
    """A picture ``(3, H, W)``, 0..1, as bytes of red, green, blue."""
    height, width = pixels.shape[1:]
    content = (pixels * 255).round().clamp(0, 255).byte().permute(1, 2, 0).contiguous().numpy().tobytes()
    return {"width": width, "height": height, "bytes": b64encode(content).decode(), "channels": 3}


def grey_map(pixels: Tensor) -> dict[str, object]:
    """A picture ``(H, W)``, 0..1, as bytes of grey."""
    height, width = pixels.shape
    content = (pixels * 255).round().clamp(0, 255).byte().contiguous().numpy().tobytes()
    return {"width": width, "height": height, "bytes": b64encode(content).decode(), "channels": 1}


def packed(table: Tensor) -> str:
    """A table of numbers, row by row, as the bytes of their float32s: a third of the room of their digits.

    ``numbersOf`` in map.js reads them, and what is not finite as nothing.
    """
    return b64encode(table.float().numpy().tobytes()).decode()
