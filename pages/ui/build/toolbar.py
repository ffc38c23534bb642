"""The row of buttons over the Build page: name, known networks, save, load, share; undo and redo are on the stage."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

import streamlit as st

from lab.errors import LabError
from lab.network.presets import PRESETS
from lab.network.spec import MAX_SPEC_BYTES, NetworkSpec
from pages.ui import messages, state, units
from pages.ui.build import actions
from pages.ui.build.readiness import show_readiness
from pages.ui.build.rows import drawing
from pages.ui.components.network_cards import NetworkCard, network_cards
from pages.ui.network_totals import totals
from pages.ui.places import place
from pages.ui.share import share_menu

_OPENER = "_build.presets"


@st.fragment
def show_toolbar() -> None:
    """Draw the title and the buttons."""
    network = state.workbench().network
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.title("Build", anchor=False, width="content")
        _name_box(network)
        if st.button("New network", key=_OPENER, icon=":material/apps:", type="primary"):
            _gallery()
        _keep_menu(network)
        share_menu(key="_build.share", holds="your network and your choices")
        _train_link(network)
    state.settle()
    state.pay_page()


def _train_link(network: NetworkSpec) -> None:
    train = place("train")
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", width="content"):
        st.page_link(train.file, label="Train it", icon=train.icon)
        show_readiness(network)


def _name_box(network: NetworkSpec) -> None:
    key = state.bind("_build.name", network.name)
    st.text_input(
        "Name",
        network.name,
        key=key,
        max_chars=60,
        width=180,
        label_visibility="collapsed",
        icon=":material/edit:",
        on_change=lambda: actions.rename(str(state.widget_value(key) or "")),
    )


@st.dialog("Begin empty, or with a known network", width="large")
def _gallery() -> None:
    """Cards of an empty network and of all presets."""
    st.caption("Taking one replaces your network; Undo brings yours back.")
    picked = state.widget_value("_build.cards")
    network_cards(_cards(), key="_build.cards", opener=_OPENER, on_picked=_take_card)
    if isinstance(getattr(picked, "picked", None), str):  # the empty network's name is empty, too
        st.rerun()


def _take_card() -> None:
    chosen = getattr(state.widget_value("_build.cards"), "picked", None)
    if chosen == "":
        actions.take_network(NetworkSpec(name="My network", input=(1, 28, 28)))
    elif isinstance(chosen, str) and chosen in PRESETS:
        actions.take_network(PRESETS[chosen].spec)


def _cards() -> tuple[NetworkCard, ...]:
    empty = NetworkCard("", "Empty", "1×28×28 in", "Nothing but the input: add layer by layer.", None)
    return (empty, *(_card(name) for name in PRESETS))


def _card(name: str) -> NetworkCard:
    row = PRESETS[name]
    costs = totals(row.spec)
    facts = (
        f"{units.shape(row.spec.input)} in · {units.short_count(costs.n_params)} parameters · "
        f"{units.short_count(costs.n_macs)} MACs"
    )
    return NetworkCard(name, row.title, facts, row.sentence, drawing(row.spec))


def _keep_menu(network: NetworkSpec) -> None:
    """Save to a file and load from one."""
    with st.popover("File", icon=":material/folder:", key="_build.file", on_change="rerun") as menu:
        if not menu.open:
            return
        st.download_button(
            "Save the network",
            network.to_json(),
            file_name=f"{file_stem(network.name)}.json",
            mime="application/json",
            icon=":material/download:",
            key="_build.save",
            on_click="ignore",
        )
        upload = st.file_uploader(
            "Load a network (JSON)", type=["json"], max_upload_size=1, key="_build.load", on_change=_load_file
        )
        if upload is not None:
            with messages.guarded():
                _network_in(upload)


def file_stem(name: str) -> str:
    """A file name made of a network's name.

    Examples:
        >>> file_stem("My network: 2/3")
        'my_network_2_3'
    """
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or "network"


def _load_file() -> None:
    """Take the network of a file; what is wrong with a file is said in the menu, under it."""
    upload = state.widget_value("_build.load")
    if upload is not None:
        with suppress(LabError):
            actions.take_network(_network_in(upload))


def _network_in(upload: Any) -> NetworkSpec:
    return NetworkSpec.from_json(upload.getvalue()[: MAX_SPEC_BYTES + 1])
