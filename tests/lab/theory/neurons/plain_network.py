"""An independent oracle: the same network written as a student would, with ``nn.Sequential`` and ``torch.optim``."""

from __future__ import annotations

import random
from typing import Any

import torch
from torch import Tensor, nn

from lab.theory.neurons.plane_spec import ACTIVATIONS, FEATURES, PlaneSpec

DATA = ("circle", "xor", "gauss", "spiral", "moons", "three_blobs", "three_spirals", "plane", "hills")


def random_spec(number: int) -> PlaneSpec:
    """A setting drawn from this number; printed by pytest when it fails."""
    draw = random.Random(number)
    layers = [
        {"n_neurons": draw.randint(1, 8), "activation": draw.choice(ACTIVATIONS)} for _ in range(draw.randint(0, 6))
    ]
    values: dict[str, Any] = {
        "data": draw.choice(DATA),
        "n_points": draw.randint(20, 60),
        "noise": draw.choice([0.0, 0.1, 0.5]),
        "test_share": draw.choice([0.1, 0.5]),
        "features": draw.sample(FEATURES, draw.randint(1, len(FEATURES))),
        "layers": layers,
        "bias": draw.random() < 0.7,
        "batch_norm": draw.random() < 0.3,
        "dropout": draw.choice([0.0, 0.0, 0.3]),
        "optimizer": draw.choice(["sgd", "momentum", "rmsprop", "adam"]),
        "lr": draw.choice([0.001, 0.01, 0.03]),
        "batch_size": draw.choice([2, 5, 10, 60]),
        "penalty": draw.choice(["none", "L1", "L2"]),
        "penalty_rate": draw.choice([0.001, 0.1]),
        "seed": draw.randint(0, 9999),
        "data_seed": draw.randint(0, 9999),
        "points": [[draw.uniform(-6, 6), draw.uniform(-6, 6), draw.randint(0, 2)] for _ in range(draw.randint(0, 2))],
    }
    return PlaneSpec.model_validate(values)


def plain_features(spec: PlaneSpec, points: Tensor) -> Tensor:
    a, b = points[:, 0], points[:, 1]
    columns = {
        "x1": a, "x2": b, "x1_squared": a * a, "x2_squared": b * b, "x1_x2": b * a,
        "sin_x1": torch.sin(a), "sin_x2": torch.sin(b),
    }  # fmt: skip
    return torch.stack([columns[name] for name in FEATURES if name in spec.features], dim=1)


def plain_network(spec: PlaneSpec) -> nn.Sequential:
    """Made under ``torch.manual_seed``, so with the weights that PyTorch itself gives."""
    torch.manual_seed(spec.seed)
    modules: list[nn.Module] = []
    n_in = len(set(spec.features))
    for layer in spec.layers:
        modules.append(nn.Linear(n_in, layer.n_neurons, bias=spec.bias))
        if spec.batch_norm:
            modules.append(nn.BatchNorm1d(layer.n_neurons))
        modules.append(getattr(nn, layer.activation)())
        modules.append(nn.Dropout(spec.dropout))
        n_in = layer.n_neurons
    return nn.Sequential(*modules, nn.Linear(n_in, spec.n_outputs, bias=spec.bias))


def plain_loss(spec: PlaneSpec) -> Any:
    if spec.is_regression:
        return lambda output, target: nn.MSELoss()(output[:, 0], target)
    if spec.n_classes == 2:
        return lambda output, target: nn.BCEWithLogitsLoss()(output[:, 0], target.float())
    return nn.CrossEntropyLoss()


def linears(network: nn.Sequential) -> list[nn.Linear]:
    return [module for module in network if isinstance(module, nn.Linear)]
