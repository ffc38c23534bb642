"""Small things that a learner looks for beside a picture, and a training that a reload does not lose, in Chromium."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bench.server import Server
from lab.network.presets import preset
from pages.ui import link
from tests.browser.controls import control, type_number

pytestmark = pytest.mark.browser

NewPage = Callable[..., Page]


def test_a_reload_in_the_middle_of_a_play_goes_on_from_what_was_trained(new_page: NewPage, lab_server: Server) -> None:
    page = new_page(reduced_motion="reduce")
    page.goto(f"{lab_server.url}/neurons")
    counts = page.locator(".n-counts")
    expect(counts).to_contain_text("step 0")
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page).to_have_url(re.compile("s="))
    before = page.url
    expect(page).not_to_have_url(before)  # the link follows while it plays
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()
    page.reload()
    expect(counts).to_have_text(re.compile(r"step [1-9]"))
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_the_map_of_the_loss_counts_the_steps_that_the_slider_sets(
    open_stages: Callable[..., Page],
) -> None:
    page = open_stages("loss", n_stages=3)
    steps = page.get_by_role("group", name="Steps of the optimizers")
    expect(steps.locator("output")).to_have_text("40 of 40")
    steps.get_by_role("slider").press("Home")
    expect(steps.locator("output")).to_have_text("0 of 40")


def test_at_a_corner_the_slope_is_drawn_with_a_gap_and_no_ramp(open_stages: Callable[..., Page]) -> None:
    page = open_stages("activation", n_stages=2)
    slope = page.locator(".act-plot").nth(1).locator(".live-line").first  # ReLU's
    ends = re.findall(r"[ML]([\d.]+) ([\d.]+)", slope.get_attribute("d") or "")
    heights = {float(y) for _, y in ends}
    assert len(heights) == 2, "0 on one side, 1 on the other, and nothing in between"
    pieces = [piece for piece in (slope.get_attribute("d") or "").split("M") if "L" in piece]
    assert len(pieces) == 2


def test_a_scale_of_powers_of_ten_is_marked_with_powers(open_stages: Callable[..., Page]) -> None:
    page = open_stages("activation", n_stages=2)
    depth = page.locator(".live-stage").filter(has=page.get_by_text("layer (0 is the input)"))
    expect(depth.locator(".live-tick", has_text="10⁻").first).to_be_visible()
    expect(depth.locator(".live-tick", has_text="e−")).to_have_count(0)


def test_the_help_of_padding_says_why_same_is_missing_and_the_letters_of_the_formula_are_explained(
    open_stages: Callable[..., Page],
) -> None:
    page = open_stages("convolution", n_stages=2)
    expect(page.locator(".conv-symbols").first).to_contain_text("k kernel size")
    kinds = control(page, "padding_kind")
    expect(kinds).to_contain_text("same")
    type_number(page, "stride", "2")
    expect(kinds.locator(".live-set")).not_to_contain_text("same")
    kinds.get_by_role("button", name="About Padding").click()
    expect(kinds.locator(".live-about")).to_contain_text("“same” is not offered here: a stride above 1")


def test_the_maps_that_a_sum_has_together_are_named_in_it(new_page: NewPage, lab_server: Server) -> None:
    page = new_page()
    page.goto(f"{lab_server.url}/feature-maps?s={link.encode_link({'maps': {}}, preset('student_cnn'))}")
    page.locator('.tile[data-layer="conv2"]').first.click()
    together = page.locator(".termlabel").last.inner_text()
    assert re.fullmatch(r"\d+ others", together)
    expect(page.locator(".sumline")).to_contain_text(f"+ {together}")
