"""A straight line through points under MSE, MAE and Huber, and what one wild point does to each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import get_args

import torch
from torch import Tensor

from lab.errors import Code, LabError
from lab.theory.loss_names import LossSettings, ResidualName
from lab.theory.losses import residual_losses

Points = Sequence[tuple[float, float]]

# Ten measurements around y = 1 + 0.5 x, drawn once: noise of standard deviation 0.35, seed 7, rounded.
POINTS: tuple[tuple[float, float], ...] = (
    (0.5, 0.99),
    (1.5, 2.0),
    (2.5, 2.48),
    (3.5, 2.58),
    (4.5, 3.32),
    (5.5, 3.51),
    (6.5, 4.43),
    (7.5, 4.96),
    (8.5, 5.09),
    (9.5, 5.92),
)


@dataclass(frozen=True)
class LineFit:
    """The line ``y = slope * x + intercept`` with the smallest mean loss.

    Attributes:
        name: the loss.
        slope: of the line.
        intercept: of the line.
        value: the mean loss of all points.
        residuals: line − y at each point.
        pulls: how hard each point pulls at the line: the loss's slope at its residual, without a sign.
    """

    name: ResidualName
    slope: float
    intercept: float
    value: float
    residuals: tuple[float, ...]
    pulls: tuple[float, ...]


def fit_line(name: ResidualName, points: Points, settings: LossSettings) -> LineFit:
    """Find the line with the smallest mean loss over the points.

    MSE is solved by least squares. MAE's best line goes through two of the points (or as good a one does), so all pairs
    are tried. Huber and smooth L1 are smooth and convex: L-BFGS on torch's own loss, from the least-squares line.

    Args:
        name: the loss of a residual.
        points: at least 2, with at least two different x.
        settings: delta for Huber and smooth L1.

    Raises:
        LabError: INPUT, too few points, or a number that is not finite.

    Source:
        Bloomfield & Steiger, "Least Absolute Deviations" (1983), section 1.3: a best line through two points exists.

    Examples:
        >>> line = fit_line("mae", [(0, 0), (1, 1), (2, 2), (3, 99)], LossSettings())
        >>> line.slope, line.intercept
        (1.0, 0.0)
    """
    x, y = _checked(points)
    if name == "mse":
        line = _least_squares(x, y)
    elif name == "mae":
        line = _best_pair(x, y)
    else:
        line = _descend(x, y, settings)
    predictions = (line[0] * x + line[1]).requires_grad_()
    losses = residual_losses(name, predictions, y, settings)
    (pulls,) = torch.autograd.grad(losses.sum(), predictions)
    return LineFit(
        name=name,
        slope=float(line[0]),
        intercept=float(line[1]),
        value=float(losses.detach().mean()),
        residuals=tuple((predictions.detach() - y).tolist()),
        pulls=tuple(pulls.abs().tolist()),
    )


def fit_lines(points: Points, settings: LossSettings) -> tuple[LineFit, ...]:
    """One line for each loss of a number."""
    return tuple(fit_line(name, points, settings) for name in get_args(ResidualName))


def _checked(points: Points) -> tuple[Tensor, Tensor]:
    table = torch.tensor(points, dtype=torch.float64).reshape(-1, 2)
    if not table.isfinite().all():
        raise LabError(Code.INPUT, "a point has a coordinate that is not a number", where="points")
    if len(set(table[:, 0].tolist())) < 2:
        raise LabError(Code.INPUT, "a line needs points at two different x", where="points")
    return table[:, 0].clone(), table[:, 1].clone()


def _least_squares(x: Tensor, y: Tensor) -> Tensor:
    rows = torch.stack((x, torch.ones_like(x)), dim=1)
    solution: Tensor = torch.linalg.lstsq(rows, y).solution
    return solution


def _best_pair(x: Tensor, y: Tensor) -> Tensor:
    pairs = torch.tensor(list(combinations(range(len(x)), 2)))
    first, second = pairs[:, 0], pairs[:, 1]
    apart = x[first] != x[second]
    first, second = first[apart], second[apart]
    slopes = (y[second] - y[first]) / (x[second] - x[first])
    intercepts = y[first] - slopes * x[first]
    predictions = slopes[:, None] * x + intercepts[:, None]
    losses = residual_losses("mae", predictions, y.expand_as(predictions), LossSettings()).mean(dim=1)
    best = int(losses.argmin())
    return torch.stack((slopes[best], intercepts[best]))


def _descend(x: Tensor, y: Tensor, settings: LossSettings) -> Tensor:
    # Smooth L1 is Huber divided by delta (documentation of torch.nn.HuberLoss), so the best line is the same.
    return torch.tensor(_huber_line(tuple(x.tolist()), tuple(y.tolist()), settings.delta), dtype=torch.float64)


@lru_cache(maxsize=256)
def _huber_line(xs: tuple[float, ...], ys: tuple[float, ...], delta: float) -> tuple[float, float]:
    """Slope and intercept; kept, because two losses ask for the same line."""
    x, y, settings = (
        torch.tensor(xs, dtype=torch.float64),
        torch.tensor(ys, dtype=torch.float64),
        LossSettings(delta=delta),
    )
    # In centred x the slope and the height do not depend on each other, which spares L-BFGS most of its steps.
    middle = x.mean()
    line = _least_squares(x - middle, y).requires_grad_()
    solver = torch.optim.LBFGS(
        [line], max_iter=200, tolerance_grad=1e-12, tolerance_change=1e-15, line_search_fn="strong_wolfe"
    )

    def closure() -> Tensor:
        loss = residual_losses("huber", line[0] * (x - middle) + line[1], y, settings).mean()
        (line.grad,) = torch.autograd.grad(loss, line)
        return loss

    solver.step(closure)  # type: ignore[no-untyped-call]
    slope, height = line.tolist()
    return slope, height - slope * float(middle)
