"""The part of the picture that one unit of any layer can see, followed backwards along the graph.

For every layer two tables are kept: which rows of the picture each of its rows depends on, and which columns. A layer
reads rows of its inputs (:mod:`lab.inspection.windows`), so its table is the union of theirs; where branches meet, of
all branches. The box is the smallest rectangle around the rows and columns, clipped to the picture because padding
holds none of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lab.inspection.maps import INPUT
from lab.inspection.windows import PADDED, AxisTable, windows

if TYPE_CHECKING:
    from lab.network.spec import LayerSpec, NetworkSpec

Box = tuple[int, int, int, int]
Span = tuple[int, int]
_Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Fields:
    """The picture rows ``[first, last + 1)`` that each row of a layer sees, and the columns of each column.

    An empty span ``(0, 0)`` sees nothing of the picture, only padding.
    """

    rows: tuple[Span, ...]
    cols: tuple[Span, ...]


def box(spec: NetworkSpec, layer_id: str, y: int = 0, x: int = 0) -> Box:
    """The rectangle of the picture that the unit in row ``y``, column ``x`` of a layer depends on.

    Args:
        spec: the network.
        layer_id: one of its layers, or ``"input"``.
        y, x: the unit's place; leave 0 for a layer without height and width.

    Returns:
        ``(top, left, bottom, right)`` in picture pixels, bottom and right exclusive; ``(0, 0, 0, 0)`` for a unit
        that sees nothing but padding.

    Raises:
        IndexError: the layer has no such row or column.
    """
    fields = receptive_fields(spec, layer_id)
    (top, bottom), (left, right) = fields.rows[y], fields.cols[x]
    return (top, left, bottom, right) if bottom > top and right > left else (0, 0, 0, 0)


def receptive_fields(spec: NetworkSpec, layer_id: str) -> Fields:
    """The receptive fields of all units of one layer at once (a box is a row's span and a column's span)."""
    return all_receptive_fields(spec)[layer_id]


def all_receptive_fields(spec: NetworkSpec) -> dict[str, Fields]:
    """The receptive fields of every layer, ``"input"`` included."""
    from lab.network.summary import summarize

    summary = summarize(spec)
    shapes = {INPUT: tuple(spec.input)} | {row.id: tuple(row.output) for row in summary.rows}
    _, height, width = spec.input
    seen: dict[str, tuple[_Mask, _Mask]] = {INPUT: (np.eye(height, dtype=bool), np.eye(width, dtype=bool))}
    sources = spec.sources()
    for layer in spec.layers:
        parts = [_through(layer, seen[i], shapes[i], shapes[layer.id]) for i in sources[layer.id]]
        seen[layer.id] = (
            np.logical_or.reduce([rows for rows, _ in parts]),
            np.logical_or.reduce([cols for _, cols in parts]),
        )
    return {layer_id: Fields(_spans(rows), _spans(cols)) for layer_id, (rows, cols) in seen.items()}


def _through(
    layer: LayerSpec, seen: tuple[_Mask, _Mask], input_shape: tuple[int, ...], output_shape: tuple[int, ...]
) -> tuple[_Mask, _Mask]:
    table = windows(layer, input_shape, output_shape)
    if table is None:
        return _everything(seen[0], output_shape, 1), _everything(seen[1], output_shape, 2)
    return _union(seen[0], table.rows), _union(seen[1], table.cols)


def _everything(seen: _Mask, output_shape: tuple[int, ...], axis: int) -> _Mask:
    n_out = output_shape[axis] if len(output_shape) == 3 else 1
    return np.repeat(seen.any(axis=0, keepdims=True), n_out, axis=0)


def _union(seen: _Mask, table: AxisTable) -> _Mask:
    out = np.zeros((len(table), seen.shape[1]), dtype=bool)
    for row, taps in enumerate(table):
        read = [tap for tap in taps if tap != PADDED]
        out[row] = seen[read].any(axis=0)
    return out


def _spans(seen: _Mask) -> tuple[Span, ...]:
    spans = []
    for row in seen:
        places = np.flatnonzero(row)
        spans.append((int(places[0]), int(places[-1]) + 1) if places.size else (0, 0))
    return tuple(spans)
