"""The stage of curves: activations, their slopes, and what each does to the values of a real layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lab.errors import LabError
from pages.ui import live, messages, state
from pages.ui.activation.parameters import parameter_controls
from pages.ui.activation.picture import curves_picture, layer_picture
from pages.ui.activation.state import MAX_CHOSEN, OVER_CHANNELS, Curves, CurvesState
from pages.ui.activation.subject import Source, Subject, reaching, subject
from pages.ui.units import count

if TYPE_CHECKING:
    from lab.inspection.activation_set import Reaching

KEY = "_activation.curves"
STAGE = live.Stage(
    "activation_curves",
    scripts=(
        "activation/chosen",
        "activation/curves",
        "activation/cards",
        "activation/layer",
        "activation/stage",
    ),
    styles=("activation/activation",),
    constants={"MOST_CHOSEN": MAX_CHOSEN},
)
# The stage's JavaScript puts this group of controls beside the layer's histograms.
LAYER = "The layer"


@STAGE.fragment
def show_curves(listed: tuple[Source, ...]) -> None:
    """Draw the stage: a parameter moves its curve and what it does to the layer.

    Args:
        listed: the networks whose layers may be looked at; the learner's own first.
    """
    chosen = state.load(CurvesState)
    looked_at = subject(listed, chosen.source, chosen.layer)
    values, words = _values(looked_at)
    STAGE.show(
        CurvesState,
        key=KEY,
        controls=(*_controls(chosen), *_layer_controls(chosen, listed, looked_at)),
        picture={"curves": curves_picture(chosen), "layer": layer_picture(chosen, values, words)},
    )


def _controls(chosen: Curves) -> tuple[live.Control, ...]:
    over, reach = OVER_CHANNELS & set(chosen.kinds), max(chosen.span, abs(chosen.x))
    return (
        # As far as the curves are drawn; in between are typed numbers and the points on the curves.
        live.slider(CurvesState, "x", least=-reach, most=reach, step=0.05),
        live.slider(CurvesState, "span", step=0.5),
        *((live.slider(CurvesState, "other", step=0.05),) if over else ()),
        *parameter_controls(CurvesState, chosen.kinds),
    )


def _layer_controls(chosen: Curves, listed: tuple[Source, ...], looked_at: Subject | None) -> tuple[live.Control, ...]:
    shown = looked_at.source if looked_at else listed[0]
    # What a link or another network left behind stands for what is shown in its place.
    names = [(chosen.source if source is shown else source.name, source.title) for source in listed]
    sources = live.choice(CurvesState, "source", choices=names, group=LAYER)
    if looked_at is None:
        return (sources,)
    layers = [
        (chosen.layer if layer == looked_at.layer else layer.id, f"{layer.id} ({layer.kind})")
        for layer in looked_at.source.layers
    ]
    return (
        sources,
        live.choice(CurvesState, "layer", choices=layers, group=LAYER),
        live.slider(CurvesState, "gain", step=0.1, group=LAYER),
        live.slider(CurvesState, "shift", step=0.05, group=LAYER),
    )


def _values(looked_at: Subject | None) -> tuple[Reaching | None, str]:
    """What reaches the layer, and what it is in words, or why there is none."""
    if looked_at is None:
        return None, "Your network has no activation layer; choose another network, or add one on the Build page."
    try:
        found, pictures = reaching(*looked_at.key)
    except LabError as error:
        return None, messages.without_code(error.sentence)
    kept, n_units = found.values.numel(), found.values.shape[1]
    part = "" if kept == found.n_all else f" ({count(kept)} of {count(found.n_all)} values)"
    words = (
        f"What {found.source} hands to {looked_at.layer.id} for {pictures}: {count(n_units)} units{part}. "
        f"{looked_at.source.title}."
    )
    return found, words
