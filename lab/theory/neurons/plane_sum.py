"""One neuron at one point, as arithmetic: each weight times its input, the sum, the bias, the activation."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from lab.theory.neurons.plane_features import make_features
from lab.theory.neurons.plane_network import PlaneNetwork
from lab.theory.neurons.plane_responses import answers
from lab.theory.neurons.plane_spec import PlaneSpec


@dataclass(frozen=True)
class NeuronSum:
    """What one neuron computes at one point.

    Args:
        inputs: what reaches it: the features, or the layer before.
        weights: one for each input.
        products: weight · input.
        bias: its own number; ``None`` without one.
        total: the products' sum plus the bias.
        normed: after batch norm with its running statistics; ``None`` without.
        value: what it answers: after the activation; for the output the number, or its chance.
    """

    inputs: tuple[float, ...]
    weights: tuple[float, ...]
    products: tuple[float, ...]
    bias: float | None
    total: float
    normed: float | None
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
        normed=None if is_output else _normed(network.norms[layer], total, neuron),
        value=float(answer[0, neuron]),
    )


def _normed(norm: nn.Module, total: Tensor, neuron: int) -> float | None:
    return None if isinstance(norm, nn.Identity) else float(norm(total)[0, neuron])


def _floats(values: Tensor) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
