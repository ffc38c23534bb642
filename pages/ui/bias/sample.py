"""The fifth stage: the bias of a data set, measured on a classifier that is trained as the slider moves."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from lab.data.bundled import BUNDLED_NAME
from pages.ui import live, state
from pages.ui.bias.numbers import colour_map, short
from pages.ui.bias.state import PAIRS, SampleState
from pages.ui.together import Together

if TYPE_CHECKING:
    from lab.experiments.skewed_sample import ClassPair, SkewStudy

STAGE = live.Stage("bias_sample", scripts=("bias/map", "bias/sample"), styles=("bias/bias",))
N_TRAIN = 200  # training pictures of each class
N_SHOWN = 10  # of each class in the picture of the sample
N_SWAYED = 6  # test pictures shown in both colours
COLOUR_NAMES = ("orange", "blue")


@STAGE.fragment
def show_sample() -> None:
    """Draw the stage."""
    STAGE.show(
        SampleState,
        key="_bias.sample",
        controls=(
            live.slider(SampleState, "share", label="In the usual colour, %"),
            live.choice(SampleState, "pair", choices=list(PAIRS)),
            live.slider(SampleState, "seed"),
        ),
        picture=sample_picture(state.load(SampleState)),
        together=sample_picture.prepare,
    )


def _pictures(states: Sequence[SampleState]) -> list[dict[str, Any]]:
    """What each of these settings shows; a classifier is trained for all of a pair's at once."""
    from lab.experiments.skewed_sample import study_many

    found: dict[SampleState, dict[str, Any]] = {}
    for name in dict.fromkeys(chosen.pair for chosen in states):
        pair, mine = class_pair(name), [chosen for chosen in states if chosen.pair == name]
        studies = study_many(pair, [(chosen.share / 100, chosen.seed) for chosen in mine])
        found |= {chosen: _picture(chosen, pair, study) for chosen, study in zip(mine, studies, strict=True)}
    return [found[chosen] for chosen in states]


sample_picture = Together(_pictures, most=512)


def _picture(chosen: SampleState, pair: ClassPair, study: SkewStudy) -> dict[str, Any]:
    """Some of the training pictures, the share wrong by group, and some pictures whose colour decides."""
    return {
        "names": [one.lower() for one in pair.names],
        "colours": COLOUR_NAMES,
        "train": _train_mosaic(pair, study),
        "n_train": len(pair.train),
        "n_usual": study.n_usual,
        "groups": [
            {"label": group.label, "colour": group.colour, "n": group.n, "n_wrong": group.n_wrong}
            | {"share": short(group.share_wrong), "usual": group.is_usual}
            for group in study.groups
        ],
        "skewed": short(study.skewed_wrong),
        "fair": short(study.fair_wrong),
        "grey": short(_grey_wrong(chosen.pair)),
        "n_test": len(pair.test),
        "n_swayed": study.n_swayed,
        "swayed": _swayed_mosaic(pair, study),
    }


@lru_cache(maxsize=4)
def class_pair(name: str) -> ClassPair:
    """Two classes of the bundled set."""
    from lab.data.image_set import load_image_set
    from lab.experiments.skewed_sample import take_pair

    data = load_image_set(BUNDLED_NAME)
    first, second = PAIRS[name]
    train, test = (data.train_images, data.train_labels), (data.test_images, data.test_labels)
    return take_pair((data.classes[first], data.classes[second]), train, test, (first, second), N_TRAIN)


@lru_cache(maxsize=4)
def _grey_wrong(name: str) -> float:
    from lab.experiments.skewed_sample import grey_wrong

    return grey_wrong(class_pair(name))


def _train_mosaic(pair: ClassPair, study: SkewStudy) -> dict[str, object]:
    """Two rows of training pictures, one a class, as they were coloured."""
    import torch

    from lab.experiments.skewed_sample import colour_in

    rows = torch.cat([torch.nonzero(pair.train_labels == label)[: 2 * N_SHOWN, 0] for label in (0, 1)])
    printed = colour_in(pair.train[rows], study.train_colours[rows])
    return colour_map(_tiles(printed, 2 * N_SHOWN))


def _swayed_mosaic(pair: ClassPair, study: SkewStudy) -> dict[str, object] | None:
    """Test pictures whose answer depends on the colour: orange above, blue below."""
    import torch

    from lab.experiments.skewed_sample import colour_in

    rows = study.swayed[:: max(1, study.n_swayed // N_SWAYED)][:N_SWAYED]
    if not len(rows):
        return None
    grey = pair.test[rows]
    printed = torch.cat([colour_in(grey, torch.full((len(rows),), colour)) for colour in (0, 1)])
    return colour_map(_tiles(printed, len(rows)))


def _tiles(pictures: Any, columns: int) -> Any:
    """Pictures ``(N, 3, H, W)`` side by side, row by row: ``(3, rows * H, columns * W)``."""
    n, channels, height, width = pictures.shape
    grid = pictures.reshape(n // columns, columns, channels, height, width)
    return grid.permute(2, 0, 3, 1, 4).reshape(channels, n // columns * height, columns * width)
