"""The controls of a live stage, as tests find them and type into them, and the link that follows them."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page, WebSocketRoute

from pages.ui import link


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


# Keys that come before any answer can: all within one turn of the browser.
_AT_ONCE = """(node, keys) => {
  const root = node.getRootNode();
  for (const key of keys) {
    (root.activeElement ?? node).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  }
}"""


def press_at_once(node: Locator, *keys: str) -> None:
    """Press keys where the focus is, the first at this node."""
    node.focus()
    node.evaluate(_AT_ONCE, list(keys))


def wait_for_link(page: Page, name: str, **fields: Any) -> None:
    """Until the address says this of a page's state: what is shown may be there before the server has heard of it."""

    def says(address: str) -> bool:
        text = re.search(r"[?&]s=([\w-]+)", address)
        found = link.decode_link(text[1]).pages.get(name, {}) if text else {}
        return all(found.get(field) == value for field, value in fields.items())

    page.wait_for_url(says)


class Gate:
    """What the server says to a page, held back while it is closed; made before the page is opened."""

    def __init__(self, page: Page):
        self._is_open = True
        self._held: list[tuple[WebSocketRoute, bytes | str]] = []
        page.route_web_socket(re.compile("_stcore/stream"), self._connect)

    def _connect(self, route: WebSocketRoute) -> None:
        def pass_on(message: bytes | str) -> None:
            if self._is_open:
                route.send(message)
            else:
                self._held.append((route, message))

        route.connect_to_server().on_message(pass_on)

    def close(self) -> None:
        """Hold back all that comes from now on."""
        self._is_open = False

    def open(self) -> None:
        """Let through what was held, and all that follows."""
        self._is_open = True
        for route, message in self._held:
            route.send(message)
        self._held.clear()
