"""Where the slider of a layer's field can be put: the values one tries; the box beside it takes all others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import gcd

from lab.network.catalogue import FieldRow

# Steps of a slider between a number and its double, above the first sixteen: 16, 18, … 32, 36, … 64.
STEPS_PER_OCTAVE = 8
MOST_ON_A_SLIDER = 4096
_WIDEST_FLOAT = 5.0  # a slope of 5 is as far as a curve still tells something

_USEFUL: dict[str, Sequence[float]] = {
    "channels": (1, 2, 3, 4, 8, 16, 32, 64),
    "kernel_size": range(1, 16),
    "stride": range(1, 9),
    "padding": range(9),
    "output_padding": range(5),
    "dilation": range(1, 9),
    "output_size": range(1, 17),
    "p": tuple(round(0.05 * i, 2) for i in range(20)),
    "eps": (1e-6, 1e-5, 1e-4, 1e-3, 1e-2),
}


def slider_stops(row: FieldRow, arriving: Sequence[int] = (), out_channels: int = 0) -> tuple[float, ...]:
    """The stops of a field's slider, in order; at any other value it stands at the nearest.

    Args:
        row: the field.
        arriving: the shape that reaches the layer.
        out_channels: the maps that leave it, where it has a say in that.

    Examples:
        >>> from lab.network.catalogue import field_rows
        >>> rows = {row.name: row for row in field_rows("Conv2d")}
        >>> slider_stops(rows["stride"])
        (1, 2, 3, 4, 5, 6, 7, 8)
        >>> slider_stops(rows["groups"], (12, 8, 8), 8)
        (1, 2, 4)
    """
    return tuple(value for value in _stops(row, arriving, out_channels) if _is_inside(row, value))


def _stops(row: FieldRow, arriving: Sequence[int], out_channels: int) -> Iterable[float]:
    if row.name in _USEFUL:
        return _USEFUL[row.name]
    if row.name == "num_parameters" and arriving:
        return sorted({1, arriving[0]})  # one for all, or one a channel
    if row.name in ("groups", "num_groups") and arriving:
        return _divisors(gcd(arriving[0], out_channels))
    if row.form == "float":
        return _fine(row)
    return counts(int(row.high or MOST_ON_A_SLIDER))


def counts(most: int) -> tuple[int, ...]:
    """Every number up to 16, and from there ever wider apart: a doubling is the same way everywhere.

    Examples:
        >>> counts(64)[15:]
        (16, 18, 20, 22, 24, 26, 28, 30, 32, 36, 40, 44, 48, 52, 56, 60, 64)
    """
    found = list(range(1, 17))
    while found[-1] < min(most, MOST_ON_A_SLIDER):
        step = max(1, (1 << (found[-1].bit_length() - 1)) // STEPS_PER_OCTAVE)
        found.append(found[-1] + step)
    return tuple(value for value in found if value <= most)


def _divisors(number: int) -> tuple[int, ...]:
    return tuple(value for value in range(1, number + 1) if number % value == 0)


def _fine(row: FieldRow) -> tuple[float, ...]:
    """Up to some hundred round values between the bounds, as far as they make sense."""
    low, high = max(row.low or 0.0, -_WIDEST_FLOAT), min(row.high or 0.0, _WIDEST_FLOAT)
    per_unit = 100 if high - low <= 1 else 20
    return tuple(i / per_unit for i in range(round(low * per_unit), round(high * per_unit) + 1))


def _is_inside(row: FieldRow, value: float) -> bool:
    is_high = row.low is None or value > row.low or (value == row.low and not row.low_open)
    return is_high and (row.high is None or value < row.high or (value == row.high and not row.high_open))
