"""Which field of a stage the hand is at, from what was drawn last."""

from __future__ import annotations

from typing import Any

from pages.ui import state
from pages.ui.loss.state import LossState
from pages.ui.loss.together import keep_together, moving


def move(**values: Any) -> None:
    state.keep(LossState.model_validate({**dict(state.load(LossState)), **values}))


def test_nothing_moves_on_a_page_that_was_just_opened() -> None:
    assert moving("walk") == ""
    keep_together("walk")
    assert moving("walk") == ""


def test_the_field_that_is_not_as_it_was_drawn_is_the_one_that_moves() -> None:
    keep_together("walk")
    move(beta1=0.5)
    assert moving("walk") == "beta1"
    keep_together("walk")
    assert moving("walk") == "beta1"  # still at rest there
    move(start_y=1.0)
    assert moving("walk") == "start_y"


def test_several_that_move_at_once_are_none() -> None:
    keep_together("walk")
    move(start_x=1.0, start_y=1.0)
    assert moving("walk") == ""
    keep_together("walk")
    assert moving("walk") == ""


def test_the_fields_of_another_stage_do_not_count() -> None:
    keep_together("walk")
    move(z1=5.0)
    assert moving("walk") == ""
