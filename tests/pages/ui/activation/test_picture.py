"""What the stages are told: torch's numbers, light enough to be dragged."""

from __future__ import annotations

import json

import pytest
import torch
from torch import nn

from lab.inspection.activation_set import Reaching
from lab.theory.activations import Corner
from pages.ui.activation.depth import _picture
from pages.ui.activation.picture import corner_sentence, curves_picture, layer_picture
from pages.ui.activation.state import KINDS, CurvesState, DepthState


def chosen(**values: object) -> CurvesState:  # type: ignore[valid-type]
    return CurvesState.model_validate(values)


def reaching(*shape: int) -> Reaching:
    values = torch.randn(*shape, generator=torch.Generator().manual_seed(0))
    return Reaching("conv1", values, values.numel())


def test_a_curve_has_at_most_200_points_and_eight_of_them_stay_light() -> None:
    picture = curves_picture(chosen(kinds=KINDS[:8]))
    assert all(len(row["y"]) == len(row["slope"]) == len(picture["xs"]) <= 200 for row in picture["rows"])
    assert len(json.dumps(picture)) < 40_000


@pytest.mark.parametrize("kind", KINDS)
def test_every_activation_can_be_drawn_at_every_x(kind: str) -> None:
    for x in (-10.0, -0.5, 0.0, 3.0, 10.0):
        picture = curves_picture(chosen(kinds=(kind,), x=x, span=10.0))
        json.dumps(picture, allow_nan=False)
        assert picture["y_range"][0] < picture["y_range"][1]


def test_the_drawn_values_are_torchs() -> None:
    picture = curves_picture(chosen(kinds=("ELU", "Mish"), ELU_alpha=0.5, x=-1.5))
    x = torch.tensor(picture["xs"], dtype=torch.float64)
    for row, module in zip(picture["rows"], (nn.ELU(0.5), nn.Mish()), strict=True):
        assert row["y"] == pytest.approx(module(x).tolist(), abs=1e-5)
        assert row["at"]["y"] == module(torch.tensor(-1.5, dtype=torch.float64)).item()
        ends = [row["at"]["y"] + row["at"]["slope"] * (end + 1.5) for end in (-4.0, 4.0)]
        assert row["tangent"]["y"] == pytest.approx(ends)


def test_a_parameter_moved_moves_its_curve_alone() -> None:
    before = curves_picture(chosen(kinds=("LeakyReLU", "ReLU")))
    after = curves_picture(chosen(kinds=("LeakyReLU", "ReLU"), LeakyReLU_negative_slope=0.5))
    assert before["rows"][0]["y"] != after["rows"][0]["y"]
    assert before["rows"][1]["y"] == after["rows"][1]["y"]


def test_a_jump_and_a_corner_are_said_in_words() -> None:
    assert corner_sentence(Corner(-0.5, 1.0, 0.0, 0.0, 0.5)) == "Jump at −0.5, by 0.5; PyTorch takes the slope 0 there."
    assert "slope 0.01 to the left, 1 to the right; PyTorch takes 0.01" in corner_sentence(Corner(0, 0.01, 1, 0.01, 0))


@pytest.mark.parametrize("kind", KINDS)
def test_every_activation_can_be_applied_to_a_layer_of_an_even_number_of_channels(kind: str) -> None:
    picture = layer_picture(chosen(kinds=(kind,)), reaching(3, 4, 5), "words")
    effect = picture["rows"][0]["after"]
    json.dumps(picture, allow_nan=False)
    assert len(effect["bars"]["heights"]) == 40
    assert (effect["health"] is None) == (kind in ("GLU", "Softmax", "Softmin", "LogSoftmax"))


def test_glu_says_why_it_cannot_take_an_odd_number_of_channels() -> None:
    effect = layer_picture(chosen(kinds=("GLU",)), reaching(3, 5, 2), "")["rows"][0]["after"]
    assert effect == {"refusal": "GLU halves the channels, and 5 is an odd number."}


def test_a_share_is_never_rounded_to_none_or_all() -> None:
    values = torch.full((1, 1, 1000), -1.0)
    values[0, 0, :2] = 1.0
    effect = layer_picture(chosen(kinds=("ReLU",)), Reaching("conv1", values, 1000), "")["rows"][0]["after"]
    assert effect["zero_text"] == effect["health"]["flat"]["text"] == "over 99 %"
    assert effect["health"]["flat"]["value"] == pytest.approx(0.998)
    assert effect["health"]["dead"] == {"value": 0.0, "text": "0 %"}


def test_where_a_curve_or_its_slope_leaps_both_sides_are_told() -> None:
    relu, shrink, gelu = curves_picture(chosen(kinds=("ReLU", "Hardshrink", "GELU")))["rows"]
    assert relu["leaps"] == {"y": [], "slope": [[0.0, 0.0, 0.0, 1.0]]}
    assert shrink["leaps"]["y"] == [[-0.5, -0.5, 0.0, 0.0], [0.5, 0.0, 0.0, 0.5]]
    assert gelu["leaps"] == {"y": [], "slope": []}


@pytest.mark.parametrize("kind", KINDS)
def test_between_two_leaps_no_slope_is_steeper_than_the_samples_can_show(kind: str) -> None:
    (row,) = curves_picture(chosen(kinds=(kind,)))["rows"]
    xs, slopes = curves_picture(chosen(kinds=(kind,)))["xs"], row["slope"]
    places = [place for place, *_ in row["leaps"]["slope"]]
    for left, right, before, after in zip(xs, xs[1:], slopes, slopes[1:], strict=False):
        if not any(left <= place <= right for place in places):
            assert abs(after - before) < 0.15, (left, right)


def test_times_and_plus_act_on_what_reaches_the_activation() -> None:
    values = reaching(4, 6, 10)
    picture = layer_picture(chosen(kinds=("ReLU",), gain=2.0, shift=-1.0), values, "")
    expected = torch.relu(2.0 * values.values - 1.0)
    assert picture["rows"][0]["after"]["mean"] == pytest.approx(expected.mean().item(), rel=1e-5)
    assert picture["before"]["mean"] == pytest.approx((2.0 * values.values - 1.0).mean().item(), rel=1e-5)


def test_a_bar_too_tall_is_cut_and_its_share_kept() -> None:
    effect = layer_picture(chosen(kinds=("ReLU",)), reaching(4, 6, 50), "")["rows"][0]["after"]
    assert effect["bars"]["cut"]["bar"] == 0
    share = (reaching(4, 6, 50).values < effect["high"] / 40).float().mean().item()
    assert effect["bars"]["cut"]["text"] == f"{100 * share:.0f} %"
    assert max(effect["bars"]["heights"]) == 1.0


def test_without_a_layer_the_stage_says_why() -> None:
    assert layer_picture(chosen(), None, "none here") == {"words": "none here", "before": None, "rows": []}


@pytest.mark.parametrize("kind", KINDS)
def test_the_depth_experiment_can_be_drawn_for_every_activation(kind: str) -> None:
    picture = _picture(DepthState.model_validate({"kind": kind, "width": 8, "depth": 12}))
    json.dumps(picture, allow_nan=False)
    assert len(picture["signal"]) == len(picture["gradient"]) == len(picture["layers"]) == 13


def test_a_size_of_zero_ends_its_line_and_float32s_limits_are_marked() -> None:
    dead = _picture(DepthState.model_validate({"kind": "ReLU", "bias": -1.0, "init": "he_normal"}))
    assert dead["signal"][-1] is None
    gone = _picture(DepthState.model_validate({"kind": "Sigmoid", "depth": 50, "scale": 0.1}))
    assert gone["bands"][0]["label"] == "too small for float32"
    huge = _picture(
        DepthState.model_validate(
            {"kind": "ReLU", "depth": 50, "init": "he_normal", "scale": 4.0, "width": 256, "bias": 3.0}
        )
    )
    assert huge["sentences"][0].endswith("it explodes.")
