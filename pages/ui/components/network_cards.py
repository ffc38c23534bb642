"""Cards of known networks, a drawing on each: one click takes that network."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass

import streamlit as st

from pages.ui.build.drawing import Drawing
from pages.ui.components.assets import script, style
from pages.ui.scheme import scheme

_component = st.components.v2.component(
    "lab_network_cards",
    html='<div class="cards"></div>',
    css=style("paint", "network_cards"),
    js=script("svg", "paint", "network_cards"),
)


@dataclass(frozen=True)
class NetworkCard:
    """One card: the name that comes back when it is clicked, and what stands on it."""

    name: str
    title: str
    facts: str
    sentence: str
    drawing: Drawing | None


def network_cards(cards: tuple[NetworkCard, ...], *, key: str, opener: str, on_picked: Callable[[], None]) -> None:
    """Mount the cards in a dialog.

    Args:
        cards: in their order.
        key: the component's key; ``state.widget_value(key)`` holds the name that was picked.
        opener: the key of the button that opened the dialog, which gets the focus back.
        on_picked: runs before the rerun.
    """
    data = {
        "cards": tuple(asdict(card) for card in cards),
        "scheme": scheme(),
        "opener": re.sub(r"[^\w-]", "-", opener),  # as Streamlit makes a class of a key
    }
    _component(key=key, data=data, on_picked_change=on_picked)
