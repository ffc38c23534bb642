"""With and without a bias, trained side by side from the same weights on the same points.

Both arms are what ``nn.Linear`` computes, and take the same full-batch gradient steps. The arm with a bias starts at a
bias of zero, so at step 0 the two are the same function. Beside them stand the best values there are, found at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor

from lab.theory.bias import two_clouds

Task = Literal["classes", "line"]

# Without it the weights of a perfect classifier would grow for ever, and there would be no best value to compare with.
DECAY = 0.01
NEWTON_STEPS = 50
FLAT = 1e-11  # a gradient below is that of the minimum
ROUNDING = 1e-13


@dataclass(frozen=True, eq=False)
class Points:
    """What is to be learned.

    Attributes:
        task: ``"classes"``, two clouds with labels 0 and 1; ``"line"``, numbers y over x.
        inputs: ``(N, F)`` double, F = 2 for classes and 1 for a line.
        targets: ``(N,)`` double.
    """

    task: Task
    inputs: Tensor
    targets: Tensor


@dataclass(frozen=True)
class Fit:
    """Weights and bias, and how good they are on the points.

    Attributes:
        weight: ``(F,)``.
        bias: 0 in the arm without one.
        loss: what is minimised: cross-entropy or mean squared error; for classes the weight decay comes on top.
        accuracy: share of points on the right side; ``None`` for a line.
    """

    weight: tuple[float, ...]
    bias: float
    loss: float
    accuracy: float | None


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
        return _fits(self.path, self.losses, self.accuracies)


def cloud_task(shift: float, *, spread: float = 0.5, n_points: int = 60, seed: int = 0) -> Points:
    """Two clouds whose middle lies ``shift`` away from the origin; see :func:`lab.theory.bias.two_clouds`."""
    points, labels = two_clouds(shift, n_points=n_points, spread=spread, seed=seed)
    return Points("classes", points, labels)


def line_task(intercept: float, *, slope: float = 0.8, noise: float = 0.5, n_points: int = 60, seed: int = 0) -> Points:
    """Noisy points around the line ``y = intercept + slope * x``, x evenly from -1 to 3.

    Examples:
        >>> points = line_task(2.0, noise=0.0, n_points=3)
        >>> [round(y, 6) for y in points.targets.tolist()]
        [1.2, 2.8, 4.4]
    """
    generator = torch.Generator().manual_seed(seed)
    x = torch.linspace(-1, 3, n_points, dtype=torch.float64)
    y = intercept + slope * x + noise * torch.randn(n_points, generator=generator, dtype=torch.float64)
    return Points("line", x[:, None], y)


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
    columns = torch.stack([_with_ones(points.inputs) for points in tasks])
    targets = torch.stack([points.targets for points in tasks])
    start = torch.stack([_start(columns.shape[2] - 1, seed) for seed in seeds])
    rates = torch.tensor(lrs, dtype=torch.float64)[:, None, None]
    path = _descend(task, columns, targets, start, rates, n_steps)
    losses, accuracies = _measure(task, columns, targets, path)
    arms = [
        [
            Arm(
                bool(arm),
                path[:, i, :, arm],
                losses[:, i, arm],
                None if task == "line" else accuracies[:, i, arm],
                best,
            )
            for i, best in enumerate(_best_fits(task, columns, targets, has_bias=bool(arm)))
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
    decay = _decay(columns, DECAY if task == "classes" else 0.0)[:, None]
    rows, wanted = columns.mT.contiguous(), targets[..., None]
    theta, path = start, [start]
    for _ in range(n_steps):
        gradient = rows @ data_slopes(task, columns @ theta, wanted) + decay * theta
        theta = theta - rates * gradient
        path.append(theta)
    return torch.stack(path)


def _decay(columns: Tensor, strength: float) -> Tensor:
    """The decay of each column's parameter; the last one's, the bias, never decays."""
    decay = columns.new_full((columns.shape[-1],), strength)
    decay[-1] = 0
    return decay


def data_losses(task: Task, answers: Tensor, targets: Tensor) -> Tensor:
    """Cross-entropy of the classes, or the mean squared error of the line.

    Args:
        task: which of the two.
        answers: ``(..., N, A)``, a column for each of A parameters.
        targets: ``(..., N)``.

    Returns:
        ``(..., A)``.
    """
    measure: Callable[..., Tensor]
    measure = F.binary_cross_entropy_with_logits if task == "classes" else F.mse_loss
    return measure(answers, targets[..., None].expand_as(answers), reduction="none").mean(dim=-2)


def data_slopes(task: Task, answers: Tensor, targets: Tensor) -> Tensor:
    """The gradient of :func:`data_losses` for the answers; here by formula, as autograd takes three times as long.

    Args:
        task: which loss.
        answers: ``(..., N, A)``.
        targets: ``(..., N, 1)``.

    Returns:
        ``(..., N, A)``.
    """
    gap = torch.sigmoid(answers) - targets if task == "classes" else 2 * (answers - targets)
    return gap / answers.shape[-2]


def _measure(task: Task, columns: Tensor, targets: Tensor, path: Tensor) -> tuple[Tensor, Tensor]:
    """Loss and share of right sides of each parameter: ``path`` is ``(..., B, F + 1, A)``, both are ``(..., B, A)``."""
    answers = columns @ path
    is_right = (answers > 0) == (targets[..., None] > 0)
    return data_losses(task, answers, targets.expand(answers.shape[:-1])), is_right.double().mean(dim=-2)


def _fits(path: Tensor, losses: Tensor, accuracies: Tensor | None) -> tuple[Fit, ...]:
    """One fit for each row of a path."""
    shares = [None] * len(path) if accuracies is None else accuracies.tolist()
    rows = zip(path.tolist(), losses.tolist(), shares, strict=True)
    return tuple(Fit(tuple(row[:-1]), row[-1], loss, share) for row, loss, share in rows)


def best_fit(points: Points, *, has_bias: bool) -> Fit:
    """Find the best weights there are: least squares for a line, Newton's method for classes."""
    return _best_fits(points.task, _with_ones(points.inputs)[None], points.targets[None], has_bias=has_bias)[0]


def _best_fits(task: Task, columns: Tensor, targets: Tensor, *, has_bias: bool) -> tuple[Fit, ...]:
    """The best fit of each of several settings; shapes as in :func:`_descend`."""
    used = columns if has_bias else columns[..., :-1]
    if task == "line":
        found = torch.linalg.lstsq(used, targets[..., None]).solution[..., 0]
    else:
        found = _newton(used, targets, _decay(columns, DECAY)[: used.shape[-1]])
    full = found if has_bias else torch.cat([found, torch.zeros_like(found[:, :1])], dim=1)
    losses, accuracies = (part[:, 0] for part in _measure(task, columns, targets, full[..., None]))
    return _fits(full, losses, None if task == "line" else accuracies)


def _with_ones(inputs: Tensor) -> Tensor:
    """The bias as one more weight, whose input is always 1."""
    return torch.cat([inputs, torch.ones(len(inputs), 1, dtype=inputs.dtype)], dim=1)


def _newton(columns: Tensor, targets: Tensor, decay: Tensor) -> Tensor:
    """Minimise cross-entropy plus decay by Newton's method, each step halved until it gets better.

    Args:
        columns: ``(B, N, P)``.
        targets: ``(B, N)``.
        decay: ``(P,)``.

    Returns:
        ``(B, P)``.

    Source:
        Bishop, "Pattern Recognition and Machine Learning" (2006), section 4.3.3.
    """
    rows = columns.mT.contiguous()
    theta = torch.zeros(len(columns), columns.shape[2], dtype=columns.dtype)
    for _ in range(NEWTON_STEPS):
        answers = columns @ theta[..., None]
        gradient = (rows @ data_slopes("classes", answers, targets[..., None]))[..., 0] + decay * theta
        if gradient.abs().max() < FLAT:
            break
        chance = torch.sigmoid(answers)
        curvature = rows @ (chance * (1 - chance) * columns) / targets.shape[1] + torch.diag(decay)
        step = torch.linalg.solve(curvature, gradient)
        theta = theta - _shortened(columns, targets, decay, theta, step)
    return theta


def _shortened(columns: Tensor, targets: Tensor, decay: Tensor, theta: Tensor, step: Tensor) -> Tensor:
    """Each setting's step, halved as often as it takes not to make the sum larger by more than rounding does."""

    def value(at: Tensor) -> Tensor:
        return data_losses("classes", columns @ at[..., None], targets)[:, 0] + (decay * at.square()).sum(dim=1) / 2

    now, share = value(theta), torch.ones(len(theta), 1, dtype=theta.dtype)
    while share.min() > 1e-6 and (is_worse := value(theta - share * step) > now + ROUNDING).any():
        share = torch.where(is_worse[:, None], share / 2, share)
    return share * step
