"""What is allowed and still a mistake: two layers that only multiply and add, with nothing that bends between them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from lab.errors import Fix, InsertLayer
from lab.network.layers.base import LayerSpec
from lab.network.spec import INPUT, NetworkSpec
from lab.network.summary import LayerRow, summarize

_MIXES = ("Conv2d", "ConvTranspose2d", "Linear")
# Between two of them these change nothing: what comes out is still a weighted sum of what went in. Batch norm in
# training divides by what it measures, afterwards by fixed numbers.
_KEEPS_LINEAR = ("Flatten", "Dropout", "Dropout2d", "BatchNorm2d", "AvgPool2d", "AdaptiveAvgPool2d", "Upsample")


@dataclass(frozen=True)
class Advice:
    """One thing worth changing.

    Attributes:
        where: the layer's id.
        sentence: what is odd about it and why, without the place.
        fix: what one click changes.
    """

    where: str
    sentence: str
    fix: Fix


@lru_cache(maxsize=64)  # a page asks again at every move of a slider
def advise(network: NetworkSpec) -> Advice | None:
    """Find the first layer that follows another without an activation between them.

    A composition of linear maps is a linear map: the second layer adds weights, and nothing that one layer could not
    do. Where fewer channels pass between the two than before and after (the bottleneck of MobileNetV2, Sandler et al.
    2018, section 3.2), or a convolution is taken apart (per channel, or along one side), that is on purpose.

    Examples:
        >>> from lab.network.edit import remove_layer
        >>> from lab.network.presets import preset
        >>> advise(preset("mlp"))
        >>> advise(remove_layer(preset("mlp"), "relu1")).fix.label
        'Add a ReLU before fc2'

    Raises:
        NetworkError: the layers do not fit together.
    """
    rows = {row.id: row for row in summarize(network).rows}
    for layer in network.layers:
        before = _mixing_before(layer, network)
        if before is None or _is_taken_apart(before) or _is_taken_apart(layer):
            continue
        if _is_bottleneck(rows[before.id], rows[layer.id]):
            continue
        return Advice(
            layer.id,
            f"it follows {before.id} without an activation between them. Together they can do no more than one layer, "
            "and where nothing bends the numbers, training soon diverges",
            _add_relu(layer.id, network),
        )
    return None


def _mixing_before(layer: LayerSpec, network: NetworkSpec) -> LayerSpec | None:
    """The layer of weights that a layer of weights reads through layers that keep sums as they are."""
    sources = network.sources()
    if layer.kind not in _MIXES:
        return None
    (source,) = sources[layer.id]
    while source != INPUT:
        before = network.layer(source)
        if before.kind in _MIXES:
            return before
        if before.kind not in _KEEPS_LINEAR:
            return None
        (source,) = sources[before.id]
    return None


def _add_relu(layer_id: str, network: NetworkSpec) -> Fix:
    (source,) = network.sources()[layer_id]
    place = source if network.layer(source).kind == "Flatten" else layer_id
    return Fix(f"Add a ReLU before {place}", (InsertLayer("ReLU", place),))


def _is_taken_apart(layer: LayerSpec) -> bool:
    """Whether it is a part of one convolution: per channel, or along one side only."""
    height, width = getattr(layer, "kernel_size", (1, 1))
    return getattr(layer, "groups", 1) > 1 or height != width


def _is_bottleneck(before: LayerRow, layer: LayerRow) -> bool:
    return before.output[0] < min(before.inputs[0][0], layer.output[0])
