"""Bias and variance of polynomial fits, measured: the same curve fitted to new noisy points again and again.

What a fit gets wrong on new points has three parts, and they add up::

    mean (y - fit)² = (mean fit - truth)² + mean (fit - mean fit)² + mean (y - truth)²
                    =       bias²         +        variance       +       noise

None of the three comes from a formula about noise: all are averages over the fits and test points that were drawn.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

Truth = Literal["wave", "cubic", "step"]

MAX_DEGREE = 12
MIN_POINTS = MAX_DEGREE + 1  # from here on every degree has one best fit
N_PLACES = 81  # where fits are judged, evenly from -1 to 1
N_TARGETS = 20  # noisy test values at each place, each met by every fit

TRUTHS: dict[Truth, Callable[[Tensor], Tensor]] = {
    "wave": lambda x: torch.sin(math.pi * 1.5 * x),
    "cubic": lambda x: 2 * x**3 - x,
    "step": lambda x: torch.where(x < 0, -0.8, 0.8).to(x.dtype),
}


@dataclass(frozen=True, eq=False)
class Decomposition:
    """The parts of the error of one degree, averaged over all places.

    Attributes:
        degree: of the polynomial; it has ``degree + 1`` numbers to learn.
        bias_squared: how far the mean of all fits is from the truth, squared.
        variance: how far single fits are from their mean, squared.
        noise: how far test values are from the truth, squared: what no fit can avoid.
        test_error: mean squared error of all fits on all test values, measured on its own, not by adding up.
        train_error: mean squared error on the points that were fitted.
    """

    degree: int
    bias_squared: float
    variance: float
    noise: float
    test_error: float
    train_error: float


@dataclass(frozen=True, eq=False)
class FitStudy:
    """Fits of every degree to many draws of noisy points.

    Attributes:
        x: ``(n,)`` where the points are, the same in every draw.
        draws: ``(R, n)`` their noisy values, one draw a row.
        places: ``(P,)`` where fits are judged.
        truth: ``(P,)`` the curve without noise.
        fits: for each degree ``(R, P)`` the fitted curves.
        parts: one row per degree, 0 to ``MAX_DEGREE``.
    """

    x: Tensor
    draws: Tensor
    places: Tensor
    truth: Tensor
    fits: tuple[Tensor, ...]
    parts: tuple[Decomposition, ...]

    @property
    def best_degree(self) -> int:
        """The degree with the smallest test error."""
        return min(self.parts, key=lambda row: row.test_error).degree


def study_fits(truth: Truth, *, noise: float, n_points: int, n_draws: int = 100, seed: int = 0) -> FitStudy:
    """Draw noisy points again and again, fit every degree to each draw, and take the error apart.

    Args:
        truth: the curve behind the points.
        noise: standard deviation of the noise, at least 0.
        n_points: points in a draw, at least ``MIN_POINTS``; evenly from -1 to 1.
        n_draws: how often points are drawn, at least 1.
        seed: same seed, same noise.

    Source:
        Geman, Bienenstock & Doursat, "Neural Networks and the Bias/Variance Dilemma", Neural Computation 4 (1992),
        section 3.2.

    Examples:
        >>> study = study_fits("cubic", noise=0.3, n_points=20)
        >>> study.parts[3].bias_squared < 0.001 < study.parts[1].bias_squared
        True
    """
    generator = torch.Generator().manual_seed(seed)
    x = torch.linspace(-1, 1, n_points, dtype=torch.float64)
    draws = TRUTHS[truth](x) + noise * _normal(n_draws, n_points, generator)
    places = torch.linspace(-1, 1, N_PLACES, dtype=torch.float64)
    curve = TRUTHS[truth](places)
    targets = _test_targets(curve, noise, generator)
    basis, shown = polynomial_basis(x, MAX_DEGREE), polynomial_basis(places, MAX_DEGREE)
    fitted = [_fit(basis[:, :n], shown[:, :n], draws) for n in range(1, MAX_DEGREE + 2)]
    parts = tuple(
        _decompose(degree, fits, curve, targets, train_error) for degree, (fits, train_error) in enumerate(fitted)
    )
    return FitStudy(x, draws, places, curve, tuple(fits for fits, _ in fitted), parts)


def polynomial_basis(x: Tensor, degree: int) -> Tensor:
    """Legendre polynomials 0 to ``degree``: the same fits as powers of x, but without their rounding errors.

    Args:
        x: ``(n,)`` from -1 to 1.

    Returns:
        ``(n, degree + 1)``.

    Source:
        Bonnet's recursion, ``(k + 1) P[k+1] = (2 k + 1) x P[k] - k P[k-1]``.

    Examples:
        >>> polynomial_basis(torch.tensor([0.5]), 2).tolist()
        [[1.0, 0.5, -0.125]]
    """
    columns = [torch.ones_like(x), x]
    for k in range(1, degree):
        columns.append(((2 * k + 1) * x * columns[k] - k * columns[k - 1]) / (k + 1))
    return torch.stack(columns[: degree + 1], dim=1)


def _fit(basis: Tensor, shown: Tensor, draws: Tensor) -> tuple[Tensor, float]:
    """Least squares for all draws at once: the curves ``(R, P)``, and the error on the points that were fitted.

    Args:
        basis, shown: the polynomials at the points ``(n, degree + 1)``, and at the places of the curves.
        draws: ``(R, n)``.
    """
    coefficients = torch.linalg.lstsq(basis, draws.T).solution
    train_error = float((basis @ coefficients - draws.T).square().mean())
    return (shown @ coefficients).T, train_error


def _test_targets(curve: Tensor, noise: float, generator: torch.Generator) -> Tensor:
    """Noisy values ``(T, P)``; each comes with its mirror image, so that their mean is the truth to rounding."""
    half = noise * _normal(N_TARGETS // 2, len(curve), generator)
    return curve + torch.cat([half, -half])


def _decompose(degree: int, fits: Tensor, curve: Tensor, targets: Tensor, train_error: float) -> Decomposition:
    mean = fits.mean(dim=0)
    return Decomposition(
        degree=degree,
        bias_squared=float((mean - curve).square().mean()),
        variance=float((fits - mean).square().mean()),
        noise=float((targets - curve).square().mean()),
        test_error=_mean_square_of_all_pairs(fits, targets),
        train_error=train_error,
    )


def _mean_square_of_all_pairs(fits: Tensor, targets: Tensor) -> float:
    """Every fit against every test value of its place: ``(R, P)`` and ``(T, P)`` give R * T * P squares."""
    total = torch.zeros((), dtype=fits.dtype)
    for target in targets:
        total += (fits - target).square().mean()
    return float(total / len(targets))


def _normal(rows: int, columns: int, generator: torch.Generator) -> Tensor:
    return torch.randn(rows, columns, generator=generator, dtype=torch.float64)
