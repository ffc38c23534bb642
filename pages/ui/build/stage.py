"""The stage of the Build page: drawing, totals, list and panel in one live component, all drawn from one answer."""

from __future__ import annotations

from lab.network.spec import INPUT, NetworkSpec
from pages.ui import cached, live, state
from pages.ui.build import actions
from pages.ui.build.fields import can_split, input_controls, layer_controls
from pages.ui.build.picture import constants, picture
from pages.ui.build.readiness import owe_readiness
from pages.ui.build.state import BuildState
from pages.ui.build.subject import NetworkSubject

KEY = "_build.stage"
_NAME_HELP = "The layer's name in the drawing, the code and the weights: small letters, digits and _."
_PARTS = ("drawing", "menu", "list", "panel", "trouble", "stage")
_SCRIPTS = ("drawing_frame", "list_acts", "panel_reads", *_PARTS)

STAGE = live.Stage(
    "build",
    scripts=["copying", *(f"build/{part}" for part in _SCRIPTS)],
    styles=["paint", *(f"build/{part}" for part in _PARTS)],
    constants=constants(),
)


@STAGE.fragment
def show_stage() -> None:
    """Draw the network, and beside the list the controls of the chosen layer."""
    network, selected, view = state.workbench().network, actions.chosen(), state.load(BuildState).view
    owe_readiness()
    STAGE.show(
        NetworkSubject(),
        key=KEY,
        controls=_controls(network, selected) if view == "Layers" else (),
        picture=picture(network, selected, view),
        on_action=actions.follow,
        spreads=view == "Code",
        expects=("selected",),
    )


def _controls(network: NetworkSpec, selected: str) -> tuple[live.Control, ...]:
    if selected == INPUT:
        return input_controls()
    layer = network.layer(selected)
    chosen = state.load(BuildState)
    fields = layer_controls(layer, _arriving(network, selected), split=chosen.split_axes, apart=chosen.apart)
    split = (live.switch(BuildState, "split_axes"),) if can_split(layer) else ()
    return (*fields, *split, live.Control("text", f"{selected}.id", "name", _NAME_HELP))


def _arriving(network: NetworkSpec, layer_id: str) -> tuple[int, ...]:
    """The shape that reaches a layer, also one that it does not fit; empty when that is not known."""
    source = network.sources()[layer_id][0]
    if source == INPUT:
        return network.input
    row = cached.analyse(network).rows.get(source)
    return row.output if row else ()
