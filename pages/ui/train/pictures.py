"""Test images of a run's data set as pictures with what the network made of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from lab.data.storage import stored_at_ns
from lab.training.evaluation import Evaluation
from lab.training.run_folder import Run
from pages.ui import units
from pages.ui.gallery import Figure
from pages.ui.picture import data_uri, png


@lru_cache(maxsize=2048)
def picture_of(data: str, stored_ns: int, index: int) -> str:
    """One test image as a data URI.

    Args:
        data: name of an image set that is on this machine.
        stored_ns: when it was stored; a set deleted and taken in anew under a name is another one.
        index: position in its test set.

    Raises:
        DataError: the set is not here, or damaged.
    """
    from lab.data.image_set import load_image_set

    pixels: np.ndarray = load_image_set(data, download=False).test_images[index].permute(1, 2, 0).numpy()
    return data_uri(png(pixels))


def figures_of(
    run: Run, evaluation: Evaluation, classes: Sequence[str], indices: Sequence[int], *, named: bool
) -> list[Figure]:
    """Make a figure of each of these test images.

    Args:
        run: whose data set it is.
        evaluation: what the network made of them.
        classes: K class names.
        indices: positions in the test set.
        named: write what it was taken for and what it is; without, only how sure the network was.
    """
    data = run.spec().data
    return [_figure(data, evaluation, classes, index, named) for index in indices]


def _figure(data: str, evaluation: Evaluation, classes: Sequence[str], index: int, named: bool) -> Figure:
    label, guess = classes[evaluation.labels[index]], classes[evaluation.predicted[index]]
    probability = evaluation.probabilities[index]
    sure = f"{units.percent(probability)} sure"
    alt = f"test image {index}: {label}, taken for {guess}, {sure}"
    lines = (guess, sure, f"is: {label}") if named else (sure,)
    return Figure(picture_of(data, stored_at_ns(data), index), lines, alt, probability, right=label == guess)
