"""axe-core finds nothing wrong on any page, light and dark.

The rules are axe's own, best practices included. What Streamlit draws itself and gives no way to change is left out by
the list below, each entry with its reason; axe-core comes with the wheel ``axe-playwright-python``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bench.server import Server
from lab.network.presets import preset
from lab.training.recipe import TrainSpec
from lab.training.run_folder import create_run
from pages.ui import link
from pages.ui.places import PLACES, Place

pytestmark = pytest.mark.browser

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
# Rule and the Streamlit element in which it is broken.
STREAMLIT = (
    # The menu of pages is one <ul> with a <div> around each section, inside which the <li> stand.
    ("list", "[data-testid=stSidebarNavItems]"),
    ("listitem", "[data-testid=stSidebarNavItems]"),
)

# While a run takes long, Streamlit fades what it may replace; then it comes back.
FIND = """async (known) => {
  const app = document.querySelector("[data-testid=stApp]");
  while (app?.dataset.testScriptState === "running") await new Promise((rested) => setTimeout(rested, 50));
  const fades = document.getAnimations().filter((one) => one instanceof CSSTransition);
  await Promise.all(fades.map((one) => one.finished.catch(() => null)));
  const deepest = (path) => {
    let root = document, node = null;
    for (const selector of [path].flat(9)) { node = root.querySelector(selector); root = node?.shadowRoot ?? root; }
    return node;
  };
  const isKnown = (rule, node) =>
    known.some(([name, place]) => name === rule && deepest(node.target)?.closest(place));
  const found = await axe.run(document, {resultTypes: ['violations']});
  return found.violations.flatMap((rule) => rule.nodes
    .filter((node) => !isKnown(rule.id, node))
    .map((node) => `${rule.id}: ${node.html.slice(0, 160)} ${node.failureSummary.split('\\n').slice(1, 2)}`));
}"""


def violations(page: Page) -> Any:
    """What axe-core finds on the page as it is, each with its element and what is wrong with it."""
    page.evaluate(AXE)
    return page.evaluate(FIND, STREAMLIT)


def has_stage(row: Place) -> bool:
    """Is there a live stage on this page?"""
    return row.section == "The maths" or row.url_path == "build"


def open_ready(page: Page, url: str, *, has_stage: bool = False) -> None:
    """Open a page and wait until Streamlit has nothing more to draw."""
    page.goto(url)
    expect(page.locator("h1").first).to_be_visible()
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible()
    if has_stage:
        expect(page.locator(".live-stage[data-drawn]").first).to_be_visible()
    expect(page.locator(".live-stage:not([data-drawn])")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("row", PLACES, ids=lambda row: row.title)
def test_axe_finds_nothing_wrong(lab_server: Server, new_page: Callable[..., Page], row: Place, scheme: str) -> None:
    page = new_page(color_scheme=scheme, reduced_motion="reduce")
    open_ready(page, f"{lab_server.url}/{row.url_path}", has_stage=has_stage(row))
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_at_a_layer_that_does_not_fit_and_in_the_menu_of_layers(
    lab_server: Server, new_page: Callable[..., Page], scheme: str
) -> None:
    page = new_page(color_scheme=scheme, reduced_motion="reduce")
    chosen = link.encode_link({"build": {"selected": "conv2"}}, preset("student_cnn"))
    open_ready(page, f"{lab_server.url}/build?s={chosen}", has_stage=True)
    page.get_by_role("spinbutton", name="kernel_size").fill("40")
    expect(page.locator("tr.trouble")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Add a layer").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []


def test_axe_does_find_what_is_wrong(new_page: Callable[..., Page], tmp_path: Path) -> None:
    place = tmp_path / "page.html"
    place.write_text("<html lang='en'><title>Bad</title><main><h1>Bad</h1><img src='x.png'></main></html>")
    page = new_page()
    page.goto(place.as_uri())
    assert any(found.startswith("image-alt") for found in violations(page))


@pytest.fixture(scope="module")
def run_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """A server with one small run that has ended, and the run's id."""
    from lab.training.loop import train

    server = Server(tmp_path_factory.mktemp("run-home"))
    server.start()
    spec = TrainSpec(network=preset("softmax_regression"), epochs=2, n_train=500, device="cpu", lr=0.01)
    run = create_run(spec, server.home)
    list(train(spec, run=run))
    yield server, run.id
    server.stop()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("url_path", "pages"),
    [
        ("", {}),
        ("runs", {}),
        ("train", {"train": {"run": "RUN"}}),
        ("feature-maps", {"maps": {"source": "run:RUN"}}),
        ("classify", {"classify": {"source": "run:RUN"}}),
    ],
)
def test_nor_where_there_is_a_run(run_server, new_page, url_path: str, pages: dict[str, Any], scheme: str) -> None:
    server, run_id = run_server
    chosen = {page: {name: text.replace("RUN", run_id) for name, text in of.items()} for page, of in pages.items()}
    page = new_page(color_scheme=scheme, reduced_motion="reduce")
    open_ready(page, f"{server.url}/{url_path}?s={link.encode_link(chosen, preset('softmax_regression'))}")
    assert violations(page) == []
