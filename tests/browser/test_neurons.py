"""The Neurons page in a real Chromium: plays, steps exactly, takes edits, clicks and keys, and travels in its link."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from bench.server import Server

pytestmark = pytest.mark.browser

NewPage = Callable[..., Page]


@pytest.fixture
def open_page(new_page: NewPage, lab_server: Server) -> Callable[..., Page]:
    def opened(url: str | None = None, **options: object) -> Page:
        # Without motion nothing plays before somebody says so.
        page = new_page(**{"reduced_motion": "reduce", "height": 1000, **options})
        page.goto(url or f"{lab_server.url}/neurons")
        page.locator(".neurons[data-drawn]").wait_for()
        return page

    return opened


def counts(page: Page) -> Locator:
    return page.locator(".n-counts")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_single_steps_reset_and_the_link_are_exact(open_page: Callable[..., Page]) -> None:
    page = open_page()
    expect(counts(page)).to_contain_text("step 0")
    first = counts(page).inner_text()
    press(page, "Train on one batch")
    expect(counts(page)).to_contain_text("step 1")
    expect(page).to_have_url(re.compile("s="))
    before = page.url
    press(page, "Train to the end of the epoch")
    expect(counts(page)).to_contain_text("step 15")
    expect(page).not_to_have_url(before)
    trained, link = counts(page).inner_text(), page.url

    press(page, "Reset to the same first weights")
    expect(counts(page)).to_have_text(re.compile("step 0"))
    assert counts(page).inner_text() == first
    press(page, "Train to the end of the epoch")
    expect(counts(page)).to_contain_text("step 15")
    assert counts(page).inner_text() == trained

    other = open_page(link)
    expect(counts(other)).to_contain_text("step 15")
    assert counts(other).inner_text() == trained


def test_another_kind_of_data_begins_with_the_first_weights_and_undo_brings_the_trained_ones_back(
    open_page: Callable[..., Page],
) -> None:
    page = open_page()
    press(page, "Train to the end of the epoch")
    expect(counts(page)).to_contain_text("step 15")
    page.locator("label").filter(has=page.get_by_role("radio", name="Exclusive or")).click()
    expect(counts(page)).to_have_text(re.compile("step 0"))
    press(page, "Undo")
    expect(counts(page)).to_contain_text("step 15")


def test_a_neuron_more_says_that_the_weights_start_anew_and_undo_brings_the_trained_ones_back(
    open_page: Callable[..., Page],
) -> None:
    page = open_page()
    press(page, "Train to the end of the epoch")
    expect(counts(page)).to_contain_text("step 15")
    before = page.get_by_role("button", name="One neuron more in layer 1").bounding_box()
    press(page, "One neuron more in layer 1")
    told = page.get_by_text("Weights start anew. Undo brings back the trained ones.")
    expect(told).to_be_visible()
    assert page.get_by_role("button", name="One neuron more in layer 1").bounding_box() == before
    press(page, "Undo")
    expect(counts(page)).to_contain_text("step 15")
    expect(told).to_have_count(0)


def test_playing_learns_and_pausing_stops(open_page: Callable[..., Page]) -> None:
    page = open_page()
    press(page, "Play")
    expect(counts(page)).to_contain_text(re.compile(r"0(0[2-9]|[1-9]\d)\d"))
    press(page, "Pause")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("s="))
    expect(page.locator(".n-spark path").first).to_have_attribute("d", re.compile("L"))


def test_the_first_view_plays_by_itself_and_a_prepared_one_waits(open_page: Callable[..., Page]) -> None:
    page = open_page(reduced_motion="no-preference")
    expect(counts(page)).to_contain_text(re.compile(r"00[1-9]\d"))
    press(page, "Pause")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("s="))
    prepared = open_page(page.url, reduced_motion="no-preference")
    expect(prepared.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_a_weight_and_the_outputs_bias_are_edited_and_taken_back(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.locator(".n-bias").last.click()
    box = page.locator(".n-popup .n-number")
    expect(page.locator(".n-popup-name")).to_have_text("Bias of the output")
    first = box.input_value()
    page.locator(".n-popup .n-range").press("PageUp")
    expect(box).not_to_have_value(first)
    box.fill("3.5")
    box.press("Enter")
    card = page.locator(".n-card")
    expect(card).to_contain_text("= 3.5")
    box.fill("NaN")
    box.press("Enter")
    expect(page.locator(".n-popup .live-problem")).to_contain_text("takes a number from −1000 to 1000")
    expect(card).to_contain_text("= 3.5")
    page.keyboard.press("Escape")
    expect(page.locator(".n-popup")).to_be_hidden()
    page.get_by_role("button", name="Undo").click()
    expect(card).not_to_contain_text("= 3.5")


def test_a_number_that_is_left_at_once_is_in_the_link(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.locator(".n-bias").last.click()
    expect(page.locator(".n-popup-name")).to_have_text("Bias of the output")
    expect(page).to_have_url(re.compile("s="))
    before = page.url
    page.locator(".n-popup .n-range").press("PageUp")
    page.keyboard.press("Escape")
    expect(page).not_to_have_url(before)


def test_batch_norms_two_numbers_are_edited_by_keyboard_where_it_is_on(open_page: Callable[..., Page]) -> None:
    page = open_page()
    gamma = page.get_by_role("textbox", name="Batch norm's γ of neuron 1 of layer 1")
    expect(gamma).to_have_count(0)
    page.get_by_role("switch", name="Batch norm").press("Space")
    expect(gamma).to_have_value("1")
    end = page.locator(".n-end")
    expect(end).to_contain_text("batch norm")
    before = end.inner_text()
    gamma.fill("-2")
    gamma.press("Enter")
    expect(end).not_to_have_text(before)
    beta = page.get_by_role("slider", name="Batch norm's β of neuron 1 of layer 1, slider")
    beta.press("PageUp")
    expect(page.locator(".n-sum-beta .n-sum-product")).to_have_text("= 0.5")
    expect(gamma).to_have_value("−2")
    gamma.fill("NaN")
    gamma.press("Enter")
    expect(page.locator(".n-card .live-problem")).to_contain_text("takes a number from −1000 to 1000")


def test_layers_neurons_and_inputs_come_and_go_by_keyboard(open_page: Callable[..., Page]) -> None:
    page = open_page()
    nodes = page.locator(".n-node:not(.n-feature)")
    expect(nodes).to_have_count(7)
    page.get_by_role("button", name="One neuron more in layer 1").press("Enter")
    expect(nodes).to_have_count(8)
    page.get_by_role("button", name="Add a layer").press("Enter")
    expect(nodes).to_have_count(12)
    page.get_by_role("button", name="Remove layer 2").press("Enter")
    expect(nodes).to_have_count(10)
    page.locator(".n-node:not(.n-feature)").first.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Input x₁²")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".n-sum-weight")).to_have_count(3)
    page.get_by_label("Activation of layer 1").select_option(label="ReLU")
    expect(page.locator(".n-end")).to_contain_text("ReLU")


def test_points_of_ones_own_are_clicked_and_typed(open_page: Callable[..., Page]) -> None:
    page = open_page(width=375, height=720, has_touch=True)
    page.locator(".n-data-option", has_text="Your own").click()
    press(page, "Play")
    expect(page.locator(".live-message")).to_contain_text("there are no points to train on")
    plane = page.locator(".n-plane")
    plane.click(position={"x": 60, "y": 60})
    page.locator(".n-picker .live-option", has_text="A").click()
    plane.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Clear mine")).to_be_visible()
    press(page, "Train on one batch")
    expect(counts(page)).to_contain_text("step 1")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 375


def test_the_code_is_copied_by_a_button_that_is_always_there(lab_server, new_page: Callable[..., Page]) -> None:
    page = new_page(width=375, has_touch=True, permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{lab_server.url}/neurons")
    page.get_by_text("The same net in PyTorch").click()
    button = page.get_by_role("button", name="Copy", exact=True)
    expect(button).to_be_visible()
    button.tap()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    assert "class " in page.evaluate("navigator.clipboard.readText()")
