"""The drawing in words: every layer with its shape and statistics, as a table that can be read aloud and copied."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import streamlit as st

from pages.ui import units

if TYPE_CHECKING:
    from lab.inspection.maps import FeatureMaps, LayerMaps
    from lab.inspection.receptive_field import Fields

_HEADS = ("layer", "kind", "reads", "shape", "smallest", "largest", "mean", "exactly 0", "below 0", "sees (px)")

_STYLE = """<style>
.lab-layers { overflow-x: auto; }
.lab-layers table { border-collapse: collapse; font-size: 0.85rem; font-variant-numeric: tabular-nums; width: 100%; }
.lab-layers th, .lab-layers td { text-align: right; padding: 0.15rem 0.6rem; white-space: nowrap;
  border-bottom: 1px solid color-mix(in srgb, currentColor 14%, transparent); }
.lab-layers th:nth-child(-n + 3), .lab-layers td:nth-child(-n + 3) { text-align: left; }
.lab-layers thead th { font-weight: 600; }
.lab-layers tbody th { font-weight: 500; }
</style>"""


def show_table(maps: FeatureMaps, fields: dict[str, Fields]) -> None:
    """Draw the table, folded away until somebody wants it."""
    with st.expander("All layers in numbers", icon=":material/table_rows:"):
        st.html(table_html(maps, fields))


def table_html(maps: FeatureMaps, fields: dict[str, Fields]) -> str:
    """Write the table; every text is escaped."""
    heads = "".join(f'<th scope="col">{head}</th>' for head in _HEADS)
    rows = "".join(_row(layer, fields[layer.layer_id]) for layer in maps.layers)
    caption = "<caption style='text-align:left'>What each layer makes of the picture</caption>"
    return (
        f'{_STYLE}<div class="lab-layers"><table>{caption}<thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _row(layer: LayerMaps, fields: Fields) -> str:
    numbers = layer.statistics
    height, width = (max(last - first for first, last in spans) for spans in (fields.rows, fields.cols))
    cells = (
        layer.kind,
        ", ".join(layer.inputs) or "the picture",
        "×".join(map(str, layer.shape)),
        *(f"{value:.3g}".replace("-", "−") for value in (numbers.minimum, numbers.maximum, numbers.mean)),
        units.percent(numbers.zero_share),
        units.percent(numbers.negative_share),
        f"{height}×{width}",
    )
    return (
        f'<tr><th scope="row">{escape(layer.layer_id)}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        + "</tr>"
    )
