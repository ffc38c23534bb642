"""The surfaces against plain Python, their gradients against finite differences, their lowest points against search."""

import math
import random

import pytest
import torch

from lab.theory.surface_names import SURFACES
from lab.theory.surfaces import HOURS, PASSED, all_curvatures, curvatures, surface_gradient, surface_grid, surface_loss

N_POINTS = 500


def in_plain_python(name, x, y):
    if name in ("logistic", "neuron"):
        p = [1 / (1 + math.exp(-(x * h + y))) for h in HOURS.tolist()]
        pairs = list(zip(p, PASSED.tolist(), strict=True))
        if name == "neuron":
            return sum((a - b) ** 2 for a, b in pairs) / len(pairs)
        return -sum(math.log(a if b else 1 - a) for a, b in pairs) / len(pairs)
    return {
        "bowl": 0.5 * (x * x + y * y),
        "valley": 0.5 * (x * x + 30 * y * y),
        "saddle": 0.5 * x * x - 0.5 * y * y + y**4 / 16,
        "rosenbrock": (1 - x) ** 2 + 100 * (y - x * x) ** 2,
        "beale": sum((c - x + x * y**k) ** 2 for k, c in ((1, 1.5), (2, 2.25), (3, 2.625))),
    }[name]


def random_point(draw, row):
    return draw.uniform(*row.x_range), draw.uniform(*row.y_range)


@pytest.mark.parametrize("name", SURFACES)
def test_a_surface_is_its_formula(name):
    draw = random.Random(f"surface {name}")
    points = [random_point(draw, SURFACES[name]) for _ in range(N_POINTS)]
    found = surface_loss(name, torch.tensor(points, dtype=torch.float64)).tolist()
    for (x, y), value in zip(points, found, strict=True):
        assert value == pytest.approx(in_plain_python(name, x, y), rel=1e-9, abs=1e-12), (x, y)


@pytest.mark.parametrize("name", SURFACES)
def test_a_gradient_is_the_slope(name):
    draw = random.Random(f"slope {name}")
    for _ in range(100):
        x, y = random_point(draw, SURFACES[name])
        h = 1e-5
        across = (in_plain_python(name, x + h, y) - in_plain_python(name, x - h, y)) / (2 * h)
        along = (in_plain_python(name, x, y + h) - in_plain_python(name, x, y - h)) / (2 * h)
        assert surface_gradient(name, (x, y)) == pytest.approx((across, along), rel=1e-4, abs=1e-5), (x, y)


@pytest.mark.parametrize("name", SURFACES)
def test_nothing_shown_is_lower_than_the_lowest(name):
    row = SURFACES[name]
    grid = surface_grid(name, 240, 200)
    assert grid.shape == (200, 240)
    assert float(grid.min()) >= row.lowest - 1e-9
    assert float(grid.min()) - row.lowest < 0.02 * float(grid.max() - grid.min())


@pytest.mark.parametrize(
    ("name", "place"), [("rosenbrock", (1.0, 1.0)), ("beale", (3.0, 0.5)), ("saddle", (0.0, 2.0)), ("bowl", (0.0, 0.0))]
)
def test_the_published_minimum_is_one(name, place):
    assert surface_gradient(name, place) == pytest.approx((0, 0), abs=1e-9)
    assert in_plain_python(name, *place) == pytest.approx(SURFACES[name].lowest, abs=1e-12)
    assert curvatures(name, place)[0] > 0


def test_the_middle_of_the_saddle_goes_up_one_way_and_down_the_other():
    assert curvatures("saddle", (0.0, 0.0)) == pytest.approx((-1, 1))


@pytest.mark.parametrize("name", SURFACES)
def test_many_curvatures_are_each_points_own_hessians(name):
    draw = random.Random(f"curvature {name}")
    points = tuple(random_point(draw, SURFACES[name]) for _ in range(80))
    for point, found in all_curvatures(name, points).items():
        place = torch.tensor(point, dtype=torch.float64)
        hessian = torch.autograd.functional.hessian(lambda at: surface_loss(name, at), place)
        assert found == pytest.approx(torch.linalg.eigvalsh(hessian).tolist(), rel=1e-9, abs=1e-12), point


def test_the_grid_starts_at_the_top_left():
    grid = surface_grid("logistic", 3, 3)
    row = SURFACES["logistic"]
    assert float(grid[0, 0]) == pytest.approx(in_plain_python("logistic", row.x_range[0], row.y_range[1]))
    assert float(grid[2, 0]) == pytest.approx(in_plain_python("logistic", row.x_range[0], row.y_range[0]))


def test_a_tall_grid_has_every_row():
    grid, row = surface_grid("neuron", 2, 21), SURFACES["neuron"]
    for i, y in enumerate(torch.linspace(row.y_range[1], row.y_range[0], 21, dtype=torch.float64).tolist()):
        assert float(grid[i, 1]) == pytest.approx(in_plain_python("neuron", row.x_range[1], y))
