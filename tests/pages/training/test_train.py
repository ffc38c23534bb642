from __future__ import annotations

import json
import re
import threading
import time
import urllib.error
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from lab.data import download, storage
from lab.data.catalogue import DATA_SETS
from lab.data.fetching import fetch_once
from lab.errors import LabError
from lab.network.edit import with_classes
from lab.network.spec import NetworkSpec
from lab.training import queue, run_status
from lab.training.orders import OrderBox
from lab.training.process import this_process
from lab.training.recipe import TrainSpec
from lab.training.run_folder import Run, list_runs, open_run
from lab.training.run_status import Marker, Pulse
from pages.ui import state, units
from pages.ui.fields import facts
from pages.ui.train import words
from pages.ui.train.recipe_panel import ON_STAGE
from pages.ui.train.setup import has_changed_around
from pages.ui.train.state import TrainState
from tests.lab.data.publisher import Publisher, left_behind, publish_large, publishing

OpenPage = Callable[..., AppTest]
TRAIN = "pages/training/train.py"
RECIPE = {"epochs": 1, "n_train": 100, "batch_size": 50, "device": "cpu", "lr": 0.01}


def texts(at: AppTest) -> str:
    parts = [*at.markdown, *at.caption, *at.info, *at.error, *at.warning, *at.title, *at.header, *at.subheader]
    return " ".join(str(part.value) for part in parts).replace("\\", "")


def test_the_first_screen_offers_images_network_recipe_and_start(open_page: OpenPage) -> None:
    at = open_page(TRAIN)
    assert at.selectbox(key="_train.data").value == "fashion-mnist"
    assert "student_cnn" in str(at.selectbox(key="_train.preset").value)
    assert not at.button(key="_train.start").disabled


def test_every_control_of_the_recipe_has_its_hint(open_page: OpenPage) -> None:
    at = open_page(TRAIN)
    at.session_state["_train.more"] = True
    at.run()
    widgets = [*at.slider, *at.select_slider, *at.selectbox, *at.number_input, *at.toggle]
    recipe = [one for one in widgets if str(one.key).startswith("_train.")]
    assert len(recipe) >= 12
    assert not [one.key for one in recipe if not one.help]
    assert not [name for name in ON_STAGE if not facts(TrainState, name).help]


def test_a_network_for_another_number_of_classes_is_fixed_by_one_click(open_page: OpenPage, tiny: NetworkSpec) -> None:
    at = open_page(TRAIN, with_classes(tiny, 7))
    assert at.button(key="_train.start").disabled
    assert "7 numbers" in texts(at)
    at.button(key="_train.fix0").click().run()
    assert not at.exception
    assert not at.button(key="_train.start").disabled


def test_a_missing_activation_is_told_before_the_training_and_put_in_by_one_click(open_page: OpenPage) -> None:
    bare = NetworkSpec.model_validate(
        {
            "name": "bare",
            "input": (1, 28, 28),
            "layers": [
                {"id": "conv1", "kind": "Conv2d", "out_channels": 4},
                {"id": "flatten1", "kind": "Flatten"},
                {"id": "fc1", "kind": "Linear", "out_features": 10},
            ],
        }
    )
    at = open_page(TRAIN, bare)
    assert "fc1: it follows conv1 without an activation" in texts(at)
    assert not at.button(key="_train.start").disabled
    at.button(key="_train.advice").click().run()
    assert not at.exception
    assert "without an activation" not in texts(at)
    kinds = [layer.kind for layer in at.session_state["lab:workbench"].network.layers]
    assert kinds == ["Conv2d", "ReLU", "Flatten", "Linear"]


def test_pictures_of_another_size_are_announced_and_can_be_taken_as_they_are(open_page: OpenPage) -> None:
    at = open_page(TRAIN)
    assert "are made" not in texts(at)
    at.selectbox(key="_train.data").set_value("shapes").run()
    assert "The 3×32×32 pictures are made 1×28×28 for this network: colour becomes grey" in texts(at)
    at.button(key="_train.take_input").click().run()
    assert not at.exception
    assert "are made" not in texts(at)
    assert "3×32×32 in, 10 out" in texts(at)


@pytest.mark.parametrize("name", download.FETCHERS)
def test_a_set_that_cannot_be_fetched_is_one_sentence_and_the_page_goes_on(
    open_page: OpenPage, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def unreachable(*_: object, **__: object) -> None:
        raise urllib.error.URLError("Name or service not known")

    monkeypatch.setattr(download, "_torchvision_set", unreachable)
    monkeypatch.setattr(download, "DEBIAN_FASHION_MNIST", Path("/nowhere"))
    at = open_page(TRAIN, train={"data": name})
    assert f"{DATA_SETS[name].title} is not on this machine yet" in texts(at)
    assert f"Licence: {DATA_SETS[name].licence}" in texts(at)
    download_to_its_end(at)
    assert [error.value.replace("\\", "") for error in at.error if "fetched" in error.value] == [
        f"{name}: the set could not be fetched (no connection to the server); check the network connection and try "
        "again, or take a bundled set: fashion-mnist, shapes :small[:gray[DATA-DOWNLOAD]]"
    ]
    at.selectbox(key="_train.data").set_value("fashion-mnist").run()
    assert not at.error
    assert not at.button(key="_train.start").disabled


def test_a_fetched_set_is_shown_and_can_be_deleted(open_page: OpenPage, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    def small(_: object, __: object, *, train: bool) -> SimpleNamespace:
        n_images = 20 if train else 10
        images = torch.zeros((n_images, 28, 28), dtype=torch.uint8)
        return SimpleNamespace(data=images, targets=torch.arange(n_images) % 10)

    monkeypatch.setattr(download, "_torchvision_set", small)
    monkeypatch.setitem(DATA_SETS, "mnist", replace(DATA_SETS["mnist"], n_train=20, n_test=10))
    at = open_page(TRAIN, train={"data": "mnist"})
    assert not [button for button in at.button if button.key == "_train.delete_images"]
    download_to_its_end(at)
    assert "20 training and 10 test images" in texts(at)
    assert "is not on this machine yet" not in texts(at)
    at.button(key="_train.delete_images").click().run()
    assert "It can be fetched again" in texts(at)
    at.button(key="_train.delete_images_now").click().run()
    assert not at.exception
    assert "MNIST is not on this machine yet" in texts(at)


def download_to_its_end(at: AppTest) -> None:
    """Press the button, and run the page as its timer would until the download has ended."""
    at.button(key="_train.download").click().run()
    end = time.monotonic() + 60
    while [button for button in at.button if button.key == "_train.cancel_download"] and time.monotonic() < end:
        time.sleep(0.05)
        at.run()
    assert not at.exception


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    """A server with a MNIST whose files only drip until ``is_open`` is set."""
    with publishing(monkeypatch) as publisher:
        publish_large(publisher, monkeypatch)
        publisher.is_open.clear()
        yield publisher


def bar(at: AppTest) -> str:
    (shown,) = at.get("progress")
    return str(shown.proto.text)


def run_until(at: AppTest, condition: Callable[[], object]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)
        at.run()
    assert not at.exception


LEAKS = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")


@LEAKS
def test_a_download_shows_its_bytes_while_the_page_goes_on_and_ends_with_the_images(
    open_page: OpenPage, slow: Publisher
) -> None:
    at = open_page(TRAIN, train={"data": "mnist"})
    at.button(key="_train.download").click().run()
    total = units.size(sum(map(len, slow.files.values())))
    run_until(at, lambda: re.fullmatch(rf"Fetching the images: [1-9][\d.]* [KM]iB of {total}, [\d.]+ %", bar(at)))
    at.selectbox(key="_train.data").set_value("fashion-mnist").run()
    assert "12,000 training" in texts(at)
    assert not at.get("progress")
    at.selectbox(key="_train.data").set_value("mnist").run()
    assert bar(at)
    slow.is_open.set()
    run_until(at, lambda: not at.get("progress"))
    assert "2,000 training and 100 test images" in texts(at)
    assert "is not on this machine yet" not in texts(at)


@LEAKS
def test_a_second_visitor_joins_the_download_and_may_cancel_it(
    open_page: OpenPage, slow: Publisher, home: Path
) -> None:
    first, second = open_page(TRAIN, train={"data": "mnist"}), open_page(TRAIN, train={"data": "mnist"})
    first.button(key="_train.download").click().run()
    second.button(key="_train.download").click().run()
    run_until(second, lambda: re.search(r": [1-9]", bar(second)))
    second.button(key="_train.cancel_download").click().run()
    for at in (first, second):
        run_until(at, lambda at=at: not at.get("progress"))
        assert "The download was cancelled; nothing of it was kept." in [info.value for info in at.info]
        assert at.button(key="_train.download").label.startswith("Download ")
    assert left_behind(home) == []
    assert slow.asked["train-images-idx3-ubyte.gz"] == 2, "torchvision asks once where a file is and once for it"
    assert "The download was cancelled" not in texts(open_page(TRAIN, train={"data": "mnist"}))


@LEAKS
def test_a_run_that_waits_for_its_images_shows_how_far_they_are(
    open_page: OpenPage, slow: Publisher, first_run: Run, home: Path
) -> None:
    spec = first_run.spec().model_copy(update={"data": "mnist"})
    (first_run.path / "spec.json").write_text(spec.to_json())
    for file in ("epochs.jsonl", "steps.jsonl"):
        (first_run.path / file).unlink()
    run_status.write_marker(first_run.path, Marker("running"))
    run_status.write_pulse(first_run.path, Pulse(this_process(), heartbeat=time.time()))
    fetch = threading.Thread(target=fetch_quietly, args=(home,))
    fetch.start()
    at = open_page(TRAIN, train={"run": first_run.id})
    run_until(at, lambda: "iB of " in bar(at))
    at.button(key="_train.cancel_download").click().run()
    fetch.join(30)
    assert not fetch.is_alive()
    run_until(at, lambda: bar(at) == words.STARTING)


def fetch_quietly(home: Path) -> None:
    with suppress(LabError):
        fetch_once(DATA_SETS["mnist"], home)


def test_a_damaged_set_is_one_sentence_and_can_be_deleted(open_page: OpenPage, home: Path) -> None:
    (home / "data" / "mnist").mkdir(parents=True)
    (home / "data" / "mnist" / storage.DESCRIPTION).write_text("{")
    at = open_page(TRAIN, train={"data": "mnist"})
    assert "damaged or incomplete; delete the set and fetch or import it again" in texts(at)
    at.button(key="_train.delete_images").click().run()
    at.button(key="_train.delete_images_now").click().run()
    assert "MNIST is not on this machine yet" in texts(at)


def test_what_comes_with_the_lab_cannot_be_deleted(open_page: OpenPage) -> None:
    at = open_page(TRAIN)
    assert not [button for button in at.button if button.key == "_train.delete_images"]


def test_undo_beyond_the_recipe_draws_the_page_anew_and_within_it_does_not() -> None:
    first = TrainState()
    assert not has_changed_around(first, TrainState(epochs=9, lr=0.3, batch_size=32, optimizer="Adam"))
    assert has_changed_around(first, TrainState(data="shapes"))
    assert has_changed_around(first, TrainState(augment_flip=True))


def test_a_preset_becomes_the_network_of_all_pages(open_page: OpenPage) -> None:
    at = open_page(TRAIN)
    at.selectbox(key="_train.preset").set_value("softmax_regression").run()
    assert "7,850 parameters" in texts(at)


def test_start_makes_a_run_that_a_worker_trains_to_its_end(open_page: OpenPage, home: Path, tiny: NetworkSpec) -> None:
    at = open_page(TRAIN, tiny, train=RECIPE)
    at.button(key="_train.start").click().run()
    assert not at.exception
    (info,) = list_runs(home)
    assert info.spec == state_recipe(tiny)
    run = open_run(info.id, home)
    wait_for(run, "done")
    at.run()
    assert run.history().epochs[-1].epoch == 1
    assert "done" in texts(at)


def state_recipe(network: NetworkSpec) -> TrainSpec:
    return TrainSpec.model_validate({"network": network, **RECIPE})


def wait_for(run: Run, status: str) -> None:
    end = time.monotonic() + 60
    while run.status().status != status and time.monotonic() < end:
        time.sleep(0.1)
    assert run.status().status == status, run.log()


def test_a_link_to_a_run_shows_its_numbers_and_results(open_page: OpenPage, first_run: Run) -> None:
    at = open_page(TRAIN, train={"run": first_run.id})
    accuracy = first_run.history().epochs[-1].test_accuracy
    assert at.metric[0].value == f"{100 * accuracy:.1f} %"
    assert "After epoch 2" in texts(at)
    assert "Worst mistakes" in texts(at)


def test_damaged_lines_of_a_history_are_told_and_the_rest_is_drawn(open_page: OpenPage, first_run: Run) -> None:
    steps = first_run.path / "steps.jsonl"
    lines = steps.read_text().splitlines()
    steps.write_text("\n".join([lines[0], "{half", *lines[2:]]) + "\n")
    at = open_page(TRAIN, train={"run": first_run.id})
    assert "1 damaged line of this run's history is left out of the curves" in texts(at)
    assert at.get("vega_lite_chart")


def test_an_earlier_epoch_can_be_looked_at(open_page: OpenPage, first_run: Run) -> None:
    at = open_page(TRAIN, train={"run": first_run.id})
    at.select_slider(key="_train.epoch").set_value(0).run()
    before = first_run.evaluation(0).accuracy
    assert f"After epoch 0: **{100 * before:.1f} %**" in texts(at)


def test_the_x_axis_spans_all_planned_epochs(open_page: OpenPage, first_run: Run) -> None:
    at = open_page(TRAIN, train={"run": first_run.id})
    charts = [json.loads(chart.proto.spec) for chart in at.get("vega_lite_chart")]
    ticks = [chart["encoding"]["x"]["axis"]["values"] for chart in charts if "x" in chart.get("encoding", {})]
    assert [0, 1, 2] in ticks


def paused(run: Run) -> Run:
    """A run that a worker holds paused, as far as its folder tells."""
    run_status.write_marker(run.path, Marker("paused"))
    return run


def test_a_typed_rate_is_ordered_and_named(open_page: OpenPage, first_run: Run) -> None:
    at = open_page(TRAIN, train={"run": paused(first_run).id})
    at.session_state["_train.rate"] = True
    at.run()
    at.number_input(key="_train.typed_rate").set_value(0.0021)
    at.button(key="_train.apply_typed").click().run()
    assert at.toast[0].value == "Learning rate is now 0.0021."
    assert [order.lr for order in OrderBox(first_run.path).take()] == [0.0021]


def test_the_sliders_rate_stands_on_its_button_and_is_ordered_by_it(open_page: OpenPage, first_run: Run) -> None:
    at = open_page(TRAIN, train={"run": paused(first_run).id})
    at.session_state["_train.rate"] = True
    at.run()
    at.select_slider(key="_train.live_rate").set_value(0.005).run()
    assert at.button(key="_train.apply_rate").label == "Apply 0.005"
    at.button(key="_train.apply_rate").click().run()
    assert [order.lr for order in OrderBox(first_run.path).take()] == [0.005]


def test_a_run_that_is_not_there_is_one_sentence_and_the_page_goes_on(open_page: OpenPage) -> None:
    at = open_page(TRAIN, train={"run": "20200101-000000-gone-0000"})
    assert "there is no run" in texts(at)
    assert not [button.key for button in at.button if button.key == "_train.again"], (
        "there are no settings to use again"
    )
    at.button(key="_train.another").click().run()
    assert not at.button(key="_train.start").disabled


def test_an_id_that_is_a_path_is_refused(open_page: OpenPage) -> None:
    assert "there is no run" in texts(open_page(TRAIN, train={"run": "../../etc"}))


def test_a_damaged_evaluation_is_one_sentence_and_the_curves_stay(open_page: OpenPage, first_run: Run) -> None:
    (first_run.path / "evaluations" / "epoch-0002.json").write_text("{")
    at = open_page(TRAIN, train={"run": first_run.id})
    assert "cannot be read" in texts(at)
    assert at.metric[0].value.endswith("%")


def test_a_diverged_run_goes_on_with_a_tenth_of_its_rate_by_one_click(
    open_page: OpenPage, first_run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    submitted = []
    monkeypatch.setattr(queue, "submit", lambda run: submitted.append(run.id))
    run_status.write_marker(first_run.path, Marker("failed", "The loss is not a number.", code="TRAIN-DIVERGED"))
    at = open_page(TRAIN, train={"run": first_run.id})
    at.button(key="_train.resume_slower").click().run()
    assert not at.exception
    assert submitted == [first_run.id]
    (order,) = OrderBox(first_run.path).take()
    label = at.button(key="_train.resume_slower").label
    assert (order.name, label) == ("set_lr", f"Resume with learning rate {order.lr:.2g}")


def test_a_diverged_run_says_what_to_try_and_offers_it(open_page: OpenPage, first_run: Run) -> None:
    run_status.write_marker(first_run.path, Marker("failed", "The loss is not a number.", code="TRAIN-DIVERGED"))
    at = open_page(TRAIN, train={"run": first_run.id})
    assert "Try a tenth of the learning rate" in texts(at)
    assert at.button(key="_train.smaller_rate").label == "Train again with learning rate 0.001"


def test_a_waiting_run_says_its_place(open_page: OpenPage, first_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lab.training.queue.tend", lambda home=None: None)
    monkeypatch.setattr("lab.training.queue.place_in_line", lambda run: 2)
    run_status.write_marker(first_run.path, Marker("queued"))
    at = open_page(TRAIN, train={"run": first_run.id})
    assert "waiting" in texts(at)
    assert at.button(key="_train.stop")


def test_the_settings_of_a_run_can_be_taken_again(open_page: OpenPage, first_run: Run) -> None:
    at = open_page(TRAIN, train={"run": first_run.id})
    at.button(key="_train.again").click().run()
    assert not at.exception
    assert state_of(at, "n_train") == first_run.spec().n_train
    assert state_of(at, "epochs") == first_run.spec().epochs


def state_of(at: AppTest, field: str) -> object:
    return getattr(at.session_state["lab:page:train"], field)


def test_the_recipe_state_has_every_field_of_the_recipe() -> None:
    from pages.ui.train.state import AUGMENT, RECIPE_FIELDS, TrainState, choices_of

    assert {*RECIPE_FIELDS} == {*TrainSpec.model_fields} - {"version", "network", "augment"}
    assert all(name in TrainState.model_fields for name in RECIPE_FIELDS)
    assert f"{AUGMENT}flip" in TrainState.linked
    spec = state_recipe(NetworkSpec.model_validate_json(state.preset("softmax_regression").to_json()))
    assert TrainState(**choices_of(spec)).recipe(spec.network) == spec
