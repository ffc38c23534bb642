"""The Activation page in a real Chromium: dragged, typed into, by keyboard alone, on a phone."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from bench.server import Server
from tests.browser.controls import wait_for_link

NewPage = Callable[..., Page]


def opened(page: Page, url: str) -> Page:
    """Open the page and wait until both stages are drawn."""
    page.goto(url)
    expect(page.locator("[data-drawn]")).to_have_count(2)
    return page


def control(page: Page, field: str, stage: int = 0) -> Locator:
    return page.locator(f'.live-control[data-field="{field}"]').nth(stage)


def type_number(page: Page, field: str, text: str) -> None:
    box = control(page, field).locator("input[type=number]")
    box.fill(text)
    box.press("Enter")


def test_a_point_dragged_along_its_curve_reads_torchs_values(new_page: NewPage, lab_server: Server) -> None:
    page = opened(new_page(height=1000), f"{lab_server.url}/activation")
    expect(page.locator(".act-at-x").nth(2)).to_contain_text("f(1) = 0.7311, slope 0.1966")  # 1 / (1 + e^-1)
    point = page.locator(".act-plot").first.locator(".live-mark").nth(2).locator(".live-dot")
    box = point.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(1, 11):
        page.mouse.move(x - 12 * step, y)
    page.mouse.up()
    reading = page.locator(".act-at-x").nth(2)
    expect(reading).to_contain_text("f(−")
    box_of_x = control(page, "x").locator("input[type=number]")
    expect(box_of_x).to_have_value(re.compile("^-"))
    at = float(box_of_x.input_value())
    value = 1 / (1 + math.exp(-at))
    expect(reading).to_contain_text(f"= {float(f'{value:.4g}'):g}, slope {float(f'{value * (1 - value):.4g}'):g}")


def test_an_activation_is_added_set_and_taken_off_by_keyboard_alone(new_page: NewPage, lab_server: Server) -> None:
    page = opened(new_page(), f"{lab_server.url}/activation")
    page.locator(".act-add").focus()
    page.keyboard.press("e")  # ELU is the only one
    expect(page.locator(".act-chip")).to_have_count(5)
    control(page, "ELU_alpha").locator("input[type=range]").focus()
    page.keyboard.press("End")
    expect(page.locator(".act-formula").last).to_have_text("f(x) = x if x > 0 else 3 · (exp(x) − 1)")
    expect(page.locator(".act-facts").last).to_contain_text("slope 3 to the left, 1 to the right; PyTorch takes 3")
    page.get_by_role("button", name="Take ReLU off").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".act-chip")).to_have_count(4)
    page.locator(".live-mark[role=slider]").first.focus()
    page.keyboard.press("Control+z")
    expect(page.locator(".act-chip")).to_have_count(5)


def test_a_bias_of_minus_one_kills_units_of_a_real_layer_and_nonsense_changes_nothing(
    new_page: NewPage, lab_server: Server
) -> None:
    page = opened(new_page(), f"{lab_server.url}/activation")
    relu = page.locator(".act-card").nth(1)
    dead = relu.locator(".live-bar-value").nth(2)
    expect(dead).to_have_text("0 %")
    type_number(page, "shift", "-1")
    expect(dead).to_have_text(re.compile("^[1-9]"))
    killed = dead.inner_text()
    type_number(page, "shift", "99")
    expect(control(page, "shift").locator(".live-problem")).to_contain_text("The last good value stays")
    type_number(page, "shift", "")
    expect(control(page, "shift").locator(".live-problem")).to_contain_text("takes a number")
    expect(dead).to_have_text(killed)


def test_a_parameter_moved_moves_its_curve_and_the_layer_and_the_layers_own_controls_stand_beside_it(
    new_page: NewPage, lab_server: Server
) -> None:
    page = opened(new_page(), f"{lab_server.url}/activation")
    page.locator(".act-add").select_option("LeakyReLU")
    expect(page.locator(".act-chip")).to_have_count(5)
    after = page.locator(".act-card").last.locator(".act-note")
    before = after.inner_text()
    slider = control(page, "LeakyReLU_negative_slope").locator("input[type=range]")
    slider.focus()
    page.keyboard.press("End")
    expect(page.locator(".act-formula").last).to_contain_text("1 · x")
    expect(after).not_to_have_text(before)
    layer = page.get_by_role("group", name="The layer")
    places = (page.locator(".act-heading"), layer, page.locator(".act-cards"))
    tops = [place.evaluate("(node) => node.getBoundingClientRect().top") for place in places]
    assert tops == sorted(tops)
    expect(layer.locator(".live-control")).to_have_count(4)


def test_depth_says_what_vanishes_and_a_link_brings_it_back(new_page: NewPage, lab_server: Server) -> None:
    page = opened(new_page(), f"{lab_server.url}/activation")
    sentences = page.locator(".act-sentences li")
    expect(sentences.nth(2)).to_contain_text("it vanishes, the first layers hardly learn")
    control(page, "kind").locator("select").select_option("Tanh")
    expect(sentences.nth(2)).to_contain_text("it keeps its size")
    type_number(page, "depth", "50")
    expect(sentences.nth(0)).to_contain_text("after layer 50")
    expect(page).to_have_url(re.compile(r"\?s="))
    page.get_by_role("button", name="Set it up").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".act-chip").first).to_contain_text("GELU")
    wait_for_link(page, "depth", kind="Tanh", depth=50)
    other = opened(new_page(), page.url)
    expect(other.locator(".act-chip").first).to_contain_text("GELU")
    expect(other.locator(".act-sentences li").nth(0)).to_contain_text("after layer 50")


def test_a_phone_shows_the_curves_without_scrolling_sideways(new_page: NewPage, lab_server: Server) -> None:
    page = opened(new_page(width=375, height=740), f"{lab_server.url}/activation")
    expect(page.locator(".act-plot").first.locator("svg").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    widths = page.locator(".live-stage").evaluate_all(
        "stages => stages.map((one) => [one.scrollWidth, one.clientWidth])"
    )
    assert all(content <= frame for content, frame in widths)


def test_the_next_seeds_are_there_before_the_arrow_key(new_page: NewPage, lab_server: Server) -> None:
    page = opened(new_page(), f"{lab_server.url}/activation")
    control(page, "seed").locator("input[type=number]").focus()
    # The seed itself, and the eight that an arrow key reaches next: there is none below 0.
    page.wait_for_function(
        """() => {
          const roots = [...document.querySelectorAll('*')].map((e) => e.shadowRoot).filter(Boolean);
          const lives = roots.flatMap((root) => [root, ...root.children].map((e) => e.labLive).filter(Boolean));
          const { kept, asked } = lives.find((live) => live.controls.has("seed")).ahead;
          return kept.size === 9 && !asked;
        }"""
    )
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(control(page, "seed").locator("input[type=number]")).to_have_value("2")
    expect(page).to_have_url(re.compile("s="))
