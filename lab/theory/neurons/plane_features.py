"""What can be fed in for a point of the plane: its two numbers, and five numbers made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

import torch
from torch import Tensor

from lab.theory.neurons.plane_spec import FeatureName

_MADE: Mapping[FeatureName, Callable[[Tensor, Tensor], Tensor]] = MappingProxyType(
    {
        "x1": lambda x1, x2: x1,
        "x2": lambda x1, x2: x2,
        "x1_squared": lambda x1, x2: x1.square(),
        "x2_squared": lambda x1, x2: x2.square(),
        "x1_x2": lambda x1, x2: x1 * x2,
        "sin_x1": lambda x1, x2: x1.sin(),
        "sin_x2": lambda x1, x2: x2.sin(),
    }
)


def make_features(points: Tensor, names: Iterable[FeatureName]) -> Tensor:
    """Compute the inputs of a network.

    Args:
        points: shape (N, 2), the two numbers x1 and x2 of each point.
        names: which inputs, in this order.

    Returns:
        Shape (N, number of names).

    Examples:
        >>> make_features(torch.tensor([[2.0, 3.0]]), ("x2", "x1_squared", "x1_x2")).tolist()
        [[3.0, 4.0, 6.0]]
    """
    x1, x2 = points.unbind(1)
    return torch.stack([_MADE[name](x1, x2) for name in names], dim=1)
