"""The architecture drawing in the browser: click a block, or walk with the arrow keys, to choose a layer."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st

from pages.ui.build.drawing import Drawing
from pages.ui.components.assets import script, style

_HTML = """
<div class="stage">
  <div class="scroller"><svg role="listbox" tabindex="0" aria-orientation="horizontal"></svg></div>
  <div class="legend"></div>
  <div class="tip" role="status" hidden></div>
</div>
"""

_component = st.components.v2.component(
    "lab_architecture",
    html=_HTML,
    css=style("paint", "architecture"),
    js=script("paint", "chosen_layer", "architecture"),
)


@dataclass(frozen=True)
class BlockText:
    """What the drawing says about one block: its shape, the lines of its tooltip (first one the title), its error."""

    shape: str
    tip: tuple[tuple[str, ...], ...]
    error: str = ""


def drawing_data(drawing: Drawing, texts: dict[str, BlockText]) -> dict[str, Any]:
    """Write a drawing and its words as the browser takes them; worth caching, a deep network is 100 KB.

    Args:
        drawing: where the blocks go.
        texts: by layer id, what is said about it.
    """
    blocks = []
    for block in drawing.blocks:
        text = texts[block.id]
        extra = {"shape": text.shape, "tip": text.tip, "error": text.error, "group": block.group.lower()}
        blocks.append({**asdict(block), **extra})
    return {
        "width": round(drawing.width),
        "height": round(drawing.height),
        "label_y": drawing.label_y,
        "blocks": blocks,
        "wires": [asdict(wire) for wire in drawing.wires],
    }


def architecture(data: dict[str, Any], *, key: str, label: str, selected: str = "") -> None:
    """Mount the drawing; what is chosen in it goes to the server by :func:`pages.ui.components.choice.choice`.

    Args:
        data: what :func:`drawing_data` wrote; not changed.
        key: the widget's key.
        label: what a screen reader says the drawing is.
        selected: id of the chosen layer, where the browser does not know it yet.
    """
    _component(key=key, data={**data, "label": label, "selected": selected})
