"""In your network: the numbers stage on a layer that was built or trained in this lab."""

from __future__ import annotations

import streamlit as st

from lab.network.layers.convolution import Conv2d, ConvTranspose2d
from pages.ui import live, state
from pages.ui.convolution import layer_picture
from pages.ui.convolution.layer_part import N_CELLS
from pages.ui.convolution.stage import SCRIPTS
from pages.ui.convolution.state import LayerStageState
from pages.ui.maths.your_network import YourLayer, choose_layer
from pages.ui.messages import escape

STAGE = live.Stage("convolution_layer", scripts=SCRIPTS, styles=("convolution/stage",))


def show_layer_stage() -> None:
    """Draw the menu of layers, and below it the stage with the chosen layer's numbers."""
    found = choose_layer(LayerStageState, ("Conv2d", "ConvTranspose2d"))
    if found is not None:
        st.caption(escape(found.sentence))
        _stage(found)


@STAGE.fragment
def _stage(found: YourLayer) -> None:
    layer = found.layer
    if not isinstance(layer, Conv2d | ConvTranspose2d):
        return
    chosen = state.load(LayerStageState)
    n_maps, height, width = map(int, found.output.shape)
    STAGE.show(
        LayerStageState,
        key="_convolution.layer_stage",
        controls=(
            live.slider(LayerStageState, "output_map", most=max(2, n_maps)),
            live.slider(LayerStageState, "first_row", most=max(2, height - N_CELLS + 1)),
            live.slider(LayerStageState, "first_column", most=max(2, width - N_CELLS + 1)),
        ),
        picture=layer_picture.draw(found, layer, chosen),
    )
