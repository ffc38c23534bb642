"""Edits: the graph after each one, and that undoing an edit by its opposite gives the network back."""

import pytest

from lab.errors import InsertLayer, NetworkError, RemoveLayer, SetField
from lab.network.catalogue import CATALOGUE
from lab.network.edit import (
    apply_edits,
    duplicate_layer,
    fresh_id,
    insert_layer,
    move_layer,
    new_layer,
    remove_layer,
    replace_layer,
    set_field,
    with_classes,
    with_input,
)
from lab.network.presets import PRESETS, preset
from lab.network.spec import NetworkSpec
from lab.network.summary import analyse, summarize
from tests.lab.network.random_networks import draw_network


def ids(spec):
    return [layer.id for layer in spec.layers]


def skip_network():
    """Two convolutions and a skip over the second."""
    return NetworkSpec(
        name="skip",
        input=(3, 8, 8),
        layers=(
            {"id": "conv1", "kind": "Conv2d", "out_channels": 4, "padding": 1},
            {"id": "conv2", "kind": "Conv2d", "out_channels": 4, "padding": 1},
            {"id": "add1", "kind": "Add", "inputs": ["conv2", "conv1"]},
            {"id": "relu1", "kind": "ReLU"},
        ),
    )


def test_an_inserted_layer_reads_what_its_successor_read():
    spec = insert_layer(preset("student_cnn"), "BatchNorm2d", before="relu1")

    assert ids(spec)[:3] == ["conv1", "bn1", "relu1"]
    assert spec.sources()["relu1"] == ("bn1",)
    assert spec.layer("relu1").inputs == ()  # the layer before it, so the list says nothing
    assert summarize(spec).n_params == 421_642 + 64


def test_a_layer_inserted_before_a_merge_takes_the_place_of_the_branch_it_reads():
    spec = insert_layer(skip_network(), "Conv2d", before="add1", params={"inputs": ["conv1"], "out_channels": 4})

    assert spec.sources()["add1"] == ("conv2", "conv3")
    assert spec.sources()["conv3"] == ("conv1",)


def test_a_layer_inserted_in_a_branch_leaves_the_other_readers_alone():
    spec = insert_layer(skip_network(), "ReLU", before="conv2")

    assert spec.sources() == {
        "conv1": ("input",),
        "relu2": ("conv1",),
        "conv2": ("relu2",),
        "add1": ("conv2", "conv1"),
        "relu1": ("add1",),
    }


def test_a_layer_without_a_place_goes_to_the_end_and_first_into_an_empty_network():
    empty = NetworkSpec(name="new", input=(1, 8, 8))

    spec = insert_layer(insert_layer(empty, "Conv2d"), "ReLU")

    assert spec.sources() == {"conv1": ("input",), "relu1": ("conv1",)}


@pytest.mark.parametrize("kind", CATALOGUE)
def test_every_kind_can_be_picked_from_the_menu_without_settings(kind):
    layer = new_layer(preset("student_cnn"), kind)

    assert layer.kind == kind
    assert layer.id not in ids(preset("student_cnn"))


def test_readers_of_a_removed_layer_read_what_it_read():
    assert remove_layer(skip_network(), "conv1").sources()["add1"] == ("conv2", "input")
    assert remove_layer(skip_network(), "add1").sources()["relu1"] == ("conv2",)


@pytest.mark.parametrize("seed", range(100))
def test_removing_what_was_inserted_gives_the_network_back(seed):
    spec = draw_network(seed)

    for layer in spec.layers:
        longer = insert_layer(spec, "Identity", before=layer.id)
        back = remove_layer(longer, next(name for name in ids(longer) if name not in ids(spec)))
        assert (ids(back), back.sources()) == (ids(spec), spec.sources())


def test_a_duplicate_comes_right_behind_its_original():
    spec = duplicate_layer(preset("student_cnn"), "conv1")

    assert ids(spec)[:3] == ["conv1", "conv3", "relu1"]
    assert (spec.sources()["conv3"], spec.sources()["relu1"]) == (("conv1",), ("conv3",))
    assert summarize(spec).row("conv3").n_params == 32 * 32 * 9 + 32


def test_a_duplicate_of_a_pinned_layer_takes_what_arrives():
    pinned = set_field(preset("student_cnn"), "conv1", "in_channels", 1)

    assert not analyse(duplicate_layer(pinned, "conv1")).errors


def test_moving_a_layer_up_and_down_again_changes_nothing():
    spec = preset("student_cnn")

    up = move_layer(spec, "relu1", 0)

    assert ids(up)[:3] == ["relu1", "conv1", "pool1"]
    assert up.sources()["conv1"] == ("relu1",)
    assert move_layer(up, "relu1", 1) == spec
    assert move_layer(spec, "relu1", 1) is spec


def test_moving_beyond_the_end_is_moving_to_the_end():
    spec = move_layer(preset("student_cnn"), "relu3", 99)

    assert ids(spec)[-2:] == ["fc2", "relu3"]
    assert spec.sources()["relu3"] == ("fc2",)


def test_a_merge_cannot_come_before_what_it_reads():
    with pytest.raises(NetworkError, match=r"add1\.inputs: it reads conv2, which comes only after it"):
        move_layer(skip_network(), "add1", 0)


def test_readers_follow_a_new_id():
    spec = set_field(skip_network(), "conv1", "id", "stem")

    assert spec.sources() == {"stem": ("input",), "conv2": ("stem",), "add1": ("conv2", "stem"), "relu1": ("add1",)}


def test_a_layer_is_replaced_by_another_kind_in_its_place():
    spec = preset("student_cnn")

    spec = replace_layer(spec, "pool1", new_layer(spec, "AvgPool2d", {"kernel_size": 2}))

    assert (spec.layers[2].id, spec.layers[2].kind, spec.sources()["conv2"]) == ("pool3", "AvgPool2d", ("pool3",))


def test_edits_apply_one_after_the_other():
    spec = apply_edits(
        preset("student_cnn"),
        [
            SetField("conv1", "kernel_size", 5),
            SetField("conv1", "padding", 2),
            InsertLayer("Dropout", "fc2", (("p", 0.25),)),
            RemoveLayer("relu2"),
            SetField("input", "shape", (3, 32, 32)),
        ],
    )

    assert summarize(spec).row("conv1").output == (32, 32, 32)
    assert spec.layer("drop1").p == 0.25
    assert "relu2" not in ids(spec)


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (SetField("conv9", "stride", 2), "student_cnn: there is no layer conv9; did you mean conv2"),
        (SetField("conv1", "strid", 2), "conv1.strid: Conv2d has no field strid; did you mean stride"),
        (SetField("conv1", "stride", 0), "conv1.stride: stride must be at least 1, but it is 0"),
        (SetField("conv1", "kind", "ReLU"), "conv1: the kind cannot be changed; replace the layer"),
        (SetField("conv1", "id", "conv2"), "conv2: two layers have the id conv2"),
        (SetField("input", "shape", (1, 0, 5)), "input must be at least 1, but it is 0"),
        (InsertLayer("Conv4d"), "kind: there is no layer kind Conv4d; did you mean Conv2d"),
        (InsertLayer("ReLU", "conv9"), "there is no layer conv9"),
        (RemoveLayer("conv9"), "there is no layer conv9"),
    ],
)
def test_an_edit_that_cannot_be_is_refused_in_one_sentence(edit, sentence):
    with pytest.raises(NetworkError) as caught:
        apply_edits(preset("student_cnn"), [edit])

    assert sentence in str(caught.value)


def test_fresh_ids_go_on_counting():
    spec = preset("student_cnn")

    assert (fresh_id(spec, "conv"), fresh_id(spec, "bn"), fresh_id(spec, "relu")) == ("conv3", "bn1", "relu4")


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_takes_another_number_of_classes(name):
    assert summarize(with_classes(preset(name), 37)).output == (37,)


def test_a_network_without_dense_layers_takes_its_classes_from_the_last_convolution():
    spec = NetworkSpec(
        name="full",
        input=(3, 8, 8),
        layers=(
            {"id": "conv1", "kind": "Conv2d", "out_channels": 10},
            {"id": "pool1", "kind": "AdaptiveAvgPool2d"},
            {"id": "flatten", "kind": "Flatten"},
        ),
    )

    assert summarize(with_classes(spec, 4)).output == (4,)


def test_a_network_that_cannot_have_classes_says_so():
    with pytest.raises(NetworkError, match="new: it has no linear layer that could give the classes"):
        with_classes(NetworkSpec(name="new", input=(1, 8, 8)), 4)


@pytest.mark.parametrize(
    "name", ["mlp", "student_cnn", "vgg_small", "resnet_small", "inception_small", "mobilenet_small"]
)
def test_small_presets_take_other_pictures(name):
    assert summarize(with_input(preset(name), (3, 32, 32))).output == (10,)


def test_pinned_channels_are_let_go_with_another_input():
    pinned = set_field(set_field(preset("student_cnn"), "conv1", "in_channels", 1), "fc1", "in_features", 3136)

    assert not analyse(with_input(pinned, (3, 32, 32))).errors
