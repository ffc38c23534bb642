"""A data set and networks so small that a whole run takes a fraction of a second."""

from dataclasses import replace

import pytest
import torch

from lab.data.catalogue import DataSetRow
from lab.data.storage import store_set
from lab.network.spec import NetworkSpec
from lab.training.recipe import TrainSpec
from lab.training.run_folder import create_run

CLASSES = ("left", "right", "both")
N_TRAIN, N_TEST, SIDE = 96, 40, 8

TINY_LAYERS = [
    {"id": "conv1", "kind": "Conv2d", "out_channels": 4, "kernel_size": 3, "padding": 1},
    {"id": "bn1", "kind": "BatchNorm2d"},
    {"id": "relu1", "kind": "ReLU"},
    {"id": "pool1", "kind": "MaxPool2d", "kernel_size": 2},
    {"id": "flatten", "kind": "Flatten"},
    {"id": "dropout", "kind": "Dropout"},
    {"id": "fc", "kind": "Linear", "out_features": 3},
]


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def striped_images(n_images, seed):
    """Noise with a bright left side, right side, or both: uint8 (N, 1, 8, 8) and labels."""
    random = torch.Generator().manual_seed(seed)
    images = torch.randint(0, 120, (n_images, 1, SIDE, SIDE), generator=random, dtype=torch.uint8)
    labels = torch.arange(n_images) % 3
    images[labels != 1, :, :, :2] += 100
    images[labels != 0, :, :, -2:] += 100
    return images, labels


@pytest.fixture
def home(tmp_path):
    """A lab folder that has one small image set, "stripes"."""
    row = DataSetRow(
        "stripes",
        "Stripes",
        CLASSES,
        N_TRAIN,
        N_TEST,
        (1, SIDE, SIDE),
        "MIT",
        "",
        "made by a test",
        True,
        0,
        "Stripes.",
    )
    train, test = striped_images(N_TRAIN, 0), striped_images(N_TEST, 1)
    tensors = {"train_images": train[0], "train_labels": train[1], "test_images": test[0], "test_labels": test[1]}
    store_set(row, tensors, tmp_path)
    return tmp_path


@pytest.fixture
def tiny_network():
    return NetworkSpec.model_validate({"name": "Tiny net", "input": (1, SIDE, SIDE), "layers": TINY_LAYERS})


@pytest.fixture
def tiny_spec(tiny_network):
    """Ten steps an epoch, the last of six images, with everything that draws random numbers."""
    return TrainSpec(
        network=tiny_network,
        data="stripes",
        epochs=3,
        batch_size=10,
        lr=0.05,
        augment={"crop_px": 1, "brightness": 0.1},
        seed=7,
    )


@pytest.fixture
def tiny_run(tiny_spec, home):
    return create_run(tiny_spec, home)


def curves(run):
    """Everything in the history that is not a clock."""
    history = run.history(max_points=10**6)
    epochs = [replace(row, images_per_s=None, time_s=0.0) for row in history.epochs]
    return history.steps, epochs, history.lr_changes


def _assert_same_result(run, other):
    assert curves(run) == curves(other)
    assert run.checkpoints() == other.checkpoints()
    for epoch in run.checkpoints():
        weights, expected = run.load_state(epoch), other.load_state(epoch)
        assert weights.keys() == expected.keys()
        assert all(torch.equal(weights[name], expected[name]) for name in weights)
    assert run.evaluation() == other.evaluation()


@pytest.fixture
def assert_same_result():
    """Compare two runs bit for bit: curves, every kept checkpoint, the last evaluation; all but the clocks."""
    return _assert_same_result
