"""The cards of the photo stage say what torch says, and no picture is too small."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn import functional as F

from lab.theory.pool_window import PoolKind
from pages.ui.photo import Photo, sample
from pages.ui.pooling.photo_stage import LONGEST_PX, SHOWN, _card, _controls
from pages.ui.pooling.photo_tensor import fit_window, photo_tensor
from pages.ui.pooling.state import PhotoPoolState


def pixels_of(src: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(src.split(",")[1]))))


def test_each_card_shows_what_torch_computes() -> None:
    picture = photo_tensor(sample("cat"), LONGEST_PX)
    chosen = PhotoPoolState(kernel_size=5, stride=3, padding=2)
    expected = {
        PoolKind.MAX: F.max_pool2d(picture[None], 5, 3, 2),
        PoolKind.AVERAGE: F.avg_pool2d(picture[None], 5, 3, 2),
        PoolKind.ADAPTIVE_AVERAGE: F.adaptive_avg_pool2d(picture[None], 16),
    }
    for kind, values in expected.items():
        card = _card(kind, chosen, picture)
        assert card["size"] == f"{values.shape[2]}×{values.shape[3]}"
        assert (pixels_of(card["src"]) == values[0].round().byte().permute(1, 2, 0).numpy()).all(), kind


def test_lp_pooling_is_drawn_as_bright_as_the_others_and_says_so() -> None:
    card = _card(PoolKind.LP, PhotoPoolState(kernel_size=2, stride=2, norm_type=1), torch.full((3, 4, 4), 100.0))
    assert (pixels_of(card["src"]) == 100).all()
    assert card["scaled"] == "Divided by 4 to be comparable"


@pytest.mark.parametrize("view", ["result", "passed", "difference", "gradient"])
@pytest.mark.parametrize("size", [(1, 1), (1, 40), (3, 2)])
def test_a_tiny_picture_is_pooled_in_every_view(view: str, size: tuple[int, int]) -> None:
    pixels = np.full((*size, 3), 200, np.uint8)
    picture = photo_tensor(Photo(f"test:{size}", "", "", pixels), LONGEST_PX)
    chosen, message = fit_window(PhotoPoolState(view=view), size)
    assert "does not fit this picture" in message
    assert _controls(chosen, size)
    for kind in SHOWN:
        assert _card(kind, chosen, picture)["src"].startswith("data:image/png")


def test_only_winners_are_passed_on() -> None:
    picture = torch.arange(48.0).reshape(3, 4, 4)
    shown = pixels_of(_card(PoolKind.MAX, PhotoPoolState(view="passed", kernel_size=2, stride=2), picture)["src"])
    assert (shown > 0).sum() == 12
    assert shown[1, 1, 0] == 5


def test_the_one_window_of_all_kinds_fits_the_kind_without_padding_too() -> None:
    pixels = np.full((28, 28, 3), 90, np.uint8)
    picture = photo_tensor(Photo("test:small", "", "", pixels), LONGEST_PX)
    chosen, message = fit_window(PhotoPoolState(kernel_size=32, padding=16), (28, 28))
    assert (chosen.kernel_size, chosen.padding) == (28, 14)
    assert "does not fit this picture of 28×28; it is 28 with padding 14 now." in message
    most = next(control.most for control in _controls(chosen, (28, 28)) if control.field == "kernel_size")
    assert most == 28
    for kind in SHOWN:
        assert _card(kind, chosen, picture)["src"].startswith("data:image/png")
