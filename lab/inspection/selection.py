"""Which maps of each layer to show where there are too many for one picture.

Layers that pass channel c on as channel c (activation, batch norm, pooling, depth-wise convolution, both sides of an
``Add``) show the same channels, so that a row of the drawing follows one map through them; the choice is made for all
of them together. All other choices are the layer's own.
"""

from __future__ import annotations

import torch

from lab.inspection.maps import INPUT, FeatureMaps
from lab.inspection.wiring import keeps_channels


def rows_in_common(maps: FeatureMaps) -> tuple[tuple[str, ...], ...]:
    """Groups of layers, in network order, whose channel c is the same row of the drawing throughout."""
    leader = {layer.layer_id: layer.layer_id for layer in maps.layers}

    def find(layer_id: str) -> str:
        while leader[layer_id] != layer_id:
            layer_id = leader[layer_id]
        return layer_id

    for layer in maps.layers[1:]:
        spec = maps.spec.layer(layer.layer_id)
        for source in layer.inputs:
            if source != INPUT and keeps_channels(spec, maps.layer(source).shape, layer.shape):
                leader[find(layer.layer_id)] = find(source)
    groups: dict[str, list[str]] = {}
    for layer in maps.layers:
        groups.setdefault(find(layer.layer_id), []).append(layer.layer_id)
    return tuple(tuple(members) for members in groups.values())


def shown_channels(maps: FeatureMaps, n: int) -> dict[str, tuple[int, ...]]:
    """The channels to show per layer.

    A layer with at most ``n`` channels shows all of them in their order. Otherwise the strongest ``n``, strongest
    first: by the mean absolute value, each layer of a group brought to a mean of 1 before they are averaged, so that
    no layer outvotes the others by its mere size.

    Args:
        maps: the network's maps for the picture.
        n: at most so many per layer, at least 1.
    """
    shown: dict[str, tuple[int, ...]] = {}
    for group in rows_in_common(maps):
        n_channels = maps.layer(group[0]).n_channels
        if n_channels <= n:
            shown |= dict.fromkeys(group, tuple(range(n_channels)))
            continue
        votes = torch.stack([_share(maps.layer(layer_id).strength) for layer_id in group]).mean(dim=0)
        order = torch.argsort(votes, descending=True, stable=True)[:n]
        shown |= dict.fromkeys(group, tuple(order.tolist()))
    return shown


def _share(strength: torch.Tensor) -> torch.Tensor:
    finite = torch.nan_to_num(strength)
    mean = finite.mean()
    return finite / mean if mean > 0 else finite
