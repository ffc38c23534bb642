"""Shapes and costs without tensors, against real tensors and against published numbers."""

import random
from itertools import islice

import pytest
import torch
from torch import nn

from lab.errors import NetworkError
from lab.network.build import build_network
from lab.network.catalogue import CATALOGUE, field_rows
from lab.network.presets import PRESETS, preset
from lab.network.spec import NetworkSpec
from lab.network.summary import analyse, summarize
from tests.lab.network.random_networks import draw_network, draw_value

N_RANDOM_NETWORKS = 1_000

# PyTorch says so once for even kernels; the result is right, and that is what is tested here.
pytestmark = pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel lengths")


@pytest.mark.parametrize("seed", range(N_RANDOM_NETWORKS))
def test_table_equals_a_real_forward_pass(seed):
    spec = draw_network(seed)
    network = build_network(spec, seed=seed).eval()
    with torch.inference_mode():
        trace, counted = _count_on_tensors(network, torch.randn(2, *spec.input))

    table = summarize(spec)

    assert {row.id: row.output for row in table.rows} == {
        name: tuple(value.shape[1:]) for name, value in trace.items() if name != "input"
    }
    for row in table.rows:
        layer = network.get_submodule(row.id)
        assert row.n_params == sum(parameter.numel() for parameter in layer.parameters()), row
        assert row.n_macs == counted.get(row.id, 0), row
        assert row.activation_bytes == trace[row.id][0].numel() * trace[row.id].element_size(), row
    assert table.n_params == sum(parameter.numel() for parameter in network.parameters())
    assert table.n_macs == sum(counted.values())


def _count_on_tensors(network, images):
    """Count MACs from the tensors that really flow: weights used per position, times positions."""
    counted: dict[str, int] = {}

    def count(name):
        def hook(module, inputs, output):
            positions = inputs[0] if isinstance(module, nn.ConvTranspose2d) else output
            counted[name] = positions[0].numel() * module.weight[0].numel()

        return hook

    weighted = (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)
    handles = [
        module.register_forward_hook(count(name))
        for name, module in network.named_children()
        if isinstance(module, weighted)
    ]
    trace = network.trace(images)
    for handle in handles:
        handle.remove()
    return trace, counted


def test_random_networks_use_every_kind_of_the_catalogue():
    kinds = {layer.kind for seed in range(N_RANDOM_NETWORKS) for layer in draw_network(seed).layers}

    assert kinds == set(CATALOGUE)


# design.md, section 4: torchvision's architectures at 224×224; LeNet-5 as worked out layer by layer in facts.md.
@pytest.mark.parametrize(
    ("name", "n_params", "n_macs"),
    [
        ("alexnet", 61_100_840, 714_188_480),
        ("vgg16", 138_357_544, 15_470_264_320),
        ("resnet18", 11_689_512, 1_814_073_344),
        ("mobilenet_v2", 3_504_872, 300_774_272),
        ("lenet5", 61_706, 416_520),
        ("student_cnn", 421_642, 28 * 28 * 32 * 9 + 14 * 14 * 64 * 32 * 9 + 3136 * 128 + 128 * 10),
        ("softmax_regression", 7_850, 7_840),
    ],
)
def test_presets_have_the_published_totals(name, n_params, n_macs):
    table = summarize(preset(name))

    assert (table.n_params, table.n_macs) == (n_params, n_macs)


def test_lenet_layers_have_the_published_parameters():
    table = summarize(preset("lenet5"))

    assert [row.n_params for row in table.rows if row.n_params] == [156, 2_416, 48_120, 10_164, 850]


@pytest.mark.parametrize("name", PRESETS)
def test_rows_add_up_to_the_totals(name):
    table = summarize(preset(name))

    assert table.n_params == sum(row.n_params for row in table.rows)
    assert table.n_macs == sum(row.n_macs for row in table.rows)
    assert table.activation_bytes == sum(row.activation_bytes for row in table.rows)
    assert table.output == table.rows[-1].output


# Araujo et al., Distill 2019, doi:10.23915/distill.00021, for the architecture of torchvision.
def test_receptive_fields_of_resnet18_are_the_published_ones():
    table = summarize(preset("resnet18"))

    stages = ["conv1", "maxpool", "relu1_1b", "relu2_1b", "relu3_1b", "relu4_1b"]

    assert [table.row(name).receptive_field for name in stages] == [(r, r) for r in (7, 11, 43, 99, 211, 435)]


def test_receptive_fields_of_lenet_are_the_published_ones():
    table = summarize(preset("lenet5"))

    fields = [table.row(name).receptive_field for name in ("conv1", "pool1", "conv2", "pool2", "conv3", "fc2")]

    assert fields == [(r, r) for r in (5, 6, 14, 16, 32, 32)]


# Layers whose receptive field is exactly their window: normalisation reads statistics of the whole map, which the
# literature leaves out; adaptive and enlarging windows differ from position to position and are tested in
# layers/test_base.py; merges may be shifted against each other.
_WINDOWED = ("Convolution", "Pooling", "Activation", "Shape")
_NOT_EXACT = ("AdaptiveAvgPool2d", "AdaptiveMaxPool2d", "Flatten", "Upsample", "ConvTranspose2d")


def plain_stacks_of_windows(count):
    kinds = tuple(kind for kind, row in CATALOGUE.items() if row.group in _WINDOWED and kind not in _NOT_EXACT)
    drawn = (draw_network(seed, kinds=kinds, n_layers=6) for seed in range(10_000))
    zero_padded = (spec for spec in drawn if all(getattr(x, "padding_mode", "zeros") == "zeros" for x in spec.layers))
    stacks = (spec for spec in zero_padded if all(len(readers) < 2 for readers in spec.readers().values()))
    return list(islice((spec for spec in stacks if len(spec.layers) > 2), count))


@pytest.mark.parametrize("spec", plain_stacks_of_windows(80), ids=lambda spec: spec.name)
def test_receptive_field_holds_every_pixel_that_has_a_gradient(spec):
    row = summarize(spec).rows[-1]
    image = torch.rand(1, *spec.input, requires_grad=True)
    output = build_network(spec).eval().trace(image)[row.id]
    middle = [length // 2 for length in output.shape[2:]]

    (gradient,) = torch.autograd.grad(output[0, :, middle[0], middle[1]].sum(), image)

    for axis in (0, 1):
        touched = (gradient[0].abs().amax(dim=(0, 2 - axis)) > 0).nonzero().flatten().tolist()
        centre = row.start[axis] + row.jump[axis] * middle[axis]
        reach = (row.receptive_field[axis] - 1) / 2
        assert all(centre - reach <= pixel <= centre + reach for pixel in touched), (centre, reach, touched)


def test_receptive_field_of_a_stack_is_not_larger_than_its_gradient():
    convs = [{"id": f"conv{i}", "kind": "Conv2d", "out_channels": 2, "stride": 1 + i % 2} for i in range(4)]
    spec = NetworkSpec(name="stack", input=(1, 40, 40), layers=convs)
    row = summarize(spec).rows[-1]
    image = torch.rand(1, 1, 40, 40, requires_grad=True)
    output = build_network(spec)(image)

    (gradient,) = torch.autograd.grad(output[0, :, 2, 2].sum(), image)

    touched = gradient[0, 0].abs().sum(dim=1).nonzero().flatten().tolist()
    assert (touched[0], touched[-1]) == (
        row.start[0] + 2 * row.jump[0] - (row.receptive_field[0] - 1) / 2,
        row.start[0] + 2 * row.jump[0] + (row.receptive_field[0] - 1) / 2,
    )


def test_an_empty_network_gives_back_its_input():
    table = summarize(NetworkSpec(name="empty", input=(1, 8, 8)))

    assert (table.output, table.n_params, table.rows) == ((1, 8, 8), 0, ())


def test_analysis_goes_on_in_the_branch_that_is_whole():
    spec = NetworkSpec(
        name="half",
        input=(3, 8, 8),
        layers=(
            {"id": "conv1", "kind": "Conv2d", "out_channels": 4, "kernel_size": 9},
            {"id": "conv2", "kind": "Conv2d", "out_channels": 4, "kernel_size": 3, "inputs": ["input"]},
            {"id": "add1", "kind": "Add", "inputs": ["conv1", "conv2"]},
        ),
    )

    analysis = analyse(spec)

    assert (list(analysis.rows), list(analysis.errors), analysis.blocked) == (["conv2"], ["conv1"], ("add1",))
    assert analysis.summary is None


def test_summarize_raises_the_first_error():
    spec = NetworkSpec(
        name="wide", input=(3, 8, 8), layers=({"id": "conv1", "kind": "Conv2d", "out_channels": 4, "kernel_size": 9},)
    )

    with pytest.raises(NetworkError, match="conv1: the window spans 9 px but the padded input has only 8 px"):
        summarize(spec)


@pytest.mark.parametrize(
    "layers",
    [
        [{"id": "fc1", "kind": "Linear", "out_features": 65_536}],
        [{"id": "up", "kind": "Upsample", "scale_factor": 16}] * 1,
        [{"id": "conv1", "kind": "Conv2d", "out_channels": 65_536, "kernel_size": 31, "padding": "same"}],
    ],
)
def test_a_network_beyond_every_machine_is_refused_before_it_is_built(layers):
    flatten = [{"id": "flatten", "kind": "Flatten"}] if layers[0]["kind"] == "Linear" else []
    spec = NetworkSpec(name="huge", input=(3, 1024, 1024), layers=(*flatten, *layers))

    with pytest.raises(NetworkError, match=r"but this lab stops at .* \(NET-SIZE\)"):
        build_network(spec)


def draw_nonsense(seed):
    """Stack layers without asking whether they fit."""
    rng = random.Random(seed)
    layers, shape = [], (rng.randint(1, 5), rng.randint(1, 12), rng.randint(1, 12))
    for number in range(rng.randint(1, 8)):
        kind = rng.choice(list(CATALOGUE))
        known = ["input", *(layer.id for layer in layers)]
        inputs = rng.sample(known, k=min(len(known), rng.choice((0, 0, 0, 1, 2, 3))))
        params = {row.name: draw_value(rng, row, shape) for row in field_rows(kind)}
        try:
            layers.append(CATALOGUE[kind].model_validate({"id": f"layer{number}", "inputs": inputs, **params}))
        except NetworkError:
            continue
    return NetworkSpec(name=f"nonsense {seed}", input=shape, layers=layers)


@pytest.mark.parametrize("seed", range(300))
def test_analysis_of_any_spec_ends_in_rows_errors_and_what_they_block(seed):
    spec = draw_nonsense(seed)

    analysis = analyse(spec)

    told = {*analysis.rows, *analysis.errors, *analysis.blocked}
    assert told == {layer.id for layer in spec.layers}
    assert (analysis.summary is None) == bool(analysis.errors)
    assert all(str(error).isprintable() and error.where.startswith(name) for name, error in analysis.errors.items())
