"""The stage of numbers on a pooling layer of the learner's own network, with the numbers that reach it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from lab.theory.pool_window import PoolSpec
from pages.ui import live, messages, state
from pages.ui.maths.your_network import YourLayer, choose_layer
from pages.ui.pooling.layer import LAYER_KINDS, spec_of
from pages.ui.pooling.numbers_stage import STAGE, numbers_picture
from pages.ui.pooling.state import LayerPoolState
from pages.ui.units import whole_percent

if TYPE_CHECKING:
    from torch import Tensor

MOST_SIDE = 10  # of the patch that is shown with its numbers


def show_your_layer() -> None:
    """Draw the choice of a layer and, where one is chosen, its stage."""
    chosen = choose_layer(LayerPoolState, LAYER_KINDS)
    if chosen is not None:
        st.caption(messages.escape(chosen.sentence))
        show_layer_stage(chosen)


@STAGE.fragment
def show_layer_stage(layer: YourLayer) -> None:
    """Draw a patch of one channel, pooled as the layer does it."""
    from lab.theory.pooling import take_apart, what_was_lost

    chosen, spec = _inside(state.load(LayerPoolState), layer.input), spec_of(layer.layer)
    patch, patch_spec, is_whole = cut_patch(layer.input[chosen.channel], spec, chosen)
    lost = what_was_lost(layer.input, spec, layer.output)
    detail = take_apart(patch, patch_spec)
    n_channels, share = layer.input.shape[0], whole_percent(lost.share_lost)
    about = [
        f"In all {n_channels} channels of {layer.id}, {share} of the numbers never pass.",
        f"This is the whole map of channel {chosen.channel}." if is_whole else _patch_words(layer, chosen, spec),
    ]
    STAGE.show(
        LayerPoolState,
        key="_pooling.layer",
        controls=_controls(layer.input, is_whole),
        picture=numbers_picture(detail, map_name="", is_grey=False, about=about),
    )


def cut_patch(channel: Tensor, spec: PoolSpec, chosen: LayerPoolState) -> tuple[Tensor, PoolSpec, bool]:
    """A patch small enough to be read, the setting that pools it, and whether it is the whole map.

    A patch from the inside has no padding; where the whole map is small enough, all is as in the network.
    """
    height, width = channel.shape
    if max(height, width) <= MOST_SIDE:
        return channel, spec, True
    top, left = (min(first, size) - 1 for first, size in ((chosen.top, height), (chosen.left, width)))
    patch = channel[top : top + MOST_SIDE, left : left + MOST_SIDE]
    return patch, spec.model_copy(update={"padding": (0, 0)}), False


def _patch_words(layer: YourLayer, chosen: LayerPoolState, spec: PoolSpec) -> str:
    height, width = layer.input.shape[1:]
    padding = ", without the layer's padding" if max(spec.effective().padding) else ""
    fitted = "" if spec.kind.slides else " The layer fits its windows to the whole map; here they fit the patch."
    return (
        f"This is a patch of channel {chosen.channel}, from row {chosen.top} and column {chosen.left} on, "
        f"out of {height}×{width} numbers{padding}.{fitted}"
    )


def _inside(chosen: LayerPoolState, maps: Tensor) -> LayerPoolState:
    """The place on these maps; another layer may be smaller than the one before."""
    channels, height, width = maps.shape
    return chosen.model_copy(
        update={
            "channel": min(chosen.channel, channels - 1),
            "top": min(chosen.top, _last_first(height)),
            "left": min(chosen.left, _last_first(width)),
        }
    )


def _controls(maps: Tensor, is_whole: bool) -> tuple[live.Control, ...]:
    channels, height, width = maps.shape
    found: list[Any] = [live.slider(LayerPoolState, "channel", most=max(1, channels - 1))] if channels > 1 else []
    if not is_whole:
        sides = (("top", height), ("left", width))
        found += [live.slider(LayerPoolState, name, most=_last_first(side)) for name, side in sides if side > MOST_SIDE]
    return tuple(found)


def _last_first(side: int) -> int:
    """The last row or column, counted from 1, that a patch can begin at."""
    return max(1, side - MOST_SIDE + 1)
