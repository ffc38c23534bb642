"""How close to the mouse a live control keeps its picture: ``python -m bench.live``.

For every live control of every page of "The maths" and of a layer on Build, found by its class: it is pointed at for a
moment, as a hand does before it presses, and then moved at every frame of the browser (60 times a second), and each
redrawn picture tells how old the value is that it shows. Menus, buttons and switches are changed one at a time. Before
and after each control the bare pair of components of ``bench/apps/bare_pair.py`` is moved in the same browser for the
same time; the ratios are to the mean of the two. Then a few of them once more beside a training run.

Goals: at most 1.5 × the bare pair at the median, 2 × at the 95th percentile, at least 20 pictures a second.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median, quantiles
from urllib.parse import urljoin

from playwright.sync_api import Browser, Locator, Page

from bench.browser import open_browser
from bench.server import ROOT, serve
from bench.training_kept import _wait_until_over
from lab.network.presets import preset
from lab.training import queue
from lab.training.recipe import default_recipe
from lab.training.run_folder import create_run
from pages.ui.link import encode_link
from pages.ui.places import PLACES, Place

SECONDS = 1.5
BARE_SECONDS = 1.0
SINGLE_CHANGES = 8
GOAL_MEDIAN, GOAL_P95, GOAL_RATE = 1.5, 2.0, 20.0
# Beside a training run one control of each page says enough.
CONTROLS_BESIDE_TRAINING = 1

WHOLE_PAGE = """() => document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState === 'notRunning'"""

# Moves the bare range for some seconds; returns the age of each value when its picture came, and how many came.
BARE = """async (seconds) => {
  const roots = [...document.querySelectorAll("*")].map((e) => e.shadowRoot).filter(Boolean);
  const find = (selector) => roots.map((root) => root.querySelector(selector)).find(Boolean);
  const range = find('input[type=range]'), bar = find('.bar');
  const ages = [];
  const watch = new MutationObserver(() => ages.push(performance.now() - Number(bar.dataset.at)));
  watch.observe(bar, {attributes: true, attributeFilter: ['data-drawn']});
  const began = performance.now();
  await new Promise((done) => {
    let i = 0;
    const tick = () => {
      if (performance.now() - began > seconds * 1000) { done(); return; }
      i += 1;
      range.value = 250 + 240 * Math.sin(i / 9);
      range.dispatchEvent(new Event('input', {bubbles: true}));
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  const n = ages.length;
  await new Promise((done) => setTimeout(done, 600));
  watch.disconnect();
  return {ages: ages.slice(0, n), rate: n / seconds};
}"""

# The same for a live control. A change's number is the moment it was sent, and it carries the newest value of then.
MOVE = """async (row, [seconds, nSingle]) => {
  const stage = row.closest('.live').querySelector('.live-stage');
  const slider = row.querySelector('input[type=range]');
  const box = slider ? null : row.querySelector('input[type=number]');
  const events = [], ages = [];
  const watch = new MutationObserver(() => {
    const now = performance.timeOrigin + performance.now();
    const sent = Number(stage.dataset.seq);
    const shown = events.findLast((at) => Math.floor(at) <= sent);
    if (shown !== undefined) ages.push(now - shown);
  });
  watch.observe(stage, {attributes: true, attributeFilter: ['data-drawn']});
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const mark = () => events.push(performance.timeOrigin + performance.now());
  // A hand comes from outside, rests a moment, and presses.
  row.dispatchEvent(new PointerEvent('pointerenter'));
  await pause(350);
  if (slider) slider.dispatchEvent(new PointerEvent('pointerdown', {bubbles: true}));
  if (slider || box) {
    const field = slider ?? box;
    const least = field.min === '' ? -5 : Number(field.min), most = field.max === '' ? 5 : Number(field.max);
    const step = Number(field.step) || (most - least) / 100;
    const began = performance.now();
    await new Promise((done) => {
      let i = 0;
      const tick = () => {
        if (performance.now() - began > seconds * 1000) { done(); return; }
        i += 1;
        const n = Math.max(1, Math.round((most - least) / step)), period = Math.min(2 * n, 60);
        const share = Math.abs(((i % period) / period) * 2 - 1);
        field.value = Number((least + Math.round(share * n) * step).toPrecision(10));
        mark();
        field.dispatchEvent(new Event('input', {bubbles: true}));
        requestAnimationFrame(tick);
      };
      requestAnimationFrame(tick);
    });
    const n = ages.length;
    field.dispatchEvent(new Event('change', {bubbles: true}));
    await pause(900);
    watch.disconnect();
    row.dispatchEvent(new PointerEvent('pointerleave'));
    return {ages: ages.slice(0, n), rate: n / seconds};
  }
  const menu = row.querySelector('select'), inputs = [...row.querySelectorAll('input')];
  const first = menu ? menu.selectedIndex : inputs.findIndex((input) => input.checked);
  const change = (i) => {
    if (menu) { menu.selectedIndex = (first + i) % menu.options.length; menu.dispatchEvent(new Event('change')); }
    else if (inputs.length > 1) inputs[(first + i) % inputs.length].click();
    else inputs[0].click();
  };
  for (let i = 1; i <= nSingle; i += 1) { mark(); change(i); await pause(350); }
  watch.disconnect();
  row.dispatchEvent(new PointerEvent('pointerleave'));
  return {ages, rate: null};
}"""


@dataclass(frozen=True)
class Measured:
    """One control: ages of its pictures in ms, pictures a second (``None`` for single changes), the bare ages."""

    name: str
    ages_ms: list[float]
    rate: float | None
    bare_ages_ms: list[float]

    @property
    def ratios(self) -> tuple[float, float]:
        """Median and 95th percentile, as multiples of the bare pair's."""
        return (
            median(self.ages_ms) / median(self.bare_ages_ms),
            p95(self.ages_ms) / p95(self.bare_ages_ms),
        )

    @property
    def meets(self) -> bool:
        """Whether all three goals are met."""
        at_median, at_p95 = self.ratios
        return at_median <= GOAL_MEDIAN and at_p95 <= GOAL_P95 and (self.rate is None or self.rate >= GOAL_RATE)

    def row(self) -> str:
        """One line of the table."""
        at_median, at_p95 = self.ratios
        rate = "     –" if self.rate is None else f"{self.rate:>6.1f}"
        verdict = "" if self.meets else "  misses"
        return (
            f"{self.name:<44}{median(self.ages_ms):>8.0f}{p95(self.ages_ms):>8.0f}{at_median:>8.2f}{at_p95:>8.2f}"
            f"{rate:>9}{verdict}"
        )


HEAD = f"{'control':<44}{'ms':>8}{'p95':>8}{'× bare':>8}{'p95 ×':>8}{'a second':>9}"


def p95(values: list[float]) -> float:
    """The 95th percentile; of few values the largest."""
    return quantiles(values, n=20)[-1] if len(values) > 1 else values[0]


@contextmanager
def bare_page(browser: Browser, home: Path) -> Iterator[Page]:
    """The bare pair, served and warmed up."""
    with serve(home, app=ROOT / "bench/apps/bare_pair.py") as address:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.goto(address)
        page.locator(".bar[data-drawn]").wait_for(timeout=60_000)
        page.evaluate(BARE, 0.5)
        yield page


def open_place(browser: Browser, address: str, place: Place) -> Page:
    """A page of the lab with all of its stages drawn and torch loaded."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{address}/{path_of(place)}")
    page.locator(".live-stage[data-drawn]").first.wait_for(timeout=90_000)
    # A busy machine draws the last stage of a page long after the first.
    page.wait_for_function(WHOLE_PAGE, timeout=90_000)
    page.wait_for_timeout(3_000)
    return page


def path_of(place: Place) -> str:
    """The address of a page in the state in which it is measured."""
    if place.url_path != "build":
        return place.url_path
    return f"build?s={encode_link({'build': {'selected': 'conv1'}}, preset('student_cnn'))}"


def measure_control(page: Page, bare: Page, control: Locator, name: str) -> Measured | None:
    """Move one control between two turns of the bare pair; ``None`` if it changes nothing that can be seen."""
    bare.bring_to_front()
    before = bare.evaluate(BARE, BARE_SECONDS)
    page.bring_to_front()
    control.scroll_into_view_if_needed()
    control.evaluate(MOVE, [0.4, 2])  # the first time pays for caches
    took = control.evaluate(MOVE, [SECONDS, SINGLE_CHANGES])
    bare.bring_to_front()
    after = bare.evaluate(BARE, BARE_SECONDS)
    page.bring_to_front()
    if not took["ages"]:
        return None
    return Measured(name, took["ages"], took["rate"], before["ages"] + after["ages"])


def measure_place(page: Page, bare: Page, place: Place, most: int | None = None) -> list[Measured]:
    """Measure the controls of a page one after the other, each from the page's first state."""
    rows: list[Measured] = []
    n_controls = page.locator(".live-control").count()
    for i in range(n_controls):
        control = page.locator(".live-control").nth(i)
        if control.count() == 0 or not control.is_visible() or (most is not None and len(rows) >= most):
            continue
        field, kind = control.get_attribute("data-field"), control.get_attribute("data-kind")
        if most is not None and kind != "slider":
            continue
        # By its name: a control that brings others with it does not stay the one at this place.
        control = page.locator(f".live-control[data-field='{field}']").nth(_n_before(page, i, field))
        measured = measure_control(page, bare, control, f"{place.title}: {field} ({kind})")
        if measured:
            rows.append(measured)
            print(measured.row(), flush=True)
        _reset(page, place)
    return rows


def _n_before(page: Page, index: int, field: str | None) -> int:
    """How many of the controls before this one have its name, in other stages."""
    names = page.locator(".live-control").evaluate_all("(found) => found.map((control) => control.dataset.field)")
    return int(names[:index].count(field))


def _reset(page: Page, place: Place) -> None:
    """Take the page back to its first state, so that every control is measured in the same."""
    button = page.get_by_role("button", name="Back to the start").first
    if button.is_visible():
        button.evaluate("(button) => button.click()")
        page.wait_for_timeout(700)
        return
    page.goto(urljoin(page.url, path_of(place)))
    page.locator(".live-stage[data-drawn]").first.wait_for(timeout=90_000)
    page.wait_for_timeout(1_500)


@contextmanager
def training_beside(home: Path) -> Iterator[None]:
    """A long run of ``student_cnn`` by its worker, as in the lab."""
    recipe = default_recipe(preset("student_cnn")).model_copy(update={"epochs": 1000, "schedule": "constant"})
    run = create_run(recipe.model_copy(update={"lr": 0.01}), home)
    queue.submit(run)
    try:
        yield
    finally:
        run.stop()
        _wait_until_over(run)


def measure_all(browser: Browser, places: list[Place]) -> list[Measured]:
    """All controls without a training run, then one of each page beside one."""
    rows: list[Measured] = []
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        serve(Path(folder) / "lab") as address,
        bare_page(browser, Path(folder) / "bare") as bare,
    ):
        print(HEAD, flush=True)
        for place in places:
            page = open_place(browser, address, place)
            rows += measure_place(page, bare, place)
            page.close()
        print("beside a training run:", flush=True)
        with training_beside(Path(folder) / "lab"):
            for place in places:
                page = open_place(browser, address, place)
                rows += measure_place(page, bare, place, CONTROLS_BESIDE_TRAINING)
                page.close()
    return rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="live controls against a bare pair of components, as ratios")
    parser.add_argument("--pages", nargs="*", help="addresses of pages; Build and all of The maths by default")
    wanted = parser.parse_args().pages
    measured = [row for row in PLACES if row.section == "The maths" or row.url_path == "build"]
    places = [row for row in measured if not wanted or row.url_path in wanted]
    with open_browser() as browser:
        rows = measure_all(browser, places)
    bare_ms = mean(median(row.bare_ages_ms) for row in rows)
    n_good = sum(row.meets for row in rows)
    print(f"the bare pair itself: {bare_ms:.0f} ms behind the mouse at the median")
    print(f"{n_good} of {len(rows)} within the goals: 1.5 × at the median, 2 × at the 95th percentile, 20 a second")


if __name__ == "__main__":
    main()
