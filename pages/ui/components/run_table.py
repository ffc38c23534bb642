"""All runs as a table with check boxes: choose some, sort by any column, open one by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from pages.ui import state
from pages.ui.components.assets import script, style

_component = st.components.v2.component(
    "lab_run_table",
    html='<div class="runs"></div>',
    css=style("run_table"),
    js=script("element", "svg", "released", "run_table"),
)


def run_table(
    rows: Sequence[dict[str, Any]], *, chosen: Sequence[str], key: str, on_chosen: Callable[[], None]
) -> str | None:
    """Draw the table.

    Args:
        rows: see :func:`pages.ui.runs.rows.table_row`.
        chosen: ids of the ticked runs.
        key: the component's key; ``state.widget_value(key)`` holds what was ticked.
        on_chosen: called when a tick changed, before the page runs again.

    Returns:
        The id whose name has just been clicked, or ``None``.
    """
    result = _component(
        data={"rows": list(rows), "chosen": list(chosen), "heard": _sent(state.widget_value(key))},
        key=key,
        on_chosen_change=on_chosen,
        on_open_change=lambda: None,
    )
    opened = getattr(result, "open", None)
    return opened if opened in {row["id"] for row in rows} else None


def ticked_of(value: Any, known: Sequence[str]) -> tuple[str, ...]:
    """Read what the browser sent: the ticked ids among the known ones.

    Examples:
        >>> ticked_of({"chosen": ["a", "x", 3]}, ["a", "b"]), ticked_of(None, ["a"])
        (('a',), ())
    """
    return tuple(one for one in _sent(value) or () if one in known)


def _sent(value: Any) -> list[Any] | None:
    sent = value.get("chosen") if isinstance(value, Mapping) else getattr(value, "chosen", None)
    return list(sent) if isinstance(sent, list | tuple) else None
