"""The hand-written kernels against torch's own cross-correlation."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from lab.theory.kernels import CLASSIC_KERNELS, NAMED_KERNELS, NamedKernel, cross_correlate


@pytest.mark.parametrize("kernel", NAMED_KERNELS, ids=lambda kernel: kernel.name)
def test_a_kernel_gives_what_torch_gives(kernel: NamedKernel) -> None:
    picture = np.random.default_rng(0).uniform(0, 255, (17, 23))
    weight = torch.tensor(kernel.weights, dtype=torch.float64)[None, None]
    expected = F.conv2d(torch.from_numpy(picture)[None, None], weight)[0, 0].numpy()
    np.testing.assert_allclose(cross_correlate(picture, kernel.weights), expected, rtol=1e-12)


@pytest.mark.parametrize("kernel", NAMED_KERNELS[:3], ids=lambda kernel: kernel.name)
def test_an_edge_kernel_says_nothing_about_an_even_picture(kernel: NamedKernel) -> None:
    assert not cross_correlate(np.full((5, 5), 77.0), kernel.weights).any()


def test_a_kernel_larger_than_the_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="window shape cannot be larger"):
        cross_correlate(np.zeros((2, 2)), NAMED_KERNELS[0].weights)


# Row by row, as image programs have them.
PUBLISHED = {
    "Outline": [-1, -1, -1, -1, 8, -1, -1, -1, -1],
    "Blur": [value / 16 for value in (1, 2, 1, 2, 4, 2, 1, 2, 1)],
    "Sharpen": [0, -1, 0, -1, 5, -1, 0, -1, 0],
    "Emboss": [-2, -1, 0, -1, 1, 1, 0, 1, 2],
    "Left Sobel": [1, 0, -1, 2, 0, -2, 1, 0, -1],
    "Right Sobel": [-1, 0, 1, -2, 0, 2, -1, 0, 1],
    "Top Sobel": [1, 2, 1, 0, 0, 0, -1, -2, -1],
    "Bottom Sobel": [-1, -2, -1, 0, 0, 0, 1, 2, 1],
    "Identity": [0, 0, 0, 0, 1, 0, 0, 0, 0],
}


@pytest.mark.parametrize("kernel", CLASSIC_KERNELS, ids=lambda kernel: kernel.name)
def test_a_preset_has_the_published_numbers(kernel: NamedKernel) -> None:
    assert [value for row in kernel.weights for value in row] == PUBLISHED[kernel.name]


@pytest.mark.parametrize("kernel", CLASSIC_KERNELS, ids=lambda kernel: kernel.name)
def test_on_a_flat_picture_edges_give_nothing_and_the_others_keep_the_value(kernel: NamedKernel) -> None:
    result = cross_correlate(np.full((5, 5), 77.0), kernel.weights)
    is_edge = kernel.name == "Outline" or kernel.name.endswith("Sobel")
    np.testing.assert_allclose(result, 0 if is_edge else 77)
