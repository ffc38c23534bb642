"""The bias of a data set, measured: colour goes with the class in the training pictures and with nothing in the test.

Two classes of grey pictures are printed in two colours. In a skewed sample most pictures of the first class are orange
and most of the second are blue. A classifier trained on it is then shown test pictures, each one in **both** colours:
whatever differs between the two answers comes from the colour alone.

Source: the coloured digits of Arjovsky et al., "Invariant Risk Minimization", arXiv:1907.02893, section 5.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

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
    return study_many(pair, [(share, seed)])[0]


def study_many(pair: ClassPair, settings: Sequence[tuple[float, int]]) -> list[SkewStudy]:
    """What :func:`study_skew` gives for each of several settings (share, seed), at little more than the cost of one."""
    colours = torch.stack([skewed_colours(pair.train_labels, share, seed=seed) for share, seed in settings])
    classifiers = _train(pair.train, colours, pair.train_labels)
    tested = classifiers.answers(pair.test)
    trained = classifiers.answers(pair.train)
    return [_study(pair, setting, colours[i], tested[i], trained[i]) for i, setting in enumerate(settings)]


def _study(
    pair: ClassPair, setting: tuple[float, int], train_colours: Tensor, tested: Tensor, trained: Tensor
) -> SkewStudy:
    """Count; ``tested`` and ``trained`` are the answers to every picture in both colours, ``(2, N)``."""
    share, seed = setting
    test_colours = skewed_colours(pair.test_labels, share, seed=seed + 1)
    groups = tuple(_group(tested[colour], pair.test_labels, label, colour) for label in (0, 1) for colour in (0, 1))
    swayed = torch.nonzero(tested[0] != tested[1])[:, 0]
    return SkewStudy(
        groups=groups,
        train_colours=train_colours,
        n_usual=int((train_colours == pair.train_labels).sum()),
        train_wrong=_share_wrong(_in_their_colours(trained, train_colours), pair.train_labels),
        skewed_wrong=_share_wrong(_in_their_colours(tested, test_colours), pair.test_labels),
        fair_wrong=sum(group.n_wrong for group in groups) / sum(group.n for group in groups),
        n_swayed=len(swayed),
        swayed=swayed,
    )


def _in_their_colours(answers: Tensor, colours: Tensor) -> Tensor:
    """Of the answers in both colours, ``(2, N)``, each picture's in its own."""
    return answers.gather(0, colours[None])[0]


def grey_wrong(pair: ClassPair) -> float:
    """Share wrong of the same classifier when it is trained and tested on the grey pictures: what form alone gives."""
    grey = torch.ones(1, 3)
    classifiers = _train(pair.train, torch.zeros(1, len(pair.train), dtype=torch.long), pair.train_labels, grey)
    return _share_wrong(classifiers.answers(pair.test)[0, 0], pair.test_labels)


@dataclass(frozen=True, eq=False)
class Classifiers:
    """Softmax regressions on the pixels of coloured pictures, one for each of B settings.

    Attributes:
        weight: ``(B, 2, 3, P)``: class, channel, pixel.
        bias: ``(B, 2)``.
        inks: ``(K, 3)`` the colours that pictures are printed in.
    """

    weight: Tensor
    bias: Tensor
    inks: Tensor

    def logits(self, pixels: Tensor) -> Tensor:
        """Of each grey picture ``(N, P)`` in each colour: ``(B, K, 2, N)``.

        A pixel is grey times ink, so a class's three weights of a pixel come down to one for each colour.
        """
        inked = torch.einsum("kc,bycp->bkyp", self.inks, self.weight)
        return (inked.flatten(0, 2) @ pixels.T).view(*inked.shape[:3], -1) + self.bias[:, None, :, None]

    def answers(self, pictures: Tensor) -> Tensor:
        """The class of each picture ``(N, 1, H, W)`` in each colour: ``(B, K, N)``."""
        return self.logits(pictures.flatten(1).to(self.weight.dtype)).argmax(dim=2)


def _train(pictures: Tensor, colours: Tensor, labels: Tensor, inks: Tensor = COLOURS) -> Classifiers:
    """Softmax regressions from zero, full batch, Adam: enough steps to settle, few enough to be live.

    In double precision: in single, some answers would depend on how many are trained at once, by their last digits.

    Args:
        pictures: ``(N, 1, H, W)`` grey.
        colours: ``(B, N)`` the place in ``inks`` of each picture, for each setting.
        labels: ``(N,)``.
        inks: ``(K, 3)``.
    """
    pixels, inks = pictures.flatten(1).double(), inks.double()
    n, n_pixels = pixels.shape
    weight, bias = (torch.zeros(len(colours), 2, *rest).double() for rest in ((inks.shape[1], n_pixels), ()))
    # A class's gap for each picture counts for the colour that the picture has.
    is_printed = (colours[:, None] == torch.arange(len(inks))[:, None])[:, :, None].double()
    wanted = F.one_hot(labels, 2).T.double()
    optimizer = torch.optim.Adam([weight, bias], lr=LR, weight_decay=DECAY, fused=True)
    classifiers = Classifiers(weight, bias, inks)
    for _ in range(N_STEPS):
        gap = (classifiers.logits(pixels).softmax(dim=2) - wanted) * is_printed / n
        inked = (gap.flatten(0, 2) @ pixels).view(*gap.shape[:3], n_pixels)
        # Adam's fused pass takes for granted that a gradient lies in memory as its parameter does.
        weight.grad = torch.einsum("kc,bkyp->bycp", inks, inked).contiguous()
        bias.grad = gap.sum(dim=(1, 3))
        optimizer.step()
    return classifiers


def _group(answers: Tensor, labels: Tensor, label: int, colour: int) -> GroupResult:
    mine = labels == label
    return GroupResult(label, colour, int(mine.sum()), int((answers[mine] != label).sum()))


def _share_wrong(answers: Tensor, labels: Tensor) -> float:
    return float((answers != labels).double().mean())
