"""A network's analysis as the Build page reads it: lines of the list, places in the drawing, facts of one layer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import Any

from lab.errors import LabError
from lab.network.catalogue import field_rows
from lab.network.spec import INPUT, LayerSpec, NetworkSpec, Shape
from lab.network.summary import FLOAT_BYTES, Analysis, LayerRow
from pages.ui import cached, messages, network_totals, units
from pages.ui.build.drawing import Drawing, Node, lay_out
from pages.ui.build.reach import reach_of

# Groups whose layers keep the shape: drawn as slices on the block before them.
SLICES = ("Activation", "Normalisation", "Regularisation")
UNKNOWN = "?"


@dataclass(frozen=True)
class ListRow:
    """One line of the list, ready to read.

    ``error``, its ``code`` and ``fixes`` belong to a layer that does not fit; ``beyond`` to a receptive field that is
    larger than the picture.
    """

    id: str
    kind: str
    inputs: str
    settings: str
    output: str
    n_params: str
    n_macs: str
    memory: str
    receptive_field: str
    beyond: str = ""
    error: str = ""
    code: str = ""
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
    beyond: str


@dataclass(frozen=True)
class Reading:
    """What is known about one layer: its row when it could be computed, its error when not, its line of PyTorch."""

    row: LayerRow | None
    error: LabError | None
    code: str


def reading(network: NetworkSpec, analysis: Analysis, layer_id: str) -> Reading:
    """Gather the facts of one layer."""
    row = analysis.rows.get(layer_id)
    code = network.layer(layer_id).pytorch(row.inputs) if row is not None else ""
    return Reading(row, analysis.errors.get(layer_id), code)


@lru_cache(maxsize=64)
def list_rows(network: NetworkSpec) -> tuple[ListRow, ...]:
    """All lines of the list, the input first."""
    analysis = cached.analyse(network)
    shape, memory = units.shape(network.input), units.size(FLOAT_BYTES * prod(network.input))
    first = ListRow(INPUT, "picture", "", "", shape, "", "", memory, "")
    return (
        first,
        *(
            _list_row(layer, analysis.rows.get(layer.id), analysis.errors.get(layer.id), network.input)
            for layer in network.layers
        ),
    )


def _list_row(layer: LayerSpec, row: LayerRow | None, error: LabError | None, picture: Shape) -> ListRow:
    reach = reach_of(row, picture)
    return ListRow(
        id=layer.id,
        kind=layer.kind,
        inputs=f"reads {', '.join(layer.inputs)}" if layer.inputs else "",
        settings=settings(layer),
        output=units.shape(row.output) if row else UNKNOWN,
        n_params=units.count(row.n_params) if row and row.n_params else ("" if row else UNKNOWN),
        n_macs=units.count(row.n_macs) if row and row.n_macs else ("" if row else UNKNOWN),
        memory=units.size(row.activation_bytes) if row else UNKNOWN,
        receptive_field=reach.short if reach else "",
        beyond=reach.beyond if reach else "",
        error=messages.without_code(error.sentence) if error else "",
        code=error.code if error else "",
        fixes=tuple(fix.label for fix in error.fixes) if error else (),
    )


def totals(network: NetworkSpec) -> ListTotals:
    """The last line of the list."""
    whole, n_layers = network_totals.totals(network), len(network.layers)
    reach = reach_of(whole.last, network.input) if whole.is_whole else None
    return ListTotals(
        title=f"{n_layers} layer{'' if n_layers == 1 else 's'}",
        output=units.shape(whole.output) if whole.is_whole else "",
        n_params=units.count(whole.n_params),
        n_macs=units.count(whole.n_macs),
        memory=units.size(whole.activation_bytes),
        receptive_field=reach.short if reach else "",
        beyond=reach.beyond if reach else "",
    )


@lru_cache(maxsize=4096)  # of a deep network that is edited all layers but one are the same
def settings(layer: LayerSpec) -> str:
    """The layer's fields in short: what must be given, and what differs from PyTorch's defaults.

    Examples:
        >>> from lab.network.catalogue import CATALOGUE
        >>> settings(CATALOGUE["Conv2d"](id="conv1", out_channels=8, padding=1))
        'out_channels 8, kernel_size 3, padding 1'
    """
    parts = []
    for row in field_rows(layer.kind):
        value = getattr(layer, row.name)
        if row.required or row.name in ("kernel_size", "p") or value != row.default:
            parts.append(_setting(row.name, value))
    return ", ".join(parts)


def _setting(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return name if value else f"no {name}"
    if isinstance(value, tuple) and len(set(value)) == 1:
        value = value[0]
    return f"{name} {units.shape(value) if isinstance(value, tuple) else value}"


@lru_cache(maxsize=64)
def drawing(network: NetworkSpec) -> Drawing:
    """Where the blocks of the architecture drawing go."""
    analysis = cached.analyse(network)
    shapes = {row.id: row.output for row in analysis.rows.values()}
    sources = network.sources()
    nodes = [Node(INPUT, "Input", network.input, ())]
    for layer in network.layers:
        shape = shapes.get(layer.id)
        keeps = layer.group in SLICES and sources[layer.id] == (nodes[-1].id,)
        if shape is None and keeps:
            shape = nodes[-1].shape
        nodes.append(Node(layer.id, layer.group, shape, sources[layer.id], is_slice=keeps))
    return lay_out(nodes)
