"""Every activation of the catalogue has its formula; that each is right is tested beside the curves."""

from __future__ import annotations

from lab.network.catalogue import groups
from lab.theory.activation_formulas import FORMULAS, corners, formula_text


def test_every_activation_of_the_catalogue_has_its_formula_and_no_other() -> None:
    assert set(FORMULAS) == {row.__name__ for row in groups()["Activation"]}


def test_a_formula_has_todays_numbers_put_in() -> None:
    assert formula_text("Hardtanh", {"min_val": -2.0, "max_val": 0.5}) == "min(max((−2), x), 0.5)"


def test_gelu_by_tanh_has_its_own_line() -> None:
    assert formula_text("GELU", {"approximate": "tanh"}) != formula_text("GELU", {"approximate": "none"})


def test_corners_follow_the_parameters() -> None:
    assert corners("Hardtanh", {"min_val": -2.0, "max_val": 0.5}) == (-2.0, 0.5)
    assert corners("Hardshrink", {"lambd": 0.0}) == (0.0,)
