"""The latest runs as a small table: what was trained on what, how far it came, and how well it does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import streamlit as st

from pages.ui.components.assets import script, style

_component = st.components.v2.component(
    "lab_latest_runs",
    html='<div class="latest"></div>',
    css=style("latest_runs"),
    js=script("element", "latest_runs"),
)


@dataclass(frozen=True)
class LatestRun:
    """One line.

    Args:
        title: the network's name.
        data: what the image set is called.
        status, sign, tone: how it stands in a word, with a sign for those who do not see colours.
        epochs: how far it came.
        accuracy: the best test accuracy as a percentage; empty before the first epoch.
    """

    title: str
    data: str
    status: str
    sign: str
    tone: str
    epochs: str
    accuracy: str


def latest_runs(rows: Sequence[LatestRun], *, key: str) -> None:
    """Draw the table. Unlike ``st.table`` it needs no pandas, whose import takes a quarter of a second."""
    _component(key=key, data={"rows": tuple(asdict(row) for row in rows)}, height="content")
