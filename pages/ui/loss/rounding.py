"""What a curve or a table can show of a number: fewer digits travel faster to the browser."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

# A table shows six digits, the value under the mouse four.
DIGITS, CURVE_DIGITS = 6, 4
# Beyond them a power of ten is no longer a float64, and whatever is smaller is 0 on every curve.
_MOST_PLACES = 300
_POWERS = np.array([float(f"1e{places}") for places in range(_MOST_PLACES + 1)])


def rounded(values: Iterable[float], digits: int = DIGITS) -> list[float]:
    """Each value to as many digits as are ever shown of it.

    Examples:
        >>> rounded([1 / 3, -200000 / 3, float("inf")])
        [0.333333, -66666.7, inf]
    """
    return rounded_lists([list(values)], digits)[0]


def rounded_lists(lists: Sequence[Sequence[float]], digits: int = DIGITS) -> list[list[float]]:
    """Several lists in one go: an answer has hundreds of numbers, and there are dozens of answers a second.

    Examples:
        >>> rounded_lists([[1 / 3], [2 / 3, 1000.04]], 4)
        [[0.3333], [0.6667, 1000.0]]
    """
    values = np.concatenate([np.asarray(row, dtype=float) for row in lists]) if lists else np.empty(0)
    found = _rounded(values, digits).tolist()
    ends = np.cumsum([len(row) for row in lists]).tolist()
    return [found[end - len(row) : end] for row, end in zip(lists, ends, strict=True)]


def _rounded(values: np.ndarray, digits: int) -> np.ndarray:
    """A whole number over a power of ten is the float64 nearest to the short decimal, which is what JSON writes."""
    is_plain = np.isfinite(values) & (np.abs(values) > 1 / _POWERS[-1])
    sizes = np.where(is_plain, np.abs(values), 1.0)
    places = digits - 1 - np.floor(np.log10(sizes)).astype(int)
    up = _POWERS[np.clip(places, 0, _MOST_PLACES)]
    down = _POWERS[np.clip(-places, 0, _MOST_PLACES)]
    short = np.rint(np.where(is_plain, values, 0.0) * up / down) / up * down + 0.0  # and no minus before a nought
    return np.where(np.isfinite(values), short, values)
