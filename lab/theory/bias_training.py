"""With and without a bias, trained side by side from the same weights on the same points.

Both arms are what ``nn.Linear`` computes, and take the same full-batch gradient steps. The arm with a bias starts at a
bias of zero, so at step 0 the two are the same function. Beside them stand the best values there are, found at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from lab.theory.bias_fit import DECAY, Fit, Points, Task, best_fits, data_slopes, decay_of, fits_of, measure, with_ones


@dataclass(frozen=True, eq=False)
class Arm:
    """One of the two trainings.

    Attributes:
        path: ``(n_steps + 1, F + 1)`` weights and bias (last, 0 in the arm without one) at every step; 0 is the start.
        losses: ``(n_steps + 1,)`` as in :class:`Fit`.
        accuracies: ``(n_steps + 1,)``; ``None`` for a line.
        best: the best fit there is.
    """

    has_bias: bool
    path: Tensor
    losses: Tensor
    accuracies: Tensor | None
    best: Fit

    @property
    def steps(self) -> tuple[Fit, ...]:
        """The fit at every step."""
        return fits_of(self.path, self.losses, self.accuracies)


def train_both(points: Points, *, lr: float, n_steps: int, seed: int = 0) -> tuple[Arm, Arm]:
    """Train without and with a bias, from the same weights.

    Args:
        points: what is to be learned.
        lr: learning rate, above 0.
        n_steps: gradient steps on all points.
        seed: of the starting weights.

    Returns:
        The arm without a bias, the arm with one.
    """
    return train_many([points], lrs=[lr], n_steps=n_steps, seeds=[seed])[0]


def train_many(
    tasks: Sequence[Points], *, lrs: Sequence[float], n_steps: int, seeds: Sequence[int]
) -> list[tuple[Arm, Arm]]:
    """What :func:`train_both` gives for each of several settings, in the time of little more than one.

    Args:
        tasks: what is to be learned; all of one kind, with equally many points.
        lrs: a learning rate for each.
        n_steps: gradient steps, the same for all.
        seeds: of the starting weights, one for each.
    """
    task = tasks[0].task
    columns = torch.stack([with_ones(points.inputs) for points in tasks])
    targets = torch.stack([points.targets for points in tasks])
    start = torch.stack([_start(columns.shape[2] - 1, seed) for seed in seeds])
    rates = torch.tensor(lrs, dtype=torch.float64)[:, None, None]
    path = _descend(task, columns, targets, start, rates, n_steps)
    losses, accuracies = measure(task, columns, targets, path)
    arms = [
        [
            Arm(
                bool(arm),
                path[:, i, :, arm],
                losses[:, i, arm],
                None if task == "line" else accuracies[:, i, arm],
                best,
            )
            for i, best in enumerate(best_fits(task, columns, targets, has_bias=bool(arm)))
        ]
        for arm in (0, 1)
    ]
    return list(zip(*arms, strict=True))


def _start(n_features: int, seed: int) -> Tensor:
    """The first weights and a bias of zero, ``(F + 1, 2)``, a column an arm."""
    weight = torch.randn(n_features, 1, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
    return torch.cat([weight, torch.zeros(1, 1, dtype=torch.float64)]).repeat(1, 2)


def _descend(task: Task, columns: Tensor, targets: Tensor, start: Tensor, rates: Tensor, n_steps: int) -> Tensor:
    """Full-batch gradient descent on both arms of all settings at once.

    Args:
        task: the kind of all settings.
        columns: ``(B, N, F + 1)`` inputs, and ones for the bias.
        targets: ``(B, N)``.
        start: ``(B, F + 1, 2)``, a column an arm.
        rates: ``(B, 1, 1)``.
        n_steps: how many.

    Returns:
        ``(n_steps + 1, B, F + 1, 2)``.
    """
    rates = rates.repeat(1, start.shape[1], 2)
    rates[:, -1, 0] = 0  # the arm without a bias
    decay = decay_of(columns, DECAY if task == "classes" else 0.0)[:, None]
    rows, wanted = columns.mT.contiguous(), targets[..., None]
    theta, path = start, [start]
    for _ in range(n_steps):
        gradient = rows @ data_slopes(task, columns @ theta, wanted) + decay * theta
        theta = theta - rates * gradient
        path.append(theta)
    return torch.stack(path)
