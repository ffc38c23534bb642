"""The first page tells a newcomer what this is and where to begin."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lab.network.presets import preset
from lab.training.recipe import TrainSpec
from lab.training.run_folder import create_run, list_runs
from pages.ui.home.cards import cards
from pages.ui.home.welcome import run_line
from pages.ui.places import PLACES

ROOT = Path(__file__).parents[3]


def test_it_says_what_the_lab_is_and_what_the_machine_has() -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert app.title[0].value == "See how a network sees"
    assert (
        "Build a convolutional network" in app.markdown[0].value
        or "Build a convolutional network" in app.main.markdown[0].value
    )
    captions = [caption.value for caption in app.main.caption]
    assert any("core" in caption and "memory" in caption for caption in captions)
    assert any(caption.startswith("None yet.") for caption in captions)


def test_the_cards_lead_through_the_whole_lab_in_the_order_of_a_first_visit() -> None:
    leads = [card.go for card in cards(preset("student_cnn"), [])]
    assert leads == ["convolution", "build", "train", "feature-maps", "classify", "practise"]
    assert set(leads) <= {row.url_path for row in PLACES}


@pytest.fixture
def home_with_a_run(tmp_path: Path) -> Path:
    """A lab's folder with one run that has been asked for and is not begun."""
    create_run(TrainSpec(network=preset("softmax_regression"), epochs=3), tmp_path)
    return tmp_path


def test_the_latest_runs_say_what_was_trained_on_what_and_how_far_it_came(home_with_a_run: Path) -> None:
    (run,) = list_runs(home_with_a_run)
    line = run_line(run)
    assert (line.title, line.data, line.epochs) == ("softmax_regression", "Fashion-MNIST (bundled part)", "0 of 3")
    assert line.accuracy == ""
    assert run_line(replace(run, best_test_accuracy=0.8756)).accuracy == "87.6 %"


FIRST_PAGE = """
import sys
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("app.py", default_timeout=60).run()
has_runs = not any(caption.value.startswith("None yet.") for caption in app.main.caption)
print(app.title[0].value, len(app.exception), has_runs, *({"torch", "pandas"} & set(sys.modules)), sep=";")
"""


@pytest.mark.parametrize("has_runs", [False, True])
def test_the_first_page_of_a_server_waits_for_neither_torch_nor_pandas(
    tmp_path: Path, has_runs: bool, request: pytest.FixtureRequest
) -> None:
    home = request.getfixturevalue("home_with_a_run") if has_runs else tmp_path
    environment = os.environ | {"LAB_WARMUP": "0", "LAB_HOME": str(home)}
    told = subprocess.run(
        [sys.executable, "-c", FIRST_PAGE], cwd=ROOT, env=environment, capture_output=True, check=True
    )
    assert told.stdout.decode().strip() == f"See how a network sees;0;{has_runs}"
