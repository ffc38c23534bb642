"""What a curve or a table can show of a number: fewer digits travel faster to the browser."""

from __future__ import annotations

from collections.abc import Iterable

# A table shows six digits, the value under the mouse four.
DIGITS = 6


def rounded(values: Iterable[float]) -> list[float]:
    """Each value to as many digits as are ever shown of it.

    Examples:
        >>> rounded([1 / 3, -200000 / 3, float("inf")])
        [0.333333, -66666.7, inf]
    """
    return [float(f"{value:.{DIGITS}g}") for value in values]
