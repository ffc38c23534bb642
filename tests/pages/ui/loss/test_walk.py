"""What the third stage sends: ways as flat lists, and a drag that walks once for all of its positions."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import pytest
import torch
from PIL import Image

from lab.theory import walks
from lab.theory.surface_names import SURFACES, SurfaceName
from lab.theory.surfaces import surface_grid
from pages.ui import state
from pages.ui.loss import walk
from pages.ui.loss.map import CONTOUR_INK, HEIGHT_PX, LEAST_INK, MOST_INK, N_BANDS, WIDTH_PX, map_uri
from pages.ui.loss.state import LossState
from pages.ui.loss.together import begin, keep_together


@pytest.fixture(autouse=True)
def _walk_at_rest() -> None:
    keep_together("walk")
    walks._box.cache_clear()


def picture(**values: Any) -> dict[str, Any]:
    """What the stage would show at other values, as a trial of sending ahead does."""
    chosen = LossState.model_validate({**dict(state.load(LossState)), **values})
    before = state.load(LossState)
    state.keep(chosen)
    try:
        return walk._picture(chosen)
    finally:
        state.keep(before)


def stops(field: str) -> list[float]:
    control = next(row for row in walk._controls(LossState()) if row.field == field)
    if control.stops is not None:
        return list(control.stops)
    assert control.least is not None
    assert control.most is not None
    assert control.step is not None
    n = round((control.most - control.least) / control.step)
    return [float(f"{control.least + i * control.step:.10g}") for i in range(n + 1)]


@pytest.mark.parametrize(
    ("field", "most"),
    [
        ("start_x", 1),
        ("start_y", 1),
        ("walk_lr", 2),
        ("walk_adaptive_lr", 2),
        ("beta1", 5),
        ("momentum", 5),
        ("alpha", 1),
    ],
)
def test_a_drag_walks_a_few_times_for_all_positions_of_its_control(
    monkeypatch: pytest.MonkeyPatch, field: str, most: int
) -> None:
    picture()
    calls: list[int] = []
    together = walks._walk_together

    def counted(waiting: list[walks.Walk]) -> list[walks.Track]:
        calls.append(len(waiting))
        return together(waiting)

    monkeypatch.setattr(walks, "_walk_together", counted)
    for value in stops(field):
        picture(**{field: value})
    assert 1 <= len(calls) <= most


@pytest.mark.parametrize(("field", "value"), [("start_y", -2.35), ("walk_lr", 0.03), ("beta1", 0.37), ("alpha", 0.5)])
def test_a_position_shows_the_same_whether_it_was_walked_alone_or_beside_others(field: str, value: float) -> None:
    for stop in stops(field):
        beside = picture(**{field: stop})
        if stop == value:
            break
    walks._box.cache_clear()
    state.keep(LossState.model_validate({**dict(LossState()), field: value}))
    begin()
    assert picture() == beside


def test_a_way_is_three_flat_lists_of_numbers_that_json_writes_shortly() -> None:
    for walker in picture()["walkers"]:
        assert len(walker["x"]) == len(walker["y"]) == len(walker["losses"]) == len(walker["above"]) == 41
        assert max(len(json.dumps(x)) for x in walker["x"]) <= len("-0.000123456")


def inks(surface: SurfaceName) -> torch.Tensor:
    data = base64.b64decode(map_uri(surface).split(",")[1])
    alpha = Image.open(io.BytesIO(data)).convert("RGBA").getchannel("A")
    return torch.tensor(list(alpha.tobytes())).reshape(HEIGHT_PX, WIDTH_PX)


@pytest.mark.parametrize("surface", SURFACES)
def test_the_map_has_more_ink_where_the_loss_is_lower(surface: SurfaceName) -> None:
    ink, grid = inks(surface), surface_grid(surface, WIDTH_PX, HEIGHT_PX)
    assert int(ink.flatten()[grid.argmin()]) in (MOST_INK, MOST_INK + CONTOUR_INK)
    assert int(ink.flatten()[grid.argmax()]) in (LEAST_INK, LEAST_INK + CONTOUR_INK)
    bands = {MOST_INK - band * (MOST_INK - LEAST_INK) // (N_BANDS - 1) for band in range(N_BANDS)}
    assert set(ink.flatten().tolist()) <= bands | {band + CONTOUR_INK for band in bands}
    is_flat = (ink[1:, 1:] == ink[:-1, 1:]) & (ink[1:, 1:] == ink[1:, :-1])  # no contour line
    heights = [grid[1:, 1:][is_flat & (ink[1:, 1:] == band)] for band in sorted(bands)]
    means = [float(height.mean()) for height in heights if len(height)]
    assert means == sorted(means, reverse=True)
