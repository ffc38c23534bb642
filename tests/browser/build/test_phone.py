"""On a phone: the chosen line, its fields and its shapes are on one screen, and nothing is cut off."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from bench.server import Server
from tests.browser.build.build_page import field, row
from tests.browser.test_accessibility import violations
from tests.browser.test_phone import HEADER_PX, PHONE, Finger, touch_slider

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_nothing_is_cut_off(lab_server: Server, new_page: Callable[..., Page], scheme: str) -> None:
    page = new_page(width=375, height=812, color_scheme=scheme, reduced_motion="reduce")
    page.goto(f"{lab_server.url}/build")
    row(page, "conv1").click()
    expect(page.get_by_role("heading", name="conv1")).to_be_visible()
    for part in (".overview", ".layers .scroller", ".panel", ".panel .live-controls"):
        width, room = page.locator(part).evaluate("(node) => [node.scrollWidth, node.clientWidth]")
        assert width <= room, part
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    for control in page.locator(".panel .live-control").all():
        box = control.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 375


@pytest.fixture
def phone(lab_server: Server, new_page: Callable[..., Page]) -> Page:
    """The Build page on a phone, scrolled to its list, with conv2 chosen by a tap."""
    page = new_page(**PHONE)
    page.goto(f"{lab_server.url}/build")
    row(page, "fc2").wait_for()
    page.locator(".layers").evaluate("node => node.scrollIntoView({block: 'start'})")
    row(page, "conv2").tap()
    expect(page.get_by_role("heading", name="conv2")).to_be_visible()
    return page


def edges(node: Locator) -> tuple[float, float]:
    """Where it begins and ends, from the top of the screen."""
    box = node.bounding_box()
    assert box
    return box["y"], box["y"] + box["height"]


def test_a_layer_is_chosen_and_a_field_dragged_and_its_shapes_change_on_one_screen(phone: Page) -> None:
    thumb, finger = field(phone, "conv2.out_channels").locator("input[type=range]"), Finger(phone)
    output, leaving = row(phone, "conv2").locator(".output"), phone.locator(".panel-flow b")
    touch_slider(finger, thumb)
    n = int(field(phone, "conv2.out_channels").locator("input[type=number]").input_value())
    assert n > 64
    expect(output).to_have_text(f"{n}×14×14")
    expect(leaving).to_have_text(f"{n}×14×14")
    tray = edges(phone.locator(".panel"))[0]
    assert edges(output)[0] > HEADER_PX
    assert edges(output)[1] < tray < edges(leaving)[0], "the line is above the tray, the shapes in it"
    assert edges(leaving)[1] < edges(thumb)[0]
    assert edges(thumb)[1] < PHONE["height"]
    finger.lift()
    phone.wait_for_url("**?s=*")


def test_a_value_that_does_not_fit_is_told_at_its_line_above_the_tray(phone: Page) -> None:
    box = field(phone, "conv2.kernel_size").locator("input[type=number]")
    box.fill("40")
    box.press("Enter")
    sentence = phone.locator("tr.trouble p")
    expect(sentence).to_contain_text("the window spans 40 px")
    foot, tray = edges(phone.locator(".layers tfoot th"))[0], edges(phone.locator(".panel"))[0]
    assert edges(row(phone, "conv2"))[0] > HEADER_PX
    assert edges(sentence)[1] <= foot < tray


def test_the_tray_keeps_its_heading_while_it_is_scrolled_and_is_folded_away(phone: Page) -> None:
    phone.get_by_role("button", name="Copy the line of PyTorch").scroll_into_view_if_needed()
    top, bottom = edges(phone.locator(".panel"))
    heading = edges(phone.get_by_role("heading", name="conv2"))
    assert top <= heading[0] < heading[1] < bottom
    fold = phone.get_by_role("button", name="Controls")
    fold.tap()
    expect(fold).to_have_attribute("aria-expanded", "false")
    expect(field(phone, "conv2.out_channels")).to_be_hidden()
    fold.tap()
    expect(field(phone, "conv2.out_channels")).to_be_visible()


def test_the_tray_leaves_the_top_of_the_list_free(lab_server: Server, new_page: Callable[..., Page]) -> None:
    page = new_page(**PHONE)
    page.goto(f"{lab_server.url}/build")
    row(page, "fc2").wait_for()
    page.get_by_role("button", name="Add a layer").evaluate("node => node.scrollIntoView({block: 'center'})")
    assert edges(page.get_by_role("button", name="Add a layer"))[1] < edges(page.locator(".panel"))[0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_with_the_tray(lab_server: Server, new_page: Callable[..., Page], scheme: str) -> None:
    page = new_page(**PHONE, color_scheme=scheme)
    page.goto(f"{lab_server.url}/build")
    row(page, "conv2").tap()
    expect(page.get_by_role("heading", name="conv2")).to_be_visible()
    assert violations(page) == []


def test_on_a_wide_screen_the_panel_stands_beside_the_list_and_there_is_nothing_to_fold(build: Page) -> None:
    row(build, "conv2").click()
    side, list_ = build.locator(".panel").bounding_box(), build.locator(".layers").bounding_box()
    assert side
    assert list_
    assert side["x"] >= list_["x"] + list_["width"]
    expect(build.get_by_role("button", name="Controls")).to_be_hidden()
