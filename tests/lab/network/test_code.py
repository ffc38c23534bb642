"""The exported source is executed: its networks must compute what ours compute, once the weights are copied."""

import ast
import inspect
import os
import tempfile

import pytest
import torch
from torch import nn

from lab.errors import NetworkError
from lab.network.build import build_network
from lab.network.catalogue import CATALOGUE, field_rows
from lab.network.code import keras_code, pytorch_code
from lab.network.presets import PRESETS, preset
from lab.network.spec import NetworkSpec
from tests.lab.network.random_networks import draw_network

# Read by Keras at its first import: the backend that we have, and a place for its settings that is not the home.
os.environ.setdefault("KERAS_BACKEND", "torch")
os.environ.setdefault("KERAS_HOME", os.path.join(tempfile.gettempdir(), "visual-cnn-lab-keras"))

pytestmark = pytest.mark.filterwarnings(
    "ignore:Using padding='same' with even kernel lengths",
    "ignore:You are using a softmax over axis:UserWarning",  # of a random network with one channel; right all the same
    "ignore:__array__ implementation doesn't accept a copy keyword:DeprecationWarning",
)

BIG = ("alexnet", "vgg16", "resnet18", "mobilenet_v2", "efficientnet_lite0")
SMALL = tuple(name for name in PRESETS if name not in BIG)
RANDOM_SEEDS = range(0, 1000, 5)


def run(source):
    scope = {"__name__": "generated"}
    exec(source, scope)  # noqa: S102 - our own code, which is what is tested
    return scope


def network_with_random_statistics(spec, seed=0):
    """Build a network whose every parameter and running statistic differs from its starting value."""
    network = build_network(spec, seed=seed).eval()
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, value in network.state_dict().items():
            if value.is_floating_point():
                drawn = torch.rand(value.shape, generator=generator)
                value.copy_(drawn + 0.5 if name.endswith("running_var") else (drawn - 0.5) * 0.8)
    return network


@pytest.mark.parametrize("spec", [preset(name) for name in PRESETS] + [draw_network(seed) for seed in RANDOM_SEEDS])
def test_pytorch_source_computes_the_same_as_the_network(spec):
    # The big ones are compared by their names and shapes alone: they are made of the same lines as the small ones.
    big = spec.name in BIG
    with torch.device("meta") if big else torch.device("cpu"):
        plain = next(
            thing
            for thing in run(pytorch_code(spec)).values()
            if isinstance(thing, type) and issubclass(thing, nn.Module)
        )().eval()
        network = build_network(spec).eval() if big else network_with_random_statistics(spec)
    assert {k: v.shape for k, v in plain.state_dict().items()} == {k: v.shape for k, v in network.state_dict().items()}
    if big:
        return
    plain.load_state_dict(network.state_dict())
    image = torch.randn(2, *spec.input)

    with torch.inference_mode():
        assert torch.equal(plain(image).nan_to_num(7), network(image).nan_to_num(7))


@pytest.mark.parametrize("kind", [name for name in CATALOGUE if hasattr(nn, name)])
def test_what_the_source_leaves_out_is_also_the_default_of_pytorch(kind):
    defaults = inspect.signature(getattr(nn, kind).__init__).parameters
    rows = {row.name: row for row in field_rows(kind) if row.name in CATALOGUE[kind].left_out and not row.required}

    for name, row in rows.items():
        theirs = defaults[name].default
        assert row.default in (theirs, (theirs, theirs)), name


def copy_weights(network, model):
    """Copy PyTorch's weights into the Keras layers of the same names, axes in Keras's order."""
    import keras

    for name, module in network.named_children():
        state = {key: value.numpy() for key, value in module.state_dict().items()}
        if not state:
            continue
        layer = model.get_layer(name)
        if isinstance(layer, keras.layers.Dense):
            values = [state["weight"].T]
        elif isinstance(layer, keras.layers.Conv2D | keras.layers.Conv2DTranspose):
            values = [state["weight"].transpose(2, 3, 1, 0)]
        elif isinstance(layer, keras.layers.PReLU):
            values = [state["weight"].reshape(layer.alpha.shape)]
        else:  # normalisation
            values = [state[key] for key in ("weight",) if key in state]
        values += [state[key] for key in ("bias", "running_mean", "running_var") if key in state]
        layer.set_weights(values)


def keras_model(spec):
    return run(keras_code(spec))["build_model"]()


def assert_keras_agrees(spec, seed=0):
    network = network_with_random_statistics(spec, seed)
    model = keras_model(spec)
    copy_weights(network, model)
    image = torch.randn(2, *spec.input, generator=torch.Generator().manual_seed(seed))

    with torch.inference_mode():
        expected = network(image)
        got = model(image.permute(0, 2, 3, 1), training=False)

    if expected.ndim == 4:
        got = got.permute(0, 3, 1, 2)
    trainable = sum(value.numel() for value in network.parameters())
    assert sum(int(torch.tensor(weight.shape).prod()) for weight in model.trainable_weights) == trainable
    scale = max(1.0, float(expected.nan_to_num().abs().max()))  # deep networks with random weights give large numbers
    torch.testing.assert_close(got.cpu() / scale, expected / scale, rtol=2e-4, atol=1e-5, equal_nan=True)


@pytest.mark.parametrize("name", [*SMALL, "resnet18", "efficientnet_lite0"])
def test_keras_source_of_a_preset_computes_the_same(name):
    assert_keras_agrees(preset(name))


@pytest.mark.parametrize("seed", RANDOM_SEEDS)
def test_keras_source_of_a_random_network_computes_the_same(seed):
    spec = draw_network(seed)
    if keras_can_say(spec):
        assert_keras_agrees(spec, seed)


def keras_can_say(spec):
    """Tell the networks that Keras has words for, by the list of what it lacks."""
    return not any(
        layer.kind == "RReLU"
        or (layer.kind == "MaxPool2d" and layer.dilation != (1, 1))
        or (layer.kind == "ConvTranspose2d" and (layer.groups > 1 or layer.dilation != (1, 1)))
        or (layer.kind == "Conv2d" and layer.stride != (1, 1) and layer.dilation != (1, 1))
        for layer in spec.layers
    )


def test_keras_has_words_for_most_random_networks():
    assert sum(keras_can_say(draw_network(seed)) for seed in RANDOM_SEEDS) > 0.6 * len(RANDOM_SEEDS)


def one_layer(shape=(4, 7, 6), **layer):
    return NetworkSpec(name="one", input=shape, layers=({"id": "one", **layer},))


@pytest.mark.parametrize(
    "layer",
    [
        {"kind": "Conv2d", "out_channels": 4, "kernel_size": [2, 3], "padding": "same"},
        {"kind": "Conv2d", "out_channels": 4, "padding": [1, 2], "padding_mode": "reflect"},
        {"kind": "Conv2d", "out_channels": 4, "padding": [1, 2], "padding_mode": "replicate"},
        {"kind": "Conv2d", "out_channels": 4, "padding": [3, 2], "padding_mode": "circular"},
        {"kind": "Conv2d", "out_channels": 8, "groups": 4, "stride": [1, 2], "bias": False},
        {"kind": "Conv2d", "out_channels": 2, "dilation": [2, 1]},
        {"kind": "ConvTranspose2d", "out_channels": 3, "kernel_size": 2, "stride": 3, "output_padding": 2},
        {"kind": "ConvTranspose2d", "out_channels": 3, "kernel_size": [3, 4], "stride": 2, "padding": 1},
        {
            "kind": "ConvTranspose2d",
            "out_channels": 3,
            "kernel_size": 3,
            "stride": 2,
            "padding": 1,
            "output_padding": 1,
        },
        {"kind": "MaxPool2d", "kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True},
        {"kind": "AvgPool2d", "kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True},
        {"kind": "AvgPool2d", "kernel_size": 3, "stride": 2, "padding": 1, "count_include_pad": False},
        {"kind": "AvgPool2d", "kernel_size": [2, 3], "stride": 2, "ceil_mode": True, "count_include_pad": False},
        {"kind": "LPPool2d", "kernel_size": 2, "norm_type": 2, "ceil_mode": True},
        {"kind": "LPPool2d", "kernel_size": 2, "norm_type": 4},
        {"kind": "AdaptiveAvgPool2d", "output_size": [3, 4]},
        {"kind": "AdaptiveMaxPool2d", "output_size": [3, 4]},
        {"kind": "Upsample", "scale_factor": [2, 3], "mode": "bilinear"},
        {"kind": "PReLU", "num_parameters": 4},
        {"kind": "PReLU"},
        {"kind": "Softplus", "beta": 2.0},
        {"kind": "GELU", "approximate": "tanh"},
        {"kind": "BatchNorm2d", "affine": False, "eps": 0.01},
        {"kind": "GroupNorm", "num_groups": 2, "eps": 0.01},
        {"kind": "ZeroPad2d", "padding": [0, 1, 2, 3]},
        {"kind": "Flatten"},
    ],
    ids=lambda layer: "-".join(f"{value}" for value in layer.values()).replace(" ", ""),
)
def test_keras_options_that_differ_from_pytorch_come_out_equal(layer):
    assert_keras_agrees(one_layer(**layer))


@pytest.mark.parametrize("kind", [name for name, row in CATALOGUE.items() if row.group == "Activation"])
def test_every_activation_that_keras_has_computes_the_same(kind):
    if kind == "RReLU":
        with pytest.raises(NetworkError, match="Keras has no layer that does the same"):
            keras_code(one_layer(kind=kind))
        return
    assert_keras_agrees(one_layer(kind=kind))


@pytest.mark.parametrize(
    ("layer", "why"),
    [
        ({"kind": "MaxPool2d", "dilation": 2}, "Keras has no pooling with dilation"),
        ({"kind": "ConvTranspose2d", "out_channels": 4, "groups": 2}, "Conv2DTranspose has no groups"),
        ({"kind": "Conv2d", "out_channels": 4, "stride": 2, "dilation": 2}, "both a stride and a dilation above 1"),
    ],
)
def test_what_keras_cannot_say_is_refused_with_a_reason(layer, why):
    with pytest.raises(NetworkError, match=rf"one: .*{why} \(NET-CODE\)"):
        keras_code(one_layer(**layer))


@pytest.mark.parametrize("write", [pytorch_code, keras_code])
@pytest.mark.parametrize("name", ['"""; import os', "# x", "日本 語", "class", "123", "{{ 7 * 7 }}", "\\", "'"])
def test_a_strange_network_name_cannot_change_the_code(write, name):
    spec = NetworkSpec(name=name, input=(1, 4, 4), layers=({"id": "act", "kind": "ReLU"},))

    plain = write(spec.model_copy(update={"name": "plain"}))
    strange = write(spec)

    assert len(list(ast.walk(ast.parse(strange)))) == len(list(ast.walk(ast.parse(plain))))
    run(strange)
