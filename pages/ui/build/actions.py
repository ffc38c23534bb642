"""What a visitor can do to the network as a whole: add, move, delete, mend, take another one.

An action arrives from a browser as plain data and is checked before it is followed. A change that the spec refuses
is told in one sentence and leaves the network as it was. The fields of a layer are changed by ``subject``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from lab.errors import LabError
from lab.network import edit
from lab.network.catalogue import CATALOGUE
from lab.network.spec import INPUT, NetworkSpec
from pages.ui import cached, messages, state
from pages.ui.build.state import BuildState


def follow(name: str, action: Mapping[str, Any]) -> None:
    """Do what the stage asks: ``"move"`` with ``{"id": "conv1", "to": 2}`` and the like; nonsense is left alone."""
    does = _ACTIONS.get(name)
    if does is not None:
        _try(lambda: does(action))


def choose(layer_id: object) -> None:
    """Make a layer the chosen one."""
    if has(state.workbench().network, layer_id):
        state.update(BuildState, selected=layer_id)


def chosen() -> str:
    """The chosen layer's id; the input when the layer that was chosen is gone."""
    selected = state.load(BuildState).selected
    return selected if has(state.workbench().network, selected) else INPUT


def take_network(spec: NetworkSpec) -> None:
    """Put another network on the workbench, and start reading it at its input."""
    state.update(BuildState, selected=INPUT)
    state.set_network(spec)
    state.owe_page()


def rename(name: str) -> None:
    """Give the network another name."""
    _try(
        lambda: state.set_network(NetworkSpec.model_validate({**dict(state.workbench().network), "name": name.strip()}))
    )
    state.owe_page()


def has(spec: NetworkSpec, layer_id: object) -> bool:
    """Whether the network has a layer of this id, or it is the input's."""
    return layer_id == INPUT or any(layer.id == layer_id for layer in spec.layers)


def _try(change: Callable[[], None]) -> None:
    try:
        with state.uninterrupted():
            change()
    except LabError as error:
        st.toast(messages.said(error.sentence), icon=":material/error:")


def _layer_id(action: Mapping[str, Any]) -> str:
    """The id that the action names, once it is known to be a layer of the network."""
    return state.workbench().network.layer(str(action.get("id"))).id


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _add(action: Mapping[str, Any]) -> None:
    kind, after = action.get("kind"), str(action.get("id"))
    before = state.workbench().network
    if isinstance(kind, str) and kind in CATALOGUE and has(before, after):
        _keep_and_choose_new(before, insert_after(before, kind, after))


def insert_after(network: NetworkSpec, kind: str, after: str) -> NetworkSpec:
    """Put a new layer behind another one: it reads that layer, and the next in line reads the new one.

    Add and Concat also take the nearest earlier layer that fits, so that they are a skip or a branch at once.

    Examples:
        >>> from lab.network.presets import preset
        >>> [layer.id for layer in insert_after(preset("softmax_regression"), "ReLU", "input").layers]
        ['relu1', 'flatten', 'fc']
    """
    inputs = (after, *_partner(network, kind, after))
    readers = network.readers()[after]
    ids = [INPUT, *(layer.id for layer in network.layers), None]
    following = ids[ids.index(after) + 1]
    before = readers[0] if readers and following not in readers else following
    return edit.insert_layer(network, kind, before=before, params={"inputs": inputs})


def _partner(network: NetworkSpec, kind: str, after: str) -> tuple[str, ...]:
    """The nearest earlier layer whose output can be added to, or laid beside, that of ``after``; at most one."""
    if CATALOGUE[kind].n_sources[1] == 1:
        return ()
    shapes = {INPUT: network.input, **{name: row.output for name, row in cached.analyse(network).rows.items()}}
    order = list(shapes)
    if after not in order:
        return ()
    mine = shapes[after]
    for name in reversed(order[: order.index(after)]):
        same = (
            shapes[name] == mine if kind == "Add" else shapes[name][1:] == mine[1:] and len(shapes[name]) == len(mine)
        )
        if same:
            return (name,)
    return ()


def _duplicate(action: Mapping[str, Any]) -> None:
    before = state.workbench().network
    _keep_and_choose_new(before, edit.duplicate_layer(before, _layer_id(action)))


def _keep_and_choose_new(before: NetworkSpec, after: NetworkSpec) -> None:
    state.set_network(after)
    old = {layer.id for layer in before.layers}
    choose(next(layer.id for layer in after.layers if layer.id not in old))


def _move(action: Mapping[str, Any]) -> None:
    network = state.workbench().network
    to = min(max(_whole(action.get("to")), 0), len(network.layers) - 1)
    state.set_network(edit.move_layer(network, _layer_id(action), to))
    choose(action.get("id"))


def _delete(action: Mapping[str, Any]) -> None:
    network = state.workbench().network
    ids = [INPUT, *(layer.id for layer in network.layers)]
    place = ids.index(_layer_id(action))
    state.set_network(edit.remove_layer(network, ids[place]))
    # The next layer is chosen, so that Delete can be pressed again; at the end the one before.
    choose(ids[place + 1] if place + 1 < len(ids) else ids[place - 1])


def _fix(action: Mapping[str, Any]) -> None:
    network = state.workbench().network
    error = cached.analyse(network).errors.get(str(action.get("id")))
    number = _whole(action.get("number"))
    if error is not None and 0 <= number < len(error.fixes):
        state.set_network(edit.apply_edits(network, error.fixes[number].edits))


_ACTIONS: dict[str, Callable[[Mapping[str, Any]], None]] = {
    "add": _add,
    "duplicate": _duplicate,
    "move": _move,
    "delete": _delete,
    "fix": _fix,
}
