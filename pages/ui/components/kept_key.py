"""What this browser remembers of a visitor between two loads of a page: one short text, under a name."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.ui import state
from pages.ui.components.assets import script

_component = st.components.v2.component("lab_kept_key", html="<span hidden></span>", js=script("questions/kept_key"))


def kept_key(name: str, *, write: str | None, key: str, on_found: Callable[[], None]) -> None:
    """Mount it; it draws nothing.

    Args:
        name: what the browser keeps the text under.
        write: the text to keep from now on; empty forgets the one that this tab wrote, ``None`` only reads.
        key: the widget's key; :func:`found` reads it in ``on_found``.
        on_found: called when the browser tells what it has kept, before the rerun.
    """
    _component(key=key, data={"name": name, "write": write}, height="content", on_found_change=on_found)


def found(key: str) -> str:
    """What the browser has kept, as it says: untrusted, empty for nothing."""
    sent = getattr(state.widget_value(key), "found", None)
    return sent[:200] if isinstance(sent, str) else ""
