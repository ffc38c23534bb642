"""Inserting behind a layer keeps the rest of the network together; what arrives twice is done once."""

from __future__ import annotations

import pytest

from lab.network.catalogue import CATALOGUE
from lab.network.presets import preset
from lab.network.spec import INPUT, NetworkSpec
from lab.network.summary import analyse
from pages.ui import state
from pages.ui.build.actions import chosen, follow, follow_choice, insert_after


@pytest.mark.parametrize("kind", CATALOGUE)
@pytest.mark.parametrize("after", [INPUT, "relu1", "pool2", "fc2"])
def test_any_kind_can_be_put_anywhere_and_reads_the_layer_before_it(kind: str, after: str) -> None:
    before = preset("student_cnn")
    network = insert_after(before, kind, after)
    ids = [INPUT, *(layer.id for layer in network.layers)]
    (new,) = set(ids) - {INPUT} - {layer.id for layer in before.layers}
    assert ids.index(new) == ids.index(after) + 1
    assert network.sources()[new][0] == after
    readers = before.readers()[after]
    assert network.readers()[new] == readers[:1]


def test_a_layer_behind_a_branch_goes_into_the_branch() -> None:
    before = preset("inception_small")
    merge = next(layer for layer in before.layers if layer.kind == "Concat")
    end = merge.inputs[0]
    network = insert_after(before, "ReLU", end)
    (new,) = {layer.id for layer in network.layers} - {layer.id for layer in before.layers}
    assert network.sources()[new] == (end,)
    assert network.layer(merge.id).inputs[0] == new
    assert not analyse(network).errors


def test_add_finds_the_nearest_layer_of_the_same_shape() -> None:
    network = insert_after(preset("vgg_small"), "Add", "relu1_2")
    add = next(layer for layer in network.layers if layer.kind == "Add")
    assert add.inputs == ("relu1_2", "bn1_2")
    assert not analyse(network).errors


def test_concat_finds_the_nearest_layer_of_the_same_size() -> None:
    network = insert_after(preset("student_cnn"), "Concat", "conv1")
    concat = next(layer for layer in network.layers if layer.kind == "Concat")
    assert concat.inputs == ("conv1", INPUT)
    assert not analyse(network).errors


def test_a_merge_without_a_partner_says_so_at_its_layer() -> None:
    network = insert_after(NetworkSpec(name="empty", input=(1, 8, 8)), "Add", INPUT)
    assert "Add takes at least 2 inputs but is given 1" in analyse(network).errors["add1"].sentence


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """A session of a visitor who has done nothing yet; the address is left alone."""
    kept: dict[str, object] = {}
    monkeypatch.setattr("streamlit.session_state", kept)
    monkeypatch.setattr(state, "publish_link", lambda: None)
    return kept


@pytest.mark.usefixtures("session")
def test_an_action_that_two_runs_are_handed_is_done_once() -> None:
    action = {"do": "duplicate", "id": "pool1", "chosen": "pool1", "n": 1}
    assert follow(action)
    assert not follow(action)
    assert len(state.workbench().network.layers) == len(preset("student_cnn").layers) + 1


@pytest.mark.usefixtures("session")
def test_a_choice_that_an_action_took_along_does_not_come_back_after_it() -> None:
    follow({"do": "duplicate", "id": "pool1", "chosen": "pool1", "n": 4})
    follow_choice({"id": "pool1", "n": 3})
    assert chosen() == "pool3"
    follow_choice({"id": "conv1", "n": 5})
    assert chosen() == "conv1"


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize("nonsense", [None, "x", {"id": 7}, {"id": "gone", "n": "1"}, {"do": "explode", "n": True}])
def test_nonsense_from_a_browser_changes_nothing(nonsense: object) -> None:
    follow(nonsense)
    follow_choice(nonsense)
    assert (chosen(), state.workbench().network) == (INPUT, preset("student_cnn"))
