"""The stages of curves: activations, their slopes, and what each does to the values of a real layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from lab.errors import LabError
from pages.ui import live, state
from pages.ui.activation.parameters import parameter_controls
from pages.ui.activation.picture import curves_picture, layer_picture
from pages.ui.activation.state import OVER_CHANNELS, Curves, CurvesState
from pages.ui.activation.subject import Source, Subject, reaching, subject
from pages.ui.units import count

if TYPE_CHECKING:
    from lab.inspection.activation_set import Reaching

KEY = "_activation.curves"
LAYER_KEY = "_activation.layer"
STYLE = ("activation/activation",)
STAGE = live.Stage("activation_curves", scripts=("activation/chosen", "activation/curves"), styles=STYLE)
LAYER_STAGE = live.Stage(
    "activation_layer", scripts=("activation/chosen", "activation/cards", "activation/layer"), styles=STYLE
)


@st.fragment
def show_curves(listed: tuple[Source, ...]) -> None:
    """Draw both stages: a parameter moved in the first moves the second.

    The title between them is the second stage's own: a Streamlit element would be drawn anew at every drag step.

    Args:
        listed: the networks whose layers may be looked at; the learner's own first.
    """
    chosen = state.load(CurvesState)
    STAGE.show(CurvesState, key=KEY, controls=_controls(chosen), picture=curves_picture(chosen))
    looked_at = subject(listed, chosen.source, chosen.layer)
    values, words, problem = _values(looked_at)
    LAYER_STAGE.show(
        CurvesState,
        key=LAYER_KEY,
        controls=_layer_controls(chosen, listed, looked_at),
        picture=layer_picture(chosen, values, words),
        message=problem,
    )


def _controls(chosen: Curves) -> tuple[live.Control, ...]:
    over = OVER_CHANNELS & set(chosen.kinds)
    return (
        live.slider(CurvesState, "x", step=0.01),
        live.slider(CurvesState, "span", step=0.5),
        *((live.slider(CurvesState, "other", step=0.05),) if over else ()),
        *parameter_controls(CurvesState, chosen.kinds),
    )


def _layer_controls(chosen: Curves, listed: tuple[Source, ...], looked_at: Subject | None) -> tuple[live.Control, ...]:
    shown = looked_at.source if looked_at else listed[0]
    # What a link or another network left behind stands for what is shown in its place.
    names = [(chosen.source if source is shown else source.name, source.title) for source in listed]
    sources = live.choice(CurvesState, "source", choices=names)
    if looked_at is None:
        return (sources,)
    layers = [
        (chosen.layer if layer == looked_at.layer else layer.id, f"{layer.id} ({layer.kind})")
        for layer in looked_at.source.layers
    ]
    return (
        sources,
        live.choice(CurvesState, "layer", choices=layers),
        live.slider(CurvesState, "gain", step=0.1),
        live.slider(CurvesState, "shift", step=0.05),
    )


def _values(looked_at: Subject | None) -> tuple[Reaching | None, str, str]:
    """What reaches the layer, what it is in words, and what is wrong with it."""
    if looked_at is None:
        return None, "Your network has no activation layer; choose another network, or add one on the Build page.", ""
    try:
        found, pictures = reaching(*looked_at.key)
    except LabError as error:
        return None, "", error.sentence
    kept, n_units = found.values.numel(), found.values.shape[1]
    part = "" if kept == found.n_all else f" ({count(kept)} of {count(found.n_all)} values)"
    words = (
        f"What {found.source} hands to {looked_at.layer.id} for {pictures}: {count(n_units)} units{part}. "
        f"{looked_at.source.title}."
    )
    return found, words, ""
