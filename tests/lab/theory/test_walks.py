"""Walks taken together against each of torch's optimizers stepping one parameter alone."""

import random

import pytest
import torch

from lab.theory import walks
from lab.theory.surface_names import MAX_STEPS, OPTIMIZERS, SURFACES, DescentSettings
from lab.theory.surfaces import surface_loss
from lab.theory.walks import _box, plan_walk, take_walks

N_WALKS = 500


def random_settings(draw, n_steps=12):
    return DescentSettings(
        lr=10 ** draw.uniform(-4, -1),
        adaptive_lr=10 ** draw.uniform(-3, 0),
        momentum=draw.choice([0.0, draw.uniform(0, 0.99)]),
        nesterov=draw.random() < 0.5,
        alpha=draw.uniform(0.5, 0.999),
        beta1=draw.uniform(0, 0.99),
        beta2=draw.uniform(0.5, 0.9999),
        n_steps=n_steps,
    )


def random_start(draw, surface):
    return draw.uniform(*SURFACES[surface].x_range), draw.uniform(*SURFACES[surface].y_range)


def alone(surface, name, start, s):
    """Torch's optimizer with one parameter of two numbers, as its documentation says."""
    place = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    mover = {
        "sgd": lambda: torch.optim.SGD([place], lr=s.lr),
        "momentum": lambda: torch.optim.SGD(
            [place], lr=s.lr, momentum=s.momentum, nesterov=s.nesterov and s.momentum > 0
        ),
        "rmsprop": lambda: torch.optim.RMSprop([place], lr=s.adaptive_lr, alpha=s.alpha),
        "adam": lambda: torch.optim.Adam([place], lr=s.adaptive_lr, betas=(s.beta1, s.beta2)),
    }[name]()
    points = [place.detach().clone()]
    for _ in range(s.n_steps):
        mover.zero_grad()
        surface_loss(surface, place).backward()
        mover.step()
        points.append(place.detach().clone())
    return torch.stack(points)


@pytest.mark.parametrize("surface", SURFACES)
def test_each_of_many_walks_is_the_one_that_torchs_optimizer_takes_alone(surface):
    draw = random.Random(f"walks {surface}")
    cases = [
        (draw.choice(list(OPTIMIZERS)), random_start(draw, surface), random_settings(draw))
        for _ in range(N_WALKS // len(SURFACES) + 1)
    ]
    tracks = take_walks([plan_walk(surface, name, start, settings) for name, start, settings in cases])
    for track, (name, start, settings) in zip(tracks, cases, strict=True):
        expected = alone(surface, name, start, settings)
        if track.lost_at is not None:
            expected = expected[: track.lost_at]
        found = track.points[: len(expected), track.place]
        torch.testing.assert_close(found, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("surface", ["bowl", "rosenbrock", "beale"])
def test_two_walks_together_are_torchs_own_to_the_last_bit(surface, name):
    draw = random.Random(f"bits {surface} {name}")
    for _ in range(10):
        settings = [random_settings(draw).model_copy(update={"lr": 1e-4}) for _ in range(2)]
        start = random_start(draw, surface)
        tracks = take_walks([plan_walk(surface, name, start, one) for one in settings])
        for track, one in zip(tracks, settings, strict=True):
            found = track.points[: one.n_steps + 1, track.place]
            torch.testing.assert_close(found, alone(surface, name, start, one), rtol=0, atol=0, equal_nan=True)


def test_losses_and_sizes_are_those_of_the_points():
    walk = plan_walk("beale", "adam", (1.0, 1.0), DescentSettings())
    (track,) = take_walks([walk])
    for step, point in enumerate(track.points[:-1, track.place]):
        place = point.clone().requires_grad_()
        loss = surface_loss("beale", place)
        (slope,) = torch.autograd.grad(loss, place)
        assert float(track.losses[step, track.place]) == pytest.approx(float(loss.detach()))
        assert float(track.gradients[step, track.place]) == pytest.approx(float(slope.norm()))


def test_what_an_optimizer_does_not_look_at_makes_no_other_walk():
    here = (1.0, 1.0)
    first, other = DescentSettings(), DescentSettings(adaptive_lr=0.3, alpha=0.5, beta1=0.1, beta2=0.2, batch_size=4)
    assert plan_walk("bowl", "sgd", here, first) == plan_walk("bowl", "sgd", here, other)
    assert plan_walk("bowl", "adam", here, first) != plan_walk("bowl", "adam", here, other)
    assert plan_walk("logistic", "sgd", here, first) != plan_walk("logistic", "sgd", here, other)
    assert plan_walk("bowl", "momentum", here, DescentSettings(momentum=0.0, nesterov=True)).options == (
        ("lr", 0.06),
        ("momentum", 0.0),
        ("nesterov", False),
    )


def test_what_was_walked_is_not_walked_again(monkeypatch):
    walked = []
    together = walks._walk_together
    monkeypatch.setattr(walks, "_walk_together", lambda waiting: walked.append(len(waiting)) or together(waiting))
    _box.cache_clear()
    some = [plan_walk("bowl", "sgd", (float(x), 1.0), DescentSettings()) for x in range(5)]
    take_walks(some[:1], beside=some)
    take_walks(some)
    take_walks(some[2:3], beside=[plan_walk("bowl", "adam", (9.0, 9.0), DescentSettings())])
    assert walked == [5]


def test_a_walk_that_runs_away_tells_its_first_step_too_far():
    """A rate of 4 on the bowl takes x to −3x: 2 · 3⁷ = 4374 is near yet, 2 · 3⁸ = 13122 is not."""
    near, far = (
        take_walks([plan_walk("bowl", "sgd", (2.0, 0.0), DescentSettings(lr=lr, n_steps=MAX_STEPS))])[0]
        for lr in (0.5, 4.0)
    )
    assert near.lost_at is None
    assert far.lost_at == 8
