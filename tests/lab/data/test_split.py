"""A split keeps every image once and every class in proportion."""

import numpy as np
import pytest

from lab.data.split import split_by_class

LABELS = [0] * 50 + [1] * 20 + [2] * 2


def test_every_image_lands_in_exactly_one_part():
    train, test = split_by_class(LABELS, test_share=0.2, seed=3)
    assert sorted([*train, *test]) == list(range(72))


def test_every_class_gives_its_share_and_keeps_one():
    train, test = split_by_class(LABELS, test_share=0.2, seed=3)
    assert np.bincount(np.array(LABELS)[test]).tolist() == [10, 4, 1]
    assert np.bincount(np.array(LABELS)[train]).tolist() == [40, 16, 1]


def test_the_seed_decides():
    first, again, other = (split_by_class(LABELS, test_share=0.2, seed=seed)[1].tolist() for seed in (3, 3, 4))
    assert first == again != other


def test_a_class_with_one_image_cannot_be_split():
    with pytest.raises(ValueError, match="class 1 has fewer than two images"):
        split_by_class([0, 0, 1], test_share=0.2, seed=0)
