"""Softmax in steps, gradients and steps against torch, against finite differences and against known gradients."""

import math
import random
from typing import get_args

import pytest
import torch

from lab.theory.loss_names import LossName, LossSettings, ResidualName
from lab.theory.loss_step import (
    judge,
    judge_all,
    judge_number,
    margin,
    margin_curve,
    margin_curves,
    residual_curve,
    softmax_steps,
)
from lab.theory.losses import image_losses

N_SETTINGS = 500
NAMES = get_args(LossName)


def random_case(draw):
    n_classes = draw.randint(2, 10)
    logits = [draw.uniform(-6, 6) for _ in range(n_classes)]
    settings = LossSettings(
        gamma=draw.choice([0.5, 1.0, 2.0, 5.0]),
        smoothing=draw.uniform(0, 0.9),
        margin=draw.uniform(0, 3),
        delta=draw.uniform(0.05, 2),
    )
    return logits, draw.randrange(n_classes), settings


def value_of(name, z, t, s):
    return float(image_losses(name, torch.tensor([z], dtype=torch.float64), torch.tensor([t]), s))


def test_the_steps_of_softmax_lead_to_torchs_softmax():
    draw = random.Random("softmax")
    for _ in range(N_SETTINGS):
        z = [draw.uniform(-50, 50) for _ in range(draw.randint(2, 10))]
        steps = softmax_steps(z)
        assert steps.probabilities == pytest.approx(
            torch.tensor(z, dtype=torch.float64).softmax(0).tolist(), rel=1e-12
        ), z
        assert sum(steps.probabilities) == pytest.approx(1, abs=1e-12), z
        assert steps.exponentials == pytest.approx([math.exp(v - max(z)) for v in z], rel=1e-12), z
        assert 1 <= steps.total <= len(z), z


def test_without_taking_off_the_largest_a_graphics_cards_number_overflows():
    """exp(88.8) is beyond float32's largest number, 3.4028e38."""
    steps = softmax_steps([100.0, 99.0])
    assert steps.plain_exponentials == (math.inf, math.inf)
    assert all(math.isnan(p) for p in steps.plain_probabilities)
    assert steps.probabilities == pytest.approx((1 / (1 + math.exp(-1)), 1 / (1 + math.e)))


@pytest.mark.parametrize("name", NAMES)
def test_gradient_and_step_are_autograds(name):
    draw = random.Random(f"step {name}")
    for _ in range(N_SETTINGS):
        z, t, s = random_case(draw)
        lr = draw.uniform(0, 20)
        found = judge(name, z, t, settings=s, lr=lr)
        leaf = torch.nn.Parameter(torch.tensor([z], dtype=torch.float64))
        optimizer = torch.optim.SGD([leaf], lr=lr)
        image_losses(name, leaf, torch.tensor([t]), s).mean().backward()
        assert found.gradient == pytest.approx(leaf.grad[0].tolist(), rel=1e-9, abs=1e-14), (z, t, s)
        optimizer.step()
        assert found.logits == pytest.approx(leaf[0].tolist(), rel=1e-12), (z, t, s, lr)
        assert found.probabilities == pytest.approx(leaf[0].softmax(0).tolist(), rel=1e-9, abs=1e-14), (z, t, s, lr)
        assert found.value_after == pytest.approx(value_of(name, leaf[0].tolist(), t, s), rel=1e-9, abs=1e-14)


@pytest.mark.parametrize("name", NAMES)
def test_gradients_agree_with_finite_differences(name):
    draw = random.Random(f"difference {name}")
    n_checked = 0
    for _ in range(100):
        z, t, s = random_case(draw)
        k, h = draw.randrange(len(z)), 1e-6
        low, middle, high = (value_of(name, [*z[:k], z[k] + d, *z[k + 1 :]], t, s) for d in (-h, 0, h))
        if abs(high - 2 * middle + low) > 1e-8:
            continue  # a corner of hinge, MAE or Huber lies between
        n_checked += 1
        gradient = judge(name, z, t, settings=s, lr=0).gradient[k]
        assert gradient == pytest.approx((high - low) / (2 * h), rel=1e-4, abs=1e-7), (z, t, s, k)
    assert n_checked > 90


def test_the_gradient_of_cross_entropy_is_p_minus_the_one_hot_target():
    draw = random.Random("known gradient")
    for _ in range(N_SETTINGS):
        z, t, s = random_case(draw)
        p = softmax_steps(z).probabilities
        known = [value - (k == t) for k, value in enumerate(p)]
        assert judge("cross-entropy", z, t, settings=s, lr=1).gradient == pytest.approx(known, abs=1e-12), (z, t)


def test_label_smoothing_and_kl_have_the_same_gradient():
    z, s = [2.0, -1.0, 0.5], LossSettings(smoothing=0.2)
    smooth, kl = (judge(name, z, 0, settings=s, lr=1).gradient for name in ("label-smoothing", "kl"))
    assert smooth == pytest.approx(kl, abs=1e-12)


def test_sure_and_wrong_cross_entropy_pulls_with_all_its_force_and_squared_error_hardly():
    z = [10.0, 0.0, 0.0]
    gradients = {n: judge(n, z, 1, settings=LossSettings(), lr=1).gradient[1] for n in ("cross-entropy", "mse")}
    assert gradients["cross-entropy"] == pytest.approx(-1, abs=1e-3)
    assert abs(gradients["mse"]) < 1e-4


@pytest.mark.parametrize("name", NAMES)
def test_a_margin_curve_goes_through_the_point_itself(name):
    draw = random.Random(f"curve {name}")
    for _ in range(60):
        z, t, s = random_case(draw)
        here = margin(z, t)
        curve = margin_curve(name, z, t, [here - 1, here, here + 1], s)
        found = judge(name, z, t, settings=s, lr=0)
        assert curve.losses[1] == pytest.approx(found.value, rel=1e-9, abs=1e-14), (z, t, s)
        assert curve.slopes[1] == pytest.approx(found.gradient[t], rel=1e-6, abs=1e-12), (z, t, s)
        moved = [*z[:t], z[t] + 1, *z[t + 1 :]]
        assert curve.losses[2] == pytest.approx(value_of(name, moved, t, s), rel=1e-9, abs=1e-14), (z, t, s)


@pytest.mark.parametrize("name", get_args(ResidualName))
def test_a_predicted_number_steps_as_sgd_does(name):
    draw = random.Random(f"number {name}")
    for _ in range(N_SETTINGS):
        y, target, lr = draw.uniform(-9, 9), draw.uniform(-9, 9), draw.uniform(0, 2)
        s = LossSettings(delta=draw.uniform(0.05, 3))
        module = {
            "mse": torch.nn.MSELoss(),
            "mae": torch.nn.L1Loss(),
            "huber": torch.nn.HuberLoss(delta=s.delta),
            "smooth-l1": torch.nn.SmoothL1Loss(beta=s.delta),
        }[name]
        leaf = torch.nn.Parameter(torch.tensor([y], dtype=torch.float64))
        loss = module(leaf, torch.tensor([target], dtype=torch.float64))
        loss.backward()
        found = judge_number(name, y, target, settings=s, lr=lr)
        curve = residual_curve(name, [y - target], s)
        assert (found.value, found.gradient) == pytest.approx((loss.item(), leaf.grad.item()), rel=1e-9), (y, target, s)
        assert (curve.losses[0], curve.slopes[0]) == pytest.approx((loss.item(), leaf.grad.item()), rel=1e-9)
        assert found.prediction == pytest.approx(y - lr * leaf.grad.item(), rel=1e-9, abs=1e-12)


def test_losses_that_are_judged_together_are_judged_as_alone():
    draw = random.Random("together")
    for _ in range(60):
        z, target, settings = random_case(draw)
        names = draw.sample(NAMES, draw.randint(0, len(NAMES)))
        alone = tuple(judge(name, z, target, settings=settings, lr=0.7) for name in names)
        assert judge_all(names, z, target, settings=settings, lr=0.7) == alone


def test_curves_that_are_drawn_together_are_drawn_as_alone():
    draw = random.Random("curves together")
    margins = [k / 4 - 6 for k in range(49)]
    for _ in range(30):
        z, target, settings = random_case(draw)
        names = draw.sample(NAMES, draw.randint(0, len(NAMES)))
        for curve in margin_curves(names, z, target, margins, settings):
            expected = margin_curve(curve.name, z, target, margins, settings)
            assert curve.losses == pytest.approx(expected.losses, rel=1e-12, abs=1e-15)
            assert curve.slopes == pytest.approx(expected.slopes, rel=1e-12, abs=1e-15)
        assert len(margin_curves(names, z, target, margins, settings)) == len(names)
