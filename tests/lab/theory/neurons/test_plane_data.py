"""The points: invariants of each shape, and what the seed, the noise and the test share do."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from lab.theory.neurons.plane_data import HILLS, PlaneData, make_data
from lab.theory.neurons.plane_spec import HALF_WIDTH, PlaneSpec

CLASSES = ("circle", "xor", "gauss", "spiral", "moons", "three_blobs", "three_spirals")
NUMBERS = ("plane", "hills")
EXACT = "donot_use_mm_for_euclid_dist"  # by a matrix product small distances come out wrong by 0.002


def every_point(data: PlaneData) -> tuple[Tensor, Tensor]:
    return torch.cat([data.test.points, data.train.points]), torch.cat([data.test.target, data.train.target])


def drawn(name: str, **changes: object) -> tuple[Tensor, Tensor]:
    return every_point(make_data(PlaneSpec.model_validate({"data": name, "noise": 0.0, "n_points": 300, **changes})))


@pytest.mark.parametrize("name", [*CLASSES, *NUMBERS])
@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_all_points_lie_on_the_plane_and_the_seed_decides_them(name: str, noise: float) -> None:
    points, target = drawn(name, noise=noise)
    again, other = drawn(name, noise=noise), drawn(name, noise=noise, data_seed=2)
    assert len(points) == len(target) == 300
    assert float(points.abs().max()) <= HALF_WIDTH
    assert torch.equal(points, again[0])
    assert torch.equal(target, again[1])
    assert not torch.equal(points, other[0])


@pytest.mark.parametrize("name", CLASSES)
def test_every_class_has_its_share(name: str) -> None:
    _, target = drawn(name)
    counts = torch.bincount(target)
    assert len(counts) == PlaneSpec(data=name).n_classes
    # exclusive or throws a coin for each point: four standard deviations of 300 coins are 35
    assert int(counts.max() - counts.min()) <= (70 if name == "xor" else 1)


@pytest.mark.parametrize("name", [*CLASSES, *NUMBERS])
@pytest.mark.parametrize("share", [0.1, 0.33, 0.5, 0.9])
def test_the_test_share_splits_the_same_points(name: str, share: float) -> None:
    data = make_data(PlaneSpec.model_validate({"data": name, "test_share": share, "n_points": 101}))
    assert (len(data.test), len(data.train)) == (round(101 * share), 101 - round(101 * share))
    whole = every_point(make_data(PlaneSpec.model_validate({"data": name, "n_points": 101})))
    assert torch.equal(every_point(data)[0], whole[0])


def test_the_circle_is_a_disc_in_a_ring() -> None:
    points, target = drawn("circle")
    radius = points.norm(dim=1)
    assert float(radius[target == 1].max()) <= 2.5 + 1e-5
    assert float(radius[target == 0].min()) >= 3.5 - 1e-5
    assert float(radius.max()) <= 5 + 1e-5


def test_exclusive_or_is_the_sign_of_the_product_with_a_gap() -> None:
    points, target = drawn("xor")
    assert torch.equal(points.prod(dim=1) > 0, target == 1)
    assert float(points.abs().min()) >= 0.3


@pytest.mark.parametrize(("name", "arms"), [("spiral", 2), ("three_spirals", 3)])
def test_the_arms_of_a_spiral_are_one_arm_turned(name: str, arms: int) -> None:
    points, target = drawn(name)
    turn = 2 * math.pi / arms
    turned = torch.tensor([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    first, second = (points[target == label] for label in (0, 1))
    gaps = torch.cdist(first @ turned.T, second, compute_mode=EXACT).min(dim=1).values
    assert float(gaps.max()) < 1e-4


def test_blobs_sit_where_they_should() -> None:
    points, target = drawn("gauss", n_points=500)
    for label, centre in ((0, -2.5), (1, 2.5)):
        # the mean of 250 points strays 0.8 / √250 = 0.05; five times that
        assert torch.allclose(points[target == label].mean(dim=0), torch.full((2,), centre), atol=0.25)


def test_moons_are_half_circles_that_reach_into_each_other() -> None:
    points, target = drawn("moons")
    for label, sign in ((0, 1.0), (1, -1.0)):
        arc = (points[target == label] + sign * torch.tensor([1.5, 0.75])) * sign
        assert torch.allclose(arc.norm(dim=1), torch.tensor(3.0), atol=1e-4)
        assert float(arc[:, 1].min()) >= -1e-4


def test_the_plane_is_a_tenth_of_the_sum() -> None:
    points, target = drawn("plane")
    assert torch.allclose(target, points.sum(dim=1) / 10, atol=1e-6)


def test_hills_stand_where_they_should_and_are_flat_between() -> None:
    points, target = drawn("hills")
    distance = torch.cdist(points, HILLS[:, :2], compute_mode=EXACT)
    assert bool((target[distance.min(dim=1).values > 2] == 0).all())
    nearest = distance.argmin(dim=1)
    near = distance.min(dim=1).values < 1.9
    assert torch.equal(target[near].sign(), HILLS[nearest[near], 2])


@pytest.mark.parametrize("name", CLASSES)
def test_noise_moves_points_by_at_most_its_share_of_the_radius(name: str) -> None:
    still, still_target = drawn(name)
    moved, moved_target = drawn(name, noise=0.2)
    assert torch.equal(still_target, moved_target)
    assert 0.5 < float((moved - still).abs().max()) <= 0.2 * 5 + 1e-5


@pytest.mark.parametrize("name", NUMBERS)
def test_noise_changes_the_targets_of_a_regression_and_leaves_its_points(name: str) -> None:
    still, still_target = drawn(name)
    moved, moved_target = drawn(name, noise=0.2)
    assert torch.equal(still, moved)
    assert 0.1 < float((moved_target - still_target).abs().max()) <= 0.2 + 1e-6


def test_own_points_are_trained_on_as_given() -> None:
    own = ((1.0, 2.0, 1), (-3.0, 0.5, 0))
    data = make_data(PlaneSpec(data="own", points=own))
    assert len(data.test) == 0
    assert data.train.points.tolist() == [[1.0, 2.0], [-3.0, 0.5]]
    assert data.train.target.tolist() == [1, 0]
    beside = make_data(PlaneSpec(data="circle", points=own))
    assert beside.train.points[-2:].tolist() == [[1.0, 2.0], [-3.0, 0.5]]
    assert len(make_data(PlaneSpec(data="plane", points=own)).train) == 150


def test_no_points_of_ones_own_is_an_empty_set() -> None:
    data = make_data(PlaneSpec(data="own"))
    assert (len(data.train), len(data.test)) == (0, 0)
