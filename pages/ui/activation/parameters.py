"""The live controls of an activation's parameters, from the catalogue's own bounds."""

from __future__ import annotations

from collections.abc import Sequence

from lab.network.catalogue import CATALOGUE
from pages.ui import live
from pages.ui.activation.state import PARAMETERS, Parameter
from pages.ui.state import PageState

# A slider over all of −100 … 100 could not be aimed; where something happens is within a few units of 0.
REACH = 3.0
SMALL_REACH = 1.0
STEP = 0.01


def parameter_controls(model: type[PageState], kinds: Sequence[str]) -> tuple[live.Control, ...]:
    """A control for each parameter of these kinds, grouped by activation."""
    return tuple(_control(model, row) for kind in kinds for row in PARAMETERS if row.kind == kind)


def _control(model: type[PageState], parameter: Parameter) -> live.Control:
    row, group = parameter.row, CATALOGUE[parameter.kind].title
    if row.form == "choice":
        return live.choice(model, parameter.field, label=row.name, group=group)
    low, high = slider_bounds(parameter)
    return live.slider(model, parameter.field, label=row.name, least=low, most=high, step=STEP, group=group)


def slider_bounds(parameter: Parameter) -> tuple[float, float]:
    """The part of the catalogue's range that a slider reaches; its default is always inside."""
    row = parameter.row
    default = float(str(row.default))
    reach = SMALL_REACH if 0 < abs(default) < SMALL_REACH else max(REACH, 2 * abs(default))
    low = max(-reach if row.low is None else row.low, -reach)
    high = min(reach if row.high is None else row.high, reach)
    return (low + STEP if row.low_open and low == row.low else low), high
