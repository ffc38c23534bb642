"""The cards of the first page: one for each thing to do, with a small picture of the learner's own things."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

import streamlit as st

from pages.ui.build.drawing import Drawing
from pages.ui.components.assets import script, style

_component = st.components.v2.component(
    "lab_action_cards",
    html='<div class="frame"><div class="cards"></div></div>',
    css=style("paint", "action_cards"),
    js=script("element", "svg", "paint", "action_cards"),
)


@dataclass(frozen=True)
class ActionCard:
    """One card.

    Args:
        go: the ``url_path`` of the page it leads to.
        title: what to do there.
        sentence: why one would.
        note: a fact of the learner's own, in small print.
        drawing: a network, or
        pictures: data addresses of small pictures, or
        numbers: rows of grey values, 0 to 255, each written on its own grey, or
        lines: a few words, one line each, the last one in the first colour.
    """

    go: str
    title: str
    sentence: str
    note: str
    drawing: Drawing | None = None
    pictures: tuple[str, ...] = ()
    numbers: tuple[tuple[int, ...], ...] = ()
    lines: tuple[str, ...] = ()


def action_cards(cards: tuple[ActionCard, ...], *, key: str, on_chosen: Callable[[], None]) -> str | None:
    """Mount the cards; returns the ``go`` of the one that has just been clicked."""
    # A tuple: Streamlit asks of a list whether it is a table, and imports pandas for it, a quarter of a second.
    result = _component(key=key, data={"cards": tuple(asdict(card) for card in cards)}, on_chosen_change=on_chosen)
    return result.chosen if isinstance(result.chosen, str) else None
