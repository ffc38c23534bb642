"""A strip of small pictures to choose one from: sample photos, or images of a data set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from pages.ui import state
from pages.ui.components.assets import script, style

_component = st.components.v2.component(
    "lab_photo_strip",
    html='<div class="strip" role="radiogroup"></div>',
    css=style("photo_strip"),
    js=script("photo_strip"),
)


@dataclass(frozen=True)
class Thumbnail:
    """One small picture: the name that comes back when it is chosen, what it shows, and its data URI."""

    name: str
    title: str
    uri: str


def photo_strip(
    thumbnails: Sequence[Thumbnail], *, chosen: str, label: str, key: str, on_picked: Callable[[], None]
) -> None:
    """Mount the strip.

    Args:
        thumbnails: in reading order.
        chosen: name of the one that is shown as chosen.
        label: what a screen reader calls the strip.
        key: the component's key; :func:`picked_name` reads it in ``on_picked``.
        on_picked: called when another one was chosen, before the page runs again.
    """
    data = {"thumbnails": [asdict(one) for one in thumbnails], "chosen": chosen, "label": label}
    _component(key=key, data=data, on_picked_change=on_picked)


def picked_name(key: str) -> str | None:
    """The name that the browser has just sent, whatever it is; the caller checks that it knows it."""
    sent = getattr(state.widget_value(key), "picked", None)
    return sent if isinstance(sent, str) else None
