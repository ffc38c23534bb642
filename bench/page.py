"""How fast a page answers: ``python -m bench.page`` prints ratios of interleaved measurements in one Chromium.

Three questions, each with its goal (speed.md says where they come from):

1. Key press to changed page: ours against an empty page of the same configuration (at most 1.5 ×), and against a
   default-configured page with torch and torchvision imported (at least 4 × faster).
2. Cold start: spawn of the server to the first page on screen, ours against a page with torch and torchvision
   imported on top (at most 0.5 ×).
3. Training speed kept while somebody clicks five times a second (at least 0.85).

All configurations take turns; a ratio is the median of the ratios of neighbours.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page

from bench.browser import open_browser
from bench.server import ROOT, serve
from bench.training_kept import measure_training_kept
from lab.network.presets import preset
from pages.ui.link import encode_link

APPS = ROOT / "bench" / "apps"
FIRST_HEADING = "document.querySelector('h1')?.getClientRects().length"
LAST_LINE = "[...document.querySelectorAll('h2')].at(-1)?.textContent === 'This machine'"
PAUSE_MS = 250  # between two key presses, so that one rerun has ended before the next starts

# Resolves with the milliseconds from the next key press to the first change of the watched text, which may stand in a
# component of ours, whose shadow root neither selectors nor observers of the page look into.
WATCH = """(selector) => {
  const hosts = [...document.querySelectorAll('[class*=st-key] *')].filter((e) => e.shadowRoot);
  const roots = [document, ...hosts.map((e) => e.shadowRoot)];
  const text = () => roots.flatMap((root) => [...root.querySelectorAll(selector)]).map((e) => e.textContent).join('|');
  const before = text();
  window.benchTook = new Promise((resolve) => {
    let pressed = null;
    addEventListener('keydown', () => { pressed = performance.now(); }, {once: true, capture: true});
    const observer = new MutationObserver(() => {
      if (pressed !== null && text() !== before) { observer.disconnect(); resolve(performance.now() - pressed); }
    });
    const all = {subtree: true, childList: true, characterData: true, attributes: true};
    for (const root of roots) observer.observe(root, all);
  });
}"""


@dataclass(frozen=True)
class Interaction:
    """One thing a user does: ``keys`` in turn on the element ``focus``; ``watch`` is the text that changes."""

    name: str
    path: str
    focus: str
    keys: tuple[str, ...]
    watch: str


SLIDER = ("ArrowRight", "ArrowLeft")
EMPTY_SLIDER = Interaction("slider", "", ".st-key-value input[type=range]", SLIDER, "[data-testid=stText]")
EMPTY_BUTTON = Interaction("button", "", ".st-key-add button", ("Enter",), "[data-testid=stText]")
BUILD_CONV1 = f"build?s={encode_link({'build': {'selected': 'conv1'}}, preset('student_cnn'))}"
OURS = (
    Interaction("Train, epochs slider", "train", "[data-field=epochs] input[type=range]", SLIDER, ".recipe-cost"),
    Interaction("Build, next layer chosen", "build", ".drawing [role=listbox]", SLIDER, ".panel h2"),
    Interaction(
        "Build, a field changed", BUILD_CONV1, "[data-field='conv1.out_channels'] [type=range]", SLIDER, ".totals"
    ),
)


def press(page: Page, interaction: Interaction, turn: int) -> float:
    """Press one key and return the milliseconds until the page showed the change."""
    page.locator(interaction.focus).first.focus()
    page.evaluate(WATCH, interaction.watch)
    page.keyboard.press(interaction.keys[turn % len(interaction.keys)])
    took_ms = float(page.evaluate("window.benchTook"))
    page.wait_for_timeout(PAUSE_MS)
    return took_ms


def opened(browser: Browser, address: str, interaction: Interaction) -> Page:
    """Open the page of an interaction and press each key once, so that nothing measured is a first time."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{address}/{interaction.path}")
    page.locator(interaction.focus).first.wait_for(timeout=60_000)
    page.wait_for_timeout(4_000)  # torch's import in the background has ended
    for turn in range(2):
        press(page, interaction, turn)
    return page


def median_ratio(numerators: list[float], denominators: list[float]) -> float:
    """Give the median of the pairwise ratios of neighbouring measurements.

    Examples:
        >>> median_ratio([10.0, 30.0, 20.0], [10.0, 10.0, 10.0])
        2.0
    """
    return median(a / b for a, b in zip(numerators, denominators, strict=True))


def measure_interactions(browser: Browser, rounds: int) -> list[str]:
    """Measure every interaction, in turns, and return the rows of the table."""
    with ExitStack() as stack:
        homes = [Path(stack.enter_context(tempfile.TemporaryDirectory())) for _ in range(3)]
        ours = stack.enter_context(serve(homes[0]))
        empty = stack.enter_context(serve(homes[1], app=APPS / "empty_page.py"))
        # A folder without .streamlit/config.toml: everything as it comes.
        plain = stack.enter_context(serve(homes[2], app=APPS / "torch_page.py", cwd=homes[2]))
        measured = [(f"ours: {one.name}", ours, one) for one in OURS]
        measured += [("empty page, same configuration", empty, EMPTY_SLIDER), ("empty, button", empty, EMPTY_BUTTON)]
        measured += [("default page with torch, torchvision", plain, EMPTY_SLIDER)]
        pages = [(name, opened(browser, address, one), one) for name, address, one in measured]
        took: dict[str, list[float]] = {name: [] for name, _, _ in pages}
        for turn in range(rounds):
            for name, page, one in pages:
                page.bring_to_front()
                took[name].append(press(page, one, turn))
        for _, page, _ in pages:
            page.close()
    return interaction_rows(took)


def interaction_rows(took: dict[str, list[float]]) -> list[str]:
    """Write one row a configuration: median milliseconds, ratio to the empty page, times faster than the default."""
    empty, plain = took["empty page, same configuration"], took["default page with torch, torchvision"]
    rows = [f"{'key press to changed page':<42}{'ms':>8}{'/ empty':>10}{'default /':>11}"]
    for name, times in took.items():
        ratio, faster = median_ratio(times, empty), median_ratio(plain, times)
        rows.append(f"{name:<42}{median(times):>8.1f}{ratio:>10.2f}{faster:>11.2f}")
    return [*rows, "goals: ours / empty at most 1.5 without computation; default / ours at least 4"]


def cold_start_ms(browser: Browser, script: Path, home: Path, shown: str = FIRST_HEADING) -> float:
    """Measure from the spawn of a server to what is ``shown`` on screen, a condition in JavaScript, in milliseconds."""
    began = time.perf_counter()
    with serve(home, app=script) as address:
        page = browser.new_page()
        page.goto(address)
        # Asked at every frame: waiting for a locator asks again after up to half a second.
        page.wait_for_function(shown, timeout=60_000)
        took_ms = (time.perf_counter() - began) * 1000
        page.close()
    return took_ms


def measure_cold_start(browser: Browser, rounds: int) -> list[str]:
    """Start our lab and the page with torch on top in turns; return the rows."""
    with tempfile.TemporaryDirectory() as place:
        home = Path(place)
        configurations: tuple[tuple[str, Callable[[], float]], ...] = (
            ("ours", lambda: cold_start_ms(browser, ROOT / "app.py", home)),
            ("ours, down to the last line", lambda: cold_start_ms(browser, ROOT / "app.py", home, LAST_LINE)),
            ("torch, torchvision on top", lambda: cold_start_ms(browser, APPS / "torch_page.py", home)),
            ("empty page", lambda: cold_start_ms(browser, APPS / "empty_page.py", home)),
        )
        took: dict[str, list[float]] = {name: [] for name, _ in configurations}
        for turn in range(rounds + 1):
            for name, run in configurations:
                value = run()
                if turn:  # the first round fills the file cache
                    took[name].append(value)
    rows = [f"{'cold start to first page':<42}{'s':>8}{'/ torch on top':>16}"]
    for name, times in took.items():
        ratio = median_ratio(times, took["torch, torchvision on top"])
        rows.append(f"{name:<42}{median(times) / 1000:>8.2f}{ratio:>16.2f}")
    return [*rows, "goal: ours at most 0.5 of torch on top"]


def main() -> None:
    """Measure what was asked for and print the tables."""
    parser = argparse.ArgumentParser(description="page speed, as ratios of interleaved runs")
    parser.add_argument("--rounds", type=int, default=20, help="key presses for each page")
    parser.add_argument("--starts", type=int, default=3, help="cold starts for each app")
    parser.add_argument("--window-s", type=float, default=8.0, help="seconds of training in each window")
    parser.add_argument("--only", choices=("interaction", "start", "training"), help="one of the three")
    arguments = parser.parse_args()
    with open_browser() as browser:
        if arguments.only in (None, "interaction"):
            print("\n".join(measure_interactions(browser, arguments.rounds)), flush=True)
        if arguments.only in (None, "start"):
            print("\n".join(measure_cold_start(browser, arguments.starts)), flush=True)
        if arguments.only in (None, "training"):
            print("\n".join(measure_training_kept(browser, arguments.window_s)), flush=True)


if __name__ == "__main__":
    main()
