"""The learner's network in one line, with what it costs, and the ways to another one."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from lab.data.catalogue import data_set, fitting_sentence
from lab.errors import Fix, LabError
from lab.network.advice import advise
from lab.network.edit import apply_edits, with_input
from lab.network.presets import PRESETS, preset
from lab.network.spec import NetworkSpec
from pages.ui import messages, state, units
from pages.ui.cached import analyse
from pages.ui.network_totals import Totals, totals

_KEY = "_train.preset"
_OWN = ""  # menu entry for a network that is no preset


def show_network_line() -> None:
    """Show the network with its cost, a menu of presets and the way to the Build page."""
    network = state.workbench().network
    _preset_menu(network)
    st.caption(messages.escape(cost_line(network)))
    st.page_link("pages/network/build.py", label="See and change its layers", icon=":material/account_tree:")


def show_fitting(data: str) -> None:
    """Say what happens to pictures that are not of the network's size, and offer the network in theirs."""
    network, row = state.workbench().network, data_set(data)
    sentence = fitting_sentence(row.shape, network.input)
    if not sentence:
        return
    st.caption(messages.escape(sentence))
    other = with_input(network, row.shape)
    if not analyse(other).errors and st.button(
        f"Take {units.shape(row.shape)} pictures instead",
        key="_train.take_input",
        icon=":material/photo_size_select_large:",
    ):
        state.set_network(other)
        st.rerun()


def cost_line(network: NetworkSpec) -> str:
    """Say what goes in, what comes out and what it costs; of a broken network, how far it is right.

    Examples:
        >>> from lab.network.presets import preset
        >>> cost_line(preset("mlp"))
        '1×28×28 in, 10 out, 6 layers, 109,386 parameters, 109 K MACs per image'
    """
    whole, n = totals(network), len(network.layers)
    out = f"{units.shape(whole.output)} out" if whole.is_whole else f"no output ({_how_far(whole)})"
    return (
        f"{units.shape(network.input)} in, {out}, {n} layer{'' if n == 1 else 's'}, "
        f"{units.count(whole.n_params)} parameters, {units.short_count(whole.n_macs)} MACs per image"
    )


def _how_far(whole: Totals) -> str:
    return f"{whole.last.id} is the last layer that fits" if whole.last else "no layer fits"


def matching_preset(network: NetworkSpec) -> str:
    """The name of the preset that this network is, or ``""`` for one of the learner's own."""
    if network.name in PRESETS and network == preset(network.name):
        return network.name
    return _OWN


def _preset_menu(network: NetworkSpec) -> None:
    current = matching_preset(network)
    names = [*([_OWN] if current == _OWN else []), *PRESETS]
    st.selectbox(
        "Network",
        names,
        names.index(current),
        key=state.bind(_KEY, current),
        format_func=lambda name: _menu_text(name, network),
        help="Start from a ready network, or build your own on the Build page. It stays yours on every page.",
        on_change=_take_preset,
    )


def _menu_text(name: str, own: NetworkSpec) -> str:
    spec = own if name == _OWN else preset(name)
    title = f"{own.name} (yours)" if name == _OWN else PRESETS[name].title
    return f"{title}, {units.short_count(totals(spec).n_params)} parameters"


def _take_preset() -> None:
    name = state.widget_value(_KEY)
    if name in PRESETS:
        state.set_network(preset(name))


def show_fixes(error: LabError) -> None:
    """Show why this network cannot be trained on these images, and a button for each way out."""
    messages.show_error(error)
    for number, fix in enumerate(error.fixes):
        _show_fix(fix, key=f"_train.fix{number}", kind="primary")


def show_advice(network: NetworkSpec) -> None:
    """Say what may be trained and still is a mistake, with the button that mends it."""
    advice = advise(network)
    if advice is not None:
        st.info(f"{messages.escape(f'{advice.where}: {advice.sentence}')}.", icon=":material/lightbulb:")
        _show_fix(advice.fix, key="_train.advice", kind="secondary")


def _show_fix(fix: Fix, *, key: str, kind: Literal["primary", "secondary"]) -> None:
    if st.button(messages.escape(fix.label), key=key, icon=":material/build:", type=kind):
        with messages.guarded():
            state.set_network(apply_edits(state.workbench().network, fix.edits))
            st.rerun()
