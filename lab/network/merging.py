"""The two modules that PyTorch has no class for: the joints where branches meet."""

from __future__ import annotations

import torch
from torch import nn


class Add(nn.Module):
    """Sum of tensors of equal shape."""

    def forward(self, *branches: torch.Tensor) -> torch.Tensor:
        """Add up ``(N, C, H, W)`` or ``(N, F)`` tensors, value by value, in order."""
        total = branches[0]
        for branch in branches[1:]:
            total = total + branch  # not in place: the branches are shown to the learner afterwards
        return total


class Concat(nn.Module):
    """Concatenation along the channel axis."""

    def forward(self, *branches: torch.Tensor) -> torch.Tensor:
        """Join ``(N, C_i, H, W)`` tensors to ``(N, sum C_i, H, W)``."""
        return torch.cat(branches, dim=1)
