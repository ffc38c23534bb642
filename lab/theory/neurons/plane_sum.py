"""One neuron at one point, as arithmetic: weight times input, the sum, the bias, batch norm, the activation."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from lab.theory.neurons.plane_features import make_features
from lab.theory.neurons.plane_network import PlaneNetwork
from lab.theory.neurons.plane_responses import answers
from lab.theory.neurons.plane_spec import PlaneSpec


@dataclass(frozen=True)
class NormSum:
    """What batch norm makes of a neuron's sum after training: ``gamma · (total − mean) / deviation + beta``.

    Args:
        mean: of the neuron's sums, the running one.
        deviation: the root of their running variance, with batch norm's small number added.
        standard: (total − mean) / deviation.
        gamma, beta: what the neuron has learned; 1 and 0 at first.
        scaled: gamma · standard.
        value: what goes on to the activation.
    """

    mean: float
    deviation: float
    standard: float
    gamma: float
    scaled: float
    beta: float
    value: float


@dataclass(frozen=True)
class NeuronSum:
    """What one neuron computes at one point.

    Args:
        inputs: what reaches it: the features, or the layer before.
        weights: one for each input.
        products: weight · input.
        bias: its own number; ``None`` without one.
        total: the products' sum plus the bias.
        norm: what batch norm makes of it; ``None`` without.
        value: what it answers: after the activation; for the output the number, or its chance.
    """

    inputs: tuple[float, ...]
    weights: tuple[float, ...]
    products: tuple[float, ...]
    bias: float | None
    total: float
    norm: NormSum | None
    value: float


@torch.no_grad()
def neuron_sum(
    spec: PlaneSpec, network: PlaneNetwork, layer: int, neuron: int, point: tuple[float, float]
) -> NeuronSum:
    """Work out one neuron at one point; ``layer`` counts from 0, the output is the last.

    Raises:
        IndexError: there is no such neuron.
    """
    network.eval()
    features = make_features(torch.tensor([point], dtype=torch.float32), spec.inputs)
    values = [features, *network.layer_outputs(features)]
    linear = network.linear(layer)
    inputs, weights = values[layer][0], linear.weight[neuron]
    bias = None if linear.bias is None else float(linear.bias[neuron])
    total = linear(values[layer])
    is_output = layer == len(spec.layers)
    answer = answers(spec, values[-1]) if is_output else values[layer + 1]
    return NeuronSum(
        inputs=_floats(inputs),
        weights=_floats(weights),
        products=_floats(inputs * weights),
        bias=bias,
        total=float(total[0, neuron]),
        norm=None if is_output else _norm_sum(network.norms[layer], total, neuron),
        value=float(answer[0, neuron]),
    )


def _norm_sum(norm: nn.Module, total: Tensor, neuron: int) -> NormSum | None:
    if not isinstance(norm, nn.BatchNorm1d) or norm.running_mean is None or norm.running_var is None:
        return None
    mean, deviation = norm.running_mean[neuron], (norm.running_var[neuron] + norm.eps).sqrt()
    standard = (total[0, neuron] - mean) / deviation
    return NormSum(
        mean=float(mean),
        deviation=float(deviation),
        standard=float(standard),
        gamma=float(norm.weight[neuron]),
        scaled=float(norm.weight[neuron] * standard),
        beta=float(norm.bias[neuron]),
        value=float(norm(total)[0, neuron]),
    )


def _floats(values: Tensor) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
