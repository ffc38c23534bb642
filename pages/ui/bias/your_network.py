"""The learner's own network: a filter of it with its bias moved, and the biases that BatchNorm takes away."""

from __future__ import annotations

from functools import lru_cache
from typing import ClassVar

import streamlit as st
from pydantic import Field

from lab.network.redundant_bias import RedundantBias, redundant_biases, with_batch_norm, without_biases
from lab.network.spec import NetworkSpec
from pages.ui import cached, live, state
from pages.ui.bias import filter as filter_stage
from pages.ui.bias.numbers import signed_map
from pages.ui.bias.state import Real
from pages.ui.maths.your_network import YourLayer, choose_layer
from pages.ui.messages import escape

SHIFT = 3.0  # how far the bias can be moved to either side


class LayerState(state.PageState):
    """A layer of the learner's, one of its filters, and what is added to its bias."""

    page: ClassVar[str] = "bias-layer"
    linked: ClassVar[frozenset[str]] = frozenset({"layer", "channel", "bias"})

    layer: str = Field("", max_length=120)
    channel: int = Field(0, ge=0, le=65_535, title="Filter")
    bias: Real = Field(0.0, ge=-SHIFT, le=SHIFT, title="Added to its bias", description="0 is the bias it has.")


def show_your_network() -> None:
    """Draw the section."""
    chosen = choose_layer(LayerState, ("Conv2d",))
    if chosen is not None:
        _show_layer(chosen)
    st.subheader("Biases that do nothing", anchor=False)
    _show_redundant(state.workbench().network)


@st.fragment
def _show_layer(layer: YourLayer) -> None:
    """One filter of the layer: the stage of the named filters, on the layer's own numbers."""
    from lab.theory.loss_lines import number_text

    chosen = state.load(LayerState)
    n_filters = len(layer.output)
    channel = min(chosen.channel, n_filters - 1)
    own = 0.0 if layer.bias is None else float(layer.bias[channel])
    sums = layer.output[channel]  # the layer's own bias is in it; what is added comes on top
    read = layer.input.mean(dim=0)
    picture = filter_stage.filter_picture(read, sums, chosen.bias) | {
        "photo": signed_map(read, float(read.abs().max()) or 1.0),
        "words": {
            "photo": f"Input, mean of {len(layer.input)}",
            "filter": f"Filter {channel}: sums",
            "axis": "added to the bias",
        },
        "curve": filter_stage.curve_of(sums, -SHIFT, SHIFT),
    }
    has_bias = "its own bias is" if layer.bias is not None else "it has no bias; for comparison it would be"
    st.caption(escape(f"{layer.sentence} {layer.id}, filter {channel}: {has_bias} {number_text(own, 3)}."))
    controls = [live.slider(LayerState, "bias", step=0.02)]
    if n_filters > 1:
        controls.append(live.slider(LayerState, "channel", most=n_filters - 1))
    filter_stage.STAGE.show(LayerState, key="_bias.layer", controls=controls, picture=picture, spreads=True)


def _show_redundant(network: NetworkSpec) -> None:
    rows = redundant_biases(network)
    if rows:
        _offer_removal(network, rows)
    elif _has_norm(network):
        st.markdown("No layer of your network has a bias that batch normalisation takes away.")
    else:
        _offer_norm(network)


def _offer_removal(network: NetworkSpec, rows: tuple[RedundantBias, ...]) -> None:
    saved = sum(row.n_params for row in rows)
    st.markdown(
        f"In your network {escape(network.name)}, {_count(len(rows), 'layer has a bias', 'layers have biases')} "
        f"that batch normalisation takes away: {_count(saved, 'parameter', 'parameters')} too many."
    )
    for row in rows:
        words, button = st.columns([4, 1], vertical_alignment="center")
        norms = escape(" and ".join(row.norm_ids))
        words.markdown(
            f"**{escape(row.layer_id)}**, read by {norms} alone: "
            f"{_count(row.n_params, 'parameter', 'parameters')}.  \n`{_line(network, row.layer_id)}`"
        )
        button.button(
            "Leave it out",
            key=f"_bias.drop_{row.layer_id}",
            on_click=_drop,
            args=(row.layer_id,),
        )
    if len(rows) > 1:
        st.button(
            f"Leave all {len(rows)} out",
            key="_bias.drop_all",
            icon=":material/done_all:",
            on_click=_drop,
            args=tuple(row.layer_id for row in rows),
        )


def _offer_norm(network: NetworkSpec) -> None:
    st.markdown(
        f"Your network {escape(network.name)} has no batch normalisation, so every one of its biases can do something."
    )
    if with_batch_norm(network) != network:
        st.button(
            "Put BatchNorm behind each convolution",
            key="_bias.add_norm",
            icon=":material/add:",
            help="You can take this back on the Build page.",
            on_click=_add_norm,
        )


def _drop(*layer_ids: str) -> None:
    """Leave out those of these biases that still do nothing; the Build page can take it back."""
    with state.uninterrupted():
        network = state.workbench().network
        found = {row.layer_id for row in redundant_biases(network)}
        state.set_network(without_biases(network, [name for name in layer_ids if name in found]))


def _add_norm() -> None:
    with state.uninterrupted():
        state.set_network(with_batch_norm(state.workbench().network))


def _has_norm(network: NetworkSpec) -> bool:
    return any(layer.kind in ("BatchNorm1d", "BatchNorm2d") for layer in network.layers)


@lru_cache(maxsize=64)
def _line(network: NetworkSpec, layer_id: str) -> str:
    """The layer's line of PyTorch without its bias; the layer's kind where the network does not fit together."""
    row = cached.analyse(network).rows.get(layer_id)
    layer = without_biases(network, [layer_id]).layer(layer_id)
    return f"{layer_id} = {layer.pytorch(row.inputs)}" if row is not None else layer.kind


def _count(n: int, one: str, many: str) -> str:
    return f"{n:,} {one if n == 1 else many}"
