"""In your network: the stage opened on an activation layer of the network that was built or trained in this lab."""

from __future__ import annotations

import streamlit as st

from lab.errors import LabError
from lab.network.spec import NetworkSpec
from lab.training.run_folder import open_run
from pages.ui import controls, history, messages, state
from pages.ui.activation.state import KINDS, MAX_CHOSEN, CurvesState, parameter_values
from pages.ui.activation.subject import reaching, sources, subject
from pages.ui.feature_maps.state import RUN
from pages.ui.maths.your_network import NOTHING, layers_of
from pages.ui.units import whole_percent


def choose_layer() -> None:
    """Draw the menu; a choice opens the layer on the stage above."""
    st.header("In your network", anchor=False)
    found = layers_of(KINDS)
    if not found:
        st.caption(
            "Your network has no activation layer, and neither has a run: without one it is a single straight line."
        )
        return
    if state.load(CurvesState).opened not in (NOTHING, *found):
        state.update(CurvesState, opened=NOTHING)
    chosen = controls.select(
        CurvesState,
        "opened",
        choices=[NOTHING, *found],
        label="Layer",
        format_func=lambda choice: found.get(choice, "Nothing chosen"),
        on_change=_open,
    )
    if chosen == NOTHING:
        st.caption(
            "Choose an activation layer of the network that you built, or of a run: the stage above opens on it."
        )
    else:
        with messages.guarded():
            st.markdown(messages.escape(_in_numbers()))
        st.caption("The stages above show this layer. Add other activations to see what they would do in its place.")


def _in_numbers() -> str:
    """What the opened layer's own activation does to what really reaches it.

    Raises:
        LabError: the network does not fit together, or its run is gone.
    """
    from lab.inspection.activation_set import activation_module
    from lab.theory.saturation import apply_to_values

    source, _, layer_id = state.load(CurvesState).opened.rpartition("#")
    found = subject(sources(), source, layer_id)
    if found is None:
        return ""
    values, pictures = reaching(*found.key)
    _, counted = apply_to_values(activation_module(found.layer, values.values.dtype), values.values)
    if counted is None:
        return (
            f"{layer_id} is {found.layer.title}: it looks at all channels together, so no unit has a slope of its own."
        )
    return (
        f"{layer_id} is {found.layer.title}. For {pictures}, {whole_percent(counted.flat)} of its values are flat, "
        f"{whole_percent(counted.saturated)} of its {values.values.shape[1]} units are saturated and "
        f"{whole_percent(counted.dead)} dead."
    )


def _open() -> None:
    """Set the stage to the chosen layer: its network, its kind, its parameters; as a step that can be taken back."""
    with state.uninterrupted():
        chosen = state.load(CurvesState)
        source, _, layer_id = chosen.opened.rpartition("#")
        if not source:
            return
        try:
            layer = _spec(source).layer(layer_id)
        except LabError as error:  # a run that was deleted in another tab
            state.notify(error.sentence)
            return
        others = tuple(kind for kind in chosen.kinds if kind != layer.kind)
        values = {
            "source": source,
            "layer": layer_id,
            "kinds": (layer.kind, *others)[:MAX_CHOSEN],
            "gain": 1.0,
            "shift": 0.0,
            **parameter_values(layer.kind, layer.model_dump()),
        }
        state.keep(type(chosen).model_validate({**dict(chosen), **values}))
        history.settle(CurvesState)


def _spec(source: str) -> NetworkSpec:
    return open_run(source.removeprefix(RUN)).spec().network if source.startswith(RUN) else state.workbench().network
