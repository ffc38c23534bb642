"""What counts as wrong, and how much: the losses for classification, torch.nn's own where they exist.

A loss is one row: adding one means adding a row and its test. What torch has no function for is composed of torch's in
:mod:`lab.theory.losses`, which is imported when a loss is made: the rows are read without torch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

    from lab.training.recipe import LossName

LABEL_SMOOTHING = 0.1
# Lin et al., arXiv:1708.02002: "gamma = 2 works best in our experiments".
FOCAL_GAMMA = 2.0


@dataclass(frozen=True)
class LossRow:
    """A loss.

    Attributes:
        name: as in the recipe.
        title: for a reader.
        sentence: what it does.
        make: gives the function of logits ``(N, K)`` float32 and labels ``(N,)`` int64 that returns the mean loss.
    """

    name: LossName
    title: str
    sentence: str
    make: Callable[[], Callable[[Tensor, Tensor], Tensor]]


def make_loss(name: LossName) -> Callable[[Tensor, Tensor], Tensor]:
    """Return the loss of that name: logits ``(N, K)`` and labels ``(N,)`` in, mean loss out."""
    return LOSSES[name].make()


def _cross_entropy() -> Callable[[Tensor, Tensor], Tensor]:
    from torch import nn

    return nn.CrossEntropyLoss()


def _label_smoothing() -> Callable[[Tensor, Tensor], Tensor]:
    from torch import nn

    return nn.CrossEntropyLoss(label_smoothing=LABEL_SMOOTHING)


def _multi_margin() -> Callable[[Tensor, Tensor], Tensor]:
    from torch import nn

    return nn.MultiMarginLoss()


def _focal() -> Callable[[Tensor, Tensor], Tensor]:
    from lab.theory.losses import focal_loss

    def focal(logits: Tensor, labels: Tensor) -> Tensor:
        return focal_loss(logits, labels, gamma=FOCAL_GAMMA)

    return focal


def _one_vs_rest() -> Callable[[Tensor, Tensor], Tensor]:
    from lab.theory.losses import one_vs_rest

    return one_vs_rest


def _mse() -> Callable[[Tensor, Tensor], Tensor]:
    from lab.theory.losses import probability_mse

    return probability_mse


def _smooth_l1() -> Callable[[Tensor, Tensor], Tensor]:
    from lab.theory.losses import probability_smooth_l1

    return probability_smooth_l1


_ROWS = (
    LossRow(
        "cross-entropy",
        "Cross-entropy",
        "Minus the logarithm of the probability given to the right class: 0 when sure and right, without limit when "
        "sure and wrong. The usual choice.",
        _cross_entropy,
    ),
    LossRow(
        "label-smoothing",
        "Cross-entropy with label smoothing",
        "Cross-entropy towards 91 % for the right of ten classes instead of 100 %, so that the network does not become "
        "needlessly sure; the loss never reaches 0.",
        _label_smoothing,
    ),
    LossRow(
        "focal",
        "Focal loss",
        "Cross-entropy that counts images already recognised for less, so that the hard ones matter more.",
        _focal,
    ),
    LossRow(
        "multi-margin",
        "Multi-class margin (hinge)",
        "Asks only that the right class's number is larger than every other by 1; satisfied images teach nothing more.",
        _multi_margin,
    ),
    LossRow(
        "one-vs-rest",
        "Binary cross-entropy, one class against the rest",
        "Asks for each class separately whether it is this one or not, as if they did not exclude each other.",
        _one_vs_rest,
    ),
    LossRow(
        "mse",
        "Squared error of the probabilities",
        "The squared distance to 1 for the right class and 0 for the others. Sure mistakes give almost no gradient: "
        "compare how slowly it starts.",
        _mse,
    ),
    LossRow(
        "smooth-l1",
        "Smooth L1 of the probabilities",
        "Like the squared error for small distances and like the distance itself for large ones.",
        _smooth_l1,
    ),
)

LOSSES: dict[LossName, LossRow] = {row.name: row for row in _ROWS}
