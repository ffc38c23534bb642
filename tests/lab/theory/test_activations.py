"""Curves, slopes and corners against torch.nn, finite differences and numbers worked out by hand."""

from __future__ import annotations

import math
import random

import pytest
import torch
from torch import nn

from lab.inspection.activation_set import activation_layer, activation_module
from lab.network.catalogue import field_rows, groups
from lab.network.layers import LayerSpec
from lab.theory.activation_formulas import corners, formula_text
from lab.theory.activations import (
    find_corners,
    find_extremes,
    is_over_channels,
    tangent,
    trace_curve,
    values,
    values_and_slopes,
)

KINDS = [row.__name__ for row in groups()["Activation"]]
N_SETTINGS = 22  # for each of 27 kinds: 594
STEP = 1e-6


def random_layer(kind: str, draw: random.Random) -> LayerSpec:
    """Any parameters within the catalogue's bounds; the wide ones near 0, where something happens."""
    parameters: dict[str, object] = {}
    for row in field_rows(kind):
        if row.form == "choice":
            parameters[row.name] = draw.choice(row.choices)
        elif row.form == "float":
            low, high = max(row.low or 0.0, -4.0), min(row.high or 0.0, 4.0)
            parameters[row.name] = max(draw.uniform(low, high), 0.05 if row.low_open else low)
    return activation_layer(kind, parameters)


def random_settings(kind: str) -> list[tuple[LayerSpec, float, float, float]]:
    draw = random.Random(kind)
    return [
        (random_layer(kind, draw), draw.uniform(-8, 8), draw.uniform(0.5, 8), draw.uniform(-3, 3))
        for _ in range(N_SETTINGS)
    ]


def plain_module(layer: LayerSpec) -> nn.Module:
    """The module as a reader of torch's documentation would write it."""
    own = {"id", "kind", "inputs"}
    arguments = {name: value for name, value in layer.model_dump().items() if name not in own}
    if layer.kind in ("GLU", "Softmax", "Softmin", "LogSoftmax"):
        arguments = {"dim": 1}
    return getattr(nn, layer.kind)(**arguments).double().eval()


def columns(module: nn.Module, x: torch.Tensor, other: float) -> torch.Tensor:
    if not isinstance(module, nn.GLU | nn.Softmax | nn.Softmin | nn.LogSoftmax):
        return module(x)
    return torch.cat([module(torch.tensor([[number, other]], dtype=torch.float64))[:, 0] for number in x.tolist()])


@pytest.mark.parametrize("kind", KINDS)
def test_a_curve_is_what_the_torch_module_gives(kind: str) -> None:
    for layer, middle, half, other in random_settings(kind):
        curve = trace_curve(activation_module(layer), middle - half, middle + half, n_points=21, other=other)
        x = torch.tensor(curve.x, dtype=torch.float64)
        torch.testing.assert_close(x, torch.linspace(middle - half, middle + half, 21, dtype=torch.float64))
        with torch.no_grad():
            expected = columns(plain_module(layer), x, other)
        assert curve.y == tuple(expected.tolist()), f"{layer!r} at {middle} ± {half}, other {other}"


@pytest.mark.parametrize("kind", KINDS)
def test_a_slope_is_the_finite_difference_away_from_corners(kind: str) -> None:
    for layer, middle, half, other in random_settings(kind):
        module = activation_module(layer)
        places = corners(kind, layer.model_dump())
        curve = trace_curve(module, middle - half, middle + half, n_points=21, other=other)
        for x, slope in zip(curve.x, curve.slope, strict=True):
            if any(abs(x - place) < 2 * STEP for place in places):
                continue
            sides = values(module, torch.tensor([x - STEP, x + STEP], dtype=torch.float64), other=other).tolist()
            # Softplus goes over to a straight line at beta·x = 20, a step of 2e-9 that a difference of 2e-6 sees.
            assert slope == pytest.approx((sides[1] - sides[0]) / (2 * STEP), abs=2e-3), f"{layer!r} at x = {x}"


@pytest.mark.parametrize("kind", KINDS)
def test_the_line_that_a_learner_reads_is_what_torch_computes(kind: str) -> None:
    names = {name: getattr(math, name) for name in ("exp", "log", "sqrt", "erf", "tanh", "pi")}
    for layer, middle, _, other in random_settings(kind):
        text = formula_text(kind, layer.model_dump()).replace("−", "-").replace("·", "*").replace("^", "**")
        known = {**names, "max": max, "min": min, "abs": abs, "x": middle, "other": other}
        by_hand = eval(text, {"__builtins__": {}}, known)  # noqa: S307  (our own text)
        computed = tangent(activation_module(layer), middle, other=other).y
        # The line shows four digits of a parameter, and SELU's constants have four behind the point.
        assert by_hand == pytest.approx(computed, rel=2e-3, abs=2e-3), f"{layer!r} at x = {middle}: {text}"


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("GLU", "Softmax", "Softmin", "LogSoftmax")])
def test_every_place_where_the_slope_leaps_is_named(kind: str) -> None:
    for layer, *_ in random_settings(kind):
        module = activation_module(layer)
        x = torch.linspace(-8, 8, 6401, dtype=torch.float64)
        y, slope = values_and_slopes(module, x)
        # Between corners no slope of these bends by more than 30 a unit (Softplus with beta 4 bends by 1, CELU with
        # alpha 0.05 by 20), so 0.1 from one point to the next, 0.0025 further, is a corner.
        leaps = ((slope.diff().abs() > 0.1) | (y.diff().abs() > 0.1)).nonzero().flatten().tolist()
        named = [corner.x for corner in find_corners(module, corners(kind, layer.model_dump()))]
        for index in leaps:
            assert any(x[index] - 0.003 <= place <= x[index + 1] + 0.003 for place in named), f"{layer!r} at {x[index]}"


def test_the_slope_that_torch_takes_at_a_corner_is_told() -> None:
    (corner,) = find_corners(nn.ReLU(), (0.0,))
    assert (corner.left, corner.right, corner.used, corner.jump) == (0.0, 1.0, 0.0, 0.0)
    assert [round(c.used, 3) for c in find_corners(nn.Hardswish(), (-3.0, 3.0))] == [0.0, 1.0]


def test_a_jump_is_told_from_a_corner() -> None:
    (jump,) = find_corners(nn.Threshold(1.0, -2.0), (1.0,))
    assert jump.jump == pytest.approx(3.0, abs=1e-6)
    assert [c.jump for c in find_corners(nn.Softshrink(0.5), (-0.5, 0.5))] == [0.0, 0.0]


def test_a_parameter_that_takes_the_corner_away_leaves_none() -> None:
    assert find_corners(nn.LeakyReLU(1.0), (0.0,)) == ()
    assert find_corners(nn.ELU(1.0), (0.0,)) == ()
    assert len(find_corners(nn.ELU(2.0), (0.0,))) == 1
    assert find_corners(nn.CELU(2.0), (0.0,)) == ()


def test_gelu_dips_where_its_paper_says() -> None:
    # Hendrycks & Gimpel, arXiv:1606.08415: x·Φ(x); its minimum is where Φ(x) + x·φ(x) = 0: −0.16997 at −0.7518.
    extremes = find_extremes(nn.GELU(), -6, 6)
    assert (extremes.lowest, extremes.lowest_at) == pytest.approx((-0.16997, -0.7518), abs=2e-3)


def test_the_sigmoid_is_steepest_in_the_middle_with_a_quarter() -> None:
    extremes = find_extremes(nn.Sigmoid(), -6, 6)
    assert (extremes.steepest, extremes.steepest_at) == pytest.approx((0.25, 0.0))


def test_a_curve_without_a_dip_or_a_steepest_place_says_none() -> None:
    extremes = find_extremes(nn.ReLU(), -6, 6)
    assert (extremes.lowest, extremes.lowest_at, extremes.steepest, extremes.steepest_at) == (None, None, 1.0, None)


def test_softmax_of_two_is_the_sigmoid_of_their_difference() -> None:
    softmax = trace_curve(nn.Softmax(dim=1), -5, 5, other=1.5)
    shifted = torch.tensor(softmax.x, dtype=torch.float64) - 1.5
    y, slope = values_and_slopes(nn.Sigmoid(), shifted)
    assert softmax.y == pytest.approx(y.tolist())
    assert softmax.slope == pytest.approx(slope.tolist())


def test_only_what_looks_at_all_channels_is_over_channels() -> None:
    assert {kind for kind in KINDS if is_over_channels(activation_module(activation_layer(kind, {})))} == {
        "GLU",
        "Softmax",
        "Softmin",
        "LogSoftmax",
    }


def test_the_tangent_crosses_zero_where_it_should() -> None:
    line = tangent(nn.Tanh(), 1.0)
    assert line.intercept == pytest.approx(math.tanh(1) - (1 - math.tanh(1) ** 2))


def test_a_random_slope_is_the_middle_one_in_evaluation() -> None:
    layer = activation_layer("RReLU", {"lower": 0.1, "upper": 0.3})
    assert tangent(activation_module(layer), -2.0).slope == pytest.approx(0.2)
