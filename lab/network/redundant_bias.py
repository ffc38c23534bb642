"""Biases of a network that batch normalisation takes away again, and the network without them.

Source: Ioffe & Szegedy, arXiv:1502.03167, section 3.2.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lab.network.edit import insert_layer, set_field
from lab.network.spec import NetworkSpec

WEIGHTED = frozenset({"Conv2d", "ConvTranspose2d", "Linear"})
NORMS = frozenset({"BatchNorm1d", "BatchNorm2d"})


@dataclass(frozen=True)
class RedundantBias:
    """A layer whose bias changes nothing.

    Attributes:
        layer_id: the layer with the bias.
        norm_ids: the batch normalisations that read it; nothing else does.
        n_params: biases that can be left out: one a channel or neuron.
    """

    layer_id: str
    norm_ids: tuple[str, ...]
    n_params: int


def redundant_biases(spec: NetworkSpec) -> tuple[RedundantBias, ...]:
    """List convolutions and linear layers that have a bias and are read by batch normalisation only.

    Examples:
        >>> from lab.network.presets import preset
        >>> redundant_biases(preset("lenet5"))
        ()
    """
    readers = spec.readers()
    return tuple(
        RedundantBias(layer.id, readers[layer.id], _n_biases(spec, layer.id))
        for layer in spec.layers
        if layer.kind in WEIGHTED and getattr(layer, "bias", False) and _is_normed(spec, readers[layer.id])
    )


def without_biases(spec: NetworkSpec, layer_ids: Iterable[str]) -> NetworkSpec:
    """The same network with ``bias=False`` in some layers."""
    for layer_id in layer_ids:
        spec = set_field(spec, layer_id, "bias", False)
    return spec


def _is_normed(spec: NetworkSpec, readers: tuple[str, ...]) -> bool:
    """Whether batch normalisation is all that reads it; the last layer is read by whoever uses the network."""
    return bool(readers) and all(spec.layer(name).kind in NORMS for name in readers)


def _n_biases(spec: NetworkSpec, layer_id: str) -> int:
    layer = spec.layer(layer_id)
    field = "out_features" if layer.kind == "Linear" else "out_channels"
    return int(getattr(layer, field))


def with_batch_norm(spec: NetworkSpec) -> NetworkSpec:
    """Put batch normalisation behind every convolution whose only reader is not one already.

    The last layer keeps its plain output, which is the answer of the network.

    Examples:
        >>> from lab.network.presets import preset
        >>> [row.layer_id for row in redundant_biases(with_batch_norm(preset("student_cnn")))]
        ['conv1', 'conv2']
    """
    for layer in spec.layers:
        readers = spec.readers()[layer.id]
        if layer.kind in WEIGHTED - {"Linear"} and len(readers) == 1 and spec.layer(readers[0]).kind not in NORMS:
            spec = insert_layer(spec, "BatchNorm2d", before=readers[0], params={"inputs": (layer.id,)})
    return spec
