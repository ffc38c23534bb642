"""One widget per kind of field; the catalogue says which, with its bounds and its help."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from lab.network.catalogue import FieldRow
from pages.ui import state

Change = Callable[[str, Any], None]
# A padding may be 'same', 'valid' or numbers; the menu calls the numbers by this name.
IN_PIXELS = "in pixels"
# Two fields beside each other in the panel of a laptop and of a phone; a row of boxes that wraps is a third of the
# elements that columns would be, and an edit is on the screen that much sooner.
FIELD_PX = 134
_SIDES = {2: ("height", "width"), 4: ("left", "right", "top", "bottom")}


def field_widget(row: FieldRow, value: Any, key: str, change: Change, *, split: bool) -> None:
    """Draw the widget of one field of a layer.

    Args:
        row: the field's row of the catalogue.
        value: what the layer has there.
        key: the widget's key; fields of several numbers add to it.
        change: called with the field's name and its new value when the visitor changes it.
        split: whether height and width have a number each.
    """
    if row.form == "switch":
        state.bind(key, value)
        st.toggle(row.name, key=key, help=row.description, on_change=_report, args=(row.name, key, change))
    elif row.form == "choice":
        state.bind(key, value)
        options = list(row.choices)
        st.selectbox(
            row.name,
            options,
            key=key,
            help=row.description,
            on_change=_report,
            args=(row.name, key, change),
            width=FIELD_PX,
        )
    elif row.form in ("ints", "padding"):
        _numbers(row, value, key, change, split=split)
    else:
        _number(row, value, key, lambda new: change(row.name, new))


def _report(field: str, key: str, change: Change) -> None:
    change(field, state.widget_value(key))


def _number(row: FieldRow, value: Any, key: str, change: Callable[[Any], None], *, label: str = "") -> None:
    """One number; an empty box is ``None`` where the field allows it, else the old value comes back."""
    whole = row.form != "float"
    state.bind(key, value if whole or value is None else float(value))

    def changed() -> None:
        new = state.widget_value(key)
        if new is not None or row.optional:
            change(new)

    options: dict[str, Any] = {
        "min_value": _bound(row.low, whole, row.low_open),
        "max_value": _bound(row.high, whole, row.high_open, top=True),
        # A start value of None gives the box a cross to empty it.
        "value": None if row.optional else "min",
        "step": 1 if whole else 0.01,
        "format": None if whole else "%.5g",
        "placeholder": "auto" if row.optional else None,
    }
    st.number_input(label or row.name, key=key, help=row.description, on_change=changed, width=FIELD_PX, **options)


def _bound(bound: float | None, whole: bool, is_open: bool, *, top: bool = False) -> int | float | None:
    """A bound as the widget takes it; an open one (dropout below 1) a little inside."""
    if bound is None:
        return None
    if whole:
        return int(bound)
    inside = 1e-6 if is_open else 0.0
    return float(bound) - inside if top else float(bound) + inside


def _numbers(row: FieldRow, value: Any, key: str, change: Change, *, split: bool) -> None:
    """A pair (height, width), a padding by name or in pixels, or the four sides of a padding."""
    if row.form == "padding":
        _padding_menu(row, value, key, change)
        if isinstance(value, str):
            return
    if isinstance(value, tuple) and (split or len(set(value)) > 1):
        for place, side in enumerate(_SIDES[len(value)]):
            _side(row, value, place, side, f"{key}.{side}", change)
        return
    one = value[0] if isinstance(value, tuple) else None
    label = f"{row.name}, pixels" if row.form == "padding" else row.name
    _number(row, one, key, lambda new: change(row.name, None if new is None else (new,) * row.length), label=label)


def _side(row: FieldRow, value: tuple[int, ...], place: int, side: str, key: str, change: Change) -> None:
    """One number of several: the others stay as they are."""

    def put(new: Any) -> None:
        if new is not None:
            change(row.name, (*value[:place], new, *value[place + 1 :]))

    _number(row, value[place], key, put, label=f"{row.name}, {side}")


def _padding_menu(row: FieldRow, value: Any, key: str, change: Change) -> None:
    """Choose between the named paddings and pixels."""
    menu_key = state.bind(f"{key}.mode", value if isinstance(value, str) else IN_PIXELS)

    def changed() -> None:
        chosen = state.widget_value(menu_key)
        change(row.name, (0, 0) if chosen == IN_PIXELS else chosen)

    options = [IN_PIXELS, *row.choices]
    st.selectbox(row.name, options, key=menu_key, help=row.description, on_change=changed, width=FIELD_PX)
