"""The controls of a live stage, as tests find them and type into them."""

from __future__ import annotations

from playwright.sync_api import Locator, Page


def control(place: Page | Locator, field: str, *, nth: int = 0) -> Locator:
    """The control of this field, the first of that name unless told otherwise."""
    return place.locator(f".live-control[data-field={field}]").nth(nth)


def number_box(place: Page | Locator, field: str, *, nth: int = 0) -> Locator:
    """Its box for a number."""
    return control(place, field, nth=nth).locator("input[type=number]")


def slider(place: Page | Locator, field: str, *, nth: int = 0) -> Locator:
    """Its slider."""
    return control(place, field, nth=nth).locator("input[type=range]")


def type_number(place: Page | Locator, field: str, text: str) -> None:
    """Type into its box and press Enter."""
    box = number_box(place, field)
    box.fill(text)
    box.press("Enter")
