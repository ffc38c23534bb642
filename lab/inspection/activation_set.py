"""The catalogue's activations as ``torch.nn`` modules for the stage of curves, and the values that reach them.

``lab.theory`` knows what an activation does but not which there are; the catalogue knows which there are. This is
where the two meet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from lab.inspection.maps import Traceable
from lab.network.catalogue import kind_of
from lab.network.layers import LayerSpec
from lab.network.spec import INPUT

MAX_VALUES = 40_000  # enough for a histogram of 40 bars; eight activations of them take 30 ms on one core


def activation_layer(kind: str, parameters: Mapping[str, object]) -> LayerSpec:
    """Make a layer of the catalogue, with its checks.

    Raises:
        NetworkError: there is no such kind, or a parameter is out of its bounds (``NET-SPEC``).
    """
    return kind_of(kind).model_validate({"id": "act", "kind": kind, **parameters})


def activation_module(layer: LayerSpec, dtype: torch.dtype = torch.float64) -> nn.Module:
    """Build a layer's own ``torch.nn`` module, in evaluation mode.

    Two channels are what every activation takes: GLU halves them, PReLU has one slope for all.
    """
    return layer.module(((2,),)).to(dtype).eval()


@dataclass(frozen=True)
class Reaching:
    """The values that reach a layer, for some pictures.

    Attributes:
        source: the layer that they leave.
        values: (N, C, P): pictures, units, positions; at most ``MAX_VALUES`` numbers, taken at even distances.
        n_all: how many there were before any were left out.
    """

    source: str
    values: Tensor
    n_all: int


def reaching_values(network: Traceable, images: Tensor, layer_id: str) -> Reaching:
    """Find what reaches a layer when a network is shown some pictures.

    Args:
        network: built, in evaluation mode.
        images: (N, C, H, W), as the network takes them.
        layer_id: a layer with one input.
    """
    source = network.spec.sources()[layer_id][0]
    with torch.no_grad():  # one picture at a time: every layer's maps are in memory for a moment
        output = torch.cat([network.trace(image.unsqueeze(0))[source].float() for image in images])
    by_unit = output.reshape(*output.shape[:2], -1)
    return Reaching("the picture" if source == INPUT else source, thin(by_unit), by_unit.numel())


def thin(values: Tensor, most: int = MAX_VALUES) -> Tensor:
    """Leave positions out, then pictures, at even distances, until at most ``most`` numbers stay; units never.

    Args:
        values: (N, C, P).

    Examples:
        >>> tuple(thin(torch.zeros(8, 4, 100), most=400).shape)
        (8, 4, 12)
    """
    n_pictures, n_units, n_positions = values.shape
    keep_positions = max(1, min(n_positions, most // (n_pictures * n_units)))
    keep_pictures = max(1, min(n_pictures, most // (n_units * keep_positions)))
    chosen = values[_evenly(n_pictures, keep_pictures)]
    return chosen[:, :, _evenly(n_positions, keep_positions)].contiguous()


def _evenly(n: int, keep: int) -> Tensor:
    return torch.arange(keep) * n // keep
