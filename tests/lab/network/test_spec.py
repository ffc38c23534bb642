"""The spec as data: what it takes, what it refuses and with which sentence, and its way through JSON."""

import json
import random

import pytest
from pydantic import BaseModel, ConfigDict

from lab.errors import Code, NetworkError
from lab.network.presets import PRESETS, preset
from lab.network.spec import MAX_SPEC_BYTES, NetworkSpec
from tests.lab.network.random_networks import draw_network

CONV = {"id": "conv1", "kind": "Conv2d", "out_channels": 8}


def text(**fields):
    return json.dumps({"name": "test", "input": [1, 28, 28], "layers": [CONV], **fields})


@pytest.mark.parametrize("spec", [PRESETS[name].spec for name in PRESETS] + [draw_network(seed) for seed in range(200)])
def test_a_spec_survives_json(spec):
    again = NetworkSpec.from_json(spec.to_json())

    assert again == spec
    assert hash(again) == hash(spec)
    assert NetworkSpec.model_validate_json(spec.model_dump_json()) == spec


def test_json_is_flat_and_says_nothing_twice():
    spec = NetworkSpec(name="one", input=(1, 8, 8), layers=({"id": "act", "kind": "LeakyReLU", "negative_slope": 0.5},))

    assert json.loads(spec.to_json()) == {
        "version": 1,
        "name": "one",
        "input": [1, 8, 8],
        "layers": [{"id": "act", "kind": "LeakyReLU", "negative_slope": 0.5}],
    }


def test_a_spec_inside_another_model_keeps_its_layers():
    class Recipe(BaseModel):
        model_config = ConfigDict(frozen=True)
        network: NetworkSpec

    recipe = Recipe(network=preset("student_cnn"))

    assert Recipe.model_validate_json(recipe.model_dump_json()) == recipe
    assert Recipe.model_validate(recipe.model_dump()).network.layer("conv1").out_channels == 32


def test_sources_resolve_the_layer_before_and_readers_turn_them_round():
    spec = NetworkSpec(
        name="skip",
        input=(1, 8, 8),
        layers=({"id": "act", "kind": "ReLU"}, {"id": "add", "kind": "Add", "inputs": ["act", "input"]}),
    )

    assert spec.sources() == {"act": ("input",), "add": ("act", "input")}
    assert spec.readers() == {"input": ("act", "add"), "act": ("add",), "add": ()}


@pytest.mark.parametrize(
    ("layer", "sentence"),
    [
        ({**CONV, "colour": 3}, "conv1.colour: Conv2d has no field colour; there are id, inputs, in_channels"),
        ({**CONV, "strid": 2}, "conv1.strid: Conv2d has no field strid; did you mean stride"),
        ({**CONV, "kind": "Conv3d"}, "conv1: there is no layer kind Conv3d; did you mean Conv2d"),
        ({**CONV, "kind": 7}, "conv1: there is no layer kind 7; give one of the catalogue"),
        ({"id": "conv1"}, "conv1: a layer has no kind"),
        ({"id": "conv1", "kind": "Conv2d"}, "conv1.out_channels: the field out_channels is missing"),
        ({**CONV, "out_channels": 0}, "conv1.out_channels: out_channels must be at least 1, but it is 0"),
        ({**CONV, "out_channels": 10**9}, "out_channels must be at most 65536, but it is 1000000000"),
        ({**CONV, "out_channels": 10**40}, "must be at most 65536, but it is a number of about 39 digits"),
        ({**CONV, "out_channels": "8"}, "out_channels must be a whole number, but it is 8"),
        ({**CONV, "out_channels": 8.5}, "out_channels must be a whole number, but it is 8.5"),
        ({**CONV, "out_channels": True}, "out_channels must be a whole number, but it is true"),
        ({**CONV, "out_channels": None}, "out_channels must be a whole number, but it is empty"),
        ({**CONV, "kernel_size": [3, 0]}, "kernel_size must be at least 1, but it is 0"),
        (
            {**CONV, "kernel_size": [3]},
            "kernel_size must be a whole number, or two: for height and width, but it is [3]",
        ),
        ({**CONV, "kernel_size": [3, 3, 3]}, "kernel_size must be a whole number, or two"),
        ({**CONV, "kernel_size": [3, "3"]}, "kernel_size must be a whole number, but it is 3"),
        ({**CONV, "kernel_size": {"h": 3}}, "kernel_size must be a whole number, or two: for height and width, but"),
        ({**CONV, "padding": "full"}, "padding must be 'same', 'valid', or whole numbers from 0 to 256"),
        ({**CONV, "padding": [-1, 0]}, "padding must be 'same', 'valid', or whole numbers from 0 to 256"),
        ({**CONV, "padding_mode": "mirror"}, "padding_mode must be 'zeros', 'reflect', 'replicate' or 'circular'"),
        ({**CONV, "bias": "yes"}, "bias must be true or false, but it is yes"),
        ({**CONV, "id": "Conv 1"}, "must start with a small letter and go on with up to 31 small letters"),
        ({**CONV, "id": "x" * 40}, "must start with a small letter and go on with up to 31 small letters"),
        ({**CONV, "id": "conv1\n"}, "must start with a small letter and go on with up to 31 small letters"),
        ({**CONV, "id": "input"}, "the id input is taken"),
        ({**CONV, "id": "lambda"}, "the id lambda is taken by Python or PyTorch"),
        ({**CONV, "id": 3}, "id must be text, but it is 3"),
        ({**CONV, "inputs": ["conv9"]}, "conv1.inputs: it reads conv9, which does not exist; there are input"),
        ({**CONV, "inputs": ["conv1"]}, "conv1.inputs: it reads conv1, which comes only after it"),
        ({**CONV, "inputs": ["input"] * 100}, "inputs must have at most 64 entries"),
        ("conv", "a layer must be an object with named fields, but it is conv"),
        ([[[]]], "a layer must be an object with named fields, but it is [[…]]"),
        ({"id": "d", "kind": "Dropout", "p": 1.0}, "p must be less than 1.0, but it is 1.0"),
        ({"id": "d", "kind": "Dropout", "p": "half"}, "p must be a number, but it is half"),
    ],
)
def test_a_layer_that_cannot_be_is_refused_in_one_plain_sentence(layer, sentence):
    with pytest.raises(NetworkError) as caught:
        NetworkSpec.from_json(text(layers=[layer]))

    assert sentence in str(caught.value)
    assert_plain(caught.value)


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        ("", "spec: it is not JSON"),
        ("{", "spec: it is not JSON"),
        ("[1]", "spec: a spec must be an object with named fields, but it is [1]"),
        ("null", "a spec must be an object with named fields, but it is empty"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 50_000, "nested too deeply"),
        ("1" * 5_000, "it is not JSON"),
        (b"\xff\xfe\x00", "it is not JSON"),
        (text(layers=[{**CONV, "out_channels": float("nan")}]), "NaN is no number"),
        (text(layers=[{"id": "d", "kind": "Dropout", "p": float("inf")}]), "Infinity is no number"),
        (
            text(layers=[{"id": "d", "kind": "Dropout"}]).replace("Dropout", 'Dropout", "p": 1e999, "kind": "Dropout'),
            "finite",
        ),
        ("x" * (MAX_SPEC_BYTES + 1), "the spec has 1,000,001 bytes, but at most 1,000,000 are read"),
        (text(version=2), "version must be 1, but it is 2"),
        (text(name=""), "name must not be empty"),
        (text(name="a" * 61), "name must be at most 60 characters long"),
        (text(name="two\nlines"), "the name must be printable text on one line"),
        (text(name=5), "name must be text, but it is 5"),
        (text(input=[1, 28]), "input has only 2 entries, which is too few"),
        (text(input=[0, 28, 28]), "input must be at least 1, but it is 0"),
        (text(input=[3, 10**6, 10**6]), "input must be at most 1024, but it is 1000000"),
        (text(layers=[CONV, CONV]), "conv1: two layers have the id conv1; every layer needs its own"),
        (text(layers={"0": CONV}), "layers must be a list, but it is an object with 1 fields"),
        (text(layers=[{**CONV, "id": f"c{i}"} for i in range(1_001)]), "layers must have at most 1000 entries"),
        (text(evil=1), "NetworkSpec has no field evil"),
    ],
)
def test_a_spec_that_cannot_be_is_refused_in_one_plain_sentence(spec, sentence):
    with pytest.raises(NetworkError) as caught:
        NetworkSpec.from_json(spec)

    assert sentence in str(caught.value)
    assert_plain(caught.value)


def test_a_megabyte_in_a_field_is_not_echoed():
    with pytest.raises(NetworkError) as caught:
        NetworkSpec.from_json(text(layers=[{**CONV, "padding_mode": "<script>" * 100_000}]))

    assert "padding_mode must be 'zeros'" in str(caught.value)
    assert_plain(caught.value)


def assert_plain(error):
    assert error.code is Code.NETWORK_SPEC
    assert len(str(error)) < 400
    assert str(error).isprintable()
    assert "pydantic" not in str(error)
    assert error.__cause__ is None


def test_an_unknown_layer_is_answered_with_the_nearest_name():
    with pytest.raises(NetworkError, match="student_cnn: there is no layer conv; did you mean conv2"):
        preset("student_cnn").layer("conv")


def test_an_unknown_preset_is_answered_with_the_nearest_name():
    with pytest.raises(NetworkError, match="there is no preset resnet_18; did you mean resnet18"):
        preset("resnet_18")


JUNK = (None, True, -1, 0, 10**30, 0.5, "", "conv1", "\x00", [], [[]], {}, {"kind": "Conv2d"}, ["input"], "NaN")


def damage(value, rng):
    """Replace one part of a JSON value, somewhere in its depth, by junk; or take it away, or add to it."""
    if isinstance(value, dict) and value and rng.random() < 0.85:
        key = rng.choice(list(value))
        kept = {name: part for name, part in value.items() if name != key}
        change = rng.random()
        if change < 0.1:
            return kept
        return {**kept, key if change < 0.9 else rng.choice(("evil", "id", "stride")): damage(value[key], rng)}
    if isinstance(value, list) and value and rng.random() < 0.85:
        index = rng.randrange(len(value))
        return [*value[:index], damage(value[index], rng), *value[index + rng.choice((0, 1, 1, 1)) :]]
    return rng.choice(JUNK)


@pytest.mark.parametrize("seed", range(400))
def test_a_damaged_spec_is_taken_or_refused_but_never_breaks_anything(seed):
    rng = random.Random(seed)
    data = json.loads(preset(rng.choice(("student_cnn", "resnet_small", "inception_small"))).to_json())
    for _ in range(rng.randint(1, 3)):
        data = damage(data, rng)

    try:
        spec = NetworkSpec.from_json(json.dumps(data))
    except NetworkError as error:
        assert_plain(error)
    else:
        assert NetworkSpec.from_json(spec.to_json()) == spec
