"""Rows of facts as text for a terminal: a table that can be printed while its rows still arrive."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

COLUMN_WIDTH = 10  # characters at least, so that numbers of different lengths stay under their heading


class RowText:
    """Lays out rows as they come; a heading is written whenever the columns change.

    Examples:
        >>> text = RowText()
        >>> print(text.add({"epoch": 1, "loss": 0.51234}))
        epoch       loss
        1           0.5123
        >>> print(text.add({"epoch": 2, "loss": 0.4}))
        2           0.4
    """

    def __init__(self) -> None:
        self._columns: list[str] = []

    def add(self, row: dict[str, Any]) -> str:
        """Lay one row out: its plain values on one line, each list of objects as a table of its own below."""
        tables = [value for value in row.values() if _is_table(value)]
        plain = {name: value for name, value in row.items() if not _is_table(value)}
        widths = [max(len(name), COLUMN_WIDTH) for name in plain]
        lines = [_line(list(plain), widths)] if list(plain) != self._columns else []
        self._columns = list(plain)
        lines.append(_line([as_cell(value) for value in plain.values()], widths))
        return "\n".join(lines + [line for table in tables for line in _table_lines(table)])


def table_text(rows: Sequence[dict[str, Any]]) -> str:
    """Lay out rows that are all there already, every column as wide as its widest cell."""
    return "\n".join(_table_lines(rows))


def as_cell(value: object) -> str:
    """Write one value the way a person would.

    Examples:
        >>> as_cell(61706), as_cell([8, 28, 28]), as_cell(0.912345), as_cell(None), as_cell(["cat", "dog"])
        ('61,706', '8×28×28', '0.9123', '-', 'cat, dog')
    """
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case float():
            return f"{value:.4g}"
        case int():
            return f"{value:,}"
        case list():
            return ("×" if all(isinstance(part, int) for part in value) else ", ").join(map(str, value))
        case _:
            return str(value)


def _is_table(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _table_lines(rows: Sequence[dict[str, Any]]) -> list[str]:
    cells = [list(rows[0]), *([as_cell(value) for value in row.values()] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [_line(line, widths) for line in cells]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
