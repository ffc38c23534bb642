"""Errors that teach: the sentence names the numbers and the cause, and every way out that is offered works."""

import random

import pytest

from lab.errors import Code, LabError
from lab.network.catalogue import CATALOGUE
from lab.network.edit import apply_edits, insert_layer, remove_layer, set_field, with_input
from lab.network.presets import preset
from lab.network.spec import NetworkSpec
from lab.network.summary import analyse
from tests.lab.network.random_networks import draw_network


def network(*layers, shape=(3, 16, 16)):
    return NetworkSpec(name="test", input=shape, layers=layers)


def conv(name, maps, **fields):
    return {"id": name, "kind": "Conv2d", "out_channels": maps, **fields}


def layer(name, kind, **fields):
    return {"id": name, "kind": kind, **fields}


def student_cnn_with(*edits):
    spec = preset("student_cnn")
    for edit in edits:
        spec = set_field(spec, *edit)
    return spec


# What is broken, what the learner reads, and ways out that must be among those offered.
MISFITS = {
    "pinned linear": (
        student_cnn_with(("conv2", "out_channels", 32), ("fc1", "in_features", 1568), ("pool2", "stride", 1)),
        "fc1.in_features: Linear expects 1568 inputs but flatten gives 5408, because pool2 has stride 1 (NET-SHAPE)",
        [
            "Set fc1.in_features to 5408",
            "Set pool2.stride to 2",
            "Insert an average pool to 7×7 before flatten",
            "Insert a global average pool before flatten and set fc1.in_features to 32",
        ],
    ),
    "no flatten": (
        remove_layer(preset("student_cnn"), "flatten"),
        "fc1: Linear takes a vector but pool2 gives maps of 64×7×7 (NET-SHAPE)",
        ["Insert Flatten before fc1", "Insert a global average pool and Flatten before fc1"],
    ),
    "convolution of a vector": (
        insert_layer(preset("student_cnn"), "Conv2d", before="fc1"),
        "conv3: Conv2d takes maps (channels, height, width) but flatten gives a vector of 3136 values (NET-SHAPE)",
        ["Move conv3 before flatten"],
    ),
    "wide window": (
        set_field(preset("student_cnn"), "conv2", "kernel_size", 17),
        "conv2: the window spans 17 px but the padded input has only 16 px; raise the padding to 2 "
        "or use a smaller kernel (NET-SHAPE)",
        ["Set conv2.padding to 2", "Set pool1.stride to 1"],
    ),
    "small picture": (
        with_input(preset("tiny_vgg"), (3, 8, 8)),
        "conv_2_1: the window spans 3 px but the padded input has only 2 px; set the input to 3×16×16 (NET-SHAPE)",
        ["Set the input to 3×16×16"],
    ),
    "add of other maps": (
        network(conv("conv1", 8), conv("conv2", 16, padding=1), layer("add1", "Add", inputs=["conv1", "conv2"])),
        "add1: Add needs equal shapes but conv1 gives maps of 8×14×14, conv2 gives maps of 16×14×14 (NET-SHAPE)",
        ["Insert a 1×1 convolution between conv1 and add1", "Set conv2.out_channels to 8"],
    ),
    "add after a stride": (
        network(
            conv("conv1", 8, padding=1),
            conv("conv2", 16, stride=2, padding=1),
            layer("add1", "Add", inputs=["conv1", "conv2"]),
        ),
        "add1: Add needs equal shapes but conv1 gives maps of 8×16×16, conv2 gives maps of 16×8×8 (NET-SHAPE)",
        ["Insert a 1×1 convolution with stride 2 between conv1 and add1"],
    ),
    "add of one": (
        network(conv("conv1", 8), conv("conv2", 8, padding=1), layer("add1", "Add")),
        "add1.inputs: Add takes at least 2 inputs but is given 1 (NET-SHAPE)",
        ["Let add1 read conv1 as well"],
    ),
    "concat of other sizes": (
        network(conv("conv1", 8), conv("conv2", 8, kernel_size=5), layer("cat1", "Concat", inputs=["conv1", "conv2"])),
        "cat1: Concat needs equal heights and widths but conv1 gives maps of 8×14×14, "
        "conv2 gives maps of 8×10×10 (NET-SHAPE)",
        ["Insert an average pool to 10×10 between conv1 and cat1", "Set conv2.padding to 2"],
    ),
    "two inputs": (
        network(conv("conv1", 8), conv("conv2", 8, inputs=["input", "conv1"])),
        "conv2.inputs: Conv2d takes one input but is given 2 (NET-SHAPE)",
        ["Set conv2.inputs to conv1"],
    ),
    "groups": (
        network(conv("conv1", 8), conv("conv2", 12, groups=3)),
        "conv2.groups: 3 groups do not divide the 8 input channels (NET-SHAPE)",
        ["Set conv2.groups to 1", "Set conv1.out_channels to 9"],
    ),
    "groups of the output": (
        network(conv("conv1", 8), conv("conv2", 10, groups=4)),
        "conv2.groups: 4 groups do not divide the 10 output channels (NET-SHAPE)",
        ["Set conv2.groups to 2", "Set conv2.out_channels to 8"],
    ),
    "pinned channels": (
        network(conv("conv1", 8), conv("conv2", 12, in_channels=16)),
        "conv2.in_channels: Conv2d expects 16 channels but conv1 gives 8 (NET-SHAPE)",
        ["Set conv2.in_channels to 8", "Set conv1.out_channels to 16"],
    ),
    "padding 'same' with a stride": (
        network(conv("conv1", 8, padding="same", stride=2)),
        "conv1.padding: padding 'same' keeps the size, which a stride above 1 cannot (NET-SHAPE)",
        ["Set conv1.padding to 1", "Set conv1.stride to 1"],
    ),
    "mirror": (
        network(conv("conv1", 8, padding=20, padding_mode="reflect")),
        "conv1.padding_mode: reflect padding of 20 px needs more than the 16 px there are (NET-SHAPE)",
        ["Set conv1.padding_mode to zeros"],
    ),
    "pool padding": (
        network(layer("pool1", "MaxPool2d", kernel_size=2, padding=2)),
        "pool1: the padding of 2 px is more than half the pooling window of 2 px; "
        "set the padding to 1 or less (NET-SHAPE)",
        ["Set pool1.padding to 1", "Set pool1.kernel_size to 4"],
    ),
    "wide pool": (
        network(layer("pool1", "AvgPool2d", kernel_size=20)),
        "pool1: the window spans 20 px but the padded input has only 16 px; raise the padding to 2 "
        "or use a smaller kernel (NET-SHAPE)",
        ["Set pool1.padding to 2", "Set pool1.kernel_size to 16"],
    ),
    "padding that only moves the misfit on": (
        set_field(preset("student_cnn"), "conv1", "kernel_size", 40),
        "conv1: the window spans 40 px but the padded input has only 30 px; set conv1.padding to 20 (NET-SHAPE)",
        ["Set conv1.padding to 20", "Set conv1.kernel_size to 3"],
    ),
    "pool that no padding helps": (
        set_field(preset("student_cnn"), "pool1", "kernel_size", 30),
        "pool1: the window spans 30 px but the padded input has only 28 px; set pool1.kernel_size to 2 (NET-SHAPE)",
        ["Set pool1.kernel_size to 2", "Remove pool1"],
    ),
    "output padding": (
        network(layer("deconv1", "ConvTranspose2d", out_channels=4, output_padding=1)),
        "deconv1: the output padding of 1 px is not below the stride 1 or the dilation 1; "
        "set it to 0 or less (NET-SHAPE)",
        ["Set deconv1.output_padding to 0"],
    ),
    "everything cut away": (
        network(layer("deconv1", "ConvTranspose2d", out_channels=4, padding=20)),
        "deconv1: the padding of 20 px cuts away all 18 px of the output; set the padding to 8 or less (NET-SHAPE)",
        ["Set deconv1.padding to 0"],
    ),
    "batch norm of a vector": (
        network(layer("flatten", "Flatten"), layer("bn1", "BatchNorm2d")),
        "bn1: BatchNorm2d takes maps (channels, height, width) but flatten gives a vector of 768 values (NET-SHAPE)",
        ["Replace bn1 by BatchNorm1d", "Move bn1 before flatten"],
    ),
    "batch norm of maps": (
        network(layer("bn1", "BatchNorm1d")),
        "bn1: BatchNorm1d takes a vector but input gives maps of 3×16×16 (NET-SHAPE)",
        ["Replace bn1 by BatchNorm2d"],
    ),
    "pinned batch norm": (
        network(conv("conv1", 8), layer("bn1", "BatchNorm2d", num_features=16)),
        "bn1.num_features: BatchNorm2d expects 16 channels but conv1 gives 8 (NET-SHAPE)",
        ["Set bn1.num_features to 8", "Set conv1.out_channels to 16"],
    ),
    "group norm": (
        network(conv("conv1", 10), layer("gn1", "GroupNorm", num_groups=4)),
        "gn1.num_groups: 4 groups do not divide the 10 channels (NET-SHAPE)",
        ["Set gn1.num_groups to 2", "Set conv1.out_channels to 12"],
    ),
    "odd halves": (
        network(conv("conv1", 7), layer("act1", "GLU")),
        "act1: GLU halves the channels but conv1 gives 7, an odd number (NET-SHAPE)",
        ["Set conv1.out_channels to 8"],
    ),
    "slopes": (
        network(conv("conv1", 7), layer("act1", "PReLU", num_parameters=3)),
        "act1.num_parameters: PReLU has 3 slopes but conv1 gives 7 channels (NET-SHAPE)",
        ["Set act1.num_parameters to 7", "Set act1.num_parameters to 1"],
    ),
    "map dropout of a vector": (
        network(layer("flatten", "Flatten"), layer("drop1", "Dropout2d", p=0.25)),
        "drop1: Dropout2d takes maps (channels, height, width) but flatten gives a vector of 768 values (NET-SHAPE)",
        ["Replace drop1 by Dropout"],
    ),
    "loose end": (
        network(
            conv("conv1", 8),
            conv("conv2", 8, inputs=["input"]),
            conv("conv3", 8, inputs=["input"]),
            layer("add1", "Add", inputs=["conv1", "conv3"]),
        ),
        "conv2: no layer reads what it gives, and it is not the last layer (NET-SHAPE)",
        ["Let add1 read conv2 as well", "Remove conv2"],
    ),
    "too many parameters": (
        network(layer("flatten", "Flatten"), layer("fc1", "Linear", out_features=4096), shape=(3, 512, 512)),
        "fc1: Linear would have 3,221,229,568 parameters, but this lab stops at 200,000,000; "
        "use fewer channels or smaller maps (NET-SIZE)",
        ["Set fc1.out_features to 64"],
    ),
}


@pytest.mark.parametrize("name", MISFITS)
def test_a_misfit_is_told_with_its_numbers_and_with_ways_out(name):
    spec, sentence, labels = MISFITS[name]

    (error,) = analyse(spec).errors.values()

    assert str(error) == sentence
    assert set(labels) <= {fix.label for fix in error.fixes}


@pytest.mark.parametrize("name", MISFITS)
def test_every_way_out_of_a_misfit_makes_the_whole_network_valid(name):
    spec, _, _ = MISFITS[name]

    (error,) = analyse(spec).errors.values()

    for fix in error.fixes:
        assert not analyse(apply_edits(spec, fix.edits)).errors, fix.label


@pytest.mark.parametrize(
    "name", [name for name, (_, sentence, _) in MISFITS.items() if "raise the padding" in sentence]
)
def test_whoever_is_advised_to_raise_the_padding_finds_a_button_for_it(name):
    (error,) = analyse(MISFITS[name][0]).errors.values()

    padding = str(error).split("raise the padding to ")[1].split()[0]
    assert f"Set {error.layer_id}.padding to {padding}" in {fix.label for fix in error.fixes}


def test_the_replacement_keeps_the_settings():
    spec, _, _ = MISFITS["map dropout of a vector"]
    (error,) = analyse(spec).errors.values()

    repaired = apply_edits(spec, next(fix for fix in error.fixes if "Replace" in fix.label).edits)

    assert (repaired.layers[-1].kind, repaired.layers[-1].p) == ("Dropout", 0.25)


def break_network(seed):
    """Take a random valid network and change something at random, as a learner would."""
    rng = random.Random(seed)
    spec = draw_network(seed, n_layers=6)
    victim = rng.choice(spec.layers)
    changes = [
        lambda: remove_layer(spec, victim.id),
        lambda: insert_layer(spec, rng.choice(list(CATALOGUE)), before=victim.id),
        lambda: set_field(spec, victim.id, "inputs", ("input",)),
        lambda: with_input(spec, (rng.randint(1, 5), rng.randint(1, 6), rng.randint(1, 6))),
        *(
            lambda field=field, value=value: set_field(spec, victim.id, field, value)
            for field in type(victim).model_fields
            if field not in ("id", "kind", "inputs")
            for value in (1, 3, 7, (5, 5))
        ),
    ]
    for change in rng.sample(changes, len(changes)):
        try:
            broken = change()
        except LabError:
            continue
        if analyse(broken).errors:
            return broken
    return spec


@pytest.mark.parametrize("seed", range(250))
def test_every_way_out_of_a_random_misfit_removes_that_error_and_adds_none(seed):
    spec = break_network(seed)
    analysis = analyse(spec)
    loose = {name for name, readers in spec.readers().items() if not readers}

    for name, error in analysis.errors.items():
        assert error.code in (Code.NETWORK_SHAPE, Code.NETWORK_SIZE)
        assert error.layer_id == name
        for fix in error.fixes:
            after = analyse(apply_edits(spec, fix.edits))
            assert name not in after.errors, fix.label
            assert name not in after.blocked, fix.label
            assert not set(after.errors) & (set(analysis.rows) - loose), fix.label


def test_almost_every_random_misfit_has_a_way_out():
    errors = [error for seed in range(250) for error in analyse(break_network(seed)).errors.values()]

    assert len(errors) > 150
    assert sum(bool(error.fixes) for error in errors) > 0.98 * len(errors)
