"""Inserting behind a layer keeps the rest of the network together; nonsense from a browser changes nothing."""

from __future__ import annotations

import pytest

from lab.network.catalogue import CATALOGUE
from lab.network.presets import preset
from lab.network.spec import INPUT, NetworkSpec
from lab.network.summary import analyse
from pages.ui import state
from pages.ui.build.actions import choose, chosen, follow, insert_after


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


@pytest.mark.usefixtures("session")
def test_a_new_layer_is_the_chosen_one() -> None:
    follow("duplicate", {"id": "pool1"})
    assert chosen() == "pool3"
    follow("add", {"kind": "ReLU", "id": "pool3"})
    assert chosen() == "relu4"
    assert [layer.id for layer in state.workbench().network.layers][2:5] == ["pool1", "pool3", "relu4"]


@pytest.mark.usefixtures("session")
def test_after_a_deletion_the_next_layer_is_chosen_and_at_the_end_the_one_before() -> None:
    follow("delete", {"id": "conv1"})
    assert chosen() == "relu1"
    follow("delete", {"id": "fc2"})
    assert chosen() == "relu3"


@pytest.mark.usefixtures("session")
def test_a_move_goes_to_its_place_and_one_fix_mends_an_error() -> None:
    follow("move", {"id": "relu1", "to": 2})
    assert [layer.id for layer in state.workbench().network.layers][:3] == ["conv1", "pool1", "relu1"]
    follow("delete", {"id": "flatten"})
    assert "fc1" in analyse(state.workbench().network).errors
    follow("fix", {"id": "fc1", "number": 0})
    assert not analyse(state.workbench().network).errors


@pytest.mark.usefixtures("session")
@pytest.mark.parametrize(
    ("name", "details"),
    [
        ("explode", {}),
        ("add", {"kind": "Nothing", "id": "conv1"}),
        ("add", {"kind": ["Conv2d"], "id": "conv1"}),
        ("add", {"kind": "Conv2d", "id": "gone"}),
        ("fix", {"id": "conv1", "number": "0"}),
        ("fix", {"id": {}, "number": 99}),
        ("move", {"id": "conv1", "to": None}),
    ],
)
def test_nonsense_from_a_browser_changes_nothing(name: str, details: dict[str, object]) -> None:
    follow(name, details)
    choose({"id": 7})
    choose("gone")
    assert state.workbench().network == preset("student_cnn")


@pytest.mark.parametrize("name", ["duplicate", "move", "delete"])
def test_what_is_about_a_layer_that_is_gone_is_told(
    name: str, session: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr("streamlit.toast", lambda text, **_: told.append(text))
    follow(name, {"id": "gone"})
    assert "there is no layer gone" in told[0].replace("\\", "")
    assert state.workbench().network == preset("student_cnn")
    assert session
