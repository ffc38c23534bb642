"""What may be asked of a network on the plane, and what may not."""

from __future__ import annotations

import json
import math
import subprocess
import sys

import pytest
from pydantic import ValidationError
from torch import nn

from lab.theory.neurons.plane_spec import ACTIVATIONS, MAX_LAYERS, MAX_NEURONS, HiddenLayer, PlaneSpec


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("layers", [{"n_neurons": 4}] * 1_000_000, "at most 6 items"),
        ("layers", [{"n_neurons": 10**9}], "less than or equal to 8"),
        ("layers", [{"n_neurons": 0}], "greater than or equal to 1"),
        ("layers", [{"n_neurons": 2, "activation": "__import__"}], "Input should be"),
        ("features", [], "at least 1 item"),
        ("features", ["x1"] * 99, "at most 7 items"),
        ("lr", math.nan, "finite number"),
        ("lr", math.inf, "finite number"),
        ("lr", 1e9, "less than or equal to 10"),
        ("dropout", 1.0, "less than or equal to 0.9"),
        ("n_points", 10**9, "less than or equal to 500"),
        ("points", [[0, 0, 0]] * 301, "at most 300 items"),
        ("points", [[math.nan, 0, 0]], "finite number"),
        ("points", [[0, 0, 7]], "less than 3"),
        ("penalty_rate", -1, "greater than or equal to 0"),
        ("seed", -1, "greater than or equal to 0"),
        ("colour", "red", "not permitted"),
    ],
)
def test_a_hostile_value_is_refused_in_words(field: str, value: object, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        PlaneSpec.model_validate({field: value})


def test_every_activation_is_one_of_torch() -> None:
    assert all(isinstance(getattr(nn, name)(), nn.Module) for name in ACTIVATIONS)


def test_a_spec_survives_json() -> None:
    spec = PlaneSpec(
        data="three_blobs",
        points=((1.0, -2.5, 2),),
        features=("sin_x1", "x1"),
        layers=(HiddenLayer(n_neurons=MAX_NEURONS, activation="GELU"),) * MAX_LAYERS,
    )
    assert PlaneSpec.model_validate(json.loads(json.dumps(spec.model_dump(mode="json")))) == spec


@pytest.mark.parametrize(
    ("changes", "classes", "outputs"),
    [
        ({"data": "circle"}, 2, 1),
        ({"data": "three_spirals"}, 3, 3),
        ({"data": "plane"}, 0, 1),
        ({"data": "own"}, 2, 1),
        ({"data": "own", "points": [[0, 0, 2]]}, 3, 3),
        ({"data": "circle", "points": [[0, 0, 2]]}, 3, 3),
        ({"data": "hills", "points": [[0, 0, 2]]}, 0, 1),
    ],
)
def test_outputs_follow_from_the_classes(changes: dict[str, object], classes: int, outputs: int) -> None:
    spec = PlaneSpec.model_validate(changes)
    assert (spec.n_classes, spec.n_outputs) == (classes, outputs)


def test_inputs_stand_in_their_fixed_order_and_once() -> None:
    assert PlaneSpec(features=("sin_x2", "x1", "sin_x2")).inputs == ("x1", "sin_x2")


def test_reading_a_spec_needs_no_torch() -> None:
    check = "import sys, lab.theory.neurons.plane_spec; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
