"""A receptive field in words: how much of the picture one output value can see, and what of it is padding."""

from __future__ import annotations

from dataclasses import dataclass

from lab.network.spec import Shape
from lab.network.summary import LayerRow
from pages.ui import units

# Beside the numbers of a receptive field that no picture fills.
BEYOND = "with padding"


@dataclass(frozen=True)
class Reach:
    """A receptive field, ready to read.

    Args:
        short: height and width in pixels, padding included, as the formula gives them.
        sentence: what of the picture that is.
        beyond: what to add to the numbers where they are larger than the picture; else empty.
    """

    short: str
    sentence: str
    beyond: str


def reach_of(row: LayerRow | None, picture: Shape) -> Reach | None:
    """Say how far the values of a layer see.

    Args:
        row: the layer's; ``None`` where nothing is known of it.
        picture: the network's input, (C, H, W).

    Examples:
        >>> from lab.network.presets import preset
        >>> from lab.network.summary import summarize
        >>> table = summarize(preset("student_cnn"))
        >>> [reach_of(table.row(name), table.input).sentence for name in ("conv2", "fc1")]
        ['sees 8×8 of 28×28 px', 'sees all 28×28 px and padding (34×34)']
    """
    if row is None or not row.receptive_field:
        return None
    short, whole = units.shape(row.receptive_field), units.shape(picture[1:])
    beyond = "" if all(size <= side for size, side in zip(row.receptive_field, picture[1:], strict=True)) else BEYOND
    if not _covers(row, picture):
        return Reach(short, f"sees {short} px {beyond}" if beyond else f"sees {short} of {whole} px", beyond)
    return Reach(short, f"sees all {whole} px" + (f" and padding ({short})" if beyond else ""), beyond)


def _covers(row: LayerRow, picture: Shape) -> bool:
    """Whether some output value sees every pixel of the picture."""
    n_positions = row.output[1:] if len(row.output) == 3 else (1, 1)
    return all(
        any(_is_inside(side, start + place * jump, size) for place in range(n))
        for side, n, start, jump, size in zip(
            picture[1:], n_positions, row.start, row.jump, row.receptive_field or (0, 0), strict=True
        )
    )


def _is_inside(side: int, centre: float, size: int) -> bool:
    """Whether a window of this size around this centre holds the pixels 0 to ``side - 1``."""
    return centre - (size - 1) / 2 <= 0 and centre + (size - 1) / 2 >= side - 1
