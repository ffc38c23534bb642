"""The whole network in one picture, as data: a column a layer, small maps, and lines to what they are made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import torch
from torch import nn

from lab.inspection.blocks import ScaleBy, blocks, colour_limits
from lab.inspection.channel import Layered
from lab.inspection.channel_pointwise import SoftmaxSteps, softmax_steps
from lab.inspection.channel_sum import flattened_from, places_of
from lab.inspection.maps import INPUT, FeatureMaps, LayerMaps, Statistics, describe_each
from lab.inspection.mosaic import Mosaic, mosaic
from lab.inspection.selection import shown_channels
from lab.inspection.wiring import Wire, wires

MAX_UNITS_AS_TILES = 16
"""A vector of at most so many values is drawn as squares with names, a longer one as a strip."""

MAX_STRIP_PX = 512


class Form(StrEnum):
    """How a column is drawn."""

    MAPS = "maps"
    UNITS = "units"
    STRIP = "strip"


@dataclass(frozen=True)
class Anchor:
    """Where lines may end in a column: some channels, and their place.

    Attributes:
        channels: usually one channel; a stretch of units where a strip holds flattened maps.
        place: the row in a column of maps or units; in a strip the height between 0 (top) and 1 (bottom).
    """

    channels: range
    place: float


@dataclass(frozen=True)
class Line:
    """From a place in the source's column to a place in this one.

    ``weight`` is the sum of the kernel's weights between the two: above 0 the input is added, below 0 subtracted;
    ``None`` where nothing is weighed.
    """

    start: float
    end: float
    weight: float | None


@dataclass(frozen=True)
class Link:
    """All lines between two columns."""

    source: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Column:
    """One layer of the drawing.

    Attributes:
        layer: its maps and statistics.
        block: index into :attr:`Overview.blocks`.
        form: maps, units or a strip.
        anchors: the shown channels from top to bottom, or the strip's named places.
        picture: the shown maps below each other, or the strip as one column of pixels, in steps of the layer's scale.
        shown_statistics: per shown channel; empty for vectors.
        links: to the columns it reads.
    """

    layer: LayerMaps
    block: int
    form: Form
    anchors: tuple[Anchor, ...]
    picture: Mosaic
    shown_statistics: tuple[Statistics, ...]
    links: tuple[Link, ...]


@dataclass(frozen=True)
class ClassRow:
    """One class at the end of the network."""

    unit: int
    label: str
    logit: float
    exponential: float
    probability: float


@dataclass(frozen=True)
class Overview:
    """The drawing: columns in the learner's order, blocks of them, colour limits, the classes shown at the end.

    ``softmax`` is ``None`` where the network does not end in a vector of at least two values.
    """

    columns: tuple[Column, ...]
    blocks: tuple[tuple[str, ...], ...]
    limits: dict[ScaleBy, dict[str, float]]
    classes: tuple[ClassRow, ...]
    softmax: SoftmaxSteps | None


def overview(
    network: Layered,
    maps: FeatureMaps,
    labels: Sequence[str] = (),
    *,
    n_shown: int = 10,
    max_tile_px: int = 64,
    shown: Mapping[str, tuple[int, ...]] | None = None,
) -> Overview:
    """Lay a network's maps out for drawing.

    Args:
        network: the network the maps come from.
        maps: one picture's maps.
        labels: names of the classes; missing ones are numbered.
        n_shown: maps per layer at most; the strongest are chosen (:mod:`lab.inspection.selection`).
        max_tile_px: larger maps are reduced to this, each pixel the mean of those it stands for.
        shown: the channels to show by layer, where they were chosen elsewhere: at another checkpoint of the same run,
            so that a row stays the same map all through training.
    """
    with torch.inference_mode():
        softmax, classes = _classes(maps, labels, n_shown)
        anchors = _all_anchors(maps, dict(shown or shown_channels(maps, n_shown)), [row.unit for row in classes])
        limits = {by: colour_limits(maps, by) for by in ScaleBy}
        grouped = blocks(maps.spec)
        block_of = {layer_id: i for i, block in enumerate(grouped) for layer_id in block}
        columns = tuple(
            Column(
                layer=layer,
                block=block_of[layer.layer_id],
                form=form_of(layer),
                anchors=anchors[layer.layer_id],
                picture=_picture(layer, anchors[layer.layer_id], limits[ScaleBy.LAYER][layer.layer_id], max_tile_px),
                shown_statistics=_shown_statistics(layer, anchors[layer.layer_id]),
                links=_links(network, maps, layer, anchors),
            )
            for layer in maps.layers
        )
    return Overview(columns, grouped, limits, classes, softmax)


def form_of(layer: LayerMaps) -> Form:
    """Maps for ``(C, H, W)``, squares for short vectors, a strip for long ones."""
    if len(layer.shape) == 3:
        return Form.MAPS
    return Form.UNITS if layer.n_channels <= MAX_UNITS_AS_TILES else Form.STRIP


def _classes(maps: FeatureMaps, labels: Sequence[str], n: int) -> tuple[SoftmaxSteps | None, tuple[ClassRow, ...]]:
    """The classes in their order where they all fit, else the likeliest first."""
    if len(maps.layers[-1].shape) != 1 or maps.layers[-1].n_channels < 2:
        return None, ()
    last = maps.layers[-1]
    logits = maps.layer(last.inputs[0]).activation.flatten() if last.kind == "Softmax" else last.activation
    steps = softmax_steps(logits)
    if len(logits) <= MAX_UNITS_AS_TILES:
        units = list(range(len(logits)))
    else:
        units = torch.argsort(steps.probabilities, descending=True, stable=True)[:n].tolist()
    rows = tuple(
        ClassRow(
            unit,
            labels[unit] if unit < len(labels) else f"class {unit}",
            float(logits[unit]),
            float(steps.exponentials[unit]),
            float(steps.probabilities[unit]),
        )
        for unit in units
    )
    return steps, rows


def _all_anchors(
    maps: FeatureMaps, shown: dict[str, tuple[int, ...]], class_units: list[int]
) -> dict[str, tuple[Anchor, ...]]:
    if class_units:
        shown[maps.layers[-1].layer_id] = tuple(class_units)
    anchors: dict[str, tuple[Anchor, ...]] = {}
    for layer in maps.layers:
        anchors[layer.layer_id] = _anchors(maps, layer, shown)
    return anchors


def _anchors(maps: FeatureMaps, layer: LayerMaps, shown: dict[str, tuple[int, ...]]) -> tuple[Anchor, ...]:
    form = form_of(layer)
    if form is Form.UNITS:
        return tuple(Anchor(range(i, i + 1), i) for i in range(layer.n_channels))
    if form is Form.MAPS:
        return tuple(Anchor(range(c, c + 1), row) for row, c in enumerate(shown[layer.layer_id]))
    flattened = flattened_from(maps, layer.layer_id)
    if flattened is None:
        return tuple(Anchor(range(u, u + 1), (u + 0.5) / layer.n_channels) for u in shown[layer.layer_id])
    channels, height, width = places_of(maps, layer.layer_id)
    size = height * width
    return tuple(Anchor(range(c * size, (c + 1) * size), (c + 0.5) / channels) for c in shown[flattened])


def _picture(layer: LayerMaps, anchors: tuple[Anchor, ...], limit: float, max_tile_px: int) -> Mosaic:
    if form_of(layer) is Form.MAPS:
        shown = layer.activation[[anchor.channels[0] for anchor in anchors]]
        return mosaic(shown, limit=limit, columns=1, max_tile_px=max_tile_px)
    strip = layer.activation.reshape(1, -1, 1)
    return mosaic(strip, limit=limit, columns=1, max_tile_px=MAX_STRIP_PX)


def _shown_statistics(layer: LayerMaps, anchors: tuple[Anchor, ...]) -> tuple[Statistics, ...]:
    if form_of(layer) is not Form.MAPS:
        return ()
    return describe_each(layer.activation[[anchor.channels[0] for anchor in anchors]])


def _links(
    network: Layered, maps: FeatureMaps, layer: LayerMaps, anchors: dict[str, tuple[Anchor, ...]]
) -> tuple[Link, ...]:
    if layer.layer_id == INPUT:
        return ()
    module = network.get_submodule(layer.layer_id)
    return tuple(
        Link(wire.source, _lines(wire, module, anchors[wire.source], anchors[layer.layer_id]))
        for wire in wires(maps.spec, layer.layer_id, maps.shapes)
    )


def _lines(wire: Wire, module: nn.Module, sources: tuple[Anchor, ...], targets: tuple[Anchor, ...]) -> tuple[Line, ...]:
    weights = _weights(module, sources, targets) if wire.mixes else None
    return tuple(
        Line(source.place, target.place, None if weights is None else weights[i][j])
        for i, target in enumerate(targets)
        for j, source in enumerate(sources)
        if _meet(wire, source, target)
    )


def _meet(wire: Wire, source: Anchor, target: Anchor) -> bool:
    first, last = wire.channels[target.channels[0]], wire.channels[target.channels[-1]]
    if first.step > 1:
        return any(channel in source.channels for channel in first)
    return len(first) > 0 and source.channels.start < last.stop and first.start < source.channels.stop


def _weights(module: nn.Module, sources: tuple[Anchor, ...], targets: tuple[Anchor, ...]) -> list[list[float]]:
    """Per target and source the weights between them added up: what the kernel makes of a flat surface of ones."""
    units = [target.channels[0] for target in targets]
    first = [source.channels[0] for source in sources]
    if isinstance(module, nn.Linear):
        rows = module.weight.detach()[units]
        sums = [rows[:, source.channels.start : source.channels.stop].sum(dim=1) for source in sources]
        table = torch.stack(sums, dim=1)
    elif isinstance(module, nn.ConvTranspose2d):
        per_out = module.out_channels // module.groups
        table = module.weight.detach()[first][:, [unit % per_out for unit in units]].sum(dim=(2, 3)).T
    elif isinstance(module, nn.Conv2d):
        per_in = module.in_channels // module.groups
        table = module.weight.detach()[units][:, [channel % per_in for channel in first]].sum(dim=(2, 3))
    else:
        raise TypeError(f"{type(module).__name__} weighs nothing")
    return [[float(value) for value in row] for row in table.tolist()]
