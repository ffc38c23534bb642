"""A run from Start on: a worker trains it, waiting, another learning rate, and what helps when it diverged."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lab.network.spec import NetworkSpec
from lab.training import queue, run_status
from lab.training.orders import OrderBox
from lab.training.recipe import TrainSpec
from lab.training.run_folder import Run, list_runs, open_run
from lab.training.run_status import Marker
from tests.pages.page_texts import texts

OpenPage = Callable[..., AppTest]
TRAIN = "pages/training/train.py"
RECIPE = {"epochs": 1, "n_train": 100, "batch_size": 50, "device": "cpu", "lr": 0.01}


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


def test_a_waiting_run_says_its_place(open_page: OpenPage, first_run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lab.training.queue.tend", lambda home=None: None)
    monkeypatch.setattr("lab.training.queue.place_in_line", lambda run: 2)
    run_status.write_marker(first_run.path, Marker("queued"))
    at = open_page(TRAIN, train={"run": first_run.id})
    assert "waiting" in texts(at)
    assert at.button(key="_train.stop")


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


def test_no_rate_is_offered_that_is_too_small_to_learn_anything(open_page: OpenPage, first_run: Run) -> None:
    spec = first_run.spec().model_copy(update={"lr": 1e-6})
    (first_run.path / "spec.json").write_text(spec.to_json())
    run_status.write_marker(first_run.path, Marker("failed", "The loss is not a number.", code="TRAIN-DIVERGED"))
    at = open_page(TRAIN, train={"run": first_run.id})
    assert "_train.smaller_rate" not in [button.key for button in at.button]
