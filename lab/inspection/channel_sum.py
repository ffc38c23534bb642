"""Maps that are sums: convolution (grouped, depth-wise, dilated), transposed convolution, dense layer, ``Add``."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from lab.inspection.channel import ChannelDetail, Operation, Term, input_windows, output_map
from lab.inspection.maps import FeatureMaps

# Kinds behind which a vector still is, place for place, the vector that Flatten made of maps.
_KEEPS_PLACES_OF_VECTOR = frozenset({"Dropout", "Identity", "ReLU", "LeakyReLU", "Tanh", "Sigmoid"})


def take_apart(module: nn.Module, maps: FeatureMaps, layer_id: str, channel: int, n_terms: int) -> ChannelDetail | None:
    """The detail of a summing layer, or ``None`` if the layer is of another family."""
    if isinstance(module, nn.Conv2d):
        return _convolution(module, maps, layer_id, channel, n_terms)
    if isinstance(module, nn.ConvTranspose2d):
        return _transposed(module, maps, layer_id, channel, n_terms)
    if isinstance(module, nn.Linear):
        return _dense(module, maps, layer_id, channel, n_terms)
    if maps.layer(layer_id).kind == "Add":
        return _add(maps, layer_id, channel)
    return None


def _convolution(module: nn.Conv2d, maps: FeatureMaps, layer_id: str, channel: int, n_terms: int) -> ChannelDetail:
    source = maps.layer(layer_id).inputs[0]
    per_group = module.in_channels // module.groups
    first = channel // (module.out_channels // module.groups) * per_group
    values = maps.layer(source).activation[first : first + per_group]
    kernels = module.weight[channel].detach()
    results = _each_alone(module, values, kernels)
    terms = _terms(source, first, values, kernels, results, n_terms)
    return _sum(maps, layer_id, channel, terms, module.bias, "y = Σ over inputs (kernel · window) + bias")


def _each_alone(module: nn.Conv2d, values: Tensor, kernels: Tensor) -> Tensor:
    """Every input map under its own kernel: the convolution before the sum over channels, ``(C, h, w)``."""
    batch, weight = values.unsqueeze(0), kernels.unsqueeze(1)
    if module.padding_mode == "zeros":
        padding: str | tuple[int, ...] = module.padding
    else:
        batch = F.pad(batch, module._reversed_padding_repeated_twice, mode=module.padding_mode)
        padding = 0  # type: ignore[assignment]
    return F.conv2d(batch, weight, None, module.stride, padding, module.dilation, groups=len(values))[0]


def _transposed(
    module: nn.ConvTranspose2d, maps: FeatureMaps, layer_id: str, channel: int, n_terms: int
) -> ChannelDetail:
    source = maps.layer(layer_id).inputs[0]
    per_group = module.in_channels // module.groups
    per_out = module.out_channels // module.groups
    first = channel // per_out * per_group
    values = maps.layer(source).activation[first : first + per_group]
    kernels = module.weight[first : first + per_group, channel % per_out].detach()
    results = F.conv_transpose2d(
        values.unsqueeze(0),
        kernels.unsqueeze(1),
        None,
        module.stride,
        tuple(int(pixels) for pixels in module.padding),
        module.output_padding,
        len(values),
        module.dilation,
    )[0]
    terms = _terms(source, first, values, kernels, results, n_terms)
    return _sum(maps, layer_id, channel, terms, module.bias, "y = Σ over inputs (pixels spread by the kernel) + bias")


def _dense(module: nn.Linear, maps: FeatureMaps, layer_id: str, channel: int, n_terms: int) -> ChannelDetail:
    """A unit's weights, folded back into maps where the vector came from maps: a kernel as large as the map."""
    source = maps.layer(layer_id).inputs[0]
    shape = places_of(maps, source)
    values = maps.layer(source).activation.reshape(shape)
    kernels = module.weight[channel].detach().reshape(shape)
    results = (values * kernels).sum(dim=(1, 2), keepdim=True)
    terms = _terms(source, 0, values, kernels, results, n_terms)
    return _sum(maps, layer_id, channel, terms, module.bias, "y = Σ over inputs (weight · value) + bias")


def flattened_from(maps: FeatureMaps, layer_id: str) -> str | None:
    """The layer whose maps a vector holds, pixel after pixel; ``None`` if it never was maps."""
    layer = maps.layer(layer_id)
    while layer.inputs and layer.kind in _KEEPS_PLACES_OF_VECTOR:
        layer = maps.layer(layer.inputs[0])
    if layer.kind != "Flatten" or len(maps.layer(layer.inputs[0]).shape) != 3:
        return None
    return layer.inputs[0]


def places_of(maps: FeatureMaps, layer_id: str) -> tuple[int, int, int]:
    """The ``(C, H, W)`` that a vector had before it was flattened; ``(F, 1, 1)`` if it never was maps."""
    source = flattened_from(maps, layer_id)
    if source is None:
        return maps.layer(layer_id).activation.numel(), 1, 1
    channels, height, width = maps.layer(source).shape
    return channels, height, width


def _add(maps: FeatureMaps, layer_id: str, channel: int) -> ChannelDetail:
    sources = maps.layer(layer_id).inputs
    parts = [(source, output_map(maps, source, channel)) for source in sources]
    terms = tuple(Term(source, (channel,), values, result=values) for source, values in parts)
    return ChannelDetail(
        layer_id,
        "Add",
        channel,
        Operation.SUM,
        output_map(maps, layer_id, channel),
        terms,
        formula="y = " + " + ".join(sources),
        windows=input_windows(maps, layer_id, sources[0]),
    )


def _terms(source: str, first: int, values: Tensor, kernels: Tensor, results: Tensor, n_terms: int) -> tuple[Term, ...]:
    """One term per input map; beyond ``n_terms`` the strongest, and the others put together."""
    n = len(values)

    def one(i: int) -> Term:
        return Term(source, (first + i,), values[i], kernels[i], results[i])

    if n <= n_terms:
        return tuple(one(i) for i in range(n))
    order = torch.argsort(results.abs().reshape(n, -1).mean(dim=1), descending=True, stable=True).tolist()
    kept, others = order[: n_terms - 1], sorted(order[n_terms - 1 :])
    together = Term(source, tuple(first + i for i in others), None, None, results[others].sum(dim=0))
    return (*(one(i) for i in kept), together)


def _sum(
    maps: FeatureMaps, layer_id: str, channel: int, terms: tuple[Term, ...], bias: Tensor | None, formula: str
) -> ChannelDetail:
    return ChannelDetail(
        layer_id,
        maps.layer(layer_id).kind,
        channel,
        Operation.SUM,
        output_map(maps, layer_id, channel),
        terms,
        formula=formula if bias is not None else formula.removesuffix(" + bias"),
        bias=0.0 if bias is None else float(bias[channel]),
        has_bias=bias is not None,
        windows=input_windows(maps, layer_id, maps.layer(layer_id).inputs[0]),
    )
