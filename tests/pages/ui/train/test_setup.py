from __future__ import annotations

import pytest

from lab.network.presets import preset
from lab.training.recipe import TrainSpec
from pages.ui.train import setup


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ({"epochs": 5}, "5 epochs of 12,000 images: 940 steps of 64 images."),
        ({"epochs": 1, "n_train": 1, "batch_size": 1}, "1 epoch of 1 image: 1 step of 1 image."),
        ({"epochs": 2, "n_train": 65}, "2 epochs of 65 images: 4 steps of 64 images."),
    ],
)
def test_the_work_of_a_recipe_is_counted_in_steps(chosen: dict[str, int], sentence: str) -> None:
    spec = TrainSpec.model_validate({"network": preset("mlp"), **chosen})
    assert setup.cost_sentence(spec, ()) == sentence


def test_what_takes_less_than_a_second_takes_about_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "last_speed", lambda *_: 1e6)
    sentence = setup.cost_sentence(TrainSpec(network=preset("mlp")), ())
    assert sentence.endswith(" About 1 s, at the speed of your last run of this network.")
