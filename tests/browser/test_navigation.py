"""Links, reloads and narrow screens, in a real Chromium against a real server."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from lab.network.presets import preset
from lab.network.spec import NetworkSpec
from pages.ui import link
from pages.ui.places import PLACES, Place
from tests.browser.controls import slider
from tests.browser.test_accessibility import has_stage, open_ready

pytestmark = pytest.mark.browser


def open_at(page: Page, url: str) -> None:
    """Go there and wait for the page's title."""
    page.goto(url)
    expect(page.locator("h1").first).to_be_visible()


# The headless shell draws no icon on a tab, so what a whole browser would fetch for it is read off the page.
NOTE_ICONS = """
  globalThis.icons = new Set();
  new MutationObserver(() => {
    for (const icon of document.querySelectorAll("link[rel~=icon]")) globalThis.icons.add(icon.href);
  }).observe(document, {subtree: true, childList: true, attributes: true, attributeFilter: ["href"]});
"""


@pytest.mark.parametrize("row", PLACES, ids=lambda row: row.title)
def test_a_deep_link_is_a_fresh_servers_first_request_and_brings_no_error_and_no_request_to_another_host(
    fresh_server, new_page: Callable[..., Page], row: Place
) -> None:
    page, text = new_page(), link.encode_link({}, preset("lenet5"))
    errors: list[str] = []
    asked: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.add_init_script(NOTE_ICONS)
    open_at(page, f"{fresh_server.url}/{row.url_path}?s={text}")
    links = page.get_by_test_id("stSidebarNavLink")
    expect(links).to_have_count(len(PLACES))
    expect(page.locator("[data-testid=stSidebarNavLink][aria-current=page]")).to_contain_text(row.title)
    expect(page.get_by_role("dialog")).to_have_count(0)
    shown = page.get_by_label("Name") if row.url_path == "build" else page.get_by_test_id("stSidebar")
    if row.url_path == "build":
        expect(shown).to_have_value("lenet5")
    else:
        expect(shown).to_contain_text("lenet5")
    page.wait_for_timeout(1500)
    assert errors == []
    icons = page.evaluate("[...globalThis.icons]")
    assert {urlsplit(url).hostname for url in (*asked, *icons) if url.startswith("http")} == {"localhost"}


def test_every_page_is_reached_by_the_navigation_and_keeps_the_network(
    lab_server, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    open_at(page, f"{lab_server.url}/?s={link.encode_link({}, preset('lenet5'))}")
    for row in (*PLACES[1:], PLACES[0]):
        page.get_by_test_id("stSidebarNavLink").filter(has_text=row.title).click()
        page.wait_for_url(f"**/{row.url_path}?s=*")
        expect(page.locator("[data-testid=stSidebarNavLink][aria-current=page]")).to_contain_text(row.title)
    expect(page.get_by_test_id("stSidebar")).to_contain_text("lenet5")


def test_back_leads_to_the_page_before_however_much_was_set(lab_server, new_page: Callable[..., Page]) -> None:
    page = new_page()
    open_at(page, f"{lab_server.url}/runs")
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Convolution").click()
    expect(page.locator(".live-stage[data-drawn]").first).to_be_visible()
    size = slider(page, "size")
    for value in ("6", "7", "8"):
        before = page.url
        size.press("ArrowRight")
        expect(size).to_have_value(value)
        page.wait_for_url(lambda url, before=before: url != before)
    shared = page.url
    page.go_back()
    expect(page.get_by_role("heading", name="Runs", exact=True)).to_be_visible()
    page.go_forward()
    expect(slider(page, "size")).to_have_value("8")
    expect(page).to_have_url(shared)


def long_link() -> str:
    """Nearly as long as the lab's longest: layers whose names cannot be packed."""
    draw, layers, text = Random(0), [], ""
    while True:
        layers += [{"id": f"a{draw.getrandbits(120):x}", "kind": "ReLU"} for _ in range(10)]
        spec = NetworkSpec.model_validate({"name": "long", "input": (1, 8, 8), "layers": layers})
        longer = link.encode_link({}, spec)
        if len(longer) > link.MAX_LINK_CHARS:
            return text
        text = longer


def test_the_longest_link_that_the_lab_offers_opens_on_a_fresh_server(
    fresh_server, new_page: Callable[..., Page]
) -> None:
    text = long_link()
    assert len(text) > 0.9 * link.MAX_LINK_CHARS
    page = new_page()
    open_at(page, f"{fresh_server.url}/build?s={text}")
    expect(page.get_by_label("Name")).to_have_value("long")
    page.reload()
    expect(page.get_by_label("Name")).to_have_value("long")


@pytest.mark.parametrize("text", ["cut", "eNqrVipTsjLUUSpITE8tVrKqrtVR", "%00%ff", "A" * 20_000])
def test_a_broken_link_is_one_sentence_over_a_working_page(
    lab_server, new_page: Callable[..., Page], text: str
) -> None:
    page = new_page()
    open_at(page, f"{lab_server.url}/build?s={text}")
    expect(page.get_by_role("alert").filter(has_text="the link cannot be read")).to_have_count(1)
    expect(page.get_by_label("Name")).to_have_value("student_cnn")
    page.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_text("the link cannot be read")).to_have_count(0)


@pytest.mark.parametrize("row", PLACES, ids=lambda row: row.title)
def test_a_phone_scrolls_down_but_never_sideways(lab_server, new_page: Callable[..., Page], row: Place) -> None:
    page = new_page(width=375, height=720, is_mobile=True, has_touch=True)
    open_ready(page, f"{lab_server.url}/{row.url_path}", has_stage=has_stage(row))
    widths = page.evaluate(
        "[document.documentElement.scrollWidth, document.querySelector('[data-testid=stMain]').scrollWidth]"
    )
    assert max(widths) <= 375
