"""The Chromium that browser tests, benchmarks and screenshots drive, and how a machine without one gets it.

``python -m bench.browser`` makes sure that there is one: the system's Chrome or Chromium, else Playwright's own, else
Debian's package when root. Tests take Chromium's headless shell where they can: the same engine without a browser
around it, Playwright's own choice for headless work; a page costs it two thirds of the processor time. Benchmarks and
screenshots take what a learner has.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Error as PlaywrightError

SYSTEM_BROWSERS = ("google-chrome", "google-chrome-stable", "chromium", "chromium-browser")
SHELL = "chromium-headless-shell"  # the program, and Debian's package of it
ARGUMENTS = (
    "--no-sandbox",  # a container's root cannot use the sandbox; only our own pages are opened
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def launch_options(*, for_tests: bool = False) -> dict[str, Any]:
    """Say how Playwright starts the browser: the system's where there is one, else its own.

    Args:
        for_tests: take the headless shell before a whole browser.
    """
    names = (SHELL, *SYSTEM_BROWSERS) if for_tests else (*SYSTEM_BROWSERS, SHELL)
    found = next(filter(None, map(shutil.which, names)), None)
    return {"args": list(ARGUMENTS), "headless": True} | ({"executable_path": found} if found else {})


@contextmanager
def open_browser(*, for_tests: bool = False) -> Iterator[Browser]:
    """Start a browser for one block of work and end it afterwards. ``for_tests`` as for :func:`launch_options`."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options(for_tests=for_tests))
        try:
            yield browser
        finally:
            browser.close()


def opens() -> bool:
    """Try it: does the browser of the tests start and draw a page?"""
    try:
        with open_browser(for_tests=True) as browser:
            page = browser.new_page()
            page.set_content("<title>ready</title>")
            return page.title() == "ready"
    except PlaywrightError as error:
        print(f"no browser yet: {str(error).splitlines()[0]}", file=sys.stderr)
        return False


def install_package(name: str) -> None:
    """Try to install one of Debian's packages and letters to write with, as root on a machine that has them."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-q"], check=False)
        command = ["apt-get", "install", "-y", "-q", "--no-install-recommends", name, "fonts-liberation"]
        subprocess.run(command, check=False)


def ensure_browser() -> None:
    """Install a browser if none starts, and the headless shell where that takes one package.

    Raises:
        SystemExit: nothing worked; the message says what to install.
    """
    if not shutil.which(SHELL):
        install_package(SHELL)
    if opens():
        return
    subprocess.run([sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"], check=False)
    if opens():
        return
    install_package("chromium")
    if not opens():
        raise SystemExit("No Chromium could be started; install Chrome or Chromium and type `make test` again.")


if __name__ == "__main__":
    ensure_browser()
