"""Points to be learned, how good weights and a bias are on them, and the best there are.

What is trained on them step by step is in ``bias_training``.
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


def measure(task: Task, columns: Tensor, targets: Tensor, path: Tensor) -> tuple[Tensor, Tensor]:
    """Loss and share of right sides of each parameter: ``path`` is ``(..., B, F + 1, A)``, both are ``(..., B, A)``."""
    answers = columns @ path
    is_right = (answers > 0) == (targets[..., None] > 0)
    return data_losses(task, answers, targets.expand(answers.shape[:-1])), is_right.double().mean(dim=-2)


def fits_of(path: Tensor, losses: Tensor, accuracies: Tensor | None) -> tuple[Fit, ...]:
    """One fit for each row of a path."""
    shares = [None] * len(path) if accuracies is None else accuracies.tolist()
    rows = zip(path.tolist(), losses.tolist(), shares, strict=True)
    return tuple(Fit(tuple(row[:-1]), row[-1], loss, share) for row, loss, share in rows)


def decay_of(columns: Tensor, strength: float) -> Tensor:
    """The decay of each column's parameter; the last one's, the bias, never decays."""
    decay = columns.new_full((columns.shape[-1],), strength)
    decay[-1] = 0
    return decay


def best_fit(points: Points, *, has_bias: bool) -> Fit:
    """Find the best weights there are: least squares for a line, Newton's method for classes."""
    return best_fits(points.task, with_ones(points.inputs)[None], points.targets[None], has_bias=has_bias)[0]


def best_fits(task: Task, columns: Tensor, targets: Tensor, *, has_bias: bool) -> tuple[Fit, ...]:
    """The best fit of each of several settings; shapes as in :func:`_descend`."""
    used = columns if has_bias else columns[..., :-1]
    if task == "line":
        found = torch.linalg.lstsq(used, targets[..., None]).solution[..., 0]
    else:
        found = _newton(used, targets, decay_of(columns, DECAY)[: used.shape[-1]])
    full = found if has_bias else torch.cat([found, torch.zeros_like(found[:, :1])], dim=1)
    losses, accuracies = (part[:, 0] for part in measure(task, columns, targets, full[..., None]))
    return fits_of(full, losses, None if task == "line" else accuracies)


def with_ones(inputs: Tensor) -> Tensor:
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
