"""A pooling as a layer of the catalogue and back: for its code and its parameters, and for a layer of a network."""

from __future__ import annotations

from typing import Any

from lab.errors import NetworkError
from lab.network.layers.base import LayerSpec
from lab.network.layers.convolution import Conv2d
from lab.network.layers.pooling import AdaptiveAvgPool2d, AdaptiveMaxPool2d, AvgPool2d, LPPool2d, MaxPool2d
from lab.theory.pool_window import PoolKind, PoolSpec

LAYER_KINDS = ("MaxPool2d", "AvgPool2d", "LPPool2d", "AdaptiveMaxPool2d", "AdaptiveAvgPool2d")
_CLASSES: dict[PoolKind, type[LayerSpec]] = {
    PoolKind.MAX: MaxPool2d,
    PoolKind.AVERAGE: AvgPool2d,
    PoolKind.LP: LPPool2d,
    PoolKind.ADAPTIVE_MAX: AdaptiveMaxPool2d,
    PoolKind.ADAPTIVE_AVERAGE: AdaptiveAvgPool2d,
    PoolKind.GLOBAL_MAX: AdaptiveMaxPool2d,
    PoolKind.GLOBAL_AVERAGE: AdaptiveAvgPool2d,
}


def layer_of(spec: PoolSpec, *, channels: int = 1) -> LayerSpec:
    """The layer of the catalogue that does the same; a convolution keeps its channels apart and has no bias."""
    one = spec.effective()
    options: dict[str, Any] = {name: getattr(one, name) for name in one.options if name != "weights"}
    if one.kind is PoolKind.CONVOLUTION:
        return Conv2d(id="conv1", in_channels=channels, out_channels=channels, groups=channels, bias=False, **options)
    if not one.kind.slides:
        options["output_size"] = one.output_size
    return _CLASSES[one.kind](id="pool1", **options)


def spec_of(layer: LayerSpec) -> PoolSpec:
    """The setting of a pooling layer of a network.

    Raises:
        KeyError: it is no pooling.
    """
    kind = {"MaxPool2d": PoolKind.MAX, "AvgPool2d": PoolKind.AVERAGE, "LPPool2d": PoolKind.LP}.get(layer.kind)
    if kind is None:
        average = {"AdaptiveAvgPool2d": True, "AdaptiveMaxPool2d": False}[layer.kind]
        is_global = getattr(layer, "output_size", None) == (1, 1)
        names = ("global_average" if average else "global_max", "adaptive_average" if average else "adaptive_max")
        kind = PoolKind(names[0] if is_global else names[1])
    values = {name: value for name in PoolSpec.model_fields if (value := getattr(layer, name, None)) is not None}
    values["stride"] = getattr(layer, "step", (1, 1))
    return PoolSpec(**{**values, "kind": kind})


def code_lines(spec: PoolSpec, size: tuple[int, int]) -> dict[str, str]:
    """The line of PyTorch and of Keras, as the exported code has it."""
    layer, shapes = layer_of(spec), ((1, *size),)
    try:
        keras = "\n".join(f"x = {line.replace('{x}', 'x')}" for line in layer.keras(shapes))
    except NetworkError as error:
        keras = f"# {error.what}"
    return {"PyTorch": layer.pytorch(shapes), "Keras": keras}


def n_params(spec: PoolSpec, size: tuple[int, int]) -> int:
    """Learnable numbers of the layer for one channel."""
    return layer_of(spec).n_params(((1, *size),))
