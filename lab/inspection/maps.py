"""Every layer's maps for one picture, from one forward pass, with the numbers that describe them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import torch
from torch import Tensor

from lab.network.spec import INPUT

if TYPE_CHECKING:
    from lab.network.spec import NetworkSpec

__all__ = ["INPUT", "FeatureMaps", "LayerMaps", "Statistics", "Traceable", "describe", "describe_each", "feature_maps"]


class Traceable(Protocol):
    """What is asked of a network here: its spec, and every layer's output in the learner's order."""

    @property
    def spec(self) -> NetworkSpec:
        """The network as the learner wrote it."""
        ...

    def trace(self, image: Tensor) -> Mapping[str, Tensor]:
        """Every layer's output by id, ``"input"`` included; the first axis counts the pictures."""
        ...


@dataclass(frozen=True)
class Statistics:
    """What a layer's values look like in numbers; shares are between 0 and 1."""

    minimum: float
    maximum: float
    mean: float
    std: float
    zero_share: float
    negative_share: float

    @property
    def largest(self) -> float:
        """The largest absolute value: the end of the layer's own colour scale."""
        return max(abs(self.minimum), abs(self.maximum))


@dataclass(frozen=True)
class LayerMaps:
    """One layer's output for one picture.

    Attributes:
        layer_id: the layer's id, or ``"input"``.
        kind: the layer's kind in the catalogue, or ``"Input"``.
        inputs: ids of the layers it reads.
        activation: ``(C, H, W)`` maps or ``(F,)`` values, float32 on the CPU.
        statistics: over all values of all channels.
    """

    layer_id: str
    kind: str
    inputs: tuple[str, ...]
    activation: Tensor
    statistics: Statistics

    @property
    def shape(self) -> tuple[int, ...]:
        """``(C, H, W)`` or ``(F,)``."""
        return tuple(self.activation.shape)

    @property
    def n_channels(self) -> int:
        """How many maps, or values where there is no height and width."""
        return int(self.activation.shape[0])

    @cached_property
    def strength(self) -> Tensor:
        """Mean absolute value of each channel, ``(C,)``: what the order of the strongest goes by."""
        return self.activation.abs().reshape(self.n_channels, -1).mean(dim=1)

    def strongest(self, n: int) -> tuple[int, ...]:
        """The ``n`` channels with the largest mean absolute value, strongest first; a tie keeps channel order."""
        order = torch.argsort(self.strength, descending=True, stable=True)
        return tuple(order[:n].tolist())

    def channel_statistics(self, channel: int) -> Statistics:
        """The same numbers for one channel alone."""
        return describe(self.activation[channel])


@dataclass(frozen=True)
class FeatureMaps:
    """What a whole network makes of one picture: its layers in the learner's order, the picture first."""

    spec: NetworkSpec
    layers: tuple[LayerMaps, ...]

    @cached_property
    def _by_id(self) -> dict[str, LayerMaps]:
        return {layer.layer_id: layer for layer in self.layers}

    def layer(self, layer_id: str) -> LayerMaps:
        """One layer's maps; ``KeyError`` if the network has no such layer."""
        return self._by_id[layer_id]

    def __contains__(self, layer_id: object) -> bool:
        return layer_id in self._by_id

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Every layer's output shape by id, without the batch axis."""
        return {layer.layer_id: layer.shape for layer in self.layers}

    @property
    def output(self) -> Tensor:
        """The last layer's values, as a flat vector."""
        return self.layers[-1].activation.flatten()

    @property
    def probabilities(self) -> Tensor:
        """The softmax of the output; the output itself where the network already ends in one."""
        if self.layers[-1].kind == "Softmax":
            return self.output
        return torch.softmax(self.output, dim=0)


def describe(values: Tensor) -> Statistics:
    """Minimum, maximum, mean, standard deviation (of the values themselves) and the shares of zeros and negatives.

    Examples:
        >>> describe(torch.tensor([0.0, -1.0, 3.0, 2.0])).negative_share
        0.25
    """
    return describe_each(values.unsqueeze(0))[0]


def describe_each(values: Tensor) -> tuple[Statistics, ...]:
    """The same for each entry along the first axis, all at once."""
    flat = values.float().reshape(len(values), -1)
    minimum, maximum = torch.aminmax(flat, dim=1)
    zeros, negatives = (flat == 0).float().mean(dim=1), (flat < 0).float().mean(dim=1)
    columns = (minimum, maximum, flat.mean(dim=1), flat.std(dim=1, correction=0), zeros, negatives)
    return tuple(Statistics(*row) for row in torch.stack(columns, dim=1).tolist())


def feature_maps(network: Traceable, image: Tensor) -> FeatureMaps:
    """Run one picture through a network and keep what every layer made of it.

    Args:
        network: a built network; whoever calls it has put it in evaluation mode.
        image: ``(1, C, H, W)`` or ``(C, H, W)``, float, already preprocessed.

    Returns:
        The picture and every layer in the learner's order, values as float32 on the CPU.

    Raises:
        ValueError: more than one picture was given.
    """
    batch = image if image.ndim == 4 else image.unsqueeze(0)
    if batch.shape[0] != 1:
        raise ValueError(f"feature maps are of one picture at a time, {batch.shape[0]} were given")
    with torch.inference_mode():
        trace = network.trace(batch)
    spec = network.spec
    sources = spec.sources()
    layers = [_layer_maps(INPUT, "Input", (), trace[INPUT])]
    layers += [_layer_maps(layer.id, layer.kind, sources[layer.id], trace[layer.id]) for layer in spec.layers]
    return FeatureMaps(spec, tuple(layers))


def _layer_maps(layer_id: str, kind: str, inputs: tuple[str, ...], output: Tensor) -> LayerMaps:
    activation = output[0].detach().float().cpu()
    return LayerMaps(layer_id, kind, inputs, activation, describe(activation))
