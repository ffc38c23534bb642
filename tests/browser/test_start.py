"""The first page in a real Chromium: something moves, follows mouse and keys, and every card leads somewhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bench.server import Server
from lab.network.presets import preset
from pages.ui import link

pytestmark = pytest.mark.browser


def open_start(server, page: Page) -> Page:
    """Go to the first page and wait for the walk."""
    page.goto(server.url)
    expect(page.locator(".walk .result")).not_to_be_empty()
    return page


def _place(page: Page) -> str:
    return str(page.locator(".walk .window").get_attribute("style"))


def test_the_window_walks_by_itself_until_the_mouse_takes_it(lab_server, new_page: Callable[..., Page]) -> None:
    page = open_start(lab_server, new_page())
    first = _place(page)
    page.wait_for_function(
        "first => [...document.querySelectorAll('*')].some(e => e.shadowRoot?.querySelector('.walk .window') "
        "&& e.shadowRoot.querySelector('.walk .window').getAttribute('style') !== first)",
        arg=first,
    )
    page.locator(".photo-stage").hover(position={"x": 100, "y": 100})
    held = _place(page)
    page.wait_for_timeout(300)
    assert _place(page) == held


def test_someone_who_wants_less_motion_sees_it_still_and_moves_it_by_keys(
    lab_server, new_page: Callable[..., Page]
) -> None:
    page = open_start(lab_server, new_page(reduced_motion="reduce"))
    first = _place(page)
    page.wait_for_timeout(300)
    assert _place(page) == first
    page.locator(".photo-stage").focus()
    page.keyboard.press("ArrowRight")
    assert _place(page) != first


def test_the_sum_is_the_sum_of_the_nine_products(lab_server, new_page: Callable[..., Page]) -> None:
    page = open_start(lab_server, new_page(reduced_motion="reduce"))
    for name in ("Edges", "Vertical edges", "Horizontal edges", "Sharpen"):
        page.get_by_role("button", name=name, exact=True).click()
        pixels, weights = (
            [int(text.replace("−", "-")) for text in page.locator(f".walk .{part} span").all_inner_texts()]
            for part in ("patch", "weights")
        )
        shown = int(page.locator(".walk .result").inner_text().replace("−", "-"))
        assert shown == sum(pixel * weight for pixel, weight in zip(pixels, weights, strict=True))


@pytest.mark.parametrize(
    ("card", "path"),
    [
        ("See the arithmetic", "convolution"),
        ("Build a network", "build"),
        ("Train it", "train"),
        ("Look inside", "feature-maps"),
        ("Show it a photo", "classify"),
        ("Practise questions", "practise"),
    ],
)
def test_every_card_leads_to_its_page(lab_server, new_page: Callable[..., Page], card: str, path: str) -> None:
    page = open_start(lab_server, new_page())
    page.get_by_role("button", name=card).click()
    page.wait_for_url(f"**/{path}*")
    expect(page.locator("h1").first).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (375, 812)])
def test_arithmetic_and_questions_are_on_the_first_screen(
    lab_server, new_page: Callable[..., Page], width: int, height: int
) -> None:
    page = open_start(lab_server, new_page(width=width, height=height))
    for card in ("See the arithmetic", "Practise questions"):
        title = page.locator(".card .title", has_text=card)
        expect(title).to_be_in_viewport(ratio=1)


def test_the_walk_leads_on_to_the_page_about_it(lab_server, new_page: Callable[..., Page]) -> None:
    page = open_start(lab_server, new_page())
    page.get_by_role("link", name="Change its numbers, stride and padding").click()
    page.wait_for_url("**/convolution*")
    expect(page.get_by_role("heading", name="Convolution", exact=True)).to_be_visible()


def test_the_lab_offers_to_go_on_where_this_browser_was(lab_server: Server, new_page: Callable[..., Page]) -> None:
    first = new_page()
    first.goto(f"{lab_server.url}/?s={link.encode_link({}, preset('lenet5'))}")
    expect(first.get_by_test_id("stSidebar")).to_contain_text("lenet5")
    offer = first.get_by_role("link", name="Go on where you were last time")
    expect(offer).to_be_hidden()
    first.get_by_test_id("stSidebarNavLink").filter(has_text="Convolution").click()
    first.wait_for_url("**/convolution?s=*")
    later = first.context.new_page()
    first.close()
    later.goto(lab_server.url)
    later.get_by_role("link", name="Go on where you were last time").click()
    expect(later.get_by_role("heading", name="Convolution", exact=True)).to_be_visible()
    expect(later.get_by_test_id("stSidebar")).to_contain_text("lenet5")
    later.get_by_test_id("stSidebarNavLink").filter(has_text="Start").click()
    expect(later.get_by_role("heading", level=1)).to_contain_text("See how a network sees")
    expect(later.get_by_role("link", name="Go on where you were last time")).to_be_hidden()


def test_a_network_that_was_built_is_not_lost_to_a_preset_in_another_tab(
    lab_server: Server, new_page: Callable[..., Page]
) -> None:
    own = preset("lenet5").model_copy(update={"name": "My network"})
    first = new_page()
    first.goto(f"{lab_server.url}/?s={link.encode_link({}, own)}")
    expect(first.get_by_test_id("stSidebar")).to_contain_text("My network")
    first.get_by_test_id("stSidebarNavLink").filter(has_text="Convolution").click()
    first.wait_for_url("**/convolution?s=*")
    first.wait_for_function("localStorage.getItem('lab:built')?.includes('My network')")
    second = first.context.new_page()
    second.goto(f"{lab_server.url}/pooling?s={link.encode_link({}, preset('tiny_vgg'))}")
    expect(second.get_by_test_id("stSidebar")).to_contain_text("tiny_vgg")
    second.get_by_test_id("stSidebarNavLink").filter(has_text="Loss").click()
    second.wait_for_url("**/loss?s=*")
    later = first.context.new_page()
    for page in (first, second):
        page.close()
    later.goto(lab_server.url)
    expect(later.get_by_role("link", name="Go on where you were last time")).to_be_visible()
    later.get_by_role("link", name="Go on with My network").click()
    expect(later.get_by_test_id("stSidebar")).to_contain_text("My network")
