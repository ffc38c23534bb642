"""All that the stage of the Build page draws, as the browser takes it: the network, its totals, the chosen layer."""

from __future__ import annotations

from dataclasses import asdict
from functools import lru_cache
from typing import Any

from lab.network.catalogue import CATALOGUE
from lab.network.spec import INPUT, NetworkSpec
from lab.network.summary import LayerRow
from pages.ui import cached, network_totals, units
from pages.ui.build.drawing import Block, Wire
from pages.ui.build.reach import reach_of
from pages.ui.build.rows import UNKNOWN, drawing, list_rows, reading, totals

# Usual picture sizes and the data they belong to; any other shape can be set.
USUAL_INPUTS = {
    (1, 28, 28): "1×28×28, Fashion-MNIST",
    (1, 32, 32): "1×32×32, LeNet-5",
    (3, 32, 32): "3×32×32, small colour pictures",
    (3, 64, 64): "3×64×64, photos, small",
    (3, 224, 224): "3×224×224, photos",
}


def constants() -> dict[str, Any]:
    """What the browser knows from the beginning: the kinds of layers for menu and panel, and the usual inputs."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for kind, layer in CATALOGUE.items():
        row = {"kind": kind, "title": layer.title, "sentence": layer.sentence, "sources": layer.n_sources}
        groups.setdefault(layer.group, []).append(row)
    return {
        "CATALOGUE": [{"group": group, "kinds": kinds} for group, kinds in groups.items()],
        "USUAL_INPUTS": [{"shape": shape, "words": words} for shape, words in USUAL_INPUTS.items()],
    }


def picture(network: NetworkSpec, selected: str, view: str) -> dict[str, Any]:
    """What the stage draws.

    Args:
        network: the learner's network.
        selected: the chosen layer's id, or ``"input"``.
        view: ``"Layers"``, or ``"Code"``, where list and panel are left out.
    """
    return {
        "label": f"Architecture of {network.name}: one block a layer. Arrow keys choose a layer.",
        "network": _network(network),
        "totals": _totals(network),
        "panel": _panel(network, selected),
        "view": view,
    }


@lru_cache(maxsize=64)
def _network(network: NetworkSpec) -> dict[str, Any]:
    """Drawing and list; shared by all sessions, so never changed."""
    drawn = drawing(network)
    return {
        "size": [round(drawn.width), round(drawn.height), drawn.label_y],
        "blocks": [_block(block) for block in drawn.blocks],
        "wires": [_wire(wire) for wire in drawn.wires],
        "rows": [_filled(asdict(row)) for row in list_rows(network)],
        "foot": _filled(asdict(totals(network))),
    }


def _block(block: Block) -> list[float]:
    """Left, top, right, bottom of the front, the way to the back, and the label's place: negative where it hides."""
    (left, top), _, (right, bottom), _ = block.front
    back_x, back_y = block.top[1]
    label_x = block.label_x if block.has_label else -block.label_x
    return [left, top, right, bottom, round(back_x - left, 1), round(top - back_y, 1), label_x]


def _wire(wire: Wire) -> list[Any]:
    return [wire.source, wire.target, wire.path, int(wire.is_arc)]


def _filled(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value}


def _totals(network: NetworkSpec) -> list[dict[str, str]]:
    """The whole network in four numbers."""
    whole = network_totals.totals(network)
    output = units.shape(whole.output) if whole.is_whole else UNKNOWN
    macs = f"{units.count(whole.n_macs)} multiply-accumulates; biases not counted."
    memory = units.size(whole.activation_bytes)
    rows = (
        ("Parameters", units.count(whole.n_params), "Numbers that training changes."),
        ("MACs per image", units.short_count(whole.n_macs), macs),
        ("Activations per image", memory, "Memory of all layers' outputs, in 32-bit floats."),
        ("Output", output, "Shape of what the last layer gives; one number a class."),
    )
    return [{"label": label, "value": value, "help": help_text} for label, value, help_text in rows]


def _panel(network: NetworkSpec, selected: str) -> dict[str, Any]:
    """What is said about the chosen layer, besides its line in the list and its controls."""
    if selected == INPUT:
        return {"id": INPUT, "shape": network.input}
    facts = reading(network, cached.analyse(network), selected)
    return {
        "id": selected,
        "arriving": " and ".join(units.shape(shape) for shape in facts.row.inputs) if facts.row else "",
        "costs": _costs(facts.row, network) if facts.row else "",
        "code": facts.code,
        "sources": network.sources()[selected],
    }


def _costs(row: LayerRow, network: NetworkSpec) -> str:
    reach = reach_of(row, network.input)
    costs = (
        f"{units.count(row.n_params)} parameters",
        f"{units.count(row.n_macs)} MACs",
        units.size(row.activation_bytes),
        *((reach.sentence,) if reach else ()),
    )
    return " · ".join(costs)
