"""The curves on the page are the measured ones, for every picture and shift."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from lab.theory.pool_window import PoolKind
from lab.theory.shift import measure_shift
from pages.ui.photo import Photo, sample
from pages.ui.pooling.photo_tensor import fit_window
from pages.ui.pooling.shift_stage import MEASURED, SHIFTS, _controls, _drawing, _picture_of
from pages.ui.pooling.state import KIND_NAMES, ShiftState


@pytest.mark.parametrize("compare", ["in_place", "moved_along"])
def test_the_lines_are_the_measured_ones_in_percent(compare: str) -> None:
    chosen = ShiftState(compare=compare, kernel_size=6, stride=4)
    key, picture = _picture_of("photo", sample("coffee"))
    lines = {line["name"]: line["y"] for line in _drawing(chosen, key, picture)["lines"]}
    for kind in MEASURED:
        measured = measure_shift(picture, chosen.spec(kind), SHIFTS, compare=chosen.compare)
        assert lines[KIND_NAMES[kind]] == pytest.approx([100 * change for change in measured.changes])
    assert (lines["No pooling"][1] > 0) == (compare == "in_place")


def test_stripes_vanish_in_an_average_and_jump_under_a_plain_stride() -> None:
    chosen = ShiftState(picture="stripes", shift=2)
    key, picture = _picture_of("stripes", sample("cat"))
    at = {line["kind"]: line["y"][2] for line in _drawing(chosen, key, picture)["lines"]}
    assert at[PoolKind.AVERAGE] == pytest.approx(0)
    assert at[PoolKind.CONVOLUTION] == pytest.approx(200)


def test_the_sentence_names_the_steadiest_kind_first() -> None:
    key, picture = _picture_of("photo", sample("cat"))
    text = _drawing(ShiftState(shift=1), key, picture)["sentence"]
    assert text.startswith("Moved by 1 px, in % of the contrast: Global max 0 %, Global average 0 %")
    assert text.rindex("Strided convolution") > text.rindex("No pooling") > text.rindex("Max ")


@pytest.mark.parametrize(("name", "shift"), [("cat", 1), ("cat", 7), ("coffee", 3)])
def test_which_of_the_usual_kinds_is_steadier_is_said_with_what_was_measured(name: str, shift: int) -> None:
    chosen = ShiftState(shift=shift)
    key, picture = _picture_of("photo", sample(name))
    verdict = _drawing(chosen, key, picture)["verdict"]
    changes = {
        kind: measure_shift(picture, chosen.spec(kind), [shift]).changes[0] for kind in (PoolKind.MAX, PoolKind.AVERAGE)
    }
    word = "more" if changes[PoolKind.MAX] > changes[PoolKind.AVERAGE] else "less"
    shares = f"{100 * changes[PoolKind.MAX]:.0f} % against {100 * changes[PoolKind.AVERAGE]:.0f} %"
    assert verdict.startswith(f"Max pooling changes {word} than average pooling here, {shares}: ")
    before, after = (nn.functional.max_pool2d(one, 8) for one in (picture, torch.roll(picture, shift, dims=-1)))
    assert f"{100 * (before == after).float().mean():.0f} % of its numbers stay exactly the same" in verdict
    assert ("jumps to another pixel" in verdict) is (word == "more")
    assert verdict.endswith(f"A mean exchanges {shift} of its 8 columns.")


def test_nothing_is_said_of_a_reason_where_the_windows_hold_other_pixels_or_nothing_changes() -> None:
    key, picture = _picture_of("photo", sample("cat"))
    assert _drawing(ShiftState(shift=8), key, picture)["verdict"].endswith("80 % against 92 %.")
    assert _drawing(ShiftState(shift=0), key, picture)["verdict"] == ""
    along = _drawing(ShiftState(shift=3, compare="moved_along"), key, picture)
    assert "exchanges" not in along["verdict"]
    assert "those that should arrive at their places" in along["measure"]


@pytest.mark.parametrize("size", [(1, 1), (1, 30), (4, 2)])
def test_a_tiny_picture_is_measured(size: tuple[int, int]) -> None:
    photo = Photo(f"test:{size}", "", "", np.full((*size, 3), 90, np.uint8))
    key, picture = _picture_of("photo", photo)
    chosen, message = fit_window(ShiftState(), size)
    assert "does not fit this picture" in message
    assert _controls(chosen, size)
    assert max(_drawing(chosen, key, picture)["lines"][1]["y"]) == 0
