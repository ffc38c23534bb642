"""What the stages of the Bias page send to be drawn: the numbers of torch, in a form that JavaScript can paint."""

from __future__ import annotations

import json
import math
from base64 import b64decode
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from pydantic import ValidationError

from lab.theory import bias_variance
from lab.theory.bias import decision_line, two_clouds
from lab.theory.bias_training import train_both
from lab.theory.kernels import NAMED_KERNELS
from pages.ui.bias.batch_norm import norm_picture
from pages.ui.bias.filter import filter_picture, grey_photo, photo_picture
from pages.ui.bias.neuron import neuron_picture
from pages.ui.bias.sample import sample_picture
from pages.ui.bias.state import (
    MAX_DEGREE,
    MIN_POINTS,
    N_STEPS,
    FilterState,
    NeuronState,
    NormState,
    SampleState,
    TrainingState,
    VarianceState,
)
from pages.ui.bias.training import POINT_ROOM, X_RANGE, _pictures, points_of, training_picture
from pages.ui.bias.variance import variance_picture
from pages.ui.photo import Photo, sample


def painted(picture: dict[str, Any]) -> np.ndarray:
    channels = picture.get("channels", 1)
    shape = (picture["height"], picture["width"], channels)
    return np.frombuffer(b64decode(picture["bytes"]), np.uint8).reshape(shape)


@pytest.mark.parametrize("activation", ["step", "sigmoid", "tanh", "relu", "identity"])
def test_a_neurons_products_and_bias_add_up_to_its_sums(activation: str) -> None:
    chosen = NeuronState.model_validate({"activation": activation, "w1": -0.7, "w2": 1.3, "bias": 0.4})
    picture = neuron_picture(chosen)
    points, labels = two_clouds(chosen.shift)
    sums = points @ torch.tensor([-0.7, 1.3], dtype=torch.float64) + 0.4
    assert picture["sums"] == pytest.approx(sums.tolist(), rel=1e-4)
    for i, total in enumerate(picture["sums"]):
        parts = picture["products"][0][i] + picture["products"][1][i] + picture["bias"]
        assert parts == pytest.approx(total, abs=1e-3)
    assert picture["n_right"] == int(((sums > 0) == (labels > 0)).sum())
    assert painted(picture["map"]).shape == (60, 60, 1)


def test_a_neuron_without_weights_is_drawn_without_a_line() -> None:
    picture = neuron_picture(NeuronState(w1=0, w2=0))
    assert (picture["line"], picture["foot"], picture["distance"], picture["plain"]) == (None, None, None, None)
    json.dumps(picture, allow_nan=False)


def test_the_picture_is_red_on_one_side_of_the_line_and_blue_on_the_other() -> None:
    steps = painted(neuron_picture(NeuronState(w1=1, w2=0, bias=0))["map"])[:, :, 0]
    assert (steps[:, :30] < 128).all()
    assert (steps[:, 30:] > 128).all()


@pytest.mark.parametrize("kernel", NAMED_KERNELS, ids=lambda kernel: kernel.name)
def test_the_share_that_passes_is_that_of_torchs_own_layers(kernel: Any) -> None:
    for bias in (-1.5, 0.0, 0.75):
        picture = photo_picture(sample("cat"), kernel.name, bias)
        weight = torch.tensor([[kernel.weights]], dtype=torch.float32)
        expected = F.relu(F.conv2d(grey_photo(sample("cat"), 96)[None], weight, torch.tensor([bias])))
        assert picture["share"] == pytest.approx(float((expected > 0).double().mean()), abs=1e-4)
        assert picture["mean"] == pytest.approx(float(expected.mean()), rel=1e-3, abs=1e-6)
        json.dumps(picture, allow_nan=False)


def test_a_photo_of_one_pixel_and_a_long_one_are_filtered_as_squares() -> None:
    for size in ((1, 1), (40, 3)):
        photo = Photo("own:test", "mine", "", np.full((*size, 3), 51, np.uint8))
        picture = photo_picture(photo, NAMED_KERNELS[1].name, 0.0)
        assert painted(picture["photo"]).shape == (96, 96, 1)
        assert (painted(picture["photo"]) == 51).all()


def test_a_flat_picture_does_not_divide_by_its_empty_scale() -> None:
    flat = torch.zeros(5, 5)
    assert filter_picture(flat, torch.zeros(3, 3), 0.0)["limit"] == 1.0


def steps_of(arm: dict[str, Any]) -> np.ndarray:
    """A row for each step: weights, bias, loss, accuracy of classes, and the line's ends."""
    return np.frombuffer(b64decode(arm["steps"]), "<f4").reshape(arm["n_steps"], -1)


@pytest.mark.parametrize("task", ["classes", "line"])
def test_every_step_of_both_trainings_is_sent_ahead(task: Any) -> None:
    chosen = TrainingState(task=task, shift=1.5, lr=0.2, seed=3)
    picture = training_picture(chosen)
    arms = train_both(points_of(chosen), lr=0.2, n_steps=N_STEPS, seed=3)
    for sent, arm in zip(picture["arms"], arms, strict=True):
        assert (sent["has_bias"], sent["n_steps"]) == (arm.has_bias, N_STEPS + 1)
        for row, fit in zip(steps_of(sent), arm.steps, strict=True):
            known = [*fit.weight, fit.bias, fit.loss, *([] if fit.accuracy is None else [fit.accuracy])]
            assert row[:-4] == pytest.approx(known, rel=1e-5, abs=1e-6)
            ends = row[-4:].reshape(2, 2)
            if task == "line":
                assert ends == pytest.approx(np.array([[x, fit.weight[0] * x + fit.bias] for x in X_RANGE]), rel=1e-4)
            elif (cut := decision_line((fit.weight[0], fit.weight[1]), fit.bias)) is not None:
                assert ends == pytest.approx(np.array(cut), abs=1e-5)
            else:
                assert np.isnan(ends).all()


@pytest.mark.parametrize("shift", [0.0, 1.0, 2.0, 2.5])
def test_no_point_of_the_neurons_is_cut_by_the_frame(shift: float) -> None:
    picture = neuron_picture(NeuronState(shift=shift))
    assert max(map(abs, [*picture["x1"], *picture["x2"]])) + POINT_ROOM < picture["half"]


@pytest.mark.parametrize("task", ["classes", "line"])
@pytest.mark.parametrize("spread", [0.0, 0.5, 1.5])
@pytest.mark.parametrize("shift", [-2.5, 0.0, 2.5])
def test_no_point_of_a_training_is_cut_by_the_frame(task: Any, spread: float, shift: float) -> None:
    picture = training_picture(TrainingState(task=task, spread=spread, shift=shift))
    for axis in ("x", "y"):
        low, high = picture["range"][axis]
        assert low < min(picture[axis]) - POINT_ROOM / 2
        assert high > max(picture[axis]) + POINT_ROOM / 2


def test_a_bias_parts_the_clouds_and_none_does_not() -> None:
    without, having = (steps_of(arm) for arm in training_picture(TrainingState())["arms"])
    assert set(without[:, 2]) == {0.0}
    assert having[-1, 4] == 1.0 > without[-1, 4]


def test_a_training_that_diverges_is_drawn_without_lines_and_without_infinity() -> None:
    picture = training_picture(TrainingState(task="line", lr=1.0))
    json.dumps(picture, allow_nan=False)
    assert np.isnan(steps_of(picture["arms"][1])[-1, -4:]).all()


def test_trainings_computed_together_are_what_each_shows_alone() -> None:
    states = [TrainingState(task=task, lr=lr) for task in ("line", "classes") for lr in (0.1, 0.25)]
    for together, state in zip(_pictures(states), states, strict=True):
        (alone,) = _pictures([state])
        for name in ("task", "x", "y", "labels", "words", "range"):
            assert together[name] == alone[name]
        for one, other in zip(together["arms"], alone["arms"], strict=True):
            np.testing.assert_allclose(steps_of(one), steps_of(other), rtol=1e-5, atol=1e-6)


def test_batch_norm_leaves_nothing_of_the_bias_but_rounding() -> None:
    picture = norm_picture(NormState(bias=2.5))
    having, without = picture["arms"]
    assert picture["gap"] < 1e-5
    assert having["before_mean"] - without["before_mean"] == pytest.approx(2.5, abs=1e-4)
    assert abs(having["bias_gradient"]) < 1e-6 < abs(having["beta_gradient"])
    assert painted(picture["after"]).tolist() == painted(norm_picture(NormState(bias=0.0))["after"]).tolist()


def test_in_evaluation_the_running_mean_absorbs_it() -> None:
    fresh, seen = (norm_picture(NormState(mode="evaluation", bias=2.0, n_batches=n)) for n in (0, 60))
    assert fresh["gap"] > 1 > 0.05 > seen["gap"]
    assert seen["absorbed"] == pytest.approx(1 - 0.9**60, rel=1e-4)


def test_the_bars_of_the_skewed_sample_are_counted_answers() -> None:
    picture = sample_picture(SampleState(share=95))
    wrong = sum(group["n_wrong"] for group in picture["groups"])
    assert picture["fair"] == pytest.approx(wrong / sum(group["n"] for group in picture["groups"]), rel=1e-4)
    assert picture["skewed"] < picture["grey"] < picture["fair"]
    assert painted(picture["train"]).shape == (28, 20 * 14, 3)


def test_the_parts_of_the_error_add_up_on_screen() -> None:
    for degree in range(MAX_DEGREE + 1):
        picture = variance_picture(VarianceState(degree=degree))
        assert picture["sum"] == pytest.approx(picture["parts"]["test_error"][degree], rel=1e-4)
        assert math.isfinite(picture["mean"][0])


def test_the_bounds_are_those_of_the_lab() -> None:
    assert (MAX_DEGREE, MIN_POINTS) == (bias_variance.MAX_DEGREE, bias_variance.MIN_POINTS)


@pytest.mark.parametrize(
    ("model", "values"),
    [
        (NeuronState, {"bias": float("nan")}),
        (NeuronState, {"w1": 1e9}),
        (FilterState, {"kernel": "no such filter"}),
        (TrainingState, {"lr": 0}),
        (SampleState, {"pair": ""}),
        (SampleState, {"share": 101}),
        (VarianceState, {"n_points": 5}),
        (VarianceState, {"degree": 13}),
    ],
)
def test_what_cannot_be_is_refused_by_the_state(model: Any, values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(values)
