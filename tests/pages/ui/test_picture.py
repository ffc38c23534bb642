from __future__ import annotations

import base64
import doctest
import io

import numpy as np
import pytest
from PIL import Image

from pages.ui import picture
from pages.ui.photo import small_uri
from pages.ui.picture import data_uri, png

NOISE = np.random.default_rng(0).integers(0, 256, (30, 20, 3), np.uint8)


def decoded(uri: str) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(uri.split(",", 1)[1]))))


@pytest.mark.parametrize("pixels", [NOISE, NOISE[..., 0], NOISE[..., :1]], ids=["colour", "grey", "one channel"])
def test_a_png_gives_its_pixels_back(pixels: np.ndarray) -> None:
    assert np.array_equal(decoded(data_uri(png(pixels))), pixels.squeeze())


def test_tiny_pictures_stay_exact_and_photos_get_small() -> None:
    assert np.array_equal(decoded(small_uri(NOISE)), NOISE)
    photo = small_uri(np.zeros((900, 600, 3), np.uint8), 112)
    assert photo.startswith("data:image/jpeg")
    assert decoded(photo).shape == (112, 75, 3)


def test_the_example_is_true() -> None:
    result = doctest.testmod(picture)
    assert (result.attempted, result.failed) == (1, 0)
