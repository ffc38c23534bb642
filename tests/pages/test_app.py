"""The frame around every page: each opens, keeps its navigation, and has its door."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lab.network.presets import preset
from pages.ui import link, messages
from pages.ui.pace import Pace
from pages.ui.places import PLACES, Place, place

ROOT = Path(__file__).parents[2]
SURVIVING = messages.surviving  # as the lab has it; the fixture of all page tests lets mistakes through


def open_page(row: Place, link_text: str = "") -> AppTest:
    """Open one page of the real app."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    if link_text:
        app.query_params["s"] = link_text
    if row.url_path:
        app.switch_page(f"pages/{row.url_path}.py")  # before its first run AppTest knows a page by its door's name
    return app.run()


@pytest.mark.parametrize("row", PLACES, ids=lambda row: row.title)
def test_every_page_opens_with_a_title(row: Place) -> None:
    app = open_page(row)
    assert not app.exception
    assert app.title[0].value == {"": "See how a network sees"}.get(row.url_path, row.title)


@pytest.mark.parametrize("row", PLACES, ids=lambda row: row.title)
def test_every_page_survives_a_broken_link_and_says_so(row: Place) -> None:
    app = open_page(row, link.encode_link({}, preset("lenet5"))[:-7])
    assert not app.exception
    assert sum("the link cannot be read" in warning.value for warning in app.warning) == 1


@pytest.mark.parametrize("row", PLACES[1:], ids=lambda row: row.title)
def test_every_page_has_a_door_for_a_fresh_servers_first_request(row: Place) -> None:
    door = ROOT / "pages" / f"{row.url_path}.py"
    assert "open_app()" in door.read_text()


@pytest.mark.parametrize(
    ("url_path", "part"),
    [
        ("", "pages.ui.home.welcome.show_walk"),
        ("build", "pages.ui.build.workshop.show_workshop"),
        ("train", "pages.ui.train.setup.show_setup"),
        ("runs", "pages.ui.runs.overview.show_overview"),
        ("feature-maps", "pages.ui.feature_maps.subject.choose_source"),
        ("classify", "pages.ui.classify.screen.show_photo_panel"),
    ],
)
def test_a_mistake_of_ours_is_one_sentence_and_navigation_goes_on(
    url_path: str, part: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("nobody thought of this")

    monkeypatch.setattr(messages, "surviving", SURVIVING)
    monkeypatch.setattr(part, fail)
    app = open_page(place(url_path), link.encode_link({}, preset("lenet5")))
    assert not app.exception
    assert [error.value for error in app.error] == [messages.UNEXPECTED]
    assert "nobody thought of this" in caplog.text
    assert app.query_params["s"]
    monkeypatch.undo()
    other = place("runs" if url_path != "runs" else "")
    assert app.switch_page(other.file).run().title


def test_a_queue_that_cannot_be_tended_is_one_sentence_under_the_page(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(messages, "surviving", SURVIVING)
    monkeypatch.setattr("lab.training.queue.tend", fail)
    monkeypatch.setattr("pages.ui.heartbeat._pulse", lambda: Pace(0.0))  # another test may just have tended it
    app = open_page(place("build"))
    assert not app.exception
    assert [error.value for error in app.error] == [messages.UNEXPECTED]
    assert "the disk is gone" in caplog.text


def test_there_is_no_door_without_a_page() -> None:
    assert {path.stem for path in (ROOT / "pages").glob("*.py")} == {row.url_path for row in PLACES[1:]}


def test_the_first_page_needs_no_torch() -> None:
    program = (
        "import sys; from streamlit.testing.v1 import AppTest; "
        "app = AppTest.from_file('app.py', default_timeout=60).run(); "
        "assert not app.exception; heavy = {'torch', 'torchvision', 'skimage'} & set(sys.modules); "
        "assert not heavy, heavy"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-500:]


def test_the_sidebar_names_the_network_and_its_size() -> None:
    app = open_page(place(""), link.encode_link({}, preset("lenet5")))
    assert "lenet5" in app.sidebar.markdown[0].value
    assert "1×32×32 in, 61.7 K parameters" in [caption.value for caption in app.sidebar.caption]
