"""What a visitor can do to the network: every change goes through here, from the list, a key or a button.

An action arrives from a browser as plain data and is checked before it is followed. A change that the spec refuses
is told in one sentence and leaves the network as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAPIException

from lab.errors import Fix, LabError, SetField
from lab.network import edit
from lab.network.catalogue import CATALOGUE
from lab.network.spec import INPUT, NetworkSpec
from pages.ui import cached, messages, state
from pages.ui.build.state import BuildState

_CHOICE_NUMBER = "build.choice_number"
# The fragments of the page: the editor inside the workshop, so that a choice redraws only the editor.
WORKSHOP, EDITOR = "build.workshop", "build.editor"


def follow(action: object) -> bool:
    """Do what the layer list asks: ``{"do": "move", "id": "conv1", "to": 2}`` and the like; nonsense is left alone.

    Returns:
        Whether it was news; an action that arrived before is not followed again.
    """
    if not isinstance(action, Mapping) or not _is_news(action):
        return False
    choose(action.get("chosen"))
    does = _ACTIONS.get(str(action.get("do")))
    if does is not None:
        _try(lambda: does(action))
    return True


def follow_choice(choice: object) -> None:
    """Choose what the browser shows as chosen already."""
    if isinstance(choice, Mapping) and _is_news(choice):
        choose(choice.get("id"))


def _is_news(message: Mapping[str, Any]) -> bool:
    """Whether a choice or an action is later than all that arrived before, and keep its number.

    The browser counts both. When the heartbeat asks for a run at the same moment, Streamlit hands the same click to two
    runs; and a choice may arrive after an action that took it along.
    """
    number = _whole(message.get("n"))
    if 0 < number <= choice_number():
        return False
    state.remember(_CHOICE_NUMBER, max(number, choice_number()))
    return True


def choice_number() -> int:
    """The number of the last choice or action that arrived from the browser; 0 before the first."""
    return int(state.recall(_CHOICE_NUMBER, 0))


def choose(layer_id: object) -> None:
    """Make a layer the chosen one."""
    if isinstance(layer_id, str) and _has(state.workbench().network, layer_id):
        state.update(BuildState, selected=layer_id)


def chosen() -> str:
    """The chosen layer's id; the input when the layer that was chosen is gone."""
    selected = state.load(BuildState).selected
    return selected if _has(state.workbench().network, selected) else INPUT


def set_field(layer_id: str, field: str, value: Any) -> None:
    """Change one field of one layer, or of the input (``"shape"``)."""
    _from_editor(lambda: _apply(SetField(layer_id, field, value)))


def apply_fix(fix: Fix) -> None:
    """Apply a way out that an error offers."""
    _from_editor(lambda: _apply(*fix.edits))


def take_network(spec: NetworkSpec) -> None:
    """Put another network on the workbench, and start reading it at its input."""
    state.update(BuildState, selected=INPUT)
    state.set_network(spec)


def rename(name: str) -> None:
    """Give the network another name."""
    _try(
        lambda: state.set_network(NetworkSpec.model_validate({**dict(state.workbench().network), "name": name.strip()}))
    )


def rename_layer(layer_id: str, new_id: str) -> None:
    """Give a layer another id, which its readers follow; it stays the chosen one."""

    def change() -> None:
        _apply(SetField(layer_id, "id", new_id))
        state.update(BuildState, selected=new_id)

    _from_editor(change)


def _from_editor(change: Callable[[], None]) -> None:
    """Change the network, and have everything drawn anew, not only the editor, in which the widget stands."""
    before = state.workbench().network
    _try(change)
    if state.workbench().network == before:
        return
    with suppress(StreamlitAPIException):  # no such fragment on screen: the usual rerun draws what there is
        st.rerun(WORKSHOP)


def note_drawn(network: NetworkSpec) -> None:
    """Keep which network the workshop shows."""
    state.remember("build.drawn", network)


def is_drawn() -> bool:
    """Whether the workshop shows the network as it is."""
    drawn: object = state.recall("build.drawn")
    return drawn == state.workbench().network


def _apply(*edits: Any) -> None:
    state.set_network(edit.apply_edits(state.workbench().network, edits))


def _try(change: Callable[[], None]) -> None:
    try:
        with state.uninterrupted():
            change()
    except LabError as error:
        st.toast(messages.escape(error.sentence), icon=":material/error:")


def _has(spec: NetworkSpec, layer_id: str) -> bool:
    return layer_id == INPUT or any(layer.id == layer_id for layer in spec.layers)


def _layer_id(action: Mapping[str, Any]) -> str:
    """The id that the action names, once it is known to be a layer of the network."""
    return state.workbench().network.layer(str(action.get("id"))).id


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _add(action: Mapping[str, Any]) -> None:
    kind, after = action.get("kind"), str(action.get("id"))
    before = state.workbench().network
    if isinstance(kind, str) and kind in CATALOGUE and _has(before, after):
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
    error = cached.analyse(state.workbench().network).errors.get(str(action.get("id")))
    number = _whole(action.get("number"))
    if error is not None and 0 <= number < len(error.fixes):
        _apply(*error.fixes[number].edits)


_ACTIONS: dict[str, Callable[[Mapping[str, Any]], None]] = {
    "add": _add,
    "duplicate": _duplicate,
    "move": _move,
    "delete": _delete,
    "fix": _fix,
    "undo": lambda action: state.undo(),
    "redo": lambda action: state.redo(),
}
