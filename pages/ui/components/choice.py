"""The choice of a layer on its way: list and drawing show it at once, this takes it to the server and back."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.ui.components.assets import script

_component = st.components.v2.component("lab_choice", html="<span hidden></span>", js=script("chosen_layer", "choice"))


def choice(selected: str, n: int, *, key: str, on_chosen: Callable[[], None]) -> object:
    """Mount it; nothing is seen of it.

    Args:
        selected: id of the layer that the server holds to be chosen.
        n: number of the browser's choice that this answers, so that it knows an answer that is too late.
        key: the widget's key.
        on_chosen: called before the rerun that a choice causes; ``state.widget_value(key)`` then holds it as
            ``{"chosen": {"id": ..., "n": ...}}``, which comes from a browser and is to be checked.

    Returns:
        The same choice in the run that it causes, else ``None``.
    """
    made = _component(key=key, data={"id": selected, "n": n}, height="content", on_chosen_change=on_chosen)
    return made.chosen
