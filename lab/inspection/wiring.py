"""Which channels of a layer's inputs one of its channels is made of, and how strongly.

A convolution mixes all channels of its group; batch norm, an activation and pooling work on each channel alone;
``Concat`` shifts channel numbers; ``Flatten`` cuts maps into stretches of units; ``GLU`` reads two channels half of
them apart. The lines of the network's drawing are these ranges.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lab.network.spec import LayerSpec, NetworkSpec

Shapes = dict[str, tuple[int, ...]]


@dataclass(frozen=True)
class Wire:
    """From one input of a layer to the layer.

    Attributes:
        source: the input's id.
        channels: per channel of the layer, the range of the input's channels it reads (may be empty: ``Concat``).
        mixes: the layer weighs and adds what it reads (convolution, dense), instead of taking one channel through.
    """

    source: str
    channels: tuple[range, ...]
    mixes: bool


def wires(spec: NetworkSpec, layer_id: str, shapes: Shapes) -> tuple[Wire, ...]:
    """A layer's wires, one per input, in the order of its inputs.

    Args:
        spec: the network.
        layer_id: one of its layers.
        shapes: every layer's output shape by id, ``"input"`` included, without the batch axis.
    """
    layer = spec.layer(layer_id)
    offset = 0
    result = []
    for source in spec.sources()[layer_id]:
        channels = _channels(layer, shapes[source], shapes[layer_id], offset)
        result.append(Wire(source, channels, mixes=layer.kind in {"Conv2d", "ConvTranspose2d", "Linear"}))
        offset += shapes[source][0]
    return tuple(result)


def _channels(layer: LayerSpec, source: tuple[int, ...], out: tuple[int, ...], offset: int) -> tuple[range, ...]:
    n_in, n_out = source[0], out[0]
    if layer.mixes_vector and len(out) == 1:
        return tuple(range(n_in) for _ in range(n_out))
    if layer.kind == "GLU":
        return tuple(range(c, n_in, n_out) for c in range(n_out))
    if layer.kind in {"Conv2d", "ConvTranspose2d", "GroupNorm"}:
        groups: int = getattr(layer, "groups", 0) or getattr(layer, "num_groups", 1)
        per_in, per_out = n_in // groups, n_out // groups
        return tuple(range(c // per_out * per_in, (c // per_out + 1) * per_in) for c in range(n_out))
    if layer.kind == "Concat":
        return tuple(range(c - offset, c - offset + 1) if 0 <= c - offset < n_in else range(0) for c in range(n_out))
    if layer.kind == "Flatten" and len(source) == 3:
        per_map = source[1] * source[2]
        return tuple(range(u // per_map, u // per_map + 1) for u in range(n_out))
    return tuple(range(min(c, n_in - 1), min(c, n_in - 1) + 1) for c in range(n_out))


def keeps_channels(layer: LayerSpec, source: tuple[int, ...], out: tuple[int, ...]) -> bool:
    """Whether channel c of the layer is made of channel c of this input alone, map for map."""
    if len(source) != len(out) or source[0] != out[0]:
        return False
    if layer.kind in {"Conv2d", "ConvTranspose2d"}:
        return bool(getattr(layer, "groups", 1) == source[0])
    return layer.kind != "Concat" and not layer.mixes_vector
