"""A sample in which colour goes with the class: what is counted is what the answers say."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from lab.data.image_set import load_image_set
from lab.experiments.skewed_sample import (
    COLOURS,
    DECAY,
    LR,
    N_STEPS,
    ClassPair,
    colour_in,
    grey_wrong,
    skewed_colours,
    study_many,
    study_skew,
    take_pair,
)


@pytest.fixture(scope="module")
def pullover_or_coat() -> ClassPair:
    data = load_image_set("fashion-mnist")
    train, test = (data.train_images, data.train_labels), (data.test_images, data.test_labels)
    return take_pair((data.classes[2], data.classes[4]), train, test, (2, 4), 200)


def test_each_class_gets_its_usual_colour_exactly_as_often_as_asked_in_500_random_settings() -> None:
    for seed in range(500):
        generator = torch.Generator().manual_seed(seed)
        labels = (torch.rand(seed % 40 + 2, generator=generator) < 0.4).long()
        share = float(torch.rand(1, generator=generator)) / 2 + 0.5
        colours = skewed_colours(labels, share, seed=seed)
        for label in (0, 1):
            mine = labels == label
            assert int((colours[mine] == label).sum()) == round(share * int(mine.sum())), f"seed {seed}, class {label}"
        assert torch.equal(colours, skewed_colours(labels, share, seed=seed))


def test_a_pair_is_balanced_halved_and_from_the_right_classes(pullover_or_coat: ClassPair) -> None:
    pair = pullover_or_coat
    assert pair.names == ("Pullover", "Coat")
    assert pair.train.shape == (400, 1, 14, 14)
    assert pair.train_labels.bincount().tolist() == pair.test_labels.bincount().tolist() == [200, 200]
    data = load_image_set("fashion-mnist")
    first = data.train_images[data.train_labels == 4][0, 0].float() / 255
    by_hand = first.reshape(14, 2, 14, 2).mean(dim=(1, 3))
    torch.testing.assert_close(pair.train[200, 0], by_hand)


def test_colouring_multiplies_the_grey_by_the_colour() -> None:
    picture = torch.rand(2, 1, 3, 3, generator=torch.Generator().manual_seed(0))
    coloured = colour_in(picture, torch.tensor([1, 0]))
    for number, colour in enumerate((1, 0)):
        for channel in range(3):
            torch.testing.assert_close(coloured[number, channel], picture[number, 0] * COLOURS[colour, channel])


def test_groups_add_up_and_the_swayed_are_those_whose_answer_depends_on_the_colour(pullover_or_coat: ClassPair) -> None:
    study = study_skew(pullover_or_coat, 0.9)
    assert [(group.label, group.colour, group.n) for group in study.groups] == [
        (0, 0, 200),
        (0, 1, 200),
        (1, 0, 200),
        (1, 1, 200),
    ]
    assert study.fair_wrong == sum(group.n_wrong for group in study.groups) / 800
    assert study.n_usual == 360
    assert study.n_swayed == len(study.swayed)
    # Two colours and two answers: a picture is wrong in one colour exactly when its answer depends on the colour.
    n_wrong = sum(group.n_wrong for group in study.groups)
    assert study.n_swayed <= n_wrong <= 2 * 400 - study.n_swayed


def test_a_fair_sample_treats_both_colours_nearly_alike_and_a_skewed_one_does_not(pullover_or_coat: ClassPair) -> None:
    fair, skewed = study_skew(pullover_or_coat, 0.5), study_skew(pullover_or_coat, 0.95)
    gap = [abs(a.share_wrong - b.share_wrong) for a, b in (fair.groups[:2], fair.groups[2:])]
    assert max(gap) < 0.1
    assert all(group.share_wrong > 0.6 for group in skewed.groups if not group.is_usual)


def test_the_skewed_classifier_looks_better_where_it_is_tested_on_data_as_skewed(pullover_or_coat: ClassPair) -> None:
    study = study_skew(pullover_or_coat, 0.95)
    assert study.skewed_wrong < grey_wrong(pullover_or_coat) < study.fair_wrong


def test_only_colour_is_learned_when_colour_always_tells(pullover_or_coat: ClassPair) -> None:
    study = study_skew(pullover_or_coat, 1.0)
    assert [group.share_wrong for group in study.groups] == [0.0, 1.0, 1.0, 0.0]
    assert study.n_swayed == 400


def test_the_same_settings_give_the_same_answers(pullover_or_coat: ClassPair) -> None:
    first, second = (study_skew(pullover_or_coat, 0.8, seed=3) for _ in range(2))
    assert first.groups == second.groups
    assert torch.equal(first.swayed, second.swayed)


def torchs_own_classifier(printed: Tensor, labels: Tensor) -> nn.Linear:
    """The same training by ``nn.Linear``, autograd and ``torch.optim.Adam``, on the coloured pixels themselves."""
    classifier = nn.Linear(printed[0].numel(), 2, dtype=torch.float64)
    nn.init.zeros_(classifier.weight)
    nn.init.zeros_(classifier.bias)
    optimizer = torch.optim.Adam(classifier.parameters(), lr=LR, weight_decay=DECAY)
    for _ in range(N_STEPS):
        optimizer.zero_grad()
        F.cross_entropy(classifier(printed.double().flatten(1)), labels).backward()
        optimizer.step()
    return classifier


def test_the_answers_are_those_of_torchs_own_layer_on_the_coloured_pictures(pullover_or_coat: ClassPair) -> None:
    pair = pullover_or_coat
    for share, seed in ((0.5, 0), (0.8, 1), (1.0, 2)):
        study = study_skew(pair, share, seed=seed)
        colours = skewed_colours(pair.train_labels, share, seed=seed)
        classifier = torchs_own_classifier(colour_in(pair.train.double(), colours), pair.train_labels)
        for group in study.groups:
            mine = pair.test[pair.test_labels == group.label].double()
            printed = colour_in(mine, torch.full((len(mine),), group.colour))
            answers = classifier(printed.flatten(1)).argmax(dim=1)
            assert group.n_wrong == int((answers != group.label).sum()), (share, seed, group)


def test_form_alone_is_judged_by_the_same_classifier_on_grey_pictures(pullover_or_coat: ClassPair) -> None:
    pair = pullover_or_coat
    classifier = torchs_own_classifier(pair.train.expand(-1, 3, -1, -1), pair.train_labels)
    answers = classifier(pair.test.expand(-1, 3, -1, -1).double().flatten(1)).argmax(dim=1)
    assert grey_wrong(pair) == float((answers != pair.test_labels).double().mean())


def test_many_settings_studied_at_once_are_each_studied_alone(pullover_or_coat: ClassPair) -> None:
    settings = [(0.5 + 0.05 * i, i) for i in range(11)]
    for found, (share, seed) in zip(study_many(pullover_or_coat, settings), settings, strict=True):
        alone = study_skew(pullover_or_coat, share, seed=seed)
        assert found.groups == alone.groups
        assert torch.equal(found.train_colours, alone.train_colours)
        assert torch.equal(found.swayed, alone.swayed)
        for name in ("n_usual", "train_wrong", "skewed_wrong", "fair_wrong", "n_swayed"):
            assert getattr(found, name) == getattr(alone, name), name
