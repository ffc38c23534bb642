"""In your network: this net among the lab's own networks, and one neuron of a dense layer that was built or trained."""

from __future__ import annotations

from typing import Any

import streamlit as st

from lab.network.code import pytorch_code
from pages.ui import live, messages, state
from pages.ui.maths.your_network import YourLayer, choose_layer
from pages.ui.neurons.as_network import as_network, on_pictures
from pages.ui.neurons.state import NeuronsState, spec_of
from pages.ui.source import show_source

STAGE = live.Stage("neurons_layer", scripts=("neurons/layer",), styles=("neurons/layer",))


def show_your_network() -> None:
    """Draw "In your network"."""
    found = choose_layer(NeuronsState, ("Linear",))
    if found is not None and found.weight is not None:
        state.remember("neurons.layer", found)
        _show_layer()
    _show_doors()


@st.fragment
def _show_layer() -> None:
    found: YourLayer = state.recall("neurons.layer")
    n_neurons = 0 if found.weight is None else len(found.weight)
    chosen = state.load(NeuronsState)
    STAGE.show(
        NeuronsState,
        key="_neurons.layer_stage",
        controls=(live.slider(NeuronsState, "unit", label=f"Neuron of {found.id}", most=max(1, n_neurons)),),
        picture=_picture(found, min(chosen.unit, n_neurons) - 1),
    )


def _picture(found: YourLayer, neuron: int) -> dict[str, Any]:
    from lab.theory.neurons.dense_sum import dense_sum

    assert found.weight is not None  # noqa: S101 - checked by whoever shows the layer
    told = dense_sum(found.input.flatten(), found.weight, found.bias, neuron)
    return {
        "title": f"{found.id}: {len(found.weight):,} neurons, each with {told.n_terms:,} weights",
        "sentence": found.sentence,
        "largest": [[row.source + 1, row.value, row.weight, row.product] for row in told.largest],
        "rest": told.rest,
        "n_rest": told.n_terms - len(told.largest),
        "bias": told.bias,
        "total": told.total,
    }


def _show_doors() -> None:
    """The net of this page as layers: on Build, as code, and on pictures."""
    spec = spec_of(state.load(NeuronsState))
    st.markdown(
        "The net above is a stack of **Linear** layers with an activation after each but the last; most networks "
        "for pictures end in one or more of them. Open it as layers, or put its hidden layers on pictures and train "
        "them there."
    )
    with st.container(horizontal=True):
        if st.button("Open it on Build", key="_neurons.to_build", icon=":material/account_tree:"):
            state.set_network(as_network(spec))
            st.switch_page("pages/network/build.py")
        if st.button("Train its layers on pictures", key="_neurons.to_train", icon=":material/model_training:"):
            state.set_network(on_pictures(spec))
            st.switch_page("pages/training/train.py")
    with st.expander("The same net in PyTorch"), messages.guarded():
        st.caption(f"After torch.manual_seed({spec.seed}) its first weights are the very ones above.")
        show_source(pytorch_code(as_network(spec)), key="_neurons.copy")
