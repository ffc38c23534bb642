"""The Loss page in a real Chromium: it moves while dragged, steps, takes a start by click, refuses in a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import Page, expect

from tests.browser.controls import control, type_number, wait_for_link

pytestmark = pytest.mark.browser


@pytest.fixture
def open_page(open_stages: Callable[..., Page]) -> Callable[..., Page]:
    return partial(open_stages, "loss", n_stages=3)


def test_dragging_a_logit_changes_softmax_losses_and_link(open_page: Callable[..., Page]) -> None:
    page = open_page()
    verdict = page.locator(".loss-verdict")
    expect(verdict).to_have_text("Wrong: class 1 is 2 behind the highest logit. Its margin is −2.")
    box = control(page, "z1").locator("input[type=range]").bounding_box()
    assert box
    page.mouse.move(box["x"] + 0.55 * box["width"], box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] / 2, steps=10)
    expect(verdict).to_have_text(re.compile("^Right: class 1 leads by "))  # while the button is still down
    page.mouse.up()
    page.wait_for_url("**?s=*")
    page.reload()
    expect(verdict).to_have_text(re.compile("^Right: class 1 leads by "))


def test_a_step_under_a_loss_is_taken_and_taken_back(open_page: Callable[..., Page]) -> None:
    page = open_page()
    verdict = page.locator(".loss-verdict")
    page.get_by_role("button", name="Take the step under Cross-entropy").click()
    expect(verdict).to_contain_text("0.2771 behind")
    page.get_by_role("button", name="Undo").first.click()
    expect(verdict).to_contain_text("2 behind")


def test_a_step_back_at_one_stage_is_seen_at_the_stage_that_it_changes(open_page: Callable[..., Page]) -> None:
    page = open_page()
    chosen = control(page, "surface").locator("select")
    chosen.select_option(label="Round bowl")
    expect(page.locator(".loss-note").filter(has_text="½(x² + y²)")).to_be_visible()
    type_number(page, "z1", "6")
    expect(page.locator(".loss-verdict")).to_contain_text("leads by 3")
    undo = page.get_by_role("button", name="Undo").first
    undo.click()
    expect(page.locator(".loss-verdict")).to_contain_text("2 behind")
    undo.click()
    expect(page.locator(".loss-note").filter(has_text="½(x² + 30y²)")).to_be_visible()


def test_losses_are_chosen_by_keyboard_and_their_sums_written_out(open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.get_by_role("button", name="NLL").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".loss-row th")).to_have_count(6)
    expect(page.locator(".loss-line").filter(has_text="−(1 − 3.179) = 2.179")).to_be_visible()
    expect(page.get_by_role("button", name="NLL").first).to_have_attribute("aria-pressed", "true")


def test_a_number_out_of_bounds_is_one_sentence_and_the_picture_stays(open_page: Callable[..., Page]) -> None:
    page = open_page()
    type_number(page, "z2", "1e9")
    expect(control(page, "z2").locator(".live-problem")).to_contain_text("The last good value stays.")
    expect(page.locator(".loss-verdict")).to_contain_text("2 behind")
    type_number(page, "z2", "4")
    expect(page.locator(".loss-verdict")).to_contain_text("3 behind")


def test_the_wild_point_moves_by_keyboard_and_by_mouse(open_page: Callable[..., Page]) -> None:
    page = open_page()
    wild = page.get_by_role("slider", name="Wild point", exact=True)
    wild.focus()
    page.keyboard.press("Shift+ArrowDown")
    box = control(page, "wild_y").locator("input[type=number]")
    expect(box).not_to_have_value("-4")
    type_number(page, "wild_y", "5.2")
    shares = page.locator(".loss-fit-rows td")
    expect(shares.nth(1)).to_have_text("0.514")


def test_a_click_on_the_map_starts_the_walks_there(open_page: Callable[..., Page]) -> None:
    page = open_page()
    start = page.get_by_role("slider", name="Start; arrow keys move it")
    ground = page.locator(".loss-ink")
    ground.scroll_into_view_if_needed()
    box = ground.bounding_box()
    assert box
    page.mouse.click(box["x"] + 0.75 * box["width"], box["y"] + 0.25 * box["height"])
    expect(start).to_have_attribute("aria-valuetext", re.compile(r"^x (2|1\.99|2\.01), y (1\.5|1\.49|1\.51)$"))
    expect(control(page, "start_y").locator("input[type=number]")).to_have_value(re.compile(r"^1\.(5|49|51)$"))
    page.keyboard.press("ArrowUp")
    expect(control(page, "start_y").locator("input[type=number]")).to_have_value(re.compile(r"^1\.6[123]?$"))
    control(page, "surface").locator("select").select_option(label="Saddle")
    expect(page.locator(".loss-sentence").first).to_have_text("SGD arrived after 40 steps.")


def table_text(page: Page) -> list[str]:
    return [" ".join(text.split()) for text in page.locator(".loss-table").all_inner_texts()]


def test_a_table_that_got_more_classes_is_the_one_that_a_link_opens(open_page: Callable[..., Page]) -> None:
    page = open_page()
    type_number(page, "n_classes", "5")
    expect(page.locator(".loss-softmax tbody tr")).to_have_count(6)
    expect(page.locator(".loss-losses thead th")).to_have_count(8)
    type_number(page, "n_classes", "4")
    expect(page.locator(".loss-softmax tbody tr")).to_have_count(5)
    expect(page.locator(".loss-losses thead th")).to_have_count(7)
    page.locator(".loss-pick[data-loss=nll]").click()
    expect(page.get_by_role("button", name="Take the step under NLL")).to_be_visible()
    page.locator(".loss-pick[data-loss=hinge]").click()
    expect(page.get_by_role("button", name="Take the step under Hinge")).to_have_count(0)
    grown = table_text(page)
    wait_for_link(page, "loss", shown=["cross-entropy", "focal", "mse", "mae", "nll"])
    page.reload()
    expect(page.locator(".live-stage[data-drawn]")).to_have_count(3)
    expect(page.locator(".loss-losses thead th")).to_have_count(7)
    assert table_text(page) == grown


def test_more_classes_leave_the_focus_where_it_is(open_page: Callable[..., Page]) -> None:
    page = open_page()
    button = page.get_by_role("button", name="Take the step under Focal")
    button.focus()
    control(page, "n_classes").locator("input[type=range]").evaluate(
        "(range) => { range.value = 6; range.dispatchEvent(new Event('input', { bubbles: true })); }"
    )
    expect(page.locator(".loss-softmax tbody tr")).to_have_count(7)
    expect(button).to_be_focused()


def test_the_way_on_the_map_ends_where_the_table_says(open_page: Callable[..., Page]) -> None:
    page = open_page()
    control(page, "start_x").locator("input[type=range]").evaluate(
        "(range) => { range.value = 2; range.dispatchEvent(new Event('input', { bubbles: true })); }"
    )
    expect(page.locator(".loss-start")).to_have_attribute("aria-valuenow", "2")
    stage = page.locator(".live-body").nth(2)
    stage.get_by_text("The numbers as a table").click()
    first, last = stage.locator(".live-table tbody tr").first, stage.locator(".live-table tbody tr").last
    expect(first.locator("td").nth(0)).to_have_text("2")
    expect(last.locator("th")).to_have_text("40")
    x = float(last.locator("td").nth(0).inner_text().replace("−", "-"))
    head = stage.locator(".loss-head").first
    # The map is 480 wide, from 44 on, and shows −4 to 4.
    expect(head).to_have_attribute("cx", f"{44 + 480 * (x + 4) / 8:.1f}")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (375, "dark")])
def test_nothing_is_wider_than_the_screen(open_page: Callable[..., Page], width: int, scheme: str) -> None:
    page = open_page(width=width, color_scheme=scheme)
    expect(page.locator(".loss-ink")).to_have_attribute("width", "640")  # the map has been painted
    # The wait is the assertion: it fails after its limit if something stays wider than the screen.
    page.wait_for_function(
        "() => { const main = document.querySelector('[data-testid=stMain]'); return main.scrollWidth <= innerWidth; }"
    )
