"""The Build page as one fragment: an edit redraws this and nothing around it."""

from __future__ import annotations

import streamlit as st

from lab.network.spec import NetworkSpec
from pages.ui import cached, controls, state, units
from pages.ui.build import actions, rows
from pages.ui.build.code_view import show_code
from pages.ui.build.editor import show_editor
from pages.ui.build.state import BuildState
from pages.ui.build.toolbar import show_toolbar
from pages.ui.components.architecture import architecture
from pages.ui.components.layer_list import layer_list


@st.fragment(key=actions.WORKSHOP)
def show_workshop() -> None:
    """Draw the toolbar, the drawing, the totals, and below them the layers or the code."""
    show_toolbar()
    network, selected = state.workbench().network, actions.chosen()
    actions.note_drawn(network)
    _show_drawing(network, selected)
    if _show_totals(network) == "Code":
        show_code(network)
        show_editor()
    else:
        _show_layers(network, selected)
    state.settle()


def _show_layers(network: NetworkSpec, selected: str) -> None:
    """The list, and beside it everything about the chosen layer."""
    left, right = st.columns([0.635, 0.365], gap="small")
    with left:
        asked = layer_list(
            rows.list_rows(network),
            rows.totals(network),
            key="_build.list",
            selected=selected,
            n=actions.choice_number(),
            on_action=_follow_list,
        )
    # Streamlit calls no callback after a run that was overtaken before it came to the list; the action itself is here.
    with state.uninterrupted():
        is_late = actions.follow(asked)
    if is_late:
        st.rerun()
    with right:
        show_editor()


def _show_drawing(network: NetworkSpec, selected: str) -> None:
    architecture(
        rows.architecture_data(network),
        key="_build.drawing",
        label=f"Architecture of {network.name}: one block a layer. Arrow keys choose a layer.",
        selected=selected,
    )


def _follow_list() -> None:
    with state.uninterrupted():
        actions.follow(getattr(state.widget_value("_build.list"), "action", None))


def _show_totals(network: NetworkSpec) -> str:
    """The whole network in four numbers, and the choice of what stands below them."""
    analysis = cached.analyse(network)
    known = tuple(analysis.rows.values())
    n_macs = sum(row.n_macs for row in known)
    output = units.shape(analysis.summary.output) if analysis.summary else "?"
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.metric("Parameters", units.count(sum(row.n_params for row in known)), help="Numbers that training changes.")
        st.metric(
            "MACs per image",
            units.short_count(n_macs),
            help=f"{units.count(n_macs)} multiply-accumulates; biases not counted.",
        )
        st.metric(
            "Activations per image",
            units.size(sum(row.activation_bytes for row in known)),
            help="Memory of all layers' outputs, in 32-bit floats.",
        )
        st.metric("Output", output, help="Shape of what the last layer gives; one number a class.")
        return str(controls.segmented(BuildState, "view", label_visibility="collapsed", width="content"))
