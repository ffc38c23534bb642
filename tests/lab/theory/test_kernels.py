"""The hand-written kernels against torch's own cross-correlation."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from lab.theory.kernels import NAMED_KERNELS, NamedKernel, cross_correlate


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
