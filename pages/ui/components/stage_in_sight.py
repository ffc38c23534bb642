"""After a click below a stage that sets it: the page moves to the stage, where it is out of sight."""

from __future__ import annotations

import streamlit as st

from pages.ui.components.assets import script

_component = st.components.v2.component("lab_stage_in_sight", js=script("stage_in_sight"))


def stage_in_sight(n_set: int, *, key: str) -> None:
    """Mount it behind the stage that stands nearest above.

    Args:
        n_set: how often the stage was set this session; each time it grows, the page moves.
        key: of the component.
    """
    _component(key=key, data={"n_set": n_set}, height="content")
