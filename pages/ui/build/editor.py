"""The panel beside the list: everything about the chosen layer, and its fields to change."""

from __future__ import annotations

import streamlit as st

from lab.errors import LabError
from lab.network.catalogue import field_rows
from lab.network.spec import INPUT, LayerSpec, NetworkSpec
from pages.ui import cached, controls, messages, state, units
from pages.ui.build import actions
from pages.ui.build.editor_fields import FIELD_PX, field_widget
from pages.ui.build.rows import Reading, reading
from pages.ui.build.state import BuildState
from pages.ui.components.choice import choice

# Usual picture sizes and the data they belong to; any other shape can be typed.
USUAL_INPUTS = {
    (1, 28, 28): "1×28×28, Fashion-MNIST",
    (1, 32, 32): "1×32×32, LeNet-5",
    (3, 32, 32): "3×32×32, small colour pictures",
    (3, 64, 64): "3×64×64, photos, small",
    (3, 224, 224): "3×224×224, photos",
}


@st.fragment(key=actions.EDITOR)
def show_editor() -> None:
    """Draw the panel of the chosen layer, or of the input; a choice redraws this and nothing else."""
    with st.container(gap=None), state.part("build.editor"):
        made = choice(actions.chosen(), actions.choice_number(), key="_build.choice", on_chosen=_follow_choice)
        # A run that was overtaken before it came here has left no callback behind, but the choice itself is here.
        with state.uninterrupted():
            actions.follow_choice(made)
        # A choice and an edit in the same moment: Streamlit does both but draws only the fragment of the first.
        if not actions.is_drawn():
            st.rerun()
        if state.load(BuildState).view == "Layers":
            _show_panel(state.workbench().network, actions.chosen())
    state.settle()


def _follow_choice() -> None:
    with state.uninterrupted():
        actions.follow_choice(getattr(state.widget_value("_build.choice"), "chosen", None))


def _show_panel(network: NetworkSpec, selected: str) -> None:
    with st.container(border=True):
        if selected == INPUT:
            _show_input(network)
        else:
            _show_layer(network, network.layer(selected), reading(network, cached.analyse(network), selected))


def _show_input(network: NetworkSpec) -> None:
    st.header("input", anchor=False)
    st.caption(
        "The pictures that the network takes: channels × height × width. Grey pictures have 1 channel, colour has 3."
    )
    _usual_inputs(network)
    for place, (column, name) in enumerate(
        zip(st.columns(3, gap="small"), ("channels", "height", "width"), strict=True)
    ):
        key = state.bind(f"_build.input.{name}", network.input[place])
        column.number_input(
            name,
            min_value=1,
            max_value=64 if place == 0 else 1024,
            step=1,
            key=key,
            on_change=_keep_side,
            args=(place, key),
            width=FIELD_PX,
        )


def _usual_inputs(network: NetworkSpec) -> None:
    shapes = list(USUAL_INPUTS)
    if network.input not in shapes:
        shapes.insert(0, network.input)
    key = state.bind("_build.input.usual", network.input)
    st.selectbox(
        "Usual sizes",
        shapes,
        key=key,
        format_func=lambda shape: USUAL_INPUTS.get(shape, units.shape(shape)),
        on_change=lambda: actions.set_field(INPUT, "shape", tuple(state.widget_value(key))),
    )


def _keep_side(place: int, key: str) -> None:
    value = state.widget_value(key)
    shape = state.workbench().network.input
    if value is not None:
        actions.set_field(INPUT, "shape", (*shape[:place], value, *shape[place + 1 :]))


def _show_layer(network: NetworkSpec, layer: LayerSpec, facts: Reading) -> None:
    st.header(f"{layer.id} :gray[{messages.escape(layer.title)}]", anchor=False)
    st.caption(layer.sentence)
    if facts.error is not None:
        _show_error(layer, facts.error)
    _show_flow(facts)
    _show_fields(layer)
    _show_source(network, layer)
    _show_name(layer)
    if facts.code:
        st.code(facts.code, language="python", wrap_lines=True)


def _show_flow(facts: Reading) -> None:
    """What comes in, what goes out, and what it costs, in two lines."""
    if facts.row is None:
        return
    row = facts.row
    arriving = " and ".join(units.shape(shape) for shape in row.inputs)
    st.markdown(f"{arriving} :material/arrow_forward: **{units.shape(row.output)}**")
    costs = [
        f"{units.count(row.n_params)} parameters",
        f"{units.count(row.n_macs)} MACs",
        units.size(row.activation_bytes),
    ]
    if row.receptive_field:
        costs.append(f"sees {row.receptive_field[0]}×{row.receptive_field[1]} px of the input")
    st.caption(" · ".join(costs))


def _show_error(layer: LayerSpec, error: LabError) -> None:
    messages.show_error(error)
    for number, fix in enumerate(error.fixes):
        st.button(
            messages.escape(fix.label),
            key=f"_build.fix.{layer.id}.{number}",
            icon=":material/build:",
            on_click=actions.apply_fix,
            args=(fix,),
        )


def _show_fields(layer: LayerSpec) -> None:
    rows = field_rows(layer.kind)
    split = state.load(BuildState).split_axes
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        for row in sorted(rows, key=lambda row: row.form == "switch"):  # boxes first, switches after them
            field_widget(row, getattr(layer, row.name), f"_build.{layer.id}.{row.name}", _change(layer), split=split)
    if any(row.form in ("ints", "padding") and row.length == 2 for row in rows):
        controls.toggle(BuildState, "split_axes")


def _change(layer: LayerSpec):  # type: ignore[no-untyped-def]
    return lambda field, value: actions.set_field(layer.id, field, value)


def _show_name(layer: LayerSpec) -> None:
    key = state.bind(f"_build.{layer.id}.id", layer.id)
    st.text_input(
        "name",
        key=key,
        max_chars=32,
        help="The layer's name in the drawing, the code and the weights: small letters, digits and _.",
        on_change=lambda: actions.rename_layer(layer.id, str(state.widget_value(key) or "")),
    )


def _show_source(network: NetworkSpec, layer: LayerSpec) -> None:
    """Which layers it reads: several for Add and Concat, one for the others."""
    earlier = [INPUT]
    for other in network.layers:
        if other.id == layer.id:
            break
        earlier.append(other.id)
    now = network.sources()[layer.id]
    key = f"_build.{layer.id}.inputs"
    if layer.n_sources[1] > 1:
        state.bind(key, list(now))
        st.multiselect(
            "reads",
            earlier,
            key=key,
            help=f"The layers it joins: at least {layer.n_sources[0]}.",
            on_change=lambda: actions.set_field(layer.id, "inputs", tuple(state.widget_value(key))),
        )
        return
    state.bind(key, now[0])
    st.selectbox(
        "reads",
        earlier[::-1],
        key=key,
        help="The layer whose output it takes; usually the one before it.",
        on_change=lambda: _read_from(layer.id, earlier[-1], state.widget_value(key)),
    )


def _read_from(layer_id: str, before: str, source: str) -> None:
    """Take one layer's output; no name stands for the layer before it, which stays so when layers move."""
    actions.set_field(layer_id, "inputs", () if source == before else (source,))
