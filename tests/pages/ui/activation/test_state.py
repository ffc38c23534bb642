"""What the page keeps: the catalogue's parameters as fields, and what a link may not say."""

from __future__ import annotations

import math
from typing import get_args

import pytest
from pydantic import ValidationError

from lab.inspection.activation_set import activation_layer, activation_module
from lab.network.catalogue import CATALOGUE, field_rows
from lab.theory.activations import is_over_channels
from lab.theory.depth import INITIALISATIONS, MAX_DEPTH, MAX_WIDTH
from lab.theory.init_names import InitName
from pages.ui.activation.parameters import slider_bounds
from pages.ui.activation.state import (
    KINDS,
    OVER_CHANNELS,
    PARAMETERS,
    CurvesState,
    DepthState,
    parameter_values,
    parameters_of,
)
from pages.ui.fields import facts


def test_every_parameter_but_the_number_of_slopes_is_a_field_with_the_catalogues_bounds() -> None:
    expected = {(kind, row.name) for kind in KINDS for row in field_rows(kind) if row.name != "num_parameters"}
    assert {(parameter.kind, parameter.row.name) for parameter in PARAMETERS} == expected
    for parameter in PARAMETERS:
        fact = facts(CurvesState, parameter.field)
        assert (fact.least, fact.most) == (parameter.row.low, parameter.row.high)
        assert fact.help == parameter.row.description
        assert (
            getattr(CurvesState(), parameter.field)
            == CATALOGUE[parameter.kind].model_fields[parameter.row.name].default
        )


def test_every_end_of_a_slider_makes_a_layer() -> None:
    for parameter in PARAMETERS:
        if parameter.row.form == "float":
            low, high = slider_bounds(parameter)
            assert low <= float(str(parameter.row.default)) <= high
            for end in (low, high):
                activation_layer(parameter.kind, {parameter.row.name: end})


def test_the_kinds_over_channels_are_those_of_the_theory() -> None:
    found = {kind for kind in KINDS if is_over_channels(activation_module(activation_layer(kind, {})))}
    assert found == OVER_CHANNELS


def test_the_initialisations_and_bounds_are_those_of_the_theory() -> None:
    assert get_args(InitName) == tuple(INITIALISATIONS)
    assert facts(DepthState, "depth").most == MAX_DEPTH
    assert max(facts(DepthState, "width").choices) == MAX_WIDTH


@pytest.mark.parametrize(
    "values",
    [
        {"kinds": ()},
        {"kinds": ("ReLU", "ReLU")},
        {"kinds": ("Conv2d",)},
        {"kinds": KINDS[:9]},
        {"x": math.nan},
        {"x": 11.0},
        {"x": "one"},
        {"ELU_alpha": 0.0},
        {"Hardtanh_min_val": math.inf},
    ],
)
def test_a_link_cannot_say_what_no_control_can(values: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        CurvesState.model_validate(values)


def test_a_layers_own_parameters_become_fields_and_come_back() -> None:
    layer = activation_layer("Hardtanh", {"min_val": -0.5, "max_val": 2.0})
    chosen = CurvesState.model_validate(parameter_values("Hardtanh", layer.model_dump()))
    assert activation_layer("Hardtanh", parameters_of(chosen, "Hardtanh")) == layer
