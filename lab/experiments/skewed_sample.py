"""The bias of a data set, measured: colour goes with the class in the training pictures and with nothing in the test.

Two classes of grey pictures are printed in two colours. In a skewed sample most pictures of the first class are orange
and most of the second are blue. A classifier trained on it is then shown test pictures, each one in **both** colours:
whatever differs between the two answers comes from the colour alone.

Source: the coloured digits of Arjovsky et al., "Invariant Risk Minimization", arXiv:1907.02893, section 5.2.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

# Okabe & Ito's vermilion-orange and blue: told apart under every common colour blindness.
COLOURS = torch.tensor([[0.90, 0.60, 0.10], [0.25, 0.55, 0.95]])
SIDE_PX = 14  # pictures are halved: a quarter of the weights, and live
N_STEPS = 60
LR = 0.03
DECAY = 1e-3


@dataclass(frozen=True, eq=False)
class ClassPair:
    """Grey pictures of two classes.

    Attributes:
        names: of class 0 and class 1.
        train: ``(N, 1, H, W)`` float, 0..1.
        train_labels: ``(N,)`` 0 or 1.
        test: ``(M, 1, H, W)`` float, 0..1.
        test_labels: ``(M,)`` 0 or 1.
    """

    names: tuple[str, str]
    train: Tensor
    train_labels: Tensor
    test: Tensor
    test_labels: Tensor


@dataclass(frozen=True)
class GroupResult:
    """One class in one colour: how many test pictures, and how many of them the classifier got wrong."""

    label: int
    colour: int
    n: int
    n_wrong: int

    @property
    def is_usual(self) -> bool:
        """Whether this is the colour that the skew gives the class."""
        return self.label == self.colour

    @property
    def share_wrong(self) -> float:
        """0..1; 0 of an empty group."""
        return self.n_wrong / self.n if self.n else 0.0


@dataclass(frozen=True, eq=False)
class SkewStudy:
    """What a classifier trained on a skewed sample does.

    Attributes:
        groups: the four pairs of class and colour.
        train_colours: ``(N,)`` the colour of each training picture.
        n_usual: training pictures in the usual colour of their class.
        train_wrong: share wrong on the pictures it was trained on.
        skewed_wrong: share wrong on test pictures that are coloured as the training pictures are.
        fair_wrong: share wrong on test pictures in both colours.
        n_swayed: test pictures whose answer changes with the colour.
        swayed: ``(n_swayed,)`` their indices.
    """

    groups: tuple[GroupResult, ...]
    train_colours: Tensor
    n_usual: int
    train_wrong: float
    skewed_wrong: float
    fair_wrong: float
    n_swayed: int
    swayed: Tensor


def take_pair(
    names: tuple[str, str], train: tuple[Tensor, Tensor], test: tuple[Tensor, Tensor], pair: tuple[int, int], n: int
) -> ClassPair:
    """Take two classes out of an image set, half size.

    Args:
        names: of the two classes.
        train, test: images uint8 ``(N, 1, H, W)`` and labels.
        pair: the two labels.
        n: training pictures of each class, the first in the set.
    """
    pictures, labels = zip(*(_pick(images, found, pair, n) for images, found in (train, test)), strict=True)
    return ClassPair(names, pictures[0], labels[0], pictures[1], labels[1])


def _pick(images: Tensor, labels: Tensor, pair: tuple[int, int], n: int) -> tuple[Tensor, Tensor]:
    rows = [torch.nonzero(labels == label)[:n, 0] for label in pair]
    kept = torch.cat(rows)
    small = F.adaptive_avg_pool2d(images[kept].float() / 255, SIDE_PX)
    return small, torch.cat([torch.zeros(len(rows[0])), torch.ones(len(rows[1]))]).long()


def colour_in(pictures: Tensor, colours: Tensor) -> Tensor:
    """Print grey pictures in their colours.

    Args:
        pictures: ``(N, 1, H, W)`` 0..1.
        colours: ``(N,)`` 0 or 1.

    Returns:
        ``(N, 3, H, W)``.
    """
    return pictures * COLOURS[colours][:, :, None, None]


def skewed_colours(labels: Tensor, share: float, *, seed: int) -> Tensor:
    """Choose a colour for every picture: in each class exactly ``share`` of them, rounded, get the usual one.

    Examples:
        >>> labels = torch.tensor([0, 0, 0, 0, 1, 1, 1, 1])
        >>> (skewed_colours(labels, 0.75, seed=0) == labels).sum().item()
        6
    """
    generator = torch.Generator().manual_seed(seed)
    colours = 1 - labels
    for label in (0, 1):
        mine = torch.nonzero(labels == label)[:, 0]
        usual = mine[torch.randperm(len(mine), generator=generator)[: round(share * len(mine))]]
        colours[usual] = label
    return colours


def study_skew(pair: ClassPair, share: float, *, seed: int = 0) -> SkewStudy:
    """Train on a skewed sample and count who gets wrong answers.

    Args:
        pair: the pictures.
        share: how many training pictures have the usual colour of their class, 0.5 (fair) to 1.
        seed: of the colours; the classifier starts at zero.
    """
    train_colours = skewed_colours(pair.train_labels, share, seed=seed)
    test_colours = skewed_colours(pair.test_labels, share, seed=seed + 1)
    printed = colour_in(pair.train, train_colours)
    classifier = _train(printed, pair.train_labels)
    both = [_answers(classifier, colour_in(pair.test, torch.full_like(pair.test_labels, colour))) for colour in (0, 1)]
    groups = tuple(_group(both[colour], pair.test_labels, label, colour) for label in (0, 1) for colour in (0, 1))
    as_trained = torch.where(test_colours == 0, both[0], both[1])
    swayed = torch.nonzero(both[0] != both[1])[:, 0]
    return SkewStudy(
        groups=groups,
        train_colours=train_colours,
        n_usual=int((train_colours == pair.train_labels).sum()),
        train_wrong=_share_wrong(_answers(classifier, printed), pair.train_labels),
        skewed_wrong=_share_wrong(as_trained, pair.test_labels),
        fair_wrong=sum(group.n_wrong for group in groups) / sum(group.n for group in groups),
        n_swayed=len(swayed),
        swayed=swayed,
    )


def grey_wrong(pair: ClassPair) -> float:
    """Share wrong of the same classifier when it is trained and tested on the grey pictures: what form alone gives."""
    classifier = _train(pair.train.expand(-1, 3, -1, -1), pair.train_labels)
    return _share_wrong(_answers(classifier, pair.test.expand(-1, 3, -1, -1)), pair.test_labels)


def _train(pictures: Tensor, labels: Tensor) -> nn.Linear:
    """Softmax regression on the pixels from zero, full batch, Adam: enough steps to settle, few enough to be live."""
    inputs = pictures.flatten(1)
    with torch.device("meta"):
        empty = nn.Linear(inputs.shape[1], 2)
    classifier = empty.to_empty(device="cpu")
    nn.init.zeros_(classifier.weight)
    nn.init.zeros_(classifier.bias)
    optimizer = torch.optim.Adam(classifier.parameters(), lr=LR, weight_decay=DECAY, fused=True)
    for _ in range(N_STEPS):
        optimizer.zero_grad()
        F.cross_entropy(classifier(inputs), labels).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    return classifier


@torch.no_grad()
def _answers(classifier: nn.Linear, pictures: Tensor) -> Tensor:
    answers: Tensor = classifier(pictures.flatten(1)).argmax(dim=1)
    return answers


def _group(answers: Tensor, labels: Tensor, label: int, colour: int) -> GroupResult:
    mine = labels == label
    return GroupResult(label, colour, int(mine.sum()), int((answers[mine] != label).sum()))


def _share_wrong(answers: Tensor, labels: Tensor) -> float:
    return float((answers != labels).double().mean())
