"""How much of its speed a training run keeps while pages watch it and somebody clicks.

One long run of ``student_cnn`` on the bundled images, trained by its worker as in the lab; windows of some seconds take
turns: no page open, a page with live curves open, and that page with five clicks a second on the confusion matrix.
"""

from __future__ import annotations

import tempfile
import time
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
SETTLE_S = 1.0


def steps_per_s(run: Run, page: Page | None, *, window_s: float, clicks: bool) -> float:
    """Steps a second over one window, from the worker's own signs of life."""
    _pass_time(page, SETTLE_S, clicks=clicks)
    before = read_pulse(run.path)
    _pass_time(page, window_s, clicks=clicks)
    after = read_pulse(run.path)
    if before is None or after is None or after.heartbeat <= before.heartbeat:
        raise RuntimeError(f"the worker gives no sign of life: {run.log(5)}")
    return (after.step - before.step) / (after.heartbeat - before.heartbeat)


def _pass_time(page: Page | None, seconds: float, *, clicks: bool) -> None:
    """Wait, or click five times a second, each click on another cell."""
    end, n = time.monotonic() + seconds, 0
    while (left := end - time.monotonic()) > 0:
        if page is not None and clicks:
            cell = page.locator(f'td[data-row="{n % 10}"][data-column="{n * 3 % 10}"]')
            cell.dispatch_event("click")
        n += 1
        time.sleep(min(left, 1 / CLICKS_PER_SECOND))


def measure_training_kept(browser: Browser, window_s: float) -> list[str]:
    """Train, watch and click in turns; return the rows of the table."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        home = Path(place)
        recipe = default_recipe(preset("student_cnn")).model_copy(update={"epochs": 1000, "schedule": "constant"})
        run = create_run(recipe.model_copy(update={"lr": 0.01}), home)
        queue.submit(run)
        try:
            with serve(home) as address:
                took = _in_turns(
                    browser,
                    f"{address}/train?s={encode_link({'train': {'run': run.id}}, recipe.network)}",
                    run,
                    window_s,
                )
        finally:
            run.stop()
            _wait_until_over(run)
    return _rows(took)


def _in_turns(browser: Browser, address: str, run: Run, window_s: float) -> dict[str, list[float]]:
    _open(browser, address).close()  # the first page pays for imports
    took: dict[str, list[float]] = {"no page open": [], "live curves open": [], "live curves, five clicks a second": []}
    for _ in range(ROUNDS):
        took["no page open"].append(steps_per_s(run, None, window_s=window_s, clicks=False))
        page = _open(browser, address)
        took["live curves open"].append(steps_per_s(run, page, window_s=window_s, clicks=False))
        took["live curves, five clicks a second"].append(steps_per_s(run, page, window_s=window_s, clicks=True))
        page.close()
    return took


def _open(browser: Browser, address: str) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(address)
    page.locator('td[data-row="0"]').first.wait_for(timeout=60_000)
    return page


def _wait_until_over(run: Run) -> None:
    end = time.monotonic() + 30
    while has_live_worker(run.path) and time.monotonic() < end:
        time.sleep(0.2)


def _rows(took: dict[str, list[float]]) -> list[str]:
    alone = took["no page open"]
    rows = [f"{'training beside the page':<42}{'steps/s':>9}{'kept':>7}"]
    for name, speeds in took.items():
        kept = median(a / b for a, b in zip(speeds, alone, strict=True))
        rows.append(f"{name:<42}{median(speeds):>9.1f}{kept:>7.2f}")
    return [*rows, "goal: at least 0.85 kept while somebody clicks five times a second"]
