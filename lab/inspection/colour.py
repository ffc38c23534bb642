"""The one colour map for signed numbers: zero fades into the page, negative is orange-red, positive is blue.

The two hues stay apart under every common colour blindness, and lightness alone tells strong from weak. The stops are
data: the palette PNG, the pages' charts, the browser components and the legends all read them here.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

Scheme = Literal["light", "dark"]
Stops = tuple[tuple[float, str], ...]

# -1 .. 0 .. +1 of the scale at 0, 0.5 and 1. Source: ColorBrewer 2.0, RdBu, 11 classes (Brewer, Hatchard, Harrower
# 2003), the steps beside zero drawn apart because most of a map is weak; dark: the same hues, strong is bright.
DIVERGING: dict[Scheme, Stops] = {
    "light": (
        (0.0, "#67001f"),
        (0.125, "#b2182b"),
        (0.25, "#d6604d"),
        (0.375, "#f4a582"),
        (0.46, "#fddbc7"),
        (0.5, "#f7f7f7"),
        (0.54, "#d1e5f0"),
        (0.625, "#92c5de"),
        (0.75, "#4393c3"),
        (0.875, "#2166ac"),
        (1.0, "#053061"),
    ),
    "dark": (
        (0.0, "#ffd9c4"),
        (0.125, "#f9a07a"),
        (0.25, "#dd6347"),
        (0.375, "#93322c"),
        (0.46, "#4a2024"),
        (0.5, "#1d222b"),
        (0.54, "#1c3145"),
        (0.625, "#205a8a"),
        (0.75, "#3f93ca"),
        (0.875, "#86c3e8"),
        (1.0, "#d9eefb"),
    ),
}

ZERO_INDEX = 128
"""The palette index of the number zero; 1 and 255 are the two ends of the scale."""

GAP_INDEX = 0
"""The palette index between tiles: drawn as zero, and no number has it."""


@lru_cache(maxsize=2)
def diverging_table(scheme: Scheme = "light") -> bytes:
    """The colour map as the palette of a "P" picture.

    Returns:
        768 bytes: 256 times red, green, blue; entry 128 is zero, entry 1 the most negative, 255 the most positive,
        entry 0 (the gap between tiles) the colour of zero.

    Examples:
        >>> table = diverging_table("light")
        >>> len(table), table[3 * 128 : 3 * 128 + 3].hex(), table[:3].hex()
        (768, 'f7f7f7', 'f7f7f7')
    """
    import numpy as np  # the colours' names are wanted on every page, also before anything is computed

    places, colours = zip(*DIVERGING[scheme], strict=True)
    channels = np.array([list(bytes.fromhex(colour[1:])) for colour in colours], dtype=np.float64)
    place = (np.arange(256) - 1) / 254
    place[GAP_INDEX] = 0.5
    table = np.stack([np.interp(place, places, channels[:, k]) for k in range(3)], axis=1)
    return table.round().astype(np.uint8).tobytes()
