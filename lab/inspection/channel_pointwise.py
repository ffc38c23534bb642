"""Maps made pixel by pixel from one map: activations, normalisation, softmax, and layers that only pass values on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from lab.inspection.channel import ChannelDetail, Operation, Term, input_windows, output_map
from lab.inspection.maps import FeatureMaps
from lab.inspection.windows import Windows
from lab.inspection.wiring import wires

_COPIES: dict[str, str] = {
    "Dropout": "y = x (dropout only acts while training)",
    "Dropout2d": "y = x (dropout only acts while training)",
    "Identity": "y = x",
    "Concat": "y = x (the maps of all inputs, one after the other)",
    "ZeroPad2d": "y = x, with zeros around it",
    "Flatten": "y = one pixel of one map",
}

# Activations that make a value of several channels, so that there is no curve of one number.
_ACROSS: dict[str, str] = {
    "Softmin": "y = exp(−x) / Σ exp(−all x)",
    "LogSoftmax": "y = x − log Σ exp(all x)",
    "GLU": "y = a · sigmoid(b), where a is channel {a} of the input and b is channel {b}",
}
# Of the channels that these read, the one of the same number is shown.
_READ_SEVERAL = frozenset({"GroupNorm", "Softmax", *_ACROSS})

N_CURVE_POINTS = 81


def take_apart(module: nn.Module, maps: FeatureMaps, layer_id: str, channel: int) -> ChannelDetail:
    """The detail of a layer that works pixel by pixel."""
    kind = maps.layer(layer_id).kind
    if kind == "Softmax":
        return _softmax(maps, layer_id, channel)
    if kind in _ACROSS:
        formula = _ACROSS[kind].format(a=channel, b=channel + maps.layer(layer_id).n_channels)
        return _from_one(maps, layer_id, channel, Operation.ACROSS, formula)
    if kind == "Flatten":
        return _flatten(maps, layer_id, channel)
    if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
        return _batch_norm(module, maps, layer_id, channel)
    if isinstance(module, nn.GroupNorm):
        return _group_norm(module, maps, layer_id, channel)
    if kind in _COPIES:
        return _from_one(maps, layer_id, channel, Operation.COPY, _COPIES[kind])
    term = _from_one(maps, layer_id, channel, Operation.CURVE, f"y = {kind}(x)")
    return _with_curve(module, maps, term)


def _from_one(
    maps: FeatureMaps,
    layer_id: str,
    channel: int,
    operation: Operation,
    formula: str,
    constants: dict[str, float] | None = None,
) -> ChannelDetail:
    """A map made of one map: which one, the wiring says."""
    source, source_channel = _only_source(maps, layer_id, channel)
    values = output_map(maps, source, source_channel)
    return ChannelDetail(
        layer_id,
        maps.layer(layer_id).kind,
        channel,
        operation,
        output_map(maps, layer_id, channel),
        (Term(source, (source_channel,), values),),
        formula=formula,
        windows=input_windows(maps, layer_id, source) or _in_place(values),
        constants=constants,
    )


def _only_source(maps: FeatureMaps, layer_id: str, channel: int) -> tuple[str, int]:
    for wire in wires(maps.spec, layer_id, maps.shapes):
        if len(wire.channels[channel]) > 0:
            of_several = maps.layer(layer_id).kind in _READ_SEVERAL
            return wire.source, channel if of_several else wire.channels[channel][0]
    raise IndexError(f"channel {channel} of {layer_id} reads nothing")


def _in_place(values: Tensor) -> Windows:
    return Windows(tuple((y,) for y in range(values.shape[0])), tuple((x,) for x in range(values.shape[1])))


def _with_curve(module: nn.Module, maps: FeatureMaps, detail: ChannelDetail) -> ChannelDetail:
    """The activation's graph over the values that reach it, asked of the layer itself (PReLU differs per channel)."""
    values = detail.terms[0].values
    if values is None:
        return detail
    low, high = float(values.min()), float(values.max())
    reach = max(abs(low), abs(high), 1e-3) if bool(torch.isfinite(values).all()) else 1.0
    x = torch.linspace(-reach, reach, N_CURVE_POINTS)
    n_channels = maps.layer(detail.layer_id).n_channels
    y = module(x.reshape(1, 1, 1, -1).expand(1, n_channels, 1, -1))[0, detail.channel, 0]
    curve = torch.stack([x, y], dim=1)
    return replace(detail, curve=curve)


def _batch_norm(
    module: nn.BatchNorm1d | nn.BatchNorm2d, maps: FeatureMaps, layer_id: str, channel: int
) -> ChannelDetail:
    constants = {"eps": float(module.eps), **_gamma_beta(module, channel)}
    if module.running_mean is not None and module.running_var is not None:
        mean, variance = module.running_mean, module.running_var
        constants |= {"mean": float(mean[channel]), "variance": float(variance[channel])}
        slope = constants["gamma"] / float(torch.sqrt(variance[channel] + module.eps))
        constants |= {"slope": slope, "offset": constants["beta"] - slope * constants["mean"]}
    formula = "y = γ · (x − mean) / √(variance + ε) + β"
    return _from_one(maps, layer_id, channel, Operation.AFFINE, formula, constants)


def _group_norm(module: nn.GroupNorm, maps: FeatureMaps, layer_id: str, channel: int) -> ChannelDetail:
    values = maps.layer(maps.layer(layer_id).inputs[0]).activation
    per_group = values.shape[0] // module.num_groups
    first = channel // per_group * per_group
    group = values[first : first + per_group]
    variance = group.var(correction=0)
    constants = {
        "eps": float(module.eps),
        **_gamma_beta(module, channel),
        "mean": float(group.mean()),
        "variance": float(variance),
    }
    constants["slope"] = constants["gamma"] / float(torch.sqrt(variance + module.eps))
    constants["offset"] = constants["beta"] - constants["slope"] * constants["mean"]
    formula = "y = γ · (x − mean of the group) / √(variance + ε) + β"
    return _from_one(maps, layer_id, channel, Operation.AFFINE, formula, constants)


def _gamma_beta(module: nn.BatchNorm1d | nn.BatchNorm2d | nn.GroupNorm, channel: int) -> dict[str, float]:
    gamma = 1.0 if module.weight is None else float(module.weight[channel])
    beta = 0.0 if module.bias is None else float(module.bias[channel])
    return {"gamma": gamma, "beta": beta}


def _flatten(maps: FeatureMaps, layer_id: str, channel: int) -> ChannelDetail:
    detail = _from_one(maps, layer_id, channel, Operation.COPY, _COPIES["Flatten"])
    values = detail.terms[0].values
    if values is None or values.numel() == 1:
        return detail
    y, x = divmod(channel % values.numel(), values.shape[1])
    return replace(detail, windows=Windows(((y,),), ((x,),)))


def _softmax(maps: FeatureMaps, layer_id: str, channel: int) -> ChannelDetail:
    values = maps.layer(maps.layer(layer_id).inputs[0]).activation
    constants: dict[str, float] = {}
    if values.ndim == 1:
        steps = softmax_steps(values)
        constants = {"exponential": float(steps.exponentials[channel]), "total": steps.total}
    return _from_one(maps, layer_id, channel, Operation.SOFTMAX, "y = exp(x) / Σ exp(all x)", constants)


@dataclass(frozen=True)
class SoftmaxSteps:
    """Softmax worked out: the exponentials, their total, the shares.

    The largest logit is taken off first: it changes no share and keeps the exponentials finite.
    """

    largest: float
    exponentials: Tensor
    total: float
    probabilities: Tensor


def softmax_steps(logits: Tensor) -> SoftmaxSteps:
    """Work out the softmax of a vector of logits, ``(K,)``."""
    logits = logits.float()
    exponentials = torch.exp(logits - logits.max())
    return SoftmaxSteps(float(logits.max()), exponentials, float(exponentials.sum()), torch.softmax(logits, dim=0))
