"""Maps as one palette PNG: every byte is a value, read back by Pillow."""

from __future__ import annotations

import io

import numpy as np
import pytest
import torch
from PIL import Image

from lab.inspection.colour import diverging_table
from lab.inspection.mosaic import mosaic, quantise, shrink


def test_the_png_is_a_palette_picture_in_the_colours_of_the_map():
    maps = torch.tensor([[[-1.0, 0.0], [0.5, 1.0]]])
    picture = Image.open(io.BytesIO(mosaic(maps, limit=1.0).png()))
    assert picture.mode == "P"
    assert np.asarray(picture).tolist() == [[1, 128], [192, 255]]
    table = np.frombuffer(diverging_table(), dtype=np.uint8).reshape(256, 3)
    assert np.array_equal(np.asarray(picture.convert("RGB")), table[[[1, 128], [192, 255]]])


def test_a_byte_is_the_value_to_within_half_a_step_of_the_scale():
    values = torch.randn(1000, generator=torch.Generator().manual_seed(0))
    limit = float(values.abs().max())
    back = (quantise(values, limit).float() - 128) / 127 * limit
    assert float((back - values).abs().max()) <= limit / 127 / 2 + 1e-6


def test_maps_lie_in_channel_order_row_by_row_with_gaps_between():
    maps = torch.stack([torch.full((2, 2), value) for value in (0.0, 1.0, -1.0)])
    tiled = mosaic(maps, limit=1.0, columns=2, gap_px=1)
    assert tiled.indices.tolist() == [
        [128, 128, 0, 255, 255],
        [128, 128, 0, 255, 255],
        [0, 0, 0, 0, 0],
        [1, 1, 0, 0, 0],
        [1, 1, 0, 0, 0],
    ]


def test_a_large_map_is_reduced_to_means_and_the_mosaic_says_so():
    maps = torch.arange(16.0).reshape(1, 4, 4)
    tiled = mosaic(maps, limit=16.0, max_tile_px=2)
    assert tiled.tile == (2, 2)
    assert tiled.reduced_from == (4, 4)
    assert shrink(maps, 2).tolist() == [[[2.5, 4.5], [10.5, 12.5]]]
    assert mosaic(maps, limit=16.0, max_tile_px=4).reduced_from is None


def test_what_is_not_a_number_is_drawn_as_zero_and_the_infinite_at_the_ends():
    assert quantise(torch.tensor([float("nan"), float("inf"), float("-inf")]), 1.0).tolist() == [128, 255, 1]


@pytest.mark.parametrize("limit", [0.0])
def test_a_scale_of_zero_draws_zero(limit):
    assert quantise(torch.tensor([0.0, 1.0]), limit).tolist() == [128, 128]
