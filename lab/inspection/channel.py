"""One map taken apart: what it is made of, step by step, in the numbers PyTorch computed.

::

    input map 0 * kernel 0 = intermediate 0 ┐
    input map 1 * kernel 1 = intermediate 1 ┼─ sum + bias = the map
    input map 2 * kernel 2 = intermediate 2 ┘

Other layers have fewer parts: a pooled map has one input and a window, an activation one input and a curve.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import torch
from torch import Tensor, nn

from lab.inspection.maps import INPUT, FeatureMaps
from lab.inspection.windows import Windows, windows


class Operation(StrEnum):
    """How the parts become the map."""

    INPUT = "input"
    SUM = "sum"
    MAXIMUM = "maximum"
    MEAN = "mean"
    NORM = "norm"
    BLEND = "blend"
    CURVE = "curve"
    AFFINE = "affine"
    COPY = "copy"
    SOFTMAX = "softmax"
    ACROSS = "across"  # several channels of one position, as the formula says


@dataclass(frozen=True)
class Term:
    """One thing that a map is made of.

    Attributes:
        source: id of the layer it comes from.
        channels: which channel of it, or which channels where several are put together.
        values: ``(H, W)`` the input map; ``None`` where several channels are put together.
        kernel: ``(kH, kW)`` the weights on it; ``None`` without weights.
        result: ``(h, w)`` what it adds to the map; ``None`` where nothing is added up.
    """

    source: str
    channels: tuple[int, ...]
    values: Tensor | None
    kernel: Tensor | None = None
    result: Tensor | None = None


@dataclass(frozen=True)
class ChannelDetail:
    """One map and how it came to be.

    Attributes:
        layer_id, kind, channel: which map.
        operation: how the terms become the map.
        output: ``(h, w)``; a unit without height and width is ``(1, 1)``.
        terms: what it is made of, the strongest contribution first where some are put together.
        bias: what is added at the end of a sum; 0.0 where the layer has none.
        has_bias: whether the layer has a bias at all.
        windows: which input rows and columns each output row and column reads; ``None`` where it reads everything.
        winners: ``(h, w)`` int64, for max pooling: the flat position ``y * W + x`` of the input pixel that won.
        constants: the layer's own numbers that enter the formula, by name.
        formula: the rule in one line.
        curve: for an activation, points ``(n, 2)`` of its graph over the range of values that reach it.
    """

    layer_id: str
    kind: str
    channel: int
    operation: Operation
    output: Tensor
    terms: tuple[Term, ...]
    formula: str
    bias: float = 0.0
    has_bias: bool = False
    windows: Windows | None = None
    winners: Tensor | None = None
    constants: Mapping[str, float] | None = None
    curve: Tensor | None = None


class Layered(Protocol):
    """A network whose layers can be reached by id."""

    def get_submodule(self, target: str) -> nn.Module:
        """The module of one layer."""
        ...


def channel_detail(
    network: Layered, maps: FeatureMaps, layer_id: str, channel: int, *, n_terms: int = 12
) -> ChannelDetail:
    """Take one map of one layer apart.

    Args:
        network: the network that the maps come from, in evaluation mode.
        maps: what :func:`lab.inspection.maps.feature_maps` returned.
        layer_id: one of the layers, or ``"input"``.
        channel: which of its maps, from 0; for a vector which of its units.
        n_terms: where more inputs than this add up, the others are put together in one last term, so that the sum
            still is the map.

    Returns:
        The parts and the map; for :attr:`Operation.SUM` the terms' results and the bias add up to the output.

    Raises:
        KeyError: no such layer.
        IndexError: no such map.
    """
    from lab.inspection import channel_pointwise, channel_pool, channel_sum

    layer = maps.layer(layer_id)
    if not 0 <= channel < layer.n_channels:
        raise IndexError(f"{layer_id} has channels 0 to {layer.n_channels - 1}, not {channel}")
    if layer_id == INPUT:
        output = output_map(maps, layer_id, channel)
        return ChannelDetail(INPUT, layer.kind, channel, Operation.INPUT, output, (), formula="the picture itself")
    module = network.get_submodule(layer_id)
    with torch.inference_mode():
        return (
            channel_sum.take_apart(module, maps, layer_id, channel, n_terms)
            or channel_pool.take_apart(module, maps, layer_id, channel)
            or channel_pointwise.take_apart(module, maps, layer_id, channel)
        )


def output_map(maps: FeatureMaps, layer_id: str, channel: int) -> Tensor:
    """One map as ``(h, w)``; a unit of a vector as ``(1, 1)``."""
    values = maps.layer(layer_id).activation[channel]
    return values if values.ndim == 2 else values.reshape(1, 1)


def input_windows(maps: FeatureMaps, layer_id: str, source: str) -> Windows | None:
    """The windows of a layer on one of its inputs."""
    return windows(maps.spec.layer(layer_id), maps.layer(source).shape, maps.layer(layer_id).shape)
