"""Fitted lines against numpy and scipy, and what a wild point does."""

import math
import random

import numpy as np
import pytest
from scipy.optimize import linprog

from lab.errors import LabError
from lab.theory.line_fit import POINTS, fit_line, fit_lines
from lab.theory.loss_names import LossSettings

N_CASES = 500


def random_points(draw):
    slope, height = draw.uniform(-2, 2), draw.uniform(-3, 3)
    points = [(x + 0.5, height + slope * x + draw.gauss(0, 0.5)) for x in range(draw.randint(3, 9))]
    return [*points, (draw.uniform(0, 10), draw.uniform(-15, 15))]


def huber_loss(points, slope, intercept, delta):
    distances = [abs(slope * x + intercept - y) for x, y in points]
    return sum(d * d / 2 if d < delta else delta * (d - delta / 2) for d in distances) / len(points)


def test_least_squares_is_numpys_polyfit():
    draw = random.Random("mse")
    for _ in range(N_CASES):
        points = random_points(draw)
        found = fit_line("mse", points, LossSettings())
        expected = np.polyfit(*np.array(points).T, 1)
        assert (found.slope, found.intercept) == pytest.approx(tuple(expected), rel=1e-7, abs=1e-9), points


def test_least_absolute_deviations_are_a_linear_programs():
    """Minimise the sum of t with −t ≤ slope·x + intercept − y ≤ t, solved by scipy's HiGHS."""
    draw = random.Random("mae")
    for _ in range(120):
        points = random_points(draw)
        x, y = np.array(points).T
        rows = np.column_stack((x, np.ones_like(x)))
        above = np.hstack((rows, -np.eye(len(x))))
        below = np.hstack((-rows, -np.eye(len(x))))
        bounds = [(None, None)] * 2 + [(0, None)] * len(x)
        cost = [0, 0, *[1 / len(x)] * len(x)]
        answer = linprog(cost, A_ub=np.vstack((above, below)), b_ub=np.concatenate((y, -y)), bounds=bounds)
        assert fit_line("mae", points, LossSettings()).value == pytest.approx(answer.fun, rel=1e-7, abs=1e-9), points


def test_the_huber_line_has_no_slope_left_and_no_better_neighbour():
    draw = random.Random("huber")
    for _ in range(N_CASES):
        points, delta = random_points(draw), draw.uniform(0.2, 3)
        found = fit_line("huber", points, LossSettings(delta=delta))
        assert found.value == pytest.approx(huber_loss(points, found.slope, found.intercept, delta), rel=1e-9)
        pull = [max(-delta, min(delta, found.slope * x + found.intercept - y)) / len(points) for x, y in points]
        assert sum(pull) == pytest.approx(0, abs=1e-6), (points, delta)
        assert sum(p * x for p, (x, _) in zip(pull, points, strict=True)) == pytest.approx(0, abs=1e-5), (points, delta)


def test_smooth_l1_and_huber_draw_the_same_line():
    """They differ by the factor δ only (the documentation of torch.nn.HuberLoss)."""
    points = [*POINTS, (8.0, -6.0)]
    huber, smooth = (fit_line(name, points, LossSettings(delta=0.5)) for name in ("huber", "smooth-l1"))
    assert (huber.slope, huber.intercept) == pytest.approx((smooth.slope, smooth.intercept), abs=1e-6)
    assert huber.value == pytest.approx(0.5 * smooth.value)


def test_one_wild_point_bends_the_squares_and_not_the_distances():
    calm = {line.name: line for line in fit_lines(POINTS, LossSettings())}
    wild = {line.name: line for line in fit_lines([*POINTS, (9.0, -8.0)], LossSettings())}
    moved = {name: abs(wild[name].slope - calm[name].slope) for name in calm}
    assert moved["mse"] > 0.3
    assert moved["mae"] < 0.03
    assert moved["mae"] < moved["huber"] < moved["mse"]


def test_from_some_place_on_a_wilder_point_changes_nothing_for_mae():
    there, further = (fit_line("mae", [*POINTS, (9.0, y)], LossSettings()) for y in (-8.0, -1000.0))
    assert (there.slope, there.intercept) == (further.slope, further.intercept)


def test_the_pull_of_a_point_is_the_slope_of_its_loss():
    found = fit_line("huber", [*POINTS, (9.0, -8.0)], LossSettings(delta=1.0))
    assert found.pulls[-1] == 1.0
    assert max(found.pulls) == 1.0


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        ([(0.0, math.nan), (1.0, 1.0)], "a point has a coordinate that is not a number"),
        ([(1.0, 1.0), (1.0, 2.0)], "a line needs points at two different x"),
        ([], "a line needs points at two different x"),
    ],
)
def test_points_without_a_line_are_refused(points, sentence):
    with pytest.raises(LabError, match=sentence):
        fit_line("mse", points, LossSettings())
