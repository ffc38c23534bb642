"""What counts as wrong on the plane: cross-entropy for classes, squared error for numbers; and what weights cost."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from lab.theory.neurons.plane_data import PlanePoints
from lab.theory.neurons.plane_features import make_features
from lab.theory.neurons.plane_network import PlaneNetwork
from lab.theory.neurons.plane_spec import PlaneSpec


@dataclass(frozen=True)
class Score:
    """How a network does on some points.

    Args:
        loss: mean loss per point, without the penalty; ``None`` where there are no points.
        accuracy: share of points given their own class, 0-1; ``None`` for a regression or without points.
    """

    loss: float | None
    accuracy: float | None


def output_loss(spec: PlaneSpec, output: Tensor, target: Tensor) -> Tensor:
    """The mean loss of a batch: ``nn.MSELoss``, ``nn.BCEWithLogitsLoss`` (two classes) or ``nn.CrossEntropyLoss``.

    Two classes need only one output: its sigmoid is the chance of class 1, and the cross-entropy of the two chances is
    the binary one.

    Args:
        spec: decides which.
        output: shape (N, outputs), as the network gives it.
        target: shape (N,), classes or numbers.
    """
    if spec.is_regression:
        return nn.functional.mse_loss(output.squeeze(1), target)
    if spec.n_outputs == 1:
        return nn.functional.binary_cross_entropy_with_logits(output.squeeze(1), target.to(output.dtype))
    return nn.functional.cross_entropy(output, target)


def penalty(spec: PlaneSpec, network: PlaneNetwork) -> Tensor:
    """What the weights cost: L1 is rate · Σ|w|, L2 is rate / 2 · Σw², over all weights and no bias.

    Its gradient is rate · sign(w) and rate · w: L1 pulls every weight to exactly 0 at the same speed, L2 the large ones
    most.
    """
    if spec.penalty == "L1":
        return spec.penalty_rate * torch.stack([weight.abs().sum() for weight in network.weights]).sum()
    if spec.penalty == "L2":
        return spec.penalty_rate / 2 * torch.stack([weight.square().sum() for weight in network.weights]).sum()
    return torch.zeros(())


def is_right(spec: PlaneSpec, output: Tensor, target: Tensor) -> Tensor:
    """Whether each point is given its own class; shape (N,)."""
    said = output.argmax(dim=1) if spec.n_outputs > 1 else (output.squeeze(1) > 0).long()
    return said == target


@torch.no_grad()
def score(spec: PlaneSpec, network: PlaneNetwork, points: PlanePoints) -> Score:
    """Measure loss and accuracy, with nothing dropped and batch norm's running statistics."""
    if not len(points):
        return Score(None, None)
    network.eval()
    output = network(make_features(points.points, spec.inputs))
    loss = float(output_loss(spec, output, points.target))
    return Score(loss, None if spec.is_regression else float(is_right(spec, output, points.target).float().mean()))
