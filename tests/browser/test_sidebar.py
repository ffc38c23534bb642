"""The sidebar of a server's very first page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bench.server import Server

pytestmark = pytest.mark.browser

NOTE_WIDTHS = """
window.widths = [];
const note = () => {
  const sidebar = document.querySelector("[data-testid=stSidebar]");
  if (sidebar) window.widths.push(sidebar.getBoundingClientRect().width);
  requestAnimationFrame(note);
};
note();
"""


@pytest.mark.parametrize("address", ["", "build"])
def test_the_first_page_of_a_server_has_its_navigation_in_one_width_from_the_first_picture(
    fresh_server: Server, new_page: Callable[..., Page], address: str
) -> None:
    first, later = new_page(), new_page()
    widths = []
    for page in (first, later):
        page.add_init_script(NOTE_WIDTHS)
        page.goto(f"{fresh_server.url}/{address}")
        expect(page.get_by_test_id("stSidebarNavLink").filter(has_text="Convolution")).to_be_visible()
        page.wait_for_timeout(500)
        widths.append(set(page.evaluate("window.widths")))
    assert widths[0] == widths[1]
    assert len(widths[0]) == 1
