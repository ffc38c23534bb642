"""The Chromium that browser tests, benchmarks and screenshots drive, and how a machine without one gets it.

``python -m bench.browser`` makes sure that there is one: the system's Chrome or Chromium, else Playwright's own, else
Debian's package when root.
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
ARGUMENTS = (
    "--no-sandbox",  # a container's root cannot use the sandbox; only our own pages are opened
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def launch_options() -> dict[str, Any]:
    """Say how Playwright starts the browser: the system's where there is one, else its own."""
    found = next(filter(None, map(shutil.which, SYSTEM_BROWSERS)), None)
    return {"args": list(ARGUMENTS), "headless": True} | ({"executable_path": found} if found else {})


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Start a browser for one block of work and end it afterwards."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        try:
            yield browser
        finally:
            browser.close()


def opens() -> bool:
    """Try it: does a browser start and draw a page?"""
    try:
        with open_browser() as browser:
            page = browser.new_page()
            page.set_content("<title>ready</title>")
            return page.title() == "ready"
    except PlaywrightError as error:
        print(f"no browser yet: {str(error).splitlines()[0]}", file=sys.stderr)
        return False


def ensure_browser() -> None:
    """Install a browser if none starts.

    Raises:
        SystemExit: nothing worked; the message says what to install.
    """
    if opens():
        return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    if opens():
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        subprocess.run(["apt-get", "update", "-q"], check=True)
        subprocess.run(["apt-get", "install", "-y", "-q", "chromium"], check=True)
    if not opens():
        raise SystemExit("No Chromium could be started; install Chrome or Chromium and type `make test` again.")


if __name__ == "__main__":
    ensure_browser()
