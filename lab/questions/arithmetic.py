"""What a learner typed as a calculation: ``(11 - 5)/2 + 1`` is as good an answer as 4, and is worked out exactly."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from math import floor

_TOKEN = re.compile(r"\s*(?:(?!0x)(\d[\d.,]*(?:e[+-]?\d+)?|\.\d+)|([-+x/()^⌊⌋]))")
_MOST_PARTS = 60
_MOST_EXPONENT = 12
_MOST_DIGITS = 40


class _NoCalculationError(Exception):
    """The text is not a calculation."""


def calculated(text: str, number: Callable[[str], tuple[Fraction, ...]]) -> Fraction | None:
    """Work out sums, differences, products, quotients, powers, brackets and the floor ``⌊ ⌋``.

    Args:
        text: in plain letters (:func:`lab.questions.reading.clean`): ``x`` is times.
        number: reads one number; its first reading counts.

    Returns:
        The exact value; ``None`` where the text is no calculation, or one whose numbers grow out of hand.

    Examples:
        >>> def read(text):
        ...     return (Fraction(text),)
        >>> str(calculated("⌊(12 - 5)/2⌋ + 1", read)), calculated("7", read), calculated("3 x", read)
        ('4', None, None)
    """
    parts = _parts(text)
    if not any(part in "+-x/^⌊" for part in parts[1:]) and parts[:1] != ["⌊"]:
        return None
    try:
        value, rest = _sum(parts, number)
    except (_NoCalculationError, ZeroDivisionError):
        return None
    return None if rest else value


def _parts(text: str) -> list[str]:
    parts: list[str] = []
    at = 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None or len(parts) >= _MOST_PARTS:
            return []
        parts.append(match[1] or match[2])
        at = match.end()
    return parts


Read = Callable[[str], tuple[Fraction, ...]]
Rest = list[str]


def _sum(parts: Rest, number: Read) -> tuple[Fraction, Rest]:
    value, parts = _product(parts, number)
    while parts[:1] in (["+"], ["-"]):
        sign = 1 if parts[0] == "+" else -1
        other, parts = _product(parts[1:], number)
        value += sign * other
    return value, parts


def _product(parts: Rest, number: Read) -> tuple[Fraction, Rest]:
    value, parts = _signed(parts, number)
    divided = False
    while parts[:1] in (["x"], ["/"]):
        if divided and parts[0] == "/":
            raise _NoCalculationError  # 8/2/2 is read in two ways
        divided = parts[0] == "/"
        other, parts = _signed(parts[1:], number)
        value = value / other if divided else value * other
    return value, parts


def _signed(parts: Rest, number: Read) -> tuple[Fraction, Rest]:
    sign = -1 if parts[:1] == ["-"] else 1
    value, parts = _single(parts[1:] if parts[:1] in (["-"], ["+"]) else parts, number)
    if parts[:1] == ["^"]:
        exponent, parts = _single(parts[1:], number)
        value = _power(value, exponent)
    return sign * value, parts


def _single(parts: Rest, number: Read) -> tuple[Fraction, Rest]:
    if not parts:
        raise _NoCalculationError
    first, rest = parts[0], parts[1:]
    if first in "(⌊":
        value, rest = _sum(rest, number)
        if rest[:1] != [")" if first == "(" else "⌋"]:
            raise _NoCalculationError
        return (value if first == "(" else Fraction(floor(value))), rest[1:]
    readings = number(first) if first[0].isdigit() or first[0] == "." else ()
    if not readings:
        raise _NoCalculationError
    return readings[0], rest


def _power(value: Fraction, exponent: Fraction) -> Fraction:
    is_small = exponent.denominator == 1 and abs(exponent) <= _MOST_EXPONENT
    if not is_small or len(str(value.numerator)) * abs(exponent) > _MOST_DIGITS:
        raise _NoCalculationError
    return value ** int(exponent)
