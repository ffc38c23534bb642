"""The word beside the way to Train is what Train itself would say."""

from __future__ import annotations

import pytest

from lab.data.catalogue import data_set
from lab.errors import LabError
from lab.network.edit import remove_layer, with_classes
from lab.network.presets import PRESETS, preset
from lab.network.spec import NetworkSpec
from lab.training.recipe import check_recipe, default_recipe
from pages.ui import state
from pages.ui.build.readiness import owe_readiness, readiness


@pytest.mark.parametrize("name", PRESETS)
def test_a_network_fits_where_its_recipe_is_taken(name: str) -> None:
    said = readiness(preset(name)).words
    try:
        check_recipe(default_recipe(preset(name)))
    except LabError:
        assert said == "not ready to train"
    else:
        assert said.startswith("fits ")


def test_a_set_whose_pictures_need_no_change_comes_first() -> None:
    colour = preset("tiny_vgg")
    assert colour.input == data_set("eurosat").shape
    assert readiness(colour).words == "fits EuroSAT"
    assert "as they are" in readiness(colour).sentence


def test_pictures_that_are_changed_for_the_network_are_said_to_be() -> None:
    found = readiness(preset("lenet5"))
    assert found.words == "fits Fashion-MNIST"
    assert "made 1×32×32 for this network" in found.sentence


@pytest.mark.parametrize(
    ("network", "why"),
    [
        (NetworkSpec(name="New", input=(1, 28, 28)), "New: the network has no layers yet."),
        (remove_layer(preset("student_cnn"), "flatten"), "fc1: Linear takes a vector but pool2 gives maps of 64×7×7."),
        (with_classes(preset("student_cnn"), 7), "fc2: the network gives 7 numbers, but Fashion-MNIST"),
    ],
)
def test_what_is_missing_is_said_without_its_code(network: NetworkSpec, why: str) -> None:
    found = readiness(network)
    assert found.words == "not ready to train"
    assert found.sentence.startswith(why)
    assert "NET-" not in found.sentence
    assert "TRAIN-" not in found.sentence


def test_the_page_is_owed_only_when_a_step_changes_what_is_said(session: dict[str, object]) -> None:
    state.set_network(preset("student_cnn"))
    state.remember("build.readiness", readiness(preset("student_cnn")))
    state.set_network(preset("mlp"))
    owe_readiness()
    assert not state.recall("page.owed")
    state.move_network(with_classes(preset("student_cnn"), 7))
    owe_readiness()
    assert not state.recall("page.owed"), "a drag is not a step"
    state.settle_network()
    owe_readiness()
    assert state.recall("page.owed")
