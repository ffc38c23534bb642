"""The Build page, open, for the tests in this folder."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bench.server import Server
from tests.browser.build.build_page import row


@pytest.fixture
def build(lab_server: Server, new_page: Callable[..., Page]) -> Page:
    """The Build page with the network that everybody begins with."""
    page = new_page()
    page.goto(f"{lab_server.url}/build")
    expect(row(page, "fc2")).to_be_visible()
    return page
