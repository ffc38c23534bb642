"""A small run on the bundled Fashion-MNIST, trained once for all tests of prediction."""

import pytest
import torch

from lab.network.presets import preset
from lab.training.loop import train
from lab.training.recipe import TrainSpec
from lab.training.run_folder import create_run


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def fashion_run(tmp_path_factory):
    """student_cnn after two epochs on 3,000 images: about 80 % accurate, in a few seconds."""
    spec = TrainSpec(network=preset("student_cnn"), data="fashion-mnist", epochs=2, n_train=3_000, seed=1, amp="off")
    run = create_run(spec, tmp_path_factory.mktemp("home"))
    for _ in train(spec, run=run):
        pass
    return run
