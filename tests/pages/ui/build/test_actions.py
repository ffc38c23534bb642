"""Inserting behind a layer keeps the rest of the network together."""

from __future__ import annotations

import pytest

from lab.network.catalogue import CATALOGUE
from lab.network.presets import preset
from lab.network.spec import INPUT, NetworkSpec
from lab.network.summary import analyse
from pages.ui.build.actions import insert_after


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
