"""Whatever the controls of the numbers stage can reach is drawn, with torch's numbers."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
import torch
from torch.nn import functional as F

from lab.theory.pool_window import PoolKind
from lab.theory.pooling import take_apart
from pages.ui.pooling import numbers_stage
from pages.ui.pooling.state import MOST_KERNEL, MOST_SIDE, MOST_STRIDE, PoolingState

N_RANDOM = 500


@pytest.fixture(autouse=True)
def _nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a visitor there is nobody whose mended setting is to be remembered."""
    monkeypatch.setattr(numbers_stage, "keep_mended", lambda *_: None)
    monkeypatch.setattr(numbers_stage, "mended_sentence", lambda *_: "")


def random_state(draw: random.Random) -> PoolingState:
    """Any of them, also one that does not fit its map: an old link, or a map made smaller."""
    return PoolingState(
        height=draw.randint(1, MOST_SIDE),
        width=draw.randint(1, MOST_SIDE),
        kind=draw.choice(list(PoolKind)),
        kernel_size=draw.randint(1, MOST_KERNEL),
        stride=draw.randint(1, MOST_STRIDE),
        padding=draw.randint(0, 3),
        dilation=draw.randint(1, 3),
        ceil_mode=draw.random() < 0.5,
        count_include_pad=draw.random() < 0.5,
        norm_type=draw.randint(1, 8),
        output_size=draw.randint(1, MOST_SIDE),
        weights=draw.choice(("mean", "first", "blur", "random")),
    )


def drawn(chosen: PoolingState, grid: torch.Tensor) -> dict[str, Any]:
    return numbers_stage.numbers_picture(take_apart(grid, chosen.spec), map_name="digits", is_grey=False)


def test_every_setting_is_brought_to_one_that_is_drawn_and_its_bounds_have_a_result() -> None:
    draw = random.Random(3)
    for n in range(N_RANDOM):
        asked = random_state(draw)
        chosen, sentence = numbers_stage._possible(asked)
        assert bool(sentence) == (chosen != asked), asked
        grid = torch.rand(chosen.height, chosen.width, generator=torch.Generator().manual_seed(n)).double()
        picture = drawn(chosen, grid)
        json.dumps(picture)
        marked = [other["values"] for other in picture["others"] if other["mark"]]
        assert marked == [picture["output"]] or not chosen.spec.kind.slides, asked
        for control in numbers_stage._controls(chosen):
            if control.field in ("kernel_size", "padding", "dilation", "stride"):
                for end in (control.least, control.most):
                    drawn(chosen.model_copy(update={control.field: int(end or 0)}), grid)


def test_a_kind_without_padding_is_left_out_where_its_window_is_larger_than_the_map() -> None:
    grid = torch.arange(9.0).reshape(3, 3).double()
    picture = drawn(PoolingState(height=3, width=3, kernel_size=4, stride=4, padding=1), grid)
    assert [other["name"] for other in picture["others"]] == ["Max", "Average", "Strided convolution (weights 1/16)"]
    assert picture["output"] == F.max_pool2d(grid[None], 4, 4, 1)[0].tolist()
