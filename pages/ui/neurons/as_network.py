"""The network on the plane as a network of the lab: layer by layer for Build, or its hidden layers on pictures."""

from __future__ import annotations

from lab.network.catalogue import CATALOGUE
from lab.network.layers.base import LayerSpec
from lab.network.layers.dense import Linear
from lab.network.layers.normalisation import BatchNorm1d
from lab.network.layers.regularisation import Dropout
from lab.network.layers.shape import Flatten
from lab.network.spec import NetworkSpec
from lab.theory.neurons.plane_spec import PlaneSpec

PICTURE = (1, 28, 28)
N_PICTURE_CLASSES = 10


def as_network(spec: PlaneSpec) -> NetworkSpec:
    """The same layers on the same inputs: n numbers are n channels of one pixel.

    Examples:
        >>> [layer.kind for layer in as_network(PlaneSpec(layers=())).layers]
        ['Flatten', 'Linear']
    """
    return _network("plane_net", (len(spec.inputs), 1, 1), spec, spec.n_outputs)


def on_pictures(spec: PlaneSpec) -> NetworkSpec:
    """The hidden layers on 28×28 pictures of ten classes: a dense network that this lab can train."""
    return _network("dense_net", PICTURE, spec, N_PICTURE_CLASSES)


def _network(name: str, shape: tuple[int, int, int], spec: PlaneSpec, n_outputs: int) -> NetworkSpec:
    layers: list[LayerSpec] = [Flatten(id="flatten")]
    for number, hidden in enumerate(spec.layers, start=1):
        layers.append(Linear(id=f"fc{number}", out_features=hidden.n_neurons, bias=spec.bias))
        if spec.batch_norm:
            layers.append(BatchNorm1d(id=f"bn{number}"))
        if hidden.activation != "Identity":
            layers.append(CATALOGUE[hidden.activation].model_validate({"id": f"act{number}"}))
        if spec.dropout:
            layers.append(Dropout(id=f"dropout{number}", p=spec.dropout))
    layers.append(Linear(id="output", out_features=n_outputs, bias=spec.bias))
    return NetworkSpec(name=name, input=shape, layers=tuple(layers))
