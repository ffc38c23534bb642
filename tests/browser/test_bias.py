"""The Bias page in a real Chromium: lines and maps move under the hand, by mouse and by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import Locator, Page, expect

from lab.network.presets import preset
from lab.theory.bias import HALF
from pages.ui import link
from pages.ui.bias.neuron import neuron_picture
from pages.ui.bias.state import NeuronState
from tests.browser.controls import number_box, slider, type_number

pytestmark = pytest.mark.browser


@pytest.fixture
def open_page(open_stages: Callable[..., Page]) -> Callable[..., Page]:
    return partial(open_stages, "bias", n_stages=6)


def stage(page: Page, field: str) -> Locator:
    """The stage that has this control."""
    return page.locator(".live").filter(has=page.locator(f".live-control[data-field={field}]"))


def test_dragging_the_bias_moves_the_line_and_the_count(open_page: Callable[..., Page]) -> None:
    page = open_page()
    place = stage(page, "w1")
    line = place.locator(".decision")
    right = place.locator(".loud dd")
    expect(right).to_have_text("41 of 60")
    before = line.get_attribute("y1")
    frame = slider(place, "bias").bounding_box()
    assert frame
    page.mouse.move(frame["x"] + frame["width"] * 5 / 12, frame["y"] + frame["height"] / 2)
    page.mouse.down()
    page.mouse.move(frame["x"] + frame["width"] * 0.27, frame["y"] + frame["height"] / 2, steps=10)
    expect(line).not_to_have_attribute("y1", str(before))  # while the button is still down
    page.mouse.up()
    expect(page).to_have_url(re.compile("s="))
    bias = float(number_box(place, "bias").input_value())
    assert bias < -2
    expect(right).to_have_text(f"{neuron_picture(NeuronState(bias=bias))['n_right']} of 60")
    place.get_by_role("button", name="Undo").click()
    expect(right).to_have_text("41 of 60")


def test_the_line_follows_a_pointer_in_the_plane(open_page: Callable[..., Page]) -> None:
    page = open_page()
    place = stage(page, "w1")
    frame = place.locator(".plane-svg").bounding_box()
    assert frame
    # x1 = 1.5, x2 = 0: with both weights 1 the bias is −1.5.
    page.mouse.move(frame["x"] + frame["width"] * 0.4, frame["y"] + frame["height"] / 2)
    page.mouse.down()
    page.mouse.move(frame["x"] + frame["width"] * (0.5 + 1.5 / (2 * HALF)), frame["y"] + frame["height"] / 2, steps=6)
    page.mouse.up()
    expect(number_box(place, "bias")).to_have_value(re.compile(r"^-1\.(4|5)"))


def test_the_keyboard_alone_moves_the_line_and_reads_the_points(open_page: Callable[..., Page]) -> None:
    page = open_page()
    place = stage(page, "w1")
    slider(place, "bias").focus()
    page.keyboard.press("ArrowLeft")
    expect(place.locator(".bias-formula")).to_contain_text("− 1.05")
    place.locator(".plane").focus()
    page.keyboard.press("ArrowRight")
    picture = neuron_picture(NeuronState(bias=-1.05))
    total = f"{picture['sums'][0]:.4g}".replace("-", "−")
    expect(place.locator(".bias-point")).to_contain_text(f"= {total}")
    expect(place.locator(".picked")).to_have_count(1)


def test_what_is_no_number_is_refused_and_the_picture_stays(open_page: Callable[..., Page]) -> None:
    page = open_page()
    place = stage(page, "w1")
    type_number(place, "bias", "99")
    expect(place.locator(".live-problem").first).to_contain_text("from −6 to 6")
    expect(place.locator(".loud dd")).to_have_text("41 of 60")
    type_number(place, "bias", "")
    expect(place.locator(".live-problem").first).to_contain_text("takes a number")
    expect(place.locator(".loud dd")).to_have_text("41 of 60")


def test_batch_norm_paints_the_same_picture_whatever_the_bias(open_page: Callable[..., Page]) -> None:
    page = open_page()
    place = stage(page, "n_batches")
    paint = "canvas => canvas.toDataURL()"
    before, after = (place.locator(f".{name} canvas") for name in ("before", "after"))
    first, normed = before.evaluate(paint), after.evaluate(paint)
    type_number(place, "bias", "-2.5")
    expect(place.locator(".bias-numbers thead")).to_contain_text("b = −2.5")
    assert before.evaluate(paint) != first
    assert after.evaluate(paint) == normed


def test_a_skewed_sample_is_right_by_chance_on_a_fair_test_and_the_degree_follows(
    open_page: Callable[..., Page],
) -> None:
    page = open_page()
    place = stage(page, "share")
    type_number(place, "share", "100")
    expect(place.locator(".bias-totals")).to_contain_text("50 %")
    expect(place.locator(".bias-verdict")).to_contain_text("400 of 400 test pictures")
    fits = stage(page, "degree")
    type_number(fits, "degree", "5")
    expect(fits.locator(".bias-verdict")).to_contain_text("Degree 5: bias²")


def test_the_training_is_stepped_back_and_the_step_travels_in_the_link(open_page: Callable[..., Page]) -> None:
    page = open_page()
    place = stage(page, "lr")
    steps = place.locator(".bias-facts dd").first
    expect(steps).to_have_text("120")
    for _ in range(3):
        place.get_by_role("button", name="One step back").click()
    expect(steps).to_have_text("117")
    settled = link.encode_link({"bias-training": {"step": 117}}, preset("student_cnn"))
    expect(page).to_have_url(re.compile(f"s={settled}"))
    page.reload()
    expect(stage(page, "lr").locator(".bias-facts dd").first).to_have_text("117")


def test_nothing_is_wider_than_a_phone(open_page: Callable[..., Page]) -> None:
    page = open_page(width=375, height=720, color_scheme="dark")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    overhang = "bodies => bodies.map((body) => body.scrollWidth - body.clientWidth)"
    assert max(page.locator(".live-body").evaluate_all(overhang)) <= 0
