"""How much of its speed a training run keeps while somebody uses the pages beside it.

One long run of ``student_cnn`` on the bundled images, trained by its worker as in the lab (lowest priority, a core left
to the pages). Windows of some seconds take turns, each with clicks beside one without; their order changes from round
to round, so that neither profits from what the machine does besides. Browser and benchmark run on the same machine and
are part of what training loses to.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page

from bench.server import serve
from lab.network.presets import preset
from lab.training import queue
from lab.training.recipe import default_recipe
from lab.training.run_folder import Run, create_run
from lab.training.run_status import has_live_worker, read_pulse
from pages.ui.link import encode_link

CLICKS_PER_SECOND = 5
ROUNDS = 4
SETTLE_S = 1.5
NO_PAGE, CLICKED = "no page open", ", five clicks a second"

Click = Callable[[Page, int], None]


def move_slider(page: Page, turn: int) -> None:
    """Move Train's slider of epochs to and fro: the recipe, its cost and its button are drawn anew."""
    slider = page.locator("[data-field=epochs] input[type=range]").first
    slider.press("ArrowLeft" if turn % 2 else "ArrowRight")


def choose_cell(page: Page, turn: int) -> None:
    """Choose another cell of the confusion matrix: its images are looked up and drawn."""
    page.locator(f'td[data-row="{turn % 10}"][data-column="{turn * 3 % 10}"]').dispatch_event("click")


@dataclass(frozen=True)
class Place:
    """A page, what says that it is there, and what is clicked on it."""

    name: str
    ready: str
    click: Click


SETUP = Place("first screen, its slider", "[data-field=epochs] input[type=range]", move_slider)
LIVE = Place("live curves, confusion matrix", 'td[data-row="0"]', choose_cell)


def images_per_s(run: Run, page: Page | None, *, window_s: float, click: Click | None) -> float:
    """Images processed a second over one window, evaluation included, from the worker's own signs of life."""
    _pass_time(page, SETTLE_S, click)
    before = read_pulse(run.path)
    _pass_time(page, window_s, click)
    after = read_pulse(run.path)
    if before is None or after is None or after.heartbeat <= before.heartbeat:
        raise RuntimeError(f"the worker gives no sign of life: {run.log(5)}")
    return run.spec().batch_size * (after.step - before.step) / (after.heartbeat - before.heartbeat)


def _pass_time(page: Page | None, seconds: float, click: Click | None) -> None:
    """Wait, or click five times a second; a click that takes long does not make the next ones fewer."""
    began, n = time.monotonic(), 0
    while (now := time.monotonic() - began) < seconds:
        if page is not None and click is not None:
            click(page, n)
        n += 1
        now = time.monotonic() - began
        time.sleep(max(0.0, min(seconds, n / CLICKS_PER_SECOND) - now))


def measure_training_kept(browser: Browser, window_s: float) -> list[str]:
    """Train, watch and click in turns; return the rows of the table."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        home = Path(place)
        recipe = default_recipe(preset("student_cnn")).model_copy(update={"epochs": 1000, "schedule": "constant"})
        run = create_run(recipe.model_copy(update={"lr": 0.01}), home)
        queue.submit(run)
        try:
            with serve(home) as address:
                live = f"{address}/train?s={encode_link({'train': {'run': run.id}}, recipe.network)}"
                took = _in_turns(browser, {SETUP: f"{address}/train", LIVE: live}, run, window_s)
        finally:
            run.stop()
            _wait_until_over(run)
    return _rows(took)


def _in_turns(browser: Browser, addresses: dict[Place, str], run: Run, window_s: float) -> dict[str, list[float]]:
    for place, address in addresses.items():
        _open(browser, place, address).close()  # the first page pays for imports
    took: dict[str, list[float]] = {NO_PAGE: []}
    for turn in range(ROUNDS):
        took[NO_PAGE].append(images_per_s(run, None, window_s=window_s, click=None))
        for place, address in addresses.items():
            page = _open(browser, place, address)
            for clicks in (False, True) if turn % 2 else (True, False):
                speed = images_per_s(run, page, window_s=window_s, click=place.click if clicks else None)
                took.setdefault(f"{place.name}{CLICKED if clicks else ''}", []).append(speed)
            page.close()
    return took


def _open(browser: Browser, place: Place, address: str) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(address)
    page.locator(place.ready).first.wait_for(timeout=60_000)
    return page


def _wait_until_over(run: Run) -> None:
    end = time.monotonic() + 30
    while has_live_worker(run.path) and time.monotonic() < end:
        time.sleep(0.2)


def _rows(took: dict[str, list[float]]) -> list[str]:
    """Write a row a situation; with clicks also what is kept of the same page without."""
    rows = [f"{'training beside the page':<54}{'images/s':>9}{'kept':>7}{'of no page':>12}"]
    for place in ("", SETUP.name, LIVE.name):
        quiet = took[place or NO_PAGE]
        for name, still in ((place or NO_PAGE, None), (f"{place}{CLICKED}", quiet)):
            if name in took:
                kept = f"{_median_ratio(took[name], still):>7.2f}" if still else " " * 7
                of_none = _median_ratio(took[name], took[NO_PAGE])
                rows.append(f"{name:<54}{median(took[name]):>9,.0f}{kept}{of_none:>12.2f}")
    return [*rows, "goal: at least 0.85 kept while somebody clicks five times a second"]


def _median_ratio(speeds: list[float], still: list[float]) -> float:
    return median(a / b for a, b in zip(speeds, still, strict=True))
