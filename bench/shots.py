"""Screenshots of every page, light and dark, desktop and phone: ``make shots``.

A short run is trained first, so that the pages have something real to show. All pictures go to ``build/shots/``; the
README's own go to ``assets/screenshots/``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from bench.browser import open_browser
from bench.server import ROOT, serve
from lab.network.presets import preset
from lab.training.run_folder import list_runs
from pages.ui.link import encode_link
from pages.ui.places import PLACES

SIZES = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 375, "height": 812}}
SCHEMES = ("light", "dark")
SHOTS = ROOT / "build" / "shots"
README_SHOTS = ROOT / "assets" / "screenshots"
IN_THE_README = (
    "feature-maps",
    "map-opened",
    "build",
    "run",
    "classify",
    "convolution",
    "neurons",
    "start",
    "practise",
)
SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'


def addresses(run_id: str) -> dict[str, str]:
    """Name every picture, and say which page in which state it shows."""

    def linked(path: str, network: str = "student_cnn", **pages: dict[str, Any]) -> str:
        return f"{path}?s={encode_link(pages, preset(network))}"

    sneaker = {"source": "set", "data": "fashion-mnist", "index": 7}
    trained = {"source": f"run:{run_id}"}
    return {
        "start": "",
        **{row.url_path: row.url_path for row in PLACES if row.section in ("The maths", "Questions")},
        "build": "build",
        "build-resnet": linked("build", "resnet_small"),
        "train": "train",
        "run": linked("train", train={"run": run_id}),
        "runs": "runs",
        "feature-maps": linked("feature-maps", maps={"source": "preset:tiny_vgg"}),
        "feature-maps-run": linked("feature-maps", maps=trained, photo=sneaker),
        "feature-maps-pretrained": linked("feature-maps", maps={"source": "imagenet"}),
        "map-opened": linked("feature-maps", maps={**trained, "layer": "conv2", "channel": 3}, photo=sneaker),
        "classify": "classify",
        "classify-run": linked("classify", classify=trained, photo=sneaker),
    }


def train_something(home: Path) -> str:
    """Train the student's network for three epochs; return the run's id."""
    command = [sys.executable, "-m", "lab", "train", "student_cnn", "--data", "fashion-mnist", "--epochs", "3"]
    subprocess.run(command, cwd=ROOT, env=os.environ | {"LAB_HOME": str(home)}, check=True)
    return list_runs(home)[0].id


def wait_until_settled(page: Page) -> None:
    """Wait until Streamlit has nothing more to draw."""
    page.wait_for_selector(SETTLED, timeout=60_000)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(2_500)  # components fetch pictures and animate after the script has ended


def take_shots(url: str, pages: dict[str, str], folder: Path) -> None:
    """Take every page in every size and scheme."""
    with open_browser() as browser:
        for scheme in SCHEMES:
            for size_name, size in SIZES.items():
                context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")
                for name, path in pages.items():
                    page = context.new_page()
                    page.goto(f"{url}/{path}")
                    wait_until_settled(page)
                    page.screenshot(path=folder / f"{name}-{size_name}-{scheme}.png")
                    page.close()
                context.close()


def main() -> None:
    """Train, serve the lab, take the pictures, keep the README's."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    README_SHOTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        pages = addresses(train_something(Path(place)))
        with serve(Path(place)) as url:
            take_shots(url, pages, SHOTS)
    for name in IN_THE_README:
        shutil.copy(SHOTS / f"{name}-desktop-light.png", README_SHOTS / f"{name}.png")
    print(f"{len(list(SHOTS.glob('*.png')))} pictures in {SHOTS.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
