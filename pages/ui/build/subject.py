"""What the stage of the Build page changes: the learner's network, and what is chosen on the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lab.errors import LabError
from lab.network.edit import apply_edits
from lab.network.spec import INPUT, NetworkSpec
from pages.ui import messages, state
from pages.ui.build import actions
from pages.ui.build.fields import AXES, edit_of, slots, whole_field
from pages.ui.build.state import BuildState
from pages.ui.live_subject import PageSubject

_CHOICES = PageSubject(BuildState)


class NetworkSubject:
    """The network on the workbench, through the fields of its chosen layer (``conv1.stride``); see ``live_subject``."""

    def values(self) -> dict[str, Any]:
        """What is chosen, the fields of the chosen layer, and a mark of everything else that the network is."""
        network, selected, chosen = state.workbench().network, actions.chosen(), state.load(BuildState)
        return {
            "selected": selected,
            "view": chosen.view,
            "split_axes": chosen.split_axes,
            "apart": chosen.apart,
            "rest": _mark_of_the_rest(network, selected),
            **_fields(network, selected, chosen),
        }

    def take(self, values: Mapping[str, Any]) -> dict[str, str]:
        """Keep choices and fields; what is about a layer that is gone by now is passed over."""
        network = state.workbench().network
        choices = {name: value for name, value in values.items() if name in BuildState.model_fields}
        choices.update(_apart(values))
        if "selected" in choices and not actions.has(network, choices["selected"]):
            del choices["selected"]
        renamed: dict[str, str] = {}
        for name, value in values.items():
            first, _, field = name.partition(".")
            layer_id = renamed.get(first, first)
            if not field or not actions.has(network, layer_id):
                continue
            try:
                network = apply_edits(network, (edit_of(network, f"{layer_id}.{field}", value),))
            except LabError as error:
                return {name: messages.without_code(error.sentence)}
            if field == "id":
                renamed[first] = value
        selected = choices.get("selected", actions.chosen())
        if selected in renamed:
            choices["selected"] = renamed[selected]
        return _keep(network, choices)

    def settle(self, names: Iterable[str]) -> None:
        """Make a step of the network's history; a choice is none, and may be settled while a field is dragged."""
        if any("." in name for name in names):
            state.settle_network()
        else:
            state.publish_link()

    def steps(self) -> dict[str, bool]:
        """Undo and redo; where the network began is for the visitor to say, by a known network or a file."""
        bench = state.workbench()
        return {"undo": bool(bench.settled().past), "redo": bool(bench.future)}

    def step(self, name: str) -> None:
        """Take it; the network's name stands outside the stage."""
        before = state.workbench().network.name
        {"undo": state.undo, "redo": state.redo}[name]()
        if state.workbench().network.name != before:
            state.owe_page()


def _keep(network: NetworkSpec, choices: Mapping[str, Any]) -> dict[str, str]:
    view = state.load(BuildState).view
    errors = _CHOICES.take(choices) if choices else {}
    if errors:
        return errors
    if state.load(BuildState).view != view:
        state.owe_page()
    if network != state.workbench().network:
        state.move_network(network)
    return {}


def _apart(values: Mapping[str, Any]) -> dict[str, str]:
    """Two numbers stay two while one of them is changed, also where they meet: a control never goes under the hand."""
    fields = [field for name in values if (field := whole_field(name))]
    if "split_axes" in values:
        return {"apart": ""}
    if fields:
        return {"apart": fields[-1]}
    return {"apart": ""} if "selected" in values else {}


def _fields(network: NetworkSpec, selected: str, chosen: BuildState) -> dict[str, Any]:
    if selected == INPUT:
        return {f"{INPUT}.{axis}": size for axis, size in zip(AXES, network.input, strict=True)}
    layer = network.layer(selected)
    shown = slots(layer, split=chosen.split_axes, apart=chosen.apart)
    return {
        **{f"{selected}.{slot.name}": slot.value_in(layer) for slot in shown},
        f"{selected}.id": selected,
    }


def _mark_of_the_rest(network: NetworkSpec, selected: str) -> str:
    """Changes with everything but the chosen layer's own fields: no picture sent ahead is taken for another's."""
    others = tuple(layer.inputs if layer.id == selected else layer for layer in network.layers)
    return f"{hash((network.name, selected == INPUT or network.input, others)) & 0xFFFFFFFF:x}"
