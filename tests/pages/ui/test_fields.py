"""A field's facts are what its declaration says."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field

from pages.ui.fields import FieldFacts, facts


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Form(BaseModel):
    lr: float = Field(0.1, gt=0, le=1, description="How far one step goes.")
    n_epochs: int = Field(3, gt=0, lt=10, title="Epochs")
    seed: Annotated[int, Field(ge=0)] | None = None
    mode: Literal["a", "b"] = "a"
    colour: Colour = Colour.RED
    is_on: bool = True


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("lr", FieldFacts("lr", "Lr", "How far one step goes.", float, (), 0, 1, False, above=True)),
        ("n_epochs", FieldFacts("n_epochs", "Epochs", "", int, (), 1, 9, False)),
        ("seed", FieldFacts("seed", "Seed", "", int, (), 0, None, True)),
        ("mode", FieldFacts("mode", "Mode", "", str, ("a", "b"), None, None, False)),
        ("colour", FieldFacts("colour", "Colour", "", Colour, (Colour.RED, Colour.BLUE), None, None, False)),
        ("is_on", FieldFacts("is_on", "Is on", "", bool, (), None, None, False)),
    ],
)
def test_a_field_tells_what_its_widget_needs(field: str, expected: FieldFacts) -> None:
    assert facts(Form, field) == expected
