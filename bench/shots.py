"""Screenshots of every page, light and dark, desktop and phone: ``make shots``.

All go to ``build/shots/``; the README's own go to ``assets/screenshots/``.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from bench.browser import open_browser
from bench.server import ROOT, serve

PAGES = {
    "start": "",
    "build": "build",
    "train": "train",
    "runs": "runs",
    "feature-maps": "feature-maps",
    "classify": "classify",
}
SIZES = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 375, "height": 812}}
SCHEMES = ("light", "dark")
SHOTS = ROOT / "build" / "shots"
README_SHOTS = ROOT / "assets" / "screenshots"
IN_THE_README = {"feature-maps-desktop-light", "build-desktop-light", "train-desktop-light", "classify-desktop-light"}
SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'


def wait_until_settled(page: Page) -> None:
    """Wait until Streamlit has nothing more to draw."""
    page.wait_for_selector(SETTLED, timeout=60_000)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1_500)  # components fetch pictures and animate after the script has ended


def take_shots(url: str, folder: Path) -> None:
    """Take every page in every size and scheme."""
    with open_browser() as browser:
        for scheme in SCHEMES:
            for size_name, size in SIZES.items():
                context = browser.new_context(viewport=size, color_scheme=scheme, device_scale_factor=1)
                for name, path in PAGES.items():
                    page = context.new_page()
                    page.goto(f"{url}/{path}")
                    wait_until_settled(page)
                    page.screenshot(path=folder / f"{name}-{size_name}-{scheme}.png")
                    page.close()
                context.close()


def main() -> None:
    """Serve the lab with an example run, take the pictures, keep the README's."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    README_SHOTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home, serve(Path(home)) as url:
        take_shots(url, SHOTS)
    for name in IN_THE_README:
        shutil.copy(SHOTS / f"{name}.png", README_SHOTS / f"{name.removesuffix('-desktop-light')}.png")
    print(f"{len(list(SHOTS.glob('*.png')))} pictures in {SHOTS.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
