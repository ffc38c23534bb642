import subprocess
import sys

import pytest

from lab.errors import Code, DataError, InsertLayer, LabError, RemoveLayer, SetField, TrainingError
from lab.network.edit import apply_edits
from lab.network.presets import PRESETS, preset
from lab.training.recipe import TrainSpec, check_recipe, default_recipe


def recipe(layers, **fields):
    network = {"name": "net", "input": (1, 28, 28), "layers": layers}
    return TrainSpec.model_validate({"network": network, **fields})


FLATTEN = {"id": "flatten", "kind": "Flatten"}


def linear(out_features, name="fc"):
    return {"id": name, "kind": "Linear", "out_features": out_features}


def test_a_recipe_survives_json_as_an_equal_object():
    spec = TrainSpec(network=preset("resnet_small"), data="cifar10", lr=0.1 + 0.2, augment={"crop_px": 4, "flip": True})
    assert TrainSpec.from_json(spec.to_json()) == spec


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"epochs": 0}, "epochs: it must be at least 1, but it is 0 (TRAIN-RECIPE)"),
        ({"lr": "fast"}, "lr: it must be a number, but it is fast"),
        ({"optimizer": "Lion"}, "optimizer: it must be 'SGD', 'Adam', 'AdamW' or 'RMSprop', but it is Lion"),
        ({"data": "../../etc"}, "data: ../../etc is not the name of an image set"),
        ({"surprise": 1}, "recipe: TrainSpec has no field surprise"),
        ({"augment": {"flip": "often"}}, "augment.flip: it must be true or false, but it is often"),
    ],
)
def test_a_recipe_from_outside_that_cannot_be_used_names_field_and_value(change, sentence):
    import json

    fields = json.loads(default_recipe(preset("mlp")).to_json()) | change
    with pytest.raises(TrainingError) as caught:
        TrainSpec.from_json(json.dumps(fields))
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize("text", ["", "nonsense", "[]", '{"network": 5}', '{"lr": NaN}', "9" * 3_000_000])
def test_text_that_is_no_recipe_is_one_sentence(text):
    with pytest.raises(LabError) as caught:
        TrainSpec.from_json(text)
    assert "\n" not in str(caught.value)
    assert "pydantic" not in str(caught.value)


def test_the_default_recipe_fits_every_small_preset_for_ten_classes():
    for name in ("softmax_regression", "mlp", "student_cnn", "vgg_small", "resnet_small", "lenet5", "inception_small"):
        check_recipe(default_recipe(preset(name)))
    assert "student_cnn" in PRESETS


def fixed(spec, error):
    return spec.model_copy(update={"network": apply_edits(spec.network, error.fixes[0].edits)})


@pytest.mark.parametrize(
    ("layers", "where", "what", "edit"),
    [
        ([FLATTEN, linear(7)], "fc", "gives 7 numbers, but Fashion-MNIST", SetField("fc", "out_features", 10)),
        (
            [FLATTEN, linear(7), {"id": "relu", "kind": "ReLU"}],
            "relu",
            "gives 7 numbers, but Fashion-MNIST",
            SetField("fc", "out_features", 10),
        ),
        ([FLATTEN], "flatten", "the network has no weights", InsertLayer("Flatten")),
        (
            [{"id": "conv", "kind": "Conv2d", "out_channels": 4, "kernel_size": 3}],
            "conv",
            "ends with maps of 4 × 26 × 26, but an image needs one number per class",
            InsertLayer("Flatten"),
        ),
        (
            [FLATTEN, linear(10), {"id": "soft", "kind": "Softmax"}],
            "soft",
            "the loss applies softmax itself",
            RemoveLayer("soft"),
        ),
        ([], "net", "the network has no layers yet", InsertLayer("Flatten")),
    ],
)
def test_a_network_that_cannot_name_the_classes_is_told_how_to(layers, where, what, edit):
    spec = recipe(layers)
    with pytest.raises(TrainingError) as caught:
        check_recipe(spec)
    assert caught.value.where == where
    assert what in caught.value.what
    assert caught.value.fixes[0].edits[0] == edit
    check_recipe(fixed(spec, caught.value))


def test_a_network_for_two_channels_is_told_what_pictures_have():
    spec = recipe([FLATTEN, linear(10)])
    spec = spec.model_copy(update={"network": spec.network.model_copy(update={"input": (2, 28, 28)})})
    with pytest.raises(TrainingError, match=r"pictures have 1 channel \(grey\) or 3 \(colour\)") as caught:
        check_recipe(spec)
    check_recipe(fixed(spec, caught.value))


@pytest.mark.parametrize(
    ("n_train", "what"), [(12_001, "has 12,000 training images"), (9, "fewer than the 10 classes")]
)
def test_an_impossible_number_of_training_images_is_refused_with_the_limit(n_train, what):
    with pytest.raises(TrainingError, match=what) as caught:
        check_recipe(recipe([FLATTEN, linear(10)], n_train=n_train))
    assert caught.value.code is Code.RECIPE


def test_an_unknown_data_set_is_named(home):
    with pytest.raises(DataError, match="there is no data set named 'stripess'"):
        check_recipe(recipe([FLATTEN, linear(3)], data="stripess"), home=home)


def test_every_field_has_a_hint_for_the_learner():
    for name, field in TrainSpec.model_fields.items():
        assert name == "version" or (field.description and field.description.endswith(".")), name


def test_recipes_and_runs_are_read_without_torch():
    code = (
        "import sys, lab.training.recipe, lab.training.run_folder, lab.training.queue, lab.training.losses;"
        "sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
