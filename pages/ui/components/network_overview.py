"""The whole network in one picture, in the browser; a click takes one map apart.

The drawing is one component. What a click asks for comes through a second, invisible one (:func:`deliver`), so that the
overview, which may hold a megabyte of pictures, is not sent again at every click.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from pages.ui.components.assets import script, style

_FOLDER = Path(__file__).parent / "network_overview_parts"

# One module: the parts use each other's functions, and only main.js exports.
_PARTS = (
    "numbers",
    "paint",
    "layout",
    "lines",
    "stage",
    "pointing",
    "toolbar",
    "map_view",
    "detail",
    "sum_view",
    "window_view",
    "table_view",
    "main",
)


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


_overview = st.components.v2.component(
    "lab_network_overview",
    html=_read("overview.html"),
    css=style("network_overview_parts/overview", "network_overview_parts/detail"),
    js=script("element", "svg", "bytes", "released", *(f"network_overview_parts/{part}" for part in _PARTS)),
)
_courier = st.components.v2.component("lab_channel_detail", js=_read("courier.js"))


def network_overview(
    payload: dict[str, Any], *, name: str, key: str, scale: str, on_event: Callable[[str], None] | None = None
) -> None:
    """Mount the drawing.

    Args:
        payload: what :func:`pages.ui.feature_maps.payload.overview_payload` made, with ``key`` (changes when the
            numbers change), ``network`` (changes when the network does), ``epochs`` and ``epoch`` (or ``None``).
        name: the drawing's name, under which :func:`deliver` finds it.
        key: the widget's key; ``state.widget_value(key)`` holds ``open``, ``scale``, ``epoch`` and ``n_shown``.
        scale: which values share a colour scale at first: layer, block, global, or auto (by the network's size).
        on_event: called with the name of what changed, before the rerun that follows.
    """
    report = on_event or (lambda _name: None)
    _overview(
        key=key,
        data={**payload, "name": name, "scale": scale},
        on_open_change=partial(report, "open"),
        on_scale_change=partial(report, "scale"),
        on_epoch_change=partial(report, "epoch"),
        on_n_shown_change=partial(report, "n_shown"),
    )


def deliver(letter: dict[str, Any], *, to: str, key: str) -> None:
    """Bring what was asked for to the drawing of this name; ``letter["key"]`` changes when its content does."""
    _courier(key=key, data={**letter, "to": to})
