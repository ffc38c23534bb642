"""Training with and without a bias against autograd by hand, numpy's least squares and the conditions of an optimum."""

from __future__ import annotations

import random

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from lab.theory.bias_fit import DECAY, Points, best_fit, cloud_task, data_losses, data_slopes, line_task
from lab.theory.bias_training import train_both, train_many


def random_task(seed: int) -> Points:
    draw = random.Random(seed)
    shift, spread = draw.uniform(-3, 3), draw.uniform(0.1, 1.5)
    if seed % 2:
        return line_task(shift, slope=draw.uniform(-2, 2), noise=spread, n_points=30, seed=seed)
    return cloud_task(shift, spread=spread, n_points=30, seed=seed)


def test_the_best_lines_are_numpys_least_squares_in_500_random_settings() -> None:
    for seed in range(1, 1001, 2):
        points = random_task(seed)
        x, y = points.inputs.numpy(), points.targets.numpy()
        without = np.linalg.lstsq(x, y)[0]
        having = np.linalg.lstsq(np.column_stack([x, np.ones(len(x))]), y)[0]
        assert best_fit(points, has_bias=False).weight == pytest.approx(without.tolist(), rel=1e-8), seed
        best = best_fit(points, has_bias=True)
        assert (*best.weight, best.bias) == pytest.approx(having.tolist(), rel=1e-8, abs=1e-10), seed


def test_nothing_is_better_than_the_best_classifier_in_500_random_settings() -> None:
    """At a minimum of a convex function its gradient, by autograd, is zero."""
    for seed in range(0, 1000, 2):
        points = random_task(seed)
        for has_bias in (False, True):
            best = best_fit(points, has_bias=has_bias)
            weight = torch.tensor(best.weight, dtype=torch.float64, requires_grad=True)
            bias = torch.tensor(best.bias, dtype=torch.float64, requires_grad=True)
            loss = F.binary_cross_entropy_with_logits(points.inputs @ weight + bias, points.targets)
            (loss + DECAY / 2 * weight.square().sum()).backward()
            assert weight.grad is not None
            assert weight.grad.abs().max() < 1e-8, (seed, has_bias)
            assert not has_bias or abs(float(bias.grad)) < 1e-8, seed
            assert best.loss == pytest.approx(float(loss.detach())), (seed, has_bias)


def test_the_steps_are_gradient_steps_worked_out_by_hand() -> None:
    for seed in range(40):
        points = random_task(seed)
        without, having = train_both(points, lr=0.05, n_steps=6, seed=seed)
        for arm in (without, having):
            for before, after in zip(arm.steps[:-1], arm.steps[1:], strict=True):
                answers = points.inputs @ torch.tensor(before.weight, dtype=torch.float64) + before.bias
                if points.task == "classes":
                    slope = (torch.sigmoid(answers) - points.targets) / len(answers)
                    decay = DECAY * torch.tensor(before.weight, dtype=torch.float64)
                else:
                    slope, decay = 2 * (answers - points.targets) / len(answers), torch.zeros(1).double()
                moved = torch.tensor(before.weight, dtype=torch.float64) - 0.05 * (slope @ points.inputs + decay)
                assert after.weight == pytest.approx(moved.tolist(), rel=1e-9), seed
                bias = before.bias - 0.05 * float(slope.sum()) if arm.has_bias else 0.0
                assert after.bias == pytest.approx(bias, rel=1e-9, abs=1e-12), seed


def test_training_is_that_of_torchs_own_layer_and_optimizer_in_500_random_settings() -> None:
    for seed in range(500):
        points = random_task(seed)
        for arm in train_both(points, lr=0.07, n_steps=2, seed=seed):
            layer = nn.Linear(points.inputs.shape[1], 1, bias=arm.has_bias, dtype=torch.float64)
            with torch.no_grad():
                layer.weight.copy_(torch.tensor([arm.steps[0].weight], dtype=torch.float64))
                if arm.has_bias:
                    layer.bias.zero_()
            decay = DECAY if points.task == "classes" else 0.0
            groups = [{"params": [layer.weight], "weight_decay": decay}]
            groups += [{"params": [layer.bias]}] if arm.has_bias else []
            optimizer = torch.optim.SGD(groups, lr=0.07)
            loss_of = nn.BCEWithLogitsLoss() if points.task == "classes" else nn.MSELoss()
            for fit in arm.steps:
                loss = loss_of(layer(points.inputs)[:, 0], points.targets)
                assert fit.weight == pytest.approx(layer.weight.detach()[0].tolist()), seed
                assert fit.bias == pytest.approx(float(layer.bias.detach()) if arm.has_bias else 0.0, abs=1e-14), seed
                assert fit.loss == pytest.approx(float(loss.detach())), seed
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()


def test_both_arms_start_as_the_same_function() -> None:
    for task in (cloud_task(2.0), line_task(2.0)):
        without, having = train_both(task, lr=0.1, n_steps=3, seed=5)
        assert without.steps[0] == having.steps[0]
        assert len(without.steps) == len(having.steps) == 4


def test_long_training_reaches_the_best_line() -> None:
    without, having = train_both(line_task(2.0), lr=0.2, n_steps=400)
    assert without.steps[-1].loss == pytest.approx(without.best.loss, rel=1e-9)
    assert having.steps[-1].bias == pytest.approx(having.best.bias, rel=1e-6)


def test_far_from_the_origin_only_the_bias_parts_the_clouds() -> None:
    points = cloud_task(2.5)
    assert best_fit(points, has_bias=True).accuracy == 1.0
    assert best_fit(points, has_bias=False).accuracy < 0.7
    near = cloud_task(0.0)
    assert best_fit(near, has_bias=False).accuracy == pytest.approx(best_fit(near, has_bias=True).accuracy, abs=0.04)


def test_a_bias_never_makes_the_best_loss_worse() -> None:
    for seed in range(1, 100, 2):
        points = random_task(seed)
        assert best_fit(points, has_bias=True).loss <= best_fit(points, has_bias=False).loss + 1e-12


def test_the_slopes_are_autograds_in_500_random_settings() -> None:
    for seed in range(500):
        points = random_task(seed)
        answers = 3 * torch.randn(30, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
        answers.requires_grad_()
        (by_torch,) = torch.autograd.grad(data_losses(points.task, answers, points.targets).sum(), answers)
        slopes = data_slopes(points.task, answers.detach(), points.targets[:, None])
        torch.testing.assert_close(slopes, by_torch, msg=str(seed))


@pytest.mark.parametrize("kind", [0, 1], ids=["classes", "line"])
def test_many_settings_trained_at_once_are_each_trained_alone(kind: int) -> None:
    seeds = list(range(kind, 200, 2))
    tasks, lrs = [random_task(seed) for seed in seeds], [0.01 + seed / 400 for seed in seeds]
    for row, points, lr, seed in zip(
        train_many(tasks, lrs=lrs, n_steps=20, seeds=seeds), tasks, lrs, seeds, strict=True
    ):
        for arm, alone in zip(row, train_both(points, lr=lr, n_steps=20, seed=seed), strict=True):
            assert arm.has_bias == alone.has_bias
            torch.testing.assert_close(arm.path, alone.path)
            torch.testing.assert_close(arm.losses, alone.losses)
            assert (arm.accuracies is None) == bool(kind)
            assert arm.best.weight == pytest.approx(alone.best.weight, abs=1e-7), seed
            assert arm.best.bias == pytest.approx(alone.best.bias, abs=1e-7), seed
