"""What a command gives back: rows of facts, printed as text for a person or as JSON for a program."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

from lab.cli.row_text import RowText, table_text

Row = dict[str, Any]


class FailedRow(Row):
    """A row that says what went wrong with one item; the rest goes on, and the exit status becomes 2."""


class WrittenRow(Row):
    """A row that is several lines for a person: ``text`` is printed where no JSON is asked for."""

    text = ""


def say(message: str) -> None:
    """Tell the person, not the program that reads stdout."""
    print(message, file=sys.stderr, flush=True)


def print_rows(rows: Iterable[Row], *, as_json: bool) -> int:
    """Print rows as they come (a finished list as one table); return the exit status."""
    if isinstance(rows, list) and not as_json:
        print(table_text(rows) if rows else "none yet")
        return 0
    text, status = RowText(), 0
    for row in rows:
        status = 2 if isinstance(row, FailedRow) else status
        written = row.text if isinstance(row, WrittenRow) else ""
        print(json.dumps(row) if as_json else written or text.add(row), flush=True)
    return status
