"""Which layers belong together, and the colour scale that they share.

A **block** is a chain: it opens with a layer that has weights over its inputs (a convolution or a dense layer) or that
joins branches (``Concat``), and goes on with the layers behind it, batch norm, activation, the ``Add`` that closes a
residual step, pooling, as long as each is the only one that reads what is before it. So ``conv → relu → pool`` is one
block, as in CNN Explainer, and its members can be compared by eye because one scale colours them all.
"""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING

from lab.inspection.maps import INPUT, FeatureMaps

if TYPE_CHECKING:
    from lab.network.spec import NetworkSpec

OPENING_KINDS = frozenset({"Conv2d", "ConvTranspose2d", "Linear", "Concat"})
"""Kinds that always open a block of their own."""


class ScaleBy(StrEnum):
    """Which values share one colour scale."""

    LAYER = "layer"
    BLOCK = "block"
    GLOBAL = "global"


def blocks(spec: NetworkSpec) -> tuple[tuple[str, ...], ...]:
    """The layers grouped into blocks, in the order in which the blocks open; the picture is a block by itself.

    Where several layers read the same map, branches begin, and with them blocks. (Of several sources the latest counts:
    an ``Add`` belongs to the branch before it, not to the skip.)
    """
    order = {INPUT: 0} | {layer.id: i for i, layer in enumerate(spec.layers, 1)}
    sources = spec.sources()
    members: list[list[str]] = [[INPUT]]
    block_of = {INPUT: 0}
    n_readers = Counter(source for reads in sources.values() for source in set(reads))
    for layer in spec.layers:
        latest = max(sources[layer.id], key=order.__getitem__)
        goes_on = layer.kind not in OPENING_KINDS and n_readers[latest] == 1 and latest != INPUT
        if not goes_on:
            members.append([])
        block_of[layer.id] = block_of[latest] if goes_on else len(members) - 1
        members[block_of[layer.id]].append(layer.id)
    return tuple(tuple(ids) for ids in members)


def colour_limits(maps: FeatureMaps, by: ScaleBy) -> dict[str, float]:
    """The value at the end of each layer's colour scale: the largest absolute value among those that share it.

    The picture keeps its own scale throughout: its numbers are pixels, not activations.

    Returns:
        A value above 0 per layer id; 1.0 where all values are zero.
    """
    own = {layer.layer_id: layer.statistics.largest for layer in maps.layers}
    if by is ScaleBy.LAYER:
        shared = own
    elif by is ScaleBy.BLOCK:
        shared = {i: max(own[j] for j in block) for block in blocks(maps.spec) for i in block}
    else:
        everything = max((value for i, value in own.items() if i != INPUT), default=0.0)
        shared = dict.fromkeys(own, everything) | {INPUT: own[INPUT]}
    return {layer_id: value if value > 0 else 1.0 for layer_id, value in shared.items()}
