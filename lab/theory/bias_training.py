"""With and without a bias, trained side by side from the same weights on the same points.

Both arms are what ``nn.Linear`` computes, and take the same full-batch gradient steps. The arm with a bias starts at a
bias of zero, so at step 0 the two are the same function. Beside them stand the best values there are, found at once.
"""

from __future__ import annotations

from collections.abc import Callable
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
    """One of the two trainings: the fit at every step (0 is the start), and the best fit there is."""

    has_bias: bool
    steps: tuple[Fit, ...]
    best: Fit


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
    n_features = points.inputs.shape[1]
    weight = torch.randn(n_features, 1, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
    start = torch.cat([weight, torch.zeros(1, 1, dtype=torch.float64)]).repeat(1, 2)
    path = _descend(points, start, lr, n_steps)
    without, having = (_fits(points, path[:, :, arm]) for arm in (0, 1))
    return (
        Arm(has_bias=False, steps=without, best=best_fit(points, has_bias=False)),
        Arm(has_bias=True, steps=having, best=best_fit(points, has_bias=True)),
    )


def _descend(points: Points, start: Tensor, lr: float, n_steps: int) -> Tensor:
    """Full-batch gradient descent on both arms at once; the gradients are autograd's.

    Args:
        points: what is to be learned.
        start: ``(F + 1, 2)``, a column an arm: weights, and the bias in the last row.

    Returns:
        ``(n_steps + 1, F + 1, 2)``.
    """
    columns = _with_ones(points.inputs)
    learns = torch.ones_like(start)
    learns[-1, 0] = 0  # the arm without a bias
    theta = start.clone().requires_grad_()
    path = [start]
    for _ in range(n_steps):
        (gradient,) = torch.autograd.grad(objective(points, columns @ theta, theta[:-1]).sum(), theta)
        theta = (theta.detach() - lr * learns * gradient).requires_grad_()
        path.append(theta.detach())
    return torch.stack(path)


def data_losses(points: Points, answers: Tensor) -> Tensor:
    """Cross-entropy of the classes, or the mean squared error of the line.

    Args:
        points: what is to be learned.
        answers: ``(N, A)``, a column for each of A parameters.

    Returns:
        ``(A,)``.
    """
    measure: Callable[..., Tensor]
    measure = F.binary_cross_entropy_with_logits if points.task == "classes" else F.mse_loss
    return measure(answers, points.targets[:, None].expand_as(answers), reduction="none").mean(dim=0)


def objective(points: Points, answers: Tensor, weights: Tensor) -> Tensor:
    """What the steps make small: the loss, for classes plus ``DECAY / 2 * ‖w‖²``; the bias never decays.

    Args:
        points: what is to be learned.
        answers: ``(N, A)``.
        weights: ``(F, A)``, without the biases.

    Returns:
        ``(A,)``.
    """
    losses = data_losses(points, answers)
    return losses + DECAY / 2 * weights.square().sum(dim=0) if points.task == "classes" else losses


def _fits(points: Points, path: Tensor) -> tuple[Fit, ...]:
    """Say how good each of many parameters ``(S, F + 1)`` is."""
    answers = path @ _with_ones(points.inputs).T
    losses = data_losses(points, answers.T).tolist()
    accuracies: list[float | None] = [None] * len(path)
    if points.task == "classes":
        accuracies = ((answers > 0) == (points.targets > 0)).double().mean(dim=1).tolist()
    return tuple(
        Fit(tuple(row[:-1]), row[-1], loss, accuracy)
        for row, loss, accuracy in zip(path.tolist(), losses, accuracies, strict=True)
    )


def best_fit(points: Points, *, has_bias: bool) -> Fit:
    """Find the best weights there are: least squares for a line, Newton's method for classes."""
    columns = _with_ones(points.inputs) if has_bias else points.inputs
    if points.task == "line":
        solution = torch.linalg.lstsq(columns, points.targets[:, None]).solution[:, 0]
    else:
        solution = _newton(columns, points.targets, n_decaying=points.inputs.shape[1])
    found = solution if has_bias else torch.cat([solution, solution.new_zeros(1)])
    return _fits(points, found[None])[0]


def _with_ones(inputs: Tensor) -> Tensor:
    """The bias as one more weight, whose input is always 1."""
    return torch.cat([inputs, torch.ones(len(inputs), 1, dtype=inputs.dtype)], dim=1)


def _newton(columns: Tensor, targets: Tensor, *, n_decaying: int) -> Tensor:
    """Minimise cross-entropy plus decay by Newton's method, each step halved until it gets better.

    Source:
        Bishop, "Pattern Recognition and Machine Learning" (2006), section 4.3.3.
    """
    decay = torch.zeros(columns.shape[1], dtype=columns.dtype)
    decay[:n_decaying] = DECAY
    theta = torch.zeros_like(decay)
    for _ in range(NEWTON_STEPS):
        chance = torch.sigmoid(columns @ theta)
        gradient = columns.T @ (chance - targets) / len(targets) + decay * theta
        curvature = columns.T @ ((chance * (1 - chance))[:, None] * columns) / len(targets) + torch.diag(decay)
        step = torch.linalg.solve(curvature, gradient)
        theta = theta - step * _shortened(columns, targets, decay, theta, step)
        if gradient.abs().max() < 1e-12:
            break
    return theta


def _shortened(columns: Tensor, targets: Tensor, decay: Tensor, theta: Tensor, step: Tensor) -> float:
    def value(at: Tensor) -> float:
        loss = F.binary_cross_entropy_with_logits(columns @ at, targets)
        return float(loss + (decay * at.square()).sum() / 2)

    now, share = value(theta), 1.0
    while share > 1e-6 and value(theta - share * step) > now:
        share /= 2
    return share
