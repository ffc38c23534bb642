"""Each output cell's arithmetic as a line of pieces that the browser puts together.

A piece is a text, a pixel of the map as ``[row, column]`` (the browser writes the number that stands there), or a
number that Python computed.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from lab.theory.pool_window import PoolKind

if TYPE_CHECKING:
    from lab.theory.pooling import PoolingDetail

Piece = str | list[int] | float
MOST_TERMS = 30  # more are abbreviated: a global pooling of the largest map has a hundred
_POWERS = "⁰¹²³⁴⁵⁶⁷⁸"


def cell_line(detail: PoolingDetail, y: int, x: int) -> list[Piece]:
    """Write out how one output came about: ``max(3, 1, 4, 2) = 4`` with the map's own numbers."""
    if detail.spec.kind.takes_maximum:
        return ["max(", *_terms(detail, y, x, ", ", padding="−∞"), ") = ", _result(detail, y, x)]
    if detail.spec.kind is PoolKind.CONVOLUTION:
        return [*_products(detail, y, x), " = ", _result(detail, y, x)]
    if detail.spec.kind is PoolKind.LP:
        return _norm(detail, y, x)
    terms = _terms(detail, y, x, " + ", padding="0" if detail.spec.effective().count_include_pad else "")
    return ["(", *terms, f") / {_divisor(detail, y, x)} = ", _result(detail, y, x)]


def cell_note(detail: PoolingDetail, y: int, x: int) -> str:
    """One sentence on what is special about this window; empty where nothing is."""
    n_taps = len(detail.rows.taps[y]) * len(detail.cols.taps[x])
    n_outside = n_taps - len(detail.rows.inside(y)) * len(detail.cols.inside(x))
    if detail.spec.kind is PoolKind.LP and _result(detail, y, x) == "NaN":
        return "The sum is below zero, and PyTorch has no root of it: NaN. An even power p avoids that."
    if n_outside == 0:
        return ""
    where = f"{n_outside} of the {n_taps} places lie outside the map"
    if detail.spec.kind.takes_maximum:
        return f"{where}: they count as −∞ and can never win."
    if detail.spec.kind is PoolKind.CONVOLUTION:
        return f"{where}: they count as 0."
    if detail.spec.kind is PoolKind.LP:
        return f"{where}. PyTorch takes the mean of the rest and scales it up to {n_taps} places."
    divisor = _divisor(detail, y, x)
    n_inside = n_taps - n_outside
    if divisor == n_inside:
        return f"{where} and are left out of the mean: it divides by {divisor}."
    if divisor < n_taps:
        return f"{where}. The padding counts as 0, what hangs over behind it does not: it divides by {divisor}."
    return f"{where}: they count as 0, and the mean still divides by {divisor}."


def gradient_cells(detail: PoolingDetail, y: int, x: int) -> list[list[int | float | str]]:
    """Where the gradient of one output goes: ``[row, column, share]`` of every pixel that gets any."""
    share = detail.gradients[y, x]
    return [[i, j, number_or_nan(float(share[i, j]))] for i, j in share.nonzero().tolist()]


def number_or_nan(value: float) -> float | str:
    """A number for the browser; JSON has no NaN, so that travels as text."""
    return "NaN" if math.isnan(value) else value


def _result(detail: PoolingDetail, y: int, x: int) -> float | str:
    return number_or_nan(float(detail.output[y, x]))


def _divisor(detail: PoolingDetail, y: int, x: int) -> int:
    return 1 if detail.divisors is None else int(detail.divisors[y, x])


def _pixels(detail: PoolingDetail, y: int, x: int) -> list[list[int] | None]:
    """The window's places in reading order; ``None`` is outside the map."""
    height, width = detail.picture.shape
    return [
        [i, j] if 0 <= i < height and 0 <= j < width else None for i in detail.rows.taps[y] for j in detail.cols.taps[x]
    ]


def _terms(detail: PoolingDetail, y: int, x: int, between: str, *, padding: str = "", behind: str = "") -> list[Piece]:
    """The window's numbers with a sign between them; places outside as ``padding``, or not at all where it is empty."""
    shown = [pixel or padding for pixel in _pixels(detail, y, x) if pixel or padding]
    return _joined([_power(detail, term, behind) if behind else [term] for term in shown], between)


def _power(detail: PoolingDetail, term: Piece, power: str) -> list[Piece]:
    """A number with a power, in brackets where it is negative."""
    is_negative = isinstance(term, list) and float(detail.picture[term[0], term[1]]) < 0
    return ["(", term, ")", power] if is_negative else [term, power]


def _products(detail: PoolingDetail, y: int, x: int) -> list[Piece]:
    weights = [] if detail.weight is None else detail.weight.flatten().tolist()
    terms: list[list[Piece]] = [
        [pixel or "0", " × ", round(weight, 6)] for pixel, weight in zip(_pixels(detail, y, x), weights, strict=True)
    ]
    return _joined(terms, " + ")


def _norm(detail: PoolingDetail, y: int, x: int) -> list[Piece]:
    power = detail.spec.norm_type
    n_taps, divisor = len(detail.rows.taps[y]) * len(detail.cols.taps[x]), _divisor(detail, y, x)
    terms = _terms(detail, y, x, " + ", behind=_POWERS[power])
    scale = "" if divisor == n_taps else f" / {divisor} × {n_taps}"
    opening, closing = ("((", ")") if scale else ("(", "")
    return [opening, *terms, closing, scale, f")^(1/{power}) = ", _result(detail, y, x)]


def _joined(terms: list[list[Piece]], between: str) -> list[Piece]:
    """One line of all terms; the middle of a long one is left out and counted."""
    n_left_out = len(terms) - MOST_TERMS
    if n_left_out > 0:
        terms = [*terms[: MOST_TERMS - 2], [f"… {n_left_out} more …"], *terms[-2:]]
    pieces: list[Piece] = []
    for number, term in enumerate(terms):
        pieces += [between, *term] if number else term
    return pieces


def picture_cells(detail: PoolingDetail) -> list[list[dict[str, Any]]]:
    """Everything the browser shows of each output cell."""
    rows, cols = detail.output.shape
    return [[_cell(detail, y, x) for x in range(cols)] for y in range(rows)]


def _cell(detail: PoolingDetail, y: int, x: int) -> dict[str, Any]:
    cell: dict[str, Any] = {"line": cell_line(detail, y, x), "gradient": gradient_cells(detail, y, x)}
    if note := cell_note(detail, y, x):
        cell["note"] = note
    if detail.winners is not None:
        cell["winner"] = list(divmod(int(detail.winners[y, x]), detail.picture.shape[1]))
    return cell
