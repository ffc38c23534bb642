"""Runs made by the real engine on a few images, once a session, copied into each test's own lab home."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lab.network.spec import NetworkSpec
from lab.training.recipe import TrainSpec
from lab.training.run_folder import Run, create_run, open_run
from pages.ui import link

ROOT = Path(__file__).parents[3]
TRAIN, RUNS = "pages/training/train.py", "pages/training/runs.py"
TINY = {
    "name": "tiny",
    "input": (1, 8, 8),
    "layers": [
        {"id": "conv1", "kind": "Conv2d", "out_channels": 2, "kernel_size": 3},
        {"id": "relu1", "kind": "ReLU"},
        {"id": "flatten", "kind": "Flatten"},
        {"id": "fc1", "kind": "Linear", "out_features": 10},
    ],
}


def tiny_recipe(**changes: object) -> TrainSpec:
    """A recipe that trains in a fraction of a second."""
    chosen = {"network": NetworkSpec.model_validate(TINY), "epochs": 2, "n_train": 200, "batch_size": 50, "lr": 0.01}
    return TrainSpec.model_validate({**chosen, "device": "cpu", **changes})


@dataclass(frozen=True)
class TrainedRuns:
    """Two finished runs of the same network, and the home that they were made in."""

    home: Path
    first: str
    second: str


@pytest.fixture(scope="session")
def trained_once(tmp_path_factory: pytest.TempPathFactory) -> TrainedRuns:
    from lab.training.loop import train

    home = tmp_path_factory.mktemp("trained")
    runs = [create_run(tiny_recipe(seed=seed), home) for seed in (0, 1)]
    for run in runs:
        list(train(run.spec(), run=run))
    return TrainedRuns(home, runs[0].id, runs[1].id)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty lab home, and no import of torch in the background."""
    place = tmp_path / "home"
    place.mkdir()
    monkeypatch.setenv("LAB_HOME", str(place))
    monkeypatch.setenv("LAB_WARMUP", "0")
    return place


@pytest.fixture
def trained(trained_once: TrainedRuns, home: Path) -> TrainedRuns:
    shutil.copytree(trained_once.home / "runs", home / "runs", dirs_exist_ok=True)
    return TrainedRuns(home, trained_once.first, trained_once.second)


@pytest.fixture
def first_run(trained: TrainedRuns) -> Run:
    return open_run(trained.first, trained.home)


@pytest.fixture
def open_page(home: Path) -> Callable[..., AppTest]:
    """Open a page of the lab, with linked values as a shared address would carry them."""

    def opened(page: str, network: NetworkSpec | None = None, **pages: dict[str, object]) -> AppTest:
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        if pages or network:
            at.query_params["s"] = link.encode_link(pages, network or NetworkSpec.model_validate(TINY))
        at.switch_page(page)
        at.run()
        assert not at.exception
        return at

    return opened


@pytest.fixture
def tiny() -> NetworkSpec:
    return NetworkSpec.model_validate(TINY)
