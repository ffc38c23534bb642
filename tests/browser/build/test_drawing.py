"""The drawing: it chooses, it shows what the list chose, and the panel is there before it is asked for."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.build.build_page import row

pytestmark = pytest.mark.browser


def test_the_drawing_chooses_a_layer_by_click_and_by_arrow_keys(build: Page) -> None:
    build.locator("g.block").nth(4).locator(".front").click()
    expect(row(build, "conv2")).to_have_attribute("aria-selected", "true")
    build.locator("svg[role=listbox]").focus()
    build.keyboard.press("ArrowRight")
    expect(row(build, "relu2")).to_have_attribute("aria-selected", "true")
    expect(build.locator(".tip")).to_contain_text("64×14×14")


CHOSEN_BLOCK_AFTER_CLICK = """row => {
  row.click();
  const inside = (e) => [e, ...(e.shadowRoot ? deep(e.shadowRoot) : [])];
  const deep = (root) => [...root.querySelectorAll("*")].flatMap(inside);
  const name = (block) => block.getAttribute("aria-label").split(" ")[0];
  return deep(document).filter((e) => e.matches("g.block.chosen")).map(name);
}"""


def test_a_choice_in_the_list_shows_in_the_drawing_without_waiting_for_the_server(build: Page) -> None:
    expect(build.locator("g.block.chosen")).to_have_count(1)  # the drawing may come after the list
    assert row(build, "conv2").evaluate(CHOSEN_BLOCK_AFTER_CLICK) == ["conv2"]
    expect(build.get_by_role("heading", name="conv2")).to_be_visible()


PANEL_AFTER_ARROW = """(svg, key) => {
  svg.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
  const root = svg.getRootNode();
  return [root.querySelector("g.block.chosen").ariaLabel, root.querySelector(".panel h2").textContent];
}"""


IS_ANSWERED_AHEAD = """svg => {
  const root = svg.getRootNode();
  const { ahead } = [root, ...root.children].find((node) => node.labLive).labLive;
  return ahead.asked === null && ahead.kept.size > 0;
}"""


def test_the_panel_of_a_neighbour_is_there_before_it_is_asked_for(build: Page) -> None:
    drawing = build.locator("svg[role=listbox]")
    drawing.focus()
    build.wait_for_function(IS_ANSWERED_AHEAD, arg=drawing.element_handle())
    chosen, panel = drawing.evaluate(PANEL_AFTER_ARROW, "ArrowRight")
    assert chosen.startswith("conv1 ")
    assert panel.startswith("conv1")
