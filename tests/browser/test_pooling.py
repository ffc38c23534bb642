"""The Pooling page in a real Chromium: it moves while dragged, tells what belongs together, refuses in a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from bench.server import Server
from lab.network.presets import preset
from pages.ui import link
from tests.browser.controls import control, type_number

pytestmark = pytest.mark.browser

NewPage = Callable[..., Page]


@pytest.fixture
def open_page(new_page: NewPage, lab_server: Server) -> Callable[..., Page]:
    def opened(layer: str = "", **options: object) -> Page:
        # Without motion the window stands still on the first cell until somebody moves it.
        page = new_page(reduced_motion="reduce", **options)
        text = link.encode_link({"pooling-layer": {"layer": layer}}, preset("student_cnn")) if layer else ""
        page.goto(f"{lab_server.url}/pooling?s={text}")
        page.locator(".pool[data-drawn]").first.wait_for()
        page.locator(".pool-shift[data-drawn]").wait_for()
        return page

    return opened


def map_cell(page: Page, y: int, x: int) -> Locator:
    return page.locator(f".pool-input .live-cell[data-y='{y}'][data-x='{x}']")


def line(page: Page) -> Locator:
    return page.locator(".pool-line").first


def test_dragging_the_stride_changes_output_formula_and_code(open_page: Callable[..., Page]) -> None:
    page = open_page()
    output = page.locator(".pool-output .live-cell")
    expect(output).to_have_count(9)
    slider = control(page, "stride").locator("input[type=range]")
    box = slider.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 2, box["y"] + box["height"] / 2, steps=8)
    expect(output).to_have_count(25)  # while the button is still down
    page.mouse.up()
    expect(page.locator(".pool-sizes").first).to_contain_text("⌊(6 + 2·0 − 1·(2 − 1) − 1) / 1⌋ + 1 = 5")
    expect(page.locator(".pool-code").first).to_contain_text("nn.MaxPool2d(kernel_size=2, stride=1)")
    expect(page.locator(".pool-facts").first).to_contain_text("Windows overlap")
    expect(page).to_have_url(re.compile("s="))


def test_pointing_lights_up_both_ways_and_writes_the_numbers_out(open_page: Callable[..., Page]) -> None:
    page = open_page()
    expect(line(page)).to_contain_text("max(1, 3, 5, 6) = 6")
    page.locator(".pool-output .live-cell").nth(1).hover()
    expect(line(page)).to_contain_text("max(2, 9, 1, 3) = 9")
    expect(map_cell(page, 0, 3)).to_have_class(re.compile("lit-strong"))
    map_cell(page, 1, 1).hover()
    expect(line(page)).to_contain_text("Row 2, column 2 is 6:")
    expect(line(page)).to_contain_text("read by 1 window. It wins in 1.")
    expect(page.locator(".pool-output .live-cell").nth(0)).to_have_class(re.compile("lit-strong"))


def test_the_keyboard_alone_walks_types_and_takes_back(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.locator(".pool-output .live-cell[tabindex='0']").focus()
    page.keyboard.press("ArrowDown")
    expect(line(page)).to_contain_text("max(2, 7, 8, 1) = 8")
    page.locator(".pool-input .live-cell[tabindex='0']").focus()
    page.keyboard.type("7.5")
    page.keyboard.press("Enter")
    expect(page.locator(".pool-output .live-cell").nth(0)).to_have_text("7.5")
    page.keyboard.press("Control+z")
    expect(page.locator(".pool-output .live-cell").nth(0)).to_have_text("6")


def test_text_and_emptiness_in_a_cell_are_refused_and_the_picture_stays(open_page: Callable[..., Page]) -> None:
    page = open_page()
    for text in ("NaN", ""):
        map_cell(page, 0, 0).dblclick()
        page.locator(".live-cell-input").fill(text)
        page.keyboard.press("Enter")
        expect(page.locator(".pool-input .live-problem")).to_contain_text("takes a number from −999 to 999")
        expect(map_cell(page, 0, 0)).to_have_text("1")
    type_number(page, "kernel_size", "40")
    expect(control(page, "kernel_size").locator(".live-problem")).to_contain_text("from 1 to 6")
    expect(page.locator(".pool-output .live-cell")).to_have_count(9)


def test_the_photo_follows_its_window_and_the_curves_their_shift(open_page: Callable[..., Page]) -> None:
    page = open_page()
    card = page.locator(".pool-photo .pool-card").nth(1)
    expect(card).to_contain_text("10×16")
    page.locator(".live-control[data-field=stride]").nth(1).locator("input[type=number]").fill("16")
    page.keyboard.press("Enter")
    expect(card).to_contain_text("5×8")
    expect(page.locator(".pool-said")).to_contain_text("Moved by 1 px")
    type_number(page, "shift", "0")
    expect(page.locator(".pool-said")).to_contain_text("Max 0 %, Average 0 %")


def test_a_phone_shows_the_whole_page_without_scrolling_sideways(open_page: Callable[..., Page]) -> None:
    page = open_page(layer="workbench#pool1", width=375, height=720)
    expect(page.locator(".pool[data-drawn]")).to_have_count(2)  # the numbers, and those of the network's layer
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("node => node.scrollWidth <= node.clientWidth")
    page.locator(".pool-output .live-cell").nth(2).click()
    expect(line(page)).to_contain_text("max(0, 4, 8, 2) = 8")


def test_a_gradient_typed_into_an_output_goes_to_its_winner(open_page: Callable[..., Page]) -> None:
    page = open_page()
    stage = page.locator(".pool").first
    arriving = stage.get_by_role("grid", name="Gradient that arrives at the output").locator(".live-cell")
    expect(arriving).to_have_text(["1"] * 9)
    sent = stage.get_by_role("grid", name="Where the gradient goes")
    winner = sent.locator(".live-cell[data-y='1'][data-x='1']")
    expect(winner).to_have_text("1")
    arriving.first.dblclick()
    page.keyboard.type("-4")
    page.keyboard.press("Enter")
    expect(winner).to_have_text("−4")
