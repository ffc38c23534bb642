"""Sliders that go from stop to stop: whatever lies between two stops is typed, and the slider stands there."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from pages.ui.loss.walk import RATES
from pages.ui.train.recipe_panel import LEARNING_RATES
from tests.browser.controls import control, number_box, slider, type_number

pytestmark = pytest.mark.browser

OpenStages = Callable[..., Page]


def place(thumb: Locator) -> float:
    return float(thumb.input_value())


@pytest.mark.parametrize(
    ("address", "n_stages", "field", "stops"), [("train", 1, "lr", LEARNING_RATES), ("loss", 3, "walk_lr", RATES)]
)
def test_a_rate_that_is_no_stop_is_typed_undone_redone_linked_and_shown_between_its_neighbours(
    open_stages: OpenStages, address: str, n_stages: int, field: str, stops: tuple[float, ...]
) -> None:
    page = open_stages(address, n_stages=n_stages)
    stage = page.locator(".live").filter(has=control(page, field))
    box, thumb = number_box(page, field), slider(page, field)
    before = box.input_value()
    type_number(page, field, "0.0451")
    stage.get_by_role("button", name="Undo").click()
    expect(box).to_have_value(before)
    stage.get_by_role("button", name="Redo").click()
    expect(box).to_have_value("0.0451")
    expect(page).to_have_url(re.compile("s="))
    page.reload()
    expect(box).to_have_value("0.0451")
    expect(thumb).to_have_attribute("aria-valuetext", "0.0451")
    assert max(i for i, stop in enumerate(stops) if stop < 0.0451) < place(thumb)
    assert place(thumb) < min(i for i, stop in enumerate(stops) if stop > 0.0451)


def test_from_between_two_stops_the_keys_go_to_either_of_them(open_stages: OpenStages) -> None:
    page = open_stages("train", n_stages=1)
    box, thumb = number_box(page, "lr"), slider(page, "lr")
    for key, found in (("ArrowLeft", "0.03"), ("ArrowRight", "0.05")):
        for field in (thumb, box):
            type_number(page, "lr", "0.04")
            field.press(key if field is thumb else {"ArrowLeft": "ArrowDown", "ArrowRight": "ArrowUp"}[key])
            expect(box).to_have_value(found)
            assert LEARNING_RATES[int(place(thumb))] == float(found)


def test_a_thumb_between_two_stops_that_is_only_touched_changes_nothing(open_stages: OpenStages) -> None:
    page = open_stages("train", n_stages=1)
    type_number(page, "lr", "0.04")
    thumb = slider(page, "lr")
    stood = place(thumb)
    thumb.dispatch_event("pointerdown")
    assert place(thumb) == round(stood)
    thumb.dispatch_event("pointerup")
    assert (place(thumb), number_box(page, "lr").input_value()) == (stood, "0.04")


@pytest.mark.parametrize(
    ("address", "n_stages", "field", "typed", "sentence"),
    [
        ("train", 1, "lr", "0", "Learning rate takes a number above 0 and of at most 10."),
        ("train", 1, "epochs", "1001", "Epochs takes a whole number from 1 to 1000."),
        ("loss", 3, "beta2", "1", "β₂ of Adam takes a number from 0 to 0.9999."),
        ("activation", 2, "width", "100", "Width takes 8, 16, 32, 64, 128 or 256."),
    ],
)
def test_what_a_box_beside_stops_does_not_take_is_said_in_one_sentence(
    open_stages: OpenStages, address: str, n_stages: int, field: str, typed: str, sentence: str
) -> None:
    page = open_stages(address, n_stages=n_stages)
    type_number(page, field, typed)
    expect(control(page, field).get_by_role("alert")).to_have_text(f"{sentence} The last good value stays.")
