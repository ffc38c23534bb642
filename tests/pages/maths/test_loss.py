"""The Loss page: its stages show what lab computes, links and experiments bring states back, a run gives its logits."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lab.network.presets import preset
from lab.network.spec import NetworkSpec
from lab.theory.loss_names import LossName
from lab.training.recipe import TrainSpec
from lab.training.run_folder import create_run, open_run
from pages.ui import link, live
from pages.ui.loss.words import EXPERIMENTS

ROOT = Path(__file__).parents[3]
TINY = {
    "name": "tiny",
    "input": (1, 12, 12),
    "layers": [{"id": "flatten", "kind": "Flatten"}, {"id": "fc1", "kind": "Linear", "out_features": 10}],
}


class LossPage:
    """The page in AppTest, and what each stage was last given to show."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, chosen: dict[str, object]) -> None:
        self.shown: dict[str, dict[str, Any]] = {}

        def show(_stage: live.Stage, _model: type, *, key: str, **given: Any) -> None:
            json.dumps(given["picture"], allow_nan=True)
            self.shown[key.removeprefix("_loss.")] = given

        monkeypatch.setattr(live.Stage, "show", show)
        self.at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        self.at.query_params["s"] = link.encode_link({"loss": chosen}, preset("mlp"))
        self.at.run()
        self.at.switch_page("pages/maths/loss.py").run()
        assert not self.at.exception

    def picture(self, stage: str) -> dict[str, Any]:
        return dict(self.shown[stage]["picture"])

    def fields(self, stage: str) -> set[str]:
        return {control.field for control in self.shown[stage]["controls"]}

    def texts(self) -> str:
        parts = [*self.at.markdown, *self.at.caption, *self.at.error, *self.at.warning]
        return " ".join(str(part.value) for part in parts).replace("\\", "")


@pytest.fixture
def open_loss(monkeypatch: pytest.MonkeyPatch) -> Callable[..., LossPage]:
    return lambda **chosen: LossPage(monkeypatch, chosen)


@pytest.fixture(scope="module")
def trained_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    from lab.training.loop import train

    home = tmp_path_factory.mktemp("trained")
    network = NetworkSpec.model_validate(TINY)
    recipe = {"network": network, "epochs": 1, "n_train": 200, "batch_size": 50, "lr": 0.05, "device": "cpu"}
    run = create_run(TrainSpec.model_validate(recipe), home)
    list(train(run.spec(), run=run))
    return home, run.id


@pytest.fixture
def trained(trained_once: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    shutil.copytree(trained_once[0], tmp_path / "trained-home")
    monkeypatch.setenv("LAB_HOME", str(tmp_path / "trained-home"))
    return trained_once[1]


def test_a_newcomer_sees_a_wrong_answer_under_five_losses(open_loss: Callable[..., LossPage]) -> None:
    page = open_loss()
    shown = page.picture("prediction")
    assert shown["verdict"] == "Wrong: class 1 is 2 behind the highest logit. Its margin is −2."
    assert [row["name"] for row in shown["losses"]] == ["cross-entropy", "focal", "hinge", "mse", "mae"]
    assert sum(shown["softmax"]["probabilities"]) == pytest.approx(1)
    assert shown["losses"][0]["line"] == "−ln 0.1131 = 2.179"
    assert {"z1", "z2", "z3", "gamma", "margin"} <= page.fields("prediction")
    assert not {"z4", "smoothing", "delta"} & page.fields("prediction")


def test_each_curve_goes_through_its_marked_point(open_loss: Callable[..., LossPage]) -> None:
    shown = open_loss(z1=2.0, z2=0.0, z3=-4.0, shown=["cross-entropy", "bce", "huber"]).picture("prediction")
    curves = shown["curves"]
    assert curves["here"] == 2.0
    nearest = min(range(len(curves["x"])), key=lambda k: abs(curves["x"][k] - 2.0))
    for line in curves["lines"]:
        assert line["loss"] == pytest.approx(line["losses"][nearest], abs=0.05), line["title"]


def test_losses_that_can_be_confused_differ_in_colour_or_dash() -> None:
    from typing import get_args

    from pages.ui.loss.prediction import LOOKS

    assert set(LOOKS) == set(get_args(LossName))
    assert len(set(LOOKS.values())) == len(LOOKS)


def test_huge_logits_show_what_the_trick_is_for(open_loss: Callable[..., LossPage]) -> None:
    page = open_loss(z1=500.0, z2=-500.0, reach=1000)
    trick = page.picture("prediction")["softmax"]["trick"]
    assert "e to the power of 500 would be ∞ in float32" in trick
    assert max(control.most for control in page.shown["prediction"]["controls"] if control.field == "z1") == 1000


def test_one_step_makes_its_result_the_prediction(open_loss: Callable[..., LossPage]) -> None:
    page = open_loss()
    before = page.picture("prediction")["losses"][0]
    assert page.shown["prediction"]["on_action"] is not None
    assert before["logits"] == pytest.approx(
        [1 - before["gradient"][0], 3 - before["gradient"][1], 0.2 - before["gradient"][2]]
    )
    assert before["value_after"] < before["value"]


def test_a_links_bad_values_cost_a_sentence_each_and_the_rest_stays(open_loss: Callable[..., LossPage]) -> None:
    page = open_loss(z1="text", z2=1e9, n_classes=99, target=9, shown=["nonsense"], start_x="x", z3=-7.0)
    assert page.picture("prediction")["softmax"]["logits"] == (1.0, 3.0, -7.0)
    assert page.picture("prediction")["target"] == 2
    assert "The link's value for z1 cannot be used" in page.texts()


def test_a_class_taken_away_leaves_a_target_that_exists(open_loss: Callable[..., LossPage]) -> None:
    shown = open_loss(n_classes=2, target=7).picture("prediction")
    assert shown["target"] == 1
    assert len(shown["names"]) == 2


def test_no_loss_and_no_optimizer_chosen_is_no_mistake(open_loss: Callable[..., LossPage]) -> None:
    page = open_loss(shown=[], walkers=[])
    assert page.picture("prediction")["losses"] == []
    assert not any(walker["is_shown"] for walker in page.picture("walk")["walkers"])


def test_a_wild_point_pulls_the_squares_and_not_the_distances(open_loss: Callable[..., LossPage]) -> None:
    mse, mae, *_ = open_loss(wild_x=9.0, wild_y=-9.0).picture("number")["fit"]["lines"]
    assert abs(mse["slope"] - mse["calm"]) > 0.3
    assert abs(mae["slope"] - mae["calm"]) < 0.03


def test_every_surface_has_a_map_and_a_walk(open_loss: Callable[..., LossPage]) -> None:
    from lab.theory.surface_names import SURFACES
    from pages.ui.loss.map import map_uri

    for name in SURFACES:
        assert map_uri(name).startswith("data:image/png;base64,")
    page = open_loss(surface="logistic", batch_size=3)
    assert "batch_size" in page.fields("walk")
    assert page.picture("walk")["axes"] == ("weight w", "bias b")


def test_a_new_surface_brings_a_start_and_rates_that_suit_it(open_loss: Callable[..., LossPage]) -> None:
    also = open_loss().shown["walk"]["also"]
    assert also({"surface": "rosenbrock"}) == {
        "start_x": -1.2,
        "start_y": 1.0,
        "walk_lr": 0.001,
        "walk_adaptive_lr": 0.05,
    }
    assert also({"surface": "nonsense"}) == {}
    assert also({"momentum": 0.5}) == {}


def test_a_rate_that_is_too_large_is_told_in_words(open_loss: Callable[..., LossPage]) -> None:
    shown = open_loss(surface="valley", walk_lr=0.3, walkers=["sgd"]).picture("walk")
    assert "SGD diverged" in shown["walkers"][0]["sentence"]
    assert "2 / 30 = 0.0667" in shown["stability"]


@pytest.mark.parametrize("number", range(3))
def test_an_experiment_sets_up_what_it_speaks_of(open_loss: Callable[..., LossPage], number: int) -> None:
    page = open_loss(z3=5.0)
    page.at.button(key=f"_loss.experiment_{number}").click().run()
    assert not page.at.exception
    assert EXPERIMENTS[number].see[:40] in page.texts()
    if number == 0:
        losses = {row["name"]: row for row in page.picture("prediction")["losses"]}
        assert losses["cross-entropy"]["gradient"][0] == pytest.approx(-1, abs=1e-3)
        assert losses["mse"]["gradient"][0] == pytest.approx(-6e-5, abs=1e-5)
    if number == 2:
        sgd, momentum = (walker for walker in page.picture("walk")["walkers"] if walker["is_shown"])
        assert max(sgd["x"]) <= 0 < 2 < max(momentum["x"])


def test_an_image_of_a_run_gives_its_logits(open_loss: Callable[..., LossPage], trained: str) -> None:
    from lab.prediction.classifier import run_classifier
    from lab.prediction.logits import logits_of_test_image

    page = open_loss(run=trained, image=5)
    assert "Test image 5 is of class" in page.texts()
    page.at.button(key="_loss.take").click().run()
    assert not page.at.exception
    found = logits_of_test_image(run_classifier(trained), 5)
    shown = page.picture("prediction")
    assert shown["softmax"]["logits"] == pytest.approx(found.logits, abs=1e-4)
    assert (shown["names"], shown["target"]) == (found.names, found.target)
    assert shown["origin"] == "The logits of test image 5, from your run."


def test_other_images_of_a_run_are_offered(open_loss: Callable[..., LossPage], trained: str) -> None:
    page = open_loss(run=trained, image=5)
    page.at.button(key="_loss.next").click().run()
    assert "Test image 12 is of class" in page.texts()


def test_a_run_deleted_in_another_tab_costs_no_traceback(open_loss: Callable[..., LossPage], trained: str) -> None:
    page = open_loss(run=trained)
    shutil.rmtree(open_run(trained).path)
    page.at.button(key="_loss.next").click().run()
    assert not page.at.exception
    assert "Train a network on the page Train" in page.texts()


def test_without_a_run_the_page_says_how_to_get_one(open_loss: Callable[..., LossPage]) -> None:
    assert "Train a network on the page Train" in open_loss().texts()


def test_a_run_that_is_gone_is_no_mistake(open_loss: Callable[..., LossPage], trained: str) -> None:
    page = open_loss(run="20200101-000000-gone-0000")
    assert "Choose a run, and one of its test images" in page.texts()
