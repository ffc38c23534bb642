"""From a question to the page that shows it and back, with the browser's own Back and with the link."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bench.server import Server
from lab.network.presets import preset
from pages.ui import link

pytestmark = pytest.mark.browser

TOLD = "This is the network of the question. Undo brings yours back."


def asked(page: Page, server: Server, question: str) -> None:
    text = link.encode_link({"practise": {"question": question}}, preset("student_cnn"))
    page.goto(f"{server.url}/practise?s={text}")


@pytest.mark.parametrize(("question", "there"), [("grouped-parameters:3:1", "Build"), ("one-cell:3:0", "Convolution")])
def test_one_back_leads_to_the_question(
    lab_server: Server, new_page: Callable[..., Page], question: str, there: str
) -> None:
    page = new_page()
    asked(page, lab_server, question)
    page.get_by_role("button", name=f"Show me in {there}").click()
    expect(page.get_by_role("heading", name=there, exact=True)).to_be_visible()
    expect(page.get_by_text("of the question. Undo brings yours back.")).to_be_visible()
    expect(page.locator(".live-stage[data-drawn]").first).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Practise", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name=f"Show me in {there}")).to_be_visible()
    expect(page.get_by_text("of the question. Undo brings yours back.")).to_have_count(0)


# While the old page is taken down its stage may write once more.
STILL_ASKING = """(slider, delay) => addEventListener("popstate", () => setTimeout(() => {
  slider.valueAsNumber += 1;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
}, delay))"""


@pytest.mark.parametrize("delay_ms", [0, 30, 60])
def test_back_is_heard_over_a_stage_that_still_asks(
    lab_server: Server, new_page: Callable[..., Page], delay_ms: int
) -> None:
    page = new_page()
    asked(page, lab_server, "one-cell:3:0")
    page.get_by_role("button", name="Show me in Convolution").click()
    expect(page.locator(".live-stage[data-drawn]").first).to_be_visible()
    page.locator(".live input[type=range]").first.evaluate(STILL_ASKING, delay_ms)
    page.go_back()
    expect(page.get_by_role("heading", name="Practise", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Show me in Convolution")).to_be_visible()


def test_the_page_that_was_opened_has_a_link_back(lab_server: Server, new_page: Callable[..., Page]) -> None:
    page = new_page(width=375, height=720)
    asked(page, lab_server, "output-size:2:0")
    page.get_by_role("button", name="Show me in Build").click()
    expect(page.get_by_text(TOLD)).to_be_visible()
    page.get_by_role("link", name="Back to the question").click()
    expect(page.get_by_role("heading", name="Practise", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Show me in Build")).to_be_visible()
    expect(page.get_by_text(TOLD)).to_have_count(0)
