"""The stage of ``live_page.py``; its classes must outlive a rerun, so they stand in a module of their own."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import Field, field_validator

from pages.ui import live, state
from pages.ui.state import PageState

Row = tuple[float, float, float]
N_POINTS = 200


class LiveExample(PageState):
    """What the visitor of the example has chosen."""

    page: ClassVar[str] = "live"
    linked: ClassVar[frozenset[str]] = frozenset({"height", "waves", "shape", "is_flipped", "offset", "rows"})

    height: float = Field(1.0, ge=-3.0, le=3.0, description="How high the wave is.")
    waves: int = Field(2, ge=1, le=9)
    shape: Literal["sine", "steps"] = "sine"
    is_flipped: bool = False
    offset: float | None = None
    rows: tuple[Row, Row, Row] = ((0.0, 1.0, 0.0), (1.0, -2.0, 1.0), (0.0, 1.0, 0.0))

    @field_validator("offset")
    @classmethod
    def _is_small(cls, value: float | None) -> float | None:
        if value is not None and not abs(value) <= 5:
            raise ValueError("the offset stays between −5 and 5")
        return value


STAGE = live.Stage("example", scripts=("live/example",))


@STAGE.fragment
def show_stage() -> None:
    """Read the state, compute, show."""
    chosen = state.load(LiveExample)
    STAGE.show(
        LiveExample,
        key="_live.stage",
        controls=(
            live.slider(LiveExample, "height", step=0.05),
            live.slider(LiveExample, "waves"),
            live.choice(LiveExample, "shape"),
            live.switch(LiveExample, "is_flipped", label="Upside down"),
            live.number(LiveExample, "offset", group="More", help="Shifts the wave; empty for none."),
        ),
        picture=_picture(chosen),
        on_action=_act,
    )


def _act(name: str, details: Mapping[str, Any]) -> None:
    if name == "double":
        state.update(LiveExample, height=min(3.0, 2 * state.load(LiveExample).height))


def _picture(chosen: LiveExample) -> dict[str, Any]:
    xs = [2 * math.pi * (i / (N_POINTS - 1) - 0.5) for i in range(N_POINTS)]
    sign = -chosen.height if chosen.is_flipped else chosen.height
    waves = [math.cos(chosen.waves * x) for x in xs]
    shaped = waves if chosen.shape == "sine" else [math.copysign(1.0, wave) for wave in waves]
    return {
        "x": xs,
        "y": [sign * wave + (chosen.offset or 0.0) for wave in shaped],
        "height": chosen.height,
        "rows": chosen.rows,
        "sum": sum(map(sum, chosen.rows)),
        "row_sums": [sum(row) for row in chosen.rows],
    }
