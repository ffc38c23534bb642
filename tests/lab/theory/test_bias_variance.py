"""Bias, variance and noise against numpy's fits, the closed form of least squares, and as a sum that is exact."""

from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
import pytest
import torch

from lab.theory.bias_variance import (
    MAX_DEGREE,
    MIN_POINTS,
    N_PLACES,
    TRUTHS,
    FitStudy,
    polynomial_basis,
    study_fits,
)


def random_study(seed: int) -> FitStudy:
    draw = random.Random(seed)
    truth = list(TRUTHS)[seed % 3]
    return study_fits(
        truth,
        noise=draw.uniform(0, 1),
        n_points=draw.randint(MIN_POINTS, 40),
        n_draws=draw.randint(1, 12),
        seed=seed,
    )


def test_the_parts_add_up_to_the_measured_error_in_500_random_settings() -> None:
    for seed in range(500):
        for row in random_study(seed).parts:
            total = row.bias_squared + row.variance + row.noise
            assert total == pytest.approx(row.test_error, rel=1e-9, abs=1e-12), f"seed {seed}, degree {row.degree}"


def test_every_fit_is_numpys_own_in_500_random_settings() -> None:
    for seed in range(500):
        study, degree = random_study(seed), seed % (MAX_DEGREE + 1)
        expected = np.polynomial.Chebyshev.fit(study.x.numpy(), study.draws[0].numpy(), degree, domain=[-1, 1])
        fit = study.fits[degree][0].numpy()
        np.testing.assert_allclose(fit, expected(study.places.numpy()), atol=1e-7, err_msg=f"seed {seed}")


def test_the_variance_is_the_one_of_the_theory_of_least_squares() -> None:
    """Var of a fit at a place is sigma² b (X'X)^-1 b'; 4,000 draws measure it to a few percent."""
    study = study_fits("wave", noise=0.5, n_points=20, n_draws=4000, seed=1)
    for degree in (0, 3, 9):
        basis, at = polynomial_basis(study.x, degree), polynomial_basis(study.places, degree)
        theory = 0.25 * torch.einsum("pi,ij,pj->p", at, torch.linalg.inv(basis.T @ basis), at).mean()
        assert study.parts[degree].variance == pytest.approx(float(theory), rel=0.05)


def test_the_bias_is_that_of_the_fit_without_noise() -> None:
    study, still = study_fits("step", noise=0.3, n_points=30, n_draws=4000), study_fits("step", noise=0.0, n_points=30)
    for degree in (0, 1, 4):
        assert study.parts[degree].bias_squared == pytest.approx(still.parts[degree].bias_squared, rel=0.02)
        assert still.parts[degree].variance == pytest.approx(0, abs=1e-20)


def test_a_cubic_has_no_bias_from_degree_three_on() -> None:
    parts = study_fits("cubic", noise=0.0, n_points=20).parts
    assert parts[2].bias_squared > 0.01
    assert all(row.bias_squared < 1e-20 for row in parts[3:])


def test_as_many_numbers_as_points_leave_no_error_on_the_points_and_much_on_new_ones() -> None:
    study = study_fits("wave", noise=0.5, n_points=MIN_POINTS)
    last = study.parts[MAX_DEGREE]
    assert last.train_error < 1e-20
    assert last.test_error > 2 * study.parts[study.best_degree].test_error


def test_the_training_error_only_falls_with_the_degree() -> None:
    for seed in range(30):
        errors = [row.train_error for row in random_study(seed).parts]
        assert all(after <= before + 1e-12 for before, after in pairwise(errors)), seed


def test_the_basis_is_legendres() -> None:
    x = torch.linspace(-1, 1, 9, dtype=torch.float64)
    for degree in range(MAX_DEGREE + 1):
        torch.testing.assert_close(
            polynomial_basis(x, degree), torch.from_numpy(np.polynomial.legendre.legvander(x.numpy(), degree))
        )


def test_a_draw_is_a_row_and_a_fit_has_a_value_at_every_place() -> None:
    study = study_fits("wave", noise=0.1, n_points=15, n_draws=7)
    assert study.draws.shape == (7, 15)
    assert {fits.shape for fits in study.fits} == {(7, N_PLACES)}
    assert [row.degree for row in study.parts] == list(range(MAX_DEGREE + 1))
