"""Images that must be fetched first: their terms, how far they are, calling it off, deleting them."""

from __future__ import annotations

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
from lab.training import run_status
from lab.training.process import this_process
from lab.training.run_folder import Run
from lab.training.run_status import Marker, Pulse
from pages.ui import units
from pages.ui.train import words
from tests.lab.data.publisher import Publisher, left_behind, publish_large, publishing
from tests.pages.page_texts import texts

OpenPage = Callable[..., AppTest]
TRAIN = "pages/training/train.py"


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
        "again, or take a bundled set: fashion-mnist, shapes :small[:gray[code DATA-DOWNLOAD]]"
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
