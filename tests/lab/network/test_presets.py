"""The networks to start from: complete in the menu, valid as they are, and what their descriptions say."""

import subprocess
import sys

import pytest

from lab.network.presets import PRESETS, preset
from lab.network.summary import summarize

GREY = ("softmax_regression", "mlp", "student_cnn", "vgg_small", "resnet_small", "inception_small", "mobilenet_small")


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_complete_and_ends_in_logits(name):
    row = PRESETS[name]

    assert (row.name, row.spec.name) == (name, name)
    assert row.sentence[0].isupper()
    assert row.sentence.endswith(".")
    assert row.spec.layers[-1].kind == "Linear"
    assert preset(name) is row.spec


@pytest.mark.parametrize("name", GREY)
def test_small_presets_take_fashion_mnist_as_it_is(name):
    table = summarize(preset(name))

    assert (table.input, table.output) == ((1, 28, 28), (10,))
    assert table.n_params < 500_000


def test_tiny_vgg_has_the_shapes_of_cnn_explainer():
    table = summarize(preset("tiny_vgg"))

    assert [row.output for row in table.rows if row.kind in ("Conv2d", "MaxPool2d", "Linear")] == [
        (10, 62, 62),
        (10, 60, 60),
        (10, 30, 30),
        (10, 28, 28),
        (10, 26, 26),
        (10, 13, 13),
        (10,),
    ]


def test_dense_layers_hold_96_percent_of_alexnet():
    table = summarize(preset("alexnet"))

    dense = sum(row.n_params for row in table.rows if row.kind == "Linear")

    assert round(100 * dense / table.n_params) == 96


def test_a_shape_table_needs_no_torch():
    code = (
        "import sys; from lab.network import catalogue, code, edit; from lab.network.presets import preset; "
        "from lab.network.summary import summarize; summarize(preset('resnet18')); code.keras_code(preset('mlp')); "
        "sys.exit('torch' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
