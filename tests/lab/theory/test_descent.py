"""The walks of torch's optimizers against loops of the published rules, and the sentences about them."""

import math
import random

import pytest
import torch

from lab.errors import LabError
from lab.theory import walks
from lab.theory.descent import Beside, descend, descend_together, verdict
from lab.theory.surface_names import OPTIMIZERS, SURFACES, DescentSettings
from lab.theory.surfaces import N_EXAMPLES, surface_gradient
from lab.theory.walks import _box

N_WALKS = 500
N_STEPS = 12


def random_walk(draw, name):
    surface = draw.choice(list(SURFACES))
    row = SURFACES[surface]
    start = (draw.uniform(*row.x_range), draw.uniform(*row.y_range))
    settings = DescentSettings(
        lr=10 ** draw.uniform(-4, -2.5),
        adaptive_lr=10 ** draw.uniform(-3, 0),
        momentum=draw.uniform(0, 0.99),
        nesterov=name == "momentum" and draw.random() < 0.5,
        alpha=draw.uniform(0.5, 0.999),
        beta1=draw.uniform(0, 0.99),
        beta2=draw.uniform(0.5, 0.9999),
        n_steps=N_STEPS,
    )
    return surface, start, settings


def by_hand(name, surface, start, s):
    """The update rules, one number at a time.

    SGD with momentum and Nesterov as in Sutskever et al., "On the importance of initialization and momentum in deep
    learning" (2013), in the form that torch.optim.SGD documents (the rate outside the velocity); RMSprop from Hinton's
    Coursera lecture 6e (2012); Adam from Kingma & Ba, arXiv:1412.6980, algorithm 1.
    """
    place, velocity, mean, square = list(start), [0.0, 0.0], [0.0, 0.0], [0.0, 0.0]
    walk = [tuple(place)]
    for t in range(1, s.n_steps + 1):
        gradient = surface_gradient(surface, tuple(place))
        for i, g in enumerate(gradient):
            if name == "sgd":
                place[i] -= s.lr * g
            elif name == "momentum":
                velocity[i] = s.momentum * velocity[i] + g
                place[i] -= s.lr * (g + s.momentum * velocity[i] if s.nesterov else velocity[i])
            elif name == "rmsprop":
                square[i] = s.alpha * square[i] + (1 - s.alpha) * g * g
                place[i] -= s.adaptive_lr * g / (math.sqrt(square[i]) + 1e-8)
            else:
                mean[i] = s.beta1 * mean[i] + (1 - s.beta1) * g
                square[i] = s.beta2 * square[i] + (1 - s.beta2) * g * g
                corrected = mean[i] / (1 - s.beta1**t), square[i] / (1 - s.beta2**t)
                place[i] -= s.adaptive_lr * corrected[0] / (math.sqrt(corrected[1]) + 1e-8)
        walk.append(tuple(place))
    return walk


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_walk_follows_the_published_rule(name):
    draw = random.Random(f"walk {name}")
    for _ in range(N_WALKS // 4):
        surface, start, settings = random_walk(draw, name)
        found = descend(surface, name, start, settings)
        if found.lost_at is not None:
            continue
        for place, expected in zip(found.points, by_hand(name, surface, start, settings), strict=True):
            assert place == pytest.approx(expected, rel=1e-5, abs=1e-8), (surface, start, settings)


def test_momentum_of_nought_is_plain_sgd():
    settings = DescentSettings(momentum=0.0, nesterov=True)
    plain, momentum = (descend("valley", name, (2.0, 1.0), settings) for name in ("sgd", "momentum"))
    assert plain.points == momentum.points


@pytest.mark.parametrize(("lr", "is_lost"), [(0.066, False), (0.068, True)])
def test_sgd_diverges_in_the_valley_above_two_divided_by_its_curvature(lr, is_lost):
    """Largest curvature 30: the limit is 2 / 30 = 0.0667 (Goodfellow et al., "Deep Learning", section 4.3.1)."""
    path = descend("valley", "sgd", (-3.5, 1.8), DescentSettings(lr=lr, n_steps=300))
    assert (path.losses[-1] > path.losses[0]) == is_lost


def test_a_walk_that_runs_away_ends_and_is_told_of():
    path = descend("rosenbrock", "sgd", (-1.2, 1.0), DescentSettings(lr=1.0))
    assert path.lost_at is not None
    assert path.lost_at < 10
    assert all(math.isfinite(x) for x in path.points[-2])
    assert verdict("rosenbrock", path).startswith("SGD diverged: each step overshot further, and after ")


def test_momentum_overshoots_the_bowl_and_plain_sgd_does_not():
    paths = {
        name: descend("bowl", name, (-3.2, 0.0), DescentSettings(lr=0.1, momentum=0.9)) for name in ("sgd", "momentum")
    }
    assert max(x for x, _ in paths["sgd"].points) <= 0
    assert max(x for x, _ in paths["momentum"].points) > 1
    assert "It went uphill" in verdict("bowl", paths["momentum"])


def test_on_the_ridge_of_the_saddle_plain_sgd_stops_where_it_is_flat():
    path = descend("saddle", "sgd", (-3.2, 0.0), DescentSettings(lr=0.15, n_steps=120))
    assert path.points[-1] == pytest.approx((0, 0), abs=1e-3)
    assert "is stuck on flat ground" in verdict("saddle", path)


def test_squared_error_is_stuck_where_cross_entropy_arrives():
    settings = DescentSettings(lr=0.5, n_steps=60)
    found = {name: descend(name, "sgd", (-3.0, 4.0), settings) for name in ("neuron", "logistic")}
    assert "stuck" in verdict("neuron", found["neuron"])
    assert "arrived" in verdict("logistic", found["logistic"])


def test_a_few_examples_a_step_make_the_way_noisy_but_the_same_each_time():
    whole = descend("logistic", "sgd", (-3.0, 4.0), DescentSettings(lr=0.5))
    few = DescentSettings(lr=0.5, batch_size=2)
    _box.cache_clear()
    first = descend("logistic", "sgd", (-3.0, 4.0), few)
    _box.cache_clear()
    assert descend("logistic", "sgd", (-3.0, 4.0), few) == first
    assert first.points != whole.points
    assert first.n_rises > whole.n_rises
    everything = DescentSettings(lr=0.5, batch_size=N_EXAMPLES)
    assert descend("logistic", "sgd", (-3.0, 4.0), everything).points == whole.points


def test_a_first_step_of_adam_has_the_length_of_its_rate_and_rmsprops_is_ten_times_that():
    """m̂/√v̂ = ±1 at t = 1 (Kingma & Ba, section 2.1); RMSprop has no correction, and √(1 − 0.99) = 0.1."""
    settings = DescentSettings(adaptive_lr=0.1, n_steps=1)
    lengths = {}
    for name in ("adam", "rmsprop"):
        (x0, y0), (x1, y1) = descend("valley", name, (-3.0, 2.0), settings).points
        lengths[name] = (abs(x1 - x0), abs(y1 - y0))
    assert lengths["adam"] == pytest.approx((0.1, 0.1), rel=1e-6)
    assert lengths["rmsprop"] == pytest.approx((1.0, 1.0), rel=1e-6)


def test_walking_together_changes_nobodys_way():
    """Rosenbrock at this rate loses SGD and momentum at different steps, and the others go on."""
    settings = DescentSettings(lr=0.02, adaptive_lr=0.05, n_steps=80)
    together = descend_together("rosenbrock", tuple(OPTIMIZERS), (-1.2, 1.0), settings)
    assert [path.lost_at is None for path in together] == [False, False, True, True]
    for path in together:
        alone = descend("rosenbrock", path.name, (-1.2, 1.0), settings)
        assert len(alone.points) == len(path.points)
        assert alone.points[-2] == pytest.approx(path.points[-2], rel=1e-9)


def test_a_start_that_is_no_place_is_refused():
    with pytest.raises(LabError, match="the start is not a place; click on the picture"):
        descend("bowl", "sgd", (math.nan, 0.0), DescentSettings())


def test_a_walk_leaves_the_global_random_numbers_alone():
    before = torch.get_rng_state()
    descend("logistic", "adam", (-2.5, 4.0), DescentSettings(batch_size=3))
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("surface", ["valley", "saddle", "logistic"])
@pytest.mark.parametrize("n_steps", [1, 39, 40, 41, 120, 300])
def test_a_walk_is_the_beginning_of_every_longer_one(surface, n_steps):
    settings = DescentSettings(lr=0.2, adaptive_lr=0.3, momentum=0.9, batch_size=3, n_steps=300)
    start = SURFACES[surface].start
    names = tuple(OPTIMIZERS)
    longest = descend_together(surface, names, start, settings)
    short = descend_together(surface, names, start, settings.model_copy(update={"n_steps": n_steps}))
    for path, whole in zip(short, longest, strict=True):
        assert path.points == whole.points[: n_steps + 1]
        assert path.gradients == whole.gradients[:n_steps]
        assert path.losses == pytest.approx(whole.losses[: n_steps + 1], nan_ok=True)
        is_lost = whole.lost_at is not None and whole.lost_at <= n_steps
        assert path.lost_at == (whole.lost_at if is_lost else None)


@pytest.mark.parametrize("surface", list(SURFACES))
def test_starts_that_walk_beside_each_other_go_the_ways_they_go_alone(surface):
    settings = DescentSettings(lr=0.05, adaptive_lr=0.2, batch_size=4, n_steps=40)
    (left, right), (x, y) = SURFACES[surface].x_range, SURFACES[surface].start
    starts = ((left, y), (x, y), (right, y))
    for start in starts:
        alone = descend_together(surface, tuple(OPTIMIZERS), start, settings)
        _box.cache_clear()
        beside = descend_together(surface, tuple(OPTIMIZERS), start, settings, Beside(starts=starts))
        _box.cache_clear()
        for one, other in zip(alone, beside, strict=True):
            assert one.lost_at == other.lost_at
            assert len(one.points) == len(other.points)
            for (a, b), (c, d) in zip(one.points, other.points, strict=True):
                assert (a, b) == pytest.approx((c, d), rel=1e-6, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize(
    ("field", "values"), [("lr", (0.01, 0.03, 0.05)), ("beta1", (0.0, 0.5, 0.9)), ("alpha", (0.5, 0.99))]
)
def test_other_settings_that_are_walked_beside_go_the_ways_they_go_alone(field, values):
    first, *others = (DescentSettings(lr=0.02, n_steps=40).model_copy(update={field: value}) for value in values)
    alone = [descend_together("beale", tuple(OPTIMIZERS), (1.0, 1.0), settings) for settings in others]
    _box.cache_clear()
    descend_together("beale", tuple(OPTIMIZERS), (1.0, 1.0), first, Beside(field=field, values=values))
    assert [descend_together("beale", tuple(OPTIMIZERS), (1.0, 1.0), settings) for settings in others] == alone


@pytest.mark.parametrize("n_steps", [40, 300])
def test_a_drag_at_a_setting_walks_each_of_its_values_once(monkeypatch, n_steps):
    walked = []
    together = walks._walk_together
    monkeypatch.setattr(walks, "_walk_together", lambda waiting: walked.extend(waiting) or together(waiting))
    _box.cache_clear()
    values = tuple(k / 20 for k in range(20))
    for value in sorted(values, key=lambda value: abs(value - 0.5)):
        settings = DescentSettings(beta1=value, n_steps=n_steps)
        descend_together("bowl", ("sgd", "adam"), (1.0, 2.0), settings, Beside(field="beta1", values=values))
    assert sorted(walk.options[-1][1][0] for walk in walked if walk.optimizer == "adam") == list(values)
    assert sum(walk.optimizer == "sgd" for walk in walked) == 1
