"""The list of layers in the browser: a table that is operated by mouse, finger or keyboard alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st

from lab.network.catalogue import CATALOGUE
from pages.ui.components.assets import script, style

_HTML = """
<div class="frame">
  <div class="tools" role="toolbar" aria-label="Layers">
    <button data-tool="add" class="main">
      <span class="icon" aria-hidden="true">add</span><span class="word">Add a layer</span></button>
    <button data-tool="duplicate" title="Duplicate (Ctrl+D)" aria-label="Duplicate">
      <span class="icon" aria-hidden="true">content_copy</span><span class="word">Duplicate</span></button>
    <button data-tool="up" title="Move up (Alt+↑)" aria-label="Move up">
      <span class="icon" aria-hidden="true">arrow_upward</span></button>
    <button data-tool="down" title="Move down (Alt+↓)" aria-label="Move down">
      <span class="icon" aria-hidden="true">arrow_downward</span></button>
    <button data-tool="delete" title="Delete (Del)" aria-label="Delete">
      <span class="icon" aria-hidden="true">delete</span><span class="word">Delete</span></button>
  </div>
  <div class="scroller">
    <table role="grid" aria-label="Layers of the network">
      <thead><tr></tr></thead><tbody></tbody><tfoot><tr></tr></tfoot></table>
  </div>
  <p class="hint"><kbd>↑</kbd> <kbd>↓</kbd> choose · <kbd>Alt</kbd>+<kbd>↑</kbd> <kbd>↓</kbd> move · <kbd>A</kbd> add ·
    <kbd>Del</kbd> delete · <kbd>Ctrl</kbd>+<kbd>D</kbd> duplicate · <kbd>Ctrl</kbd>+<kbd>Z</kbd> undo</p>
  <dialog aria-label="Add a layer">
    <div class="menu-head">
      <h3></h3><button class="close" aria-label="Close"><span class="icon" aria-hidden="true">close</span></button>
      <input type="search" placeholder="Search: conv, pool, relu, skip …" aria-label="Search the kinds of layers">
    </div>
    <div class="kinds"></div>
  </dialog>
</div>
"""


def _catalogue_script() -> str:
    """The kinds by group for the menu; sent once with the code, not at every change."""
    groups: dict[str, list[dict[str, str]]] = {}
    for kind, layer in CATALOGUE.items():
        row = {"kind": kind, "title": layer.title, "sentence": layer.sentence}
        groups.setdefault(layer.group, []).append(row)
    listed = [{"group": group, "kinds": kinds} for group, kinds in groups.items()]
    return f"const CATALOGUE = {json.dumps(listed)};\n"


_component = st.components.v2.component(
    "lab_layer_list", html=_HTML, css=style("layer_list"), js=_catalogue_script() + script("chosen_layer", "layer_list")
)


@dataclass(frozen=True)
class ListRow:
    """One line of the list, ready to read; ``error`` and ``fixes`` belong to a layer that does not fit."""

    id: str
    kind: str
    group: str
    inputs: str
    settings: str
    output: str
    n_params: str
    n_macs: str
    memory: str
    receptive_field: str
    error: str = ""
    fixes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ListTotals:
    """The last line: the whole network."""

    title: str
    output: str
    n_params: str
    n_macs: str
    memory: str
    receptive_field: str


def layer_list(
    rows: tuple[ListRow, ...], totals: ListTotals, *, key: str, selected: str, n: int, on_action: Callable[[], None]
) -> object:
    """Mount the list.

    Args:
        rows: the input first, then the layers in order.
        totals: the last line.
        key: the widget's key.
        selected: id of the layer that the server holds to be chosen.
        n: number of the browser's choice or action that this answers; a later one of the browser's stays.
        on_action: called before the rerun that an action causes; ``state.widget_value(key)`` then holds it as
            ``{"action": {"do": ..., "id": ..., ...}}``, which comes from a browser and is to be checked.

    Returns:
        The same action in the run that it causes, else ``None``.
    """
    data: dict[str, Any] = {
        "rows": [asdict(row) for row in rows],
        "totals": asdict(totals),
        "selected": selected,
        "n": n,
    }
    return _component(key=key, data=data, on_action_change=on_action).action
