"""The network's drawing for one picture, and what is opened in it; all that a click changes is one fragment."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st
from pydantic import ValidationError

from lab.errors import LabError
from lab.network.memory import kept, memory_bytes
from lab.network.spec import NetworkSpec
from pages.ui import messages, state
from pages.ui.components.network_overview import deliver, network_overview
from pages.ui.feature_maps.state import ALL_MAPS, NOTHING, SOFTMAX, FeatureMapsState
from pages.ui.feature_maps.subject import Subject, load_subject
from pages.ui.feature_maps.table import show_table
from pages.ui.feature_maps.warning import warning_about
from pages.ui.photo import Photo
from pages.ui.picture import png

if TYPE_CHECKING:
    from lab.inspection.maps import FeatureMaps
    from lab.inspection.overview import Overview
    from lab.inspection.receptive_field import Fields

KEY = "_maps.drawing"
NAME = "feature-maps"
INPUT = "input"

# A deep network's maps are drawn smaller: a hundred columns are sent at once.
TILE_PX, TILE_PX_OF_DEEP, DEEP_LAYERS = 64, 40, 40
DRAWINGS_IN_MEMORY = 6
# Inputs shown one by one in an opened map; of large maps fewer, because each is sent with its exact values.
N_TERMS, N_TERMS_OF_LARGE, LARGE_MAP_VALUES = 12, 6, 80 * 80


@dataclass(frozen=True)
class Drawn:
    """All there is to show of one network and one picture."""

    key: str
    maps: FeatureMaps
    overview: Overview
    payload: dict[str, Any]


class Shown:
    """A picture that caches go by: its key stands for its pixels."""

    def __init__(self, key: str, pixels: np.ndarray) -> None:
        self.key = key
        self.pixels = pixels

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Shown) and other.key == self.key


@st.fragment
def show_drawing(source: str, photo: Photo) -> None:
    """Draw a network and a picture.

    Args:
        source: which network, as in :class:`FeatureMapsState`.
        photo: what it is shown.
    """
    chosen = state.load(FeatureMapsState)
    try:
        subject = load_subject(source, chosen.epoch)
        drawn = draw(subject, Shown(photo.key, photo.pixels), chosen.n_shown)
    except LabError as error:
        messages.show_error(error)
        return
    above = st.container()
    extra = {"key": drawn.key, "network": _network_key(subject), "epochs": list(subject.epochs), "epoch": subject.epoch}
    extra |= {"sentence": subject.sentence, "truth": photo.label, "nShown": chosen.n_shown}
    network_overview({**drawn.payload, **extra}, name=NAME, key=KEY, scale=chosen.scale, on_event=_keep_choice)
    deliver(letter(subject, drawn, chosen.layer, chosen.channel), to=NAME, key="_maps.letter")
    show_table(drawn.maps, fields_of(subject.network.spec))
    # Last, because the first time a run is asked it takes about a second; the drawing is on its way by then.
    if sentence := warning_about(subject, Shown(photo.key, photo.pixels), drawn.overview):
        with above:
            messages.show_warning(sentence)


def _network_key(subject: Subject) -> str:
    """Equal as long as the layers are: a run's checkpoints are one network."""
    return f"{subject.source}/{hash(subject.network.spec):x}"


def _size_bytes(subject: Subject, *_rest: object) -> int:
    return memory_bytes(subject.network.summary)


@kept(_size_bytes, n_small=DRAWINGS_IN_MEMORY)
def draw(subject: Subject, shown: Shown, n_shown: int) -> Drawn:
    """One forward pass, and its drawing."""
    from lab.inspection.overview import overview
    from pages.ui.feature_maps.payload import overview_payload

    maps = _maps_of(subject, shown)
    tile_px = TILE_PX if len(maps.layers) < DEEP_LAYERS else TILE_PX_OF_DEEP
    drawing = overview(
        subject.network,
        maps,
        subject.classes,
        n_shown=n_shown,
        max_tile_px=tile_px,
        shown=rows_of(subject, shown, n_shown),
    )
    seen = subject.preprocessing.steps(shown.pixels)[-2].picture
    key = f"{_network_key(subject)}/{subject.epoch}/{shown.key}/{n_shown}"
    return Drawn(key, maps, drawing, overview_payload(drawing, png(seen)))


@kept(_size_bytes, n_small=DRAWINGS_IN_MEMORY)
def _maps_of(subject: Subject, shown: Shown) -> FeatureMaps:
    from lab.inspection.maps import feature_maps

    return feature_maps(subject.network, subject.preprocessing.tensor(shown.pixels))


def rows_of(subject: Subject, shown: Shown, n_shown: int) -> dict[str, tuple[int, ...]]:
    """Choose channels; a run keeps those of its best checkpoint, so that a row stays one map through training."""
    from lab.inspection.selection import shown_channels

    reference = load_subject(subject.source, -1) if len(subject.epochs) > 1 else subject
    return shown_channels(_maps_of(reference, shown), n_shown)


@lru_cache(maxsize=16)
def fields_of(spec: NetworkSpec) -> dict[str, Fields]:
    """The receptive fields of all layers."""
    from lab.inspection.receptive_field import all_receptive_fields

    return all_receptive_fields(spec)


def letter(subject: Subject, drawn: Drawn, layer_id: str, channel: int) -> dict[str, Any]:
    """What the drawing is told about the opened map; nothing where no map is open or the network has no such map."""
    from lab.inspection.channel import channel_detail, output_map
    from pages.ui.feature_maps import payload

    key = f"{drawn.key}/{layer_id}/{channel}"
    if layer_id == SOFTMAX and (steps := payload.softmax_payload(drawn.overview)) is not None:
        return {"what": "softmax", "key": key, "id": SOFTMAX, "channel": 0, **steps}
    if layer_id not in drawn.maps or channel == NOTHING:
        return {"what": "none", "key": key}
    layer = drawn.maps.layer(layer_id)
    if channel == ALL_MAPS and len(layer.shape) == 3:
        return {
            "what": "all",
            "key": key,
            "channel": ALL_MAPS,
            **payload.all_maps_payload(layer, drawn.overview.limits),
        }
    if not 0 <= channel < layer.n_channels:
        return {"what": "none", "key": key}
    n_terms = N_TERMS if output_map(drawn.maps, layer_id, channel).numel() <= LARGE_MAP_VALUES else N_TERMS_OF_LARGE
    detail = channel_detail(subject.network, drawn.maps, layer_id, channel, n_terms=n_terms)
    fields = fields_of(subject.network.spec)[layer_id]
    said = {"className": class_of(subject, layer_id, channel), "receptiveField": _field_size(subject, layer_id)}
    return {"what": "map", "key": key, **said, **payload.detail_payload(detail, layer, fields)}


def class_of(subject: Subject, layer_id: str, channel: int) -> str | None:
    """Name the class that a unit at the end of the network stands for, where the classes are known."""
    layers = subject.network.spec.layers
    if not layers or len(subject.network.summary.output) != 1:
        return None
    ends = {layers[-1].id}
    if layers[-1].kind == "Softmax":
        ends |= set(subject.network.spec.sources()[layers[-1].id])
    if layer_id not in ends:
        return None
    return subject.classes[channel] if channel < len(subject.classes) else None


def _field_size(subject: Subject, layer_id: str) -> list[int] | None:
    """The receptive field of a unit that no edge of the picture cuts, rows and columns."""
    field = None if layer_id == INPUT else subject.network.summary.row(layer_id).receptive_field
    return None if field is None else list(field)


def _keep_choice(event: str) -> None:
    """Take over the one thing that the visitor changed in the drawing.

    The state's own bounds check what a browser sends; our component never sends what they refuse, so that is dropped.
    """
    said = (state.widget_value(KEY) or {}).get(event)
    opened = said if isinstance(said, dict) else {}
    changes = (
        {"layer": opened.get("layer", ""), "channel": opened.get("channel", NOTHING)}
        if event == "open"
        else {event: said}
    )
    with suppress(ValidationError):
        state.update(FeatureMapsState, **changes)
