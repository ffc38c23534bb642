"""Training and test part of one pile of labelled images, each class in both in the same proportion."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def split_by_class(labels: Sequence[int], *, test_share: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Split indices so that every class gives the same share of its images to the test part.

    Args:
        labels: class index of each image.
        test_share: between 0 and 1; a class gives at least one image and keeps at least one.
        seed: same seed, same split.

    Returns:
        Indices of the training and of the test images, int64, each in mixed order.

    Raises:
        ValueError: a class has fewer than two images.

    Examples:
        >>> train, test = split_by_class([0] * 10 + [1] * 5, test_share=0.2, seed=1)
        >>> len(train), len(test)
        (12, 3)
    """
    random = np.random.default_rng(seed)
    by_label = np.asarray(labels)
    train, test = [], []
    for label in np.unique(by_label):
        members = random.permutation(np.flatnonzero(by_label == label))
        if len(members) < 2:
            raise ValueError(f"class {label} has fewer than two images")
        n_test = min(max(round(len(members) * test_share), 1), len(members) - 1)
        test.append(members[:n_test])
        train.append(members[n_test:])
    return random.permutation(np.concatenate(train)), random.permutation(np.concatenate(test))
