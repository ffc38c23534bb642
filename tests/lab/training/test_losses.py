import math
from typing import get_args

import pytest
import torch
import torch.nn.functional as F

from lab.training.losses import LOSSES, make_loss
from lab.training.recipe import LossName

N_CLASSES = 4


@pytest.fixture
def logits():
    return torch.randn(6, N_CLASSES, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


@pytest.fixture
def labels():
    return torch.tensor([0, 1, 2, 3, 3, 0])


def by_hand(logits, labels, loss_of_image):
    """Mean over images of ``loss_of_image(logits of the image, its label)``, in plain Python."""
    losses = [loss_of_image(row, label) for row, label in zip(logits.tolist(), labels.tolist(), strict=True)]
    return sum(losses) / len(losses)


def probabilities(row):
    total = sum(math.exp(value) for value in row)
    return [math.exp(value) / total for value in row]


def squares(row, label):
    return sum((p - (k == label)) ** 2 for k, p in enumerate(probabilities(row))) / N_CLASSES


def huber(row, label):
    # |p - target| is at most 1 here, where smooth L1 is half the square.
    return squares(row, label) / 2


def smoothed(row, label):
    targets = [0.1 / N_CLASSES + 0.9 * (k == label) for k in range(N_CLASSES)]
    return -sum(t * math.log(p) for t, p in zip(targets, probabilities(row), strict=True))


def hinge(row, label):
    return sum(max(0.0, 1 - row[label] + value) for k, value in enumerate(row) if k != label) / N_CLASSES


def binary(row, label):
    sigmoids = [1 / (1 + math.exp(-value)) for value in row]
    return -sum(math.log(s if k == label else 1 - s) for k, s in enumerate(sigmoids)) / N_CLASSES


def focal(row, label):
    p = probabilities(row)[label]
    return -((1 - p) ** 2) * math.log(p)


@pytest.mark.parametrize(
    ("name", "loss_of_image"),
    [
        ("cross-entropy", lambda row, label: -math.log(probabilities(row)[label])),
        ("label-smoothing", smoothed),
        ("focal", focal),
        ("multi-margin", hinge),
        ("one-vs-rest", binary),
        ("mse", squares),
        ("smooth-l1", huber),
    ],
)
def test_the_loss_is_what_its_formula_says(name, loss_of_image, logits, labels):
    assert float(make_loss(name)(logits, labels)) == pytest.approx(by_hand(logits, labels, loss_of_image), rel=1e-9)


@pytest.mark.parametrize("name", get_args(LossName))
def test_every_loss_pushes_the_right_class_up_and_the_others_not(name, logits, labels):
    logits.requires_grad_()
    make_loss(name)(logits, labels).backward()
    right = logits.grad.gather(1, labels[:, None])
    assert (right <= 0).all()
    assert (right < 0).any()


def test_focal_loss_without_focus_is_cross_entropy(logits, labels, monkeypatch):
    monkeypatch.setattr("lab.training.losses.FOCAL_GAMMA", 0.0)
    assert torch.allclose(make_loss("focal")(logits, labels), F.cross_entropy(logits, labels))


def test_every_loss_of_the_recipe_has_a_row_with_a_sentence():
    assert set(LOSSES) == set(get_args(LossName))
    assert all(row.sentence.endswith(".") and row.title for row in LOSSES.values())
