"""A run of the real engine on a few images, made once, copied into each test's own lab home."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lab.network.spec import NetworkSpec
from lab.training.recipe import TrainSpec
from lab.training.run_folder import create_run
from pages.ui import link

ROOT = Path(__file__).parents[3]
TINY = {
    "name": "tiny",
    "input": (1, 12, 12),
    "layers": [
        {"id": "conv1", "kind": "Conv2d", "out_channels": 3},
        {"id": "relu1", "kind": "ReLU"},
        {"id": "pool1", "kind": "MaxPool2d"},
        {"id": "flatten", "kind": "Flatten"},
        {"id": "fc1", "kind": "Linear", "out_features": 10},
    ],
}


@pytest.fixture(scope="session")
def tiny_spec() -> NetworkSpec:
    return NetworkSpec.model_validate(TINY)


@pytest.fixture(scope="session")
def trained_once(tmp_path_factory: pytest.TempPathFactory, tiny_spec: NetworkSpec) -> tuple[Path, str]:
    from lab.training.loop import train

    home = tmp_path_factory.mktemp("trained")
    recipe = {"network": tiny_spec, "epochs": 2, "n_train": 200, "batch_size": 50, "lr": 0.05, "device": "cpu"}
    run = create_run(TrainSpec.model_validate(recipe), home)
    list(train(run.spec(), run=run))
    return home, run.id


@pytest.fixture
def trained(trained_once: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A home with one trained run; the run's id."""
    home, run_id = trained_once
    shutil.copytree(home, tmp_path / "trained-home")
    monkeypatch.setenv("LAB_HOME", str(tmp_path / "trained-home"))
    return run_id


@pytest.fixture
def open_maps() -> Callable[..., AppTest]:
    """Open the Feature maps page with some of its state, a network on the workbench, and a photo."""

    def opened(network: NetworkSpec, photo: dict[str, object] | None = None, **chosen: object) -> AppTest:
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        at.query_params["s"] = link.encode_link({"maps": chosen, "photo": photo or {}}, network)
        at.run()
        return at.switch_page("pages/look/feature_maps.py").run()

    return opened
