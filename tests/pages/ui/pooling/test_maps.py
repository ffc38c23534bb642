"""The maps of numbers and what is typed into them."""

from __future__ import annotations

from typing import get_args

import numpy as np
import pytest
from pydantic import ValidationError

from pages.ui.photo import Photo, sample
from pages.ui.pooling.maps import base_map, numbers
from pages.ui.pooling.state import MAP_NAMES, MapName, PoolingState


@pytest.mark.parametrize("name", get_args(MapName))
@pytest.mark.parametrize("size", [(1, 1), (10, 10), (3, 7)])
def test_every_map_comes_in_every_size(name: MapName, size: tuple[int, int]) -> None:
    grid = base_map(name, *size, sample("cat"))
    assert (len(grid), len(grid[0])) == size
    assert name in MAP_NAMES


def test_the_guides_map_is_the_published_one() -> None:
    assert base_map("guide", 5, 5, sample("cat"))[2] == [3, 1, 2, 2, 3]


def test_what_was_typed_takes_the_maps_place_and_only_on_its_own_map() -> None:
    chosen = PoolingState(edits=(("digits", 0, 1, -7.5), ("dot", 0, 0, 4.0), ("digits", 9, 9, 1.0)))
    assert numbers(chosen, sample("cat"))[0][:2] == [1.0, -7.5]
    assert numbers(chosen.model_copy(update={"map": "dot"}), sample("cat"))[0][0] == 4.0


def test_the_photos_map_is_the_mean_of_its_middle_square() -> None:
    pixels = np.zeros((4, 8, 3), np.uint8)
    pixels[:2, 2:4] = 200
    assert base_map("photo", 2, 2, Photo("test:quarters", "", "", pixels)) == [[200.0, 0.0], [0.0, 0.0]]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e6, "seven", None])
def test_what_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        PoolingState.model_validate({"edits": [["digits", 0, 0, value]]})


def test_edits_come_back_from_a_link() -> None:
    chosen = PoolingState(edits=(("digits", 0, 1, 2.5),))
    assert PoolingState.model_validate(chosen.model_dump(mode="json")) == chosen
