"""A real server and a real Chromium for the tests in this folder.

Every test gets the address of a server of its own session folder; the browser is the system's, found on the path.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bench.browser import open_browser
from bench.server import Server

# A page on two busy cores, torch's first import included: with ten times as much to do as cores it took 40 s.
STEP_LIMIT_MS = 60_000


@pytest.fixture(autouse=True, scope="session")
def _few_threads() -> Iterator[None]:
    """Let servers and workers of the tests take one thread each, beside other tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMP_NUM_THREADS", "1")
        yield


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Chromium's headless shell, else the system's Chrome or Chromium, else the one that Playwright brought."""
    expect.set_options(timeout=STEP_LIMIT_MS)
    with open_browser(for_tests=True) as browser:
        yield browser


@pytest.fixture(scope="session")
def lab_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that do not mind each other's runs."""
    server = Server(tmp_path_factory.mktemp("lab-home"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[Server]:
    """A server that nobody has asked for anything yet."""
    server = Server(tmp_path / "lab-home")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def new_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open pages: ``new_page(width=375, height=720, color_scheme="dark")``; closed at the end of the test."""
    contexts: list[BrowserContext] = []

    def open_page(*, width: int = 1280, height: int = 800, **options: object) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)  # type: ignore[arg-type]
        context.set_default_timeout(STEP_LIMIT_MS)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def open_stages(new_page: Callable[..., Page], lab_server: Server) -> Callable[..., Page]:
    """Open a page without motion and wait for its stages: ``open_stages("bias", n_stages=6, width=375)``."""

    def opened(url_path: str, *, n_stages: int, **options: object) -> Page:
        page = new_page(reduced_motion="reduce", **options)
        page.goto(f"{lab_server.url}/{url_path}")
        expect(page.locator(".live-stage[data-drawn]")).to_have_count(n_stages)
        return page

    return opened
