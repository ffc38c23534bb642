"""A confusion matrix to walk through: every cell a number; a click, or arrow keys and Enter, chooses a cell."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from pages.ui.components.assets import script, style
from pages.ui.palette import SERIES, Scheme

_component = st.components.v2.component(
    "lab_confusion",
    html='<div class="confusion"><div class="frame"></div><p class="told"></p></div>',
    css=style("confusion"),
    js=script("released", "confusion"),
)


def confusion_grid(
    labels: Sequence[str],
    counts: Sequence[Sequence[int]],
    *,
    chosen: tuple[int, int] | None,
    scheme: Scheme,
    key: str,
) -> tuple[int, int] | None:
    """Draw the matrix and return the chosen cell, if any.

    Args:
        labels: K class names.
        counts: K rows of K counts; row = what the images are, column = what the network took them for.
        chosen: the cell to mark.
        scheme: light or dark, for the two colours.
        key: the component's key.

    Returns:
        ``(row, column)`` as the visitor chose last, or ``None``.
    """
    data = {
        "labels": list(labels),
        "counts": [list(map(int, row)) for row in counts],
        "totals": [int(sum(row)) for row in counts],
        "chosen": list(chosen) if chosen else None,
        "title": "Confusion matrix: rows are what the images are, columns what the network took them for",
        "hint": "Click a cell to see its images. With the keyboard: arrow keys, then Enter.",
        "colours": {"right": SERIES[scheme][0], "wrong": SERIES[scheme][1]},
    }
    result = _component(data=data, key=key, on_cell_change=lambda: None)
    return cell_of(getattr(result, "cell", None), len(labels))


def cell_of(value: object, n_classes: int) -> tuple[int, int] | None:
    """Read what the browser sent; anything but a cell of this matrix is nothing.

    Examples:
        >>> cell_of([2, 3], 10), cell_of([2, 99], 10), cell_of("x", 10), cell_of(None, 10)
        ((2, 3), None, None, None)
    """
    if not isinstance(value, list | tuple) or len(value) != 2:
        return None
    if not all(isinstance(part, int | float) and 0 <= part < n_classes for part in value):
        return None
    return int(value[0]), int(value[1])
