"""What the drawing of a network is told, as JSON: quantised pictures for the overview, exact floats for one map.

Only encoding happens here: every number comes from ``lab``. Values that are not finite become ``null``.
"""

from __future__ import annotations

import base64
import math
from typing import TYPE_CHECKING, Any

from lab.inspection.blocks import ScaleBy
from lab.inspection.channel import ChannelDetail, Operation, Term
from lab.inspection.colour import diverging_table
from lab.inspection.maps import LayerMaps, Statistics
from lab.inspection.mosaic import Mosaic, mosaic
from lab.inspection.overview import Column, Form, Overview
from lab.inspection.receptive_field import Fields
from lab.network.catalogue import CATALOGUE

if TYPE_CHECKING:
    from torch import Tensor

Json = dict[str, Any]

ALL_MAPS_TILE_PX = 48
"""The longest side of a map in the picture of all maps of a layer."""


def overview_payload(drawing: Overview, picture_png: bytes) -> Json:
    """The whole network: columns, blocks, classes, colours."""
    return {
        "palette": {"light": _base64(diverging_table("light")), "dark": _base64(diverging_table("dark"))},
        "picture": _data_uri(picture_png),
        "blocks": [list(block) for block in drawing.blocks],
        "columns": [_column(column, drawing.limits) for column in drawing.columns],
        "classes": [
            {"unit": row.unit, "label": row.label, "logit": number(row.logit), "share": number(row.probability)}
            for row in drawing.classes
        ],
    }


def _column(column: Column, limits: dict[ScaleBy, dict[str, float]]) -> Json:
    layer = column.layer
    return {
        "id": layer.layer_id,
        "kind": layer.kind,
        "group": group_of(layer.kind).lower(),
        "shape": list(layer.shape),
        "block": column.block,
        "form": column.form.value,
        "png": _data_uri(column.picture.grey_png()),
        "tile": list(column.picture.tile),
        "reduced": column.picture.reduced_from is not None,
        "limits": {by.value: number(limits[by][layer.layer_id]) for by in ScaleBy},
        "anchors": [[a.channels.start, a.channels.stop, round(a.place, 5)] for a in column.anchors],
        "stats": statistics(layer.statistics),
        "mapStats": [[number(s.minimum), number(s.maximum), number(s.mean)] for s in column.shown_statistics],
        "values": floats(layer.activation) if column.form is not Form.MAPS else None,
        "links": [
            {"source": link.source, "lines": [[line.start, line.end, number(line.weight)] for line in link.lines]}
            for link in column.links
        ],
    }


def detail_payload(detail: ChannelDetail, layer: LayerMaps, fields: Fields) -> Json:
    """One map taken apart, every number exact."""
    return {
        "id": detail.layer_id,
        "kind": detail.kind,
        "channel": detail.channel,
        "nChannels": layer.n_channels,
        "shape": list(layer.shape),
        "operation": detail.operation.value,
        "formula": detail.formula,
        "sentence": sentence_of(detail.kind),
        "output": plane(detail.output),
        "stats": statistics(layer.channel_statistics(detail.channel)),
        "terms": [_term(term) for term in detail.terms],
        "bias": number(detail.bias) if detail.has_bias else None,
        "rows": [list(row) for row in detail.windows.rows] if detail.windows else None,
        "cols": [list(col) for col in detail.windows.cols] if detail.windows else None,
        "winners": detail.winners.flatten().tolist() if detail.winners is not None else None,
        "constants": {name: number(value) for name, value in (detail.constants or {}).items()},
        "curve": [[number(x), number(y)] for x, y in detail.curve.tolist()] if detail.curve is not None else None,
        "fields": {"rows": [list(span) for span in fields.rows], "cols": [list(span) for span in fields.cols]},
        "isSum": detail.operation is Operation.SUM,
    }


def _term(term: Term) -> Json:
    return {
        "source": term.source,
        "channels": list(term.channels),
        "values": plane(term.values) if term.values is not None else None,
        "kernel": plane(term.kernel) if term.kernel is not None else None,
        "result": plane(term.result) if term.result is not None else None,
    }


def all_maps_payload(layer: LayerMaps, limits: dict[ScaleBy, dict[str, float]]) -> Json:
    """Every map of one layer, in channel order, as one picture."""
    columns = max(1, math.ceil(math.sqrt(layer.n_channels * 1.6)))
    tiled: Mosaic = mosaic(
        layer.activation, limit=limits[ScaleBy.LAYER][layer.layer_id], columns=columns, max_tile_px=ALL_MAPS_TILE_PX
    )
    return {
        "id": layer.layer_id,
        "kind": layer.kind,
        "shape": list(layer.shape),
        "png": _data_uri(tiled.grey_png()),
        "tile": list(tiled.tile),
        "columns": tiled.columns,
        "reduced": tiled.reduced_from is not None,
        "limits": {by.value: number(limits[by][layer.layer_id]) for by in ScaleBy},
        "stats": statistics(layer.statistics),
        "strongest": list(layer.strongest(layer.n_channels)),
    }


def softmax_payload(drawing: Overview) -> Json | None:
    """Softmax worked out for the classes shown, with what the others add up to."""
    if drawing.softmax is None:
        return None
    rows = drawing.classes
    steps = drawing.softmax
    return {
        "rows": [[row.label, number(row.logit), number(row.exponential), number(row.probability)] for row in rows],
        "largest": number(steps.largest),
        "total": number(steps.total),
        "others": len(steps.probabilities) - len(rows),
        "othersExponential": number(steps.total - sum(row.exponential for row in rows)),
        "othersShare": number(1.0 - sum(row.probability for row in rows)),
    }


def statistics(of: Statistics) -> Json:
    """Statistics as JSON."""
    return {
        "min": number(of.minimum),
        "max": number(of.maximum),
        "mean": number(of.mean),
        "std": number(of.std),
        "zeros": number(of.zero_share),
        "negatives": number(of.negative_share),
    }


def plane(values: Tensor) -> Json:
    """A map with its exact float32 values."""
    height, width = values.shape
    return {"h": int(height), "w": int(width), "f32": floats(values)}


def floats(values: Tensor) -> str:
    """Exact float32 values, little-endian, as base64."""
    return _base64(values.detach().float().contiguous().numpy().astype("<f4").tobytes())


def number(value: float | None) -> float | None:
    """A number to six significant digits; ``None`` for what JSON cannot say."""
    if value is None or not math.isfinite(value):
        return None
    return float(f"{value:.6g}")


def group_of(kind: str) -> str:
    """The catalogue's group of a kind; the picture is a group by itself."""
    return CATALOGUE[kind].group if kind in CATALOGUE else "Input"


def sentence_of(kind: str) -> str:
    """The catalogue's sentence of a kind."""
    return CATALOGUE[kind].sentence if kind in CATALOGUE else "The picture, as numbers, after preprocessing."


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _data_uri(png: bytes) -> str:
    return "data:image/png;base64," + _base64(png)
