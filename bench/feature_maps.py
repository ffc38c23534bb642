"""How fast maps are on the screen: ``python -m bench.feature_maps``.

1. 64 feature maps of 28 × 28 redrawn as one palette mosaic, against 64 ``st.image`` calls: key press to the last
   decoded picture, in turns, in one Chromium (goal: at least 8 × faster).
2. ``tiny_vgg`` on the Feature maps page: from choosing a picture to all maps drawn (goal: at most 0.7 s; CNN Explainer
   took 1.44 s in the same browser), and from a click on a map to its detail.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page

from bench.browser import open_browser
from bench.server import ROOT, serve
from lab.data.photo import sample_photos
from lab.network.presets import preset
from pages.ui import link

PAUSE_MS = 250

# Resolves with the milliseconds from the next key press until `n` pictures have changed and are decoded.
WATCH_PICTURES = """([selector, n]) => {
  const sources = () => [...document.querySelectorAll(selector)].map((image) => image.src);
  const before = new Set(sources());
  window.benchTook = new Promise((resolve) => {
    addEventListener('keydown', () => {
      const pressed = performance.now();
      const look = async () => {
        const images = [...document.querySelectorAll(selector)];
        const fresh = images.length === n && images.every((image) => !before.has(image.src) && image.complete);
        if (!fresh) { requestAnimationFrame(look); return; }
        await Promise.all(images.map((image) => image.decode()));
        resolve(performance.now() - pressed);
      };
      requestAnimationFrame(look);
    }, {once: true, capture: true});
  });
}"""

# Resolves with the milliseconds from the next click until the drawing has another key (or its detail) and was painted.
WATCH_DRAWING = """(what) => {
  const host = [...document.querySelectorAll('*')].map((e) => e.shadowRoot?.querySelector('.host')).find(Boolean);
  const before = host.dataset.shown;
  const done = () => what === 'maps' ? host.dataset.shown !== before : !host.querySelector('.overlay').hidden;
  window.benchTook = new Promise((resolve) => {
    addEventListener('click', () => {
      const pressed = performance.now();
      const look = () => {
        if (!done()) { requestAnimationFrame(look); return; }
        requestAnimationFrame(() => resolve(performance.now() - pressed));
      };
      requestAnimationFrame(look);
    }, {once: true, capture: true});
  });
}"""


def redraw_ms(page: Page, selector: str, n_pictures: int) -> float:
    """Press one key and measure until all pictures have changed."""
    page.locator(".st-key-turn input").focus()
    page.evaluate(WATCH_PICTURES, [selector, n_pictures])
    page.keyboard.press("ArrowUp")
    took_ms = float(page.evaluate("window.benchTook"))
    page.wait_for_timeout(PAUSE_MS)
    return took_ms


def measure_mosaic(browser: Browser, rounds: int) -> list[str]:
    """Let the mosaic and the 64 pictures take turns; return the rows."""
    with tempfile.TemporaryDirectory() as place, serve(Path(place), app=ROOT / "bench/apps/maps_page.py") as address:
        measured = {"one mosaic": ("img.maps", 1), "64 st.image": ("[data-testid=stImage] img", 64)}
        pages: dict[str, Page] = {}
        for name, path in (("one mosaic", ""), ("64 st.image", "?as=images")):
            pages[name] = browser.new_page(viewport={"width": 1280, "height": 1000})
            pages[name].goto(f"{address}/{path}")
            pages[name].locator(measured[name][0]).first.wait_for(timeout=60_000)
            pages[name].wait_for_timeout(2_000)
            redraw_ms(pages[name], *measured[name])
        took: dict[str, list[float]] = {name: [] for name in pages}
        for _ in range(rounds):
            for name, page in pages.items():
                page.bring_to_front()
                took[name].append(redraw_ms(page, *measured[name]))
    ratio = median(slow / fast for slow, fast in zip(took["64 st.image"], took["one mosaic"], strict=True))
    rows = [f"{'64 maps redrawn, as':<42}{'ms':>8}"]
    rows += [f"{name:<42}{median(times):>8.1f}" for name, times in took.items()]
    return [*rows, f"64 st.image / one mosaic: {ratio:.1f} (goal: at least 8)"]


def after_click_ms(page: Page, selector: str, what: str) -> float:
    """Click and measure until the drawing shows what was asked for."""
    target = page.locator(selector).first
    target.scroll_into_view_if_needed()
    page.evaluate(WATCH_DRAWING, what)
    target.click()
    took_ms = float(page.evaluate("window.benchTook"))
    page.wait_for_timeout(PAUSE_MS)
    return took_ms


def measure_page(browser: Browser, rounds: int) -> list[str]:
    """Choose pictures for tiny_vgg, and open maps."""
    with tempfile.TemporaryDirectory() as place, serve(Path(place)) as address:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        state = link.encode_link({"maps": {"source": "preset:tiny_vgg"}}, preset("tiny_vgg"))
        page.goto(f"{address}/feature-maps?s={state}")
        page.locator(".host[data-shown]").wait_for(timeout=60_000)
        page.wait_for_timeout(4_000)  # torch's import in the background has ended
        names = [photo.name for photo in sample_photos()]
        pictures, details = [], []
        for turn in range(1, rounds + 2):  # the first picture is on screen already; the first round is not counted
            pictures.append(after_click_ms(page, f'.thumbnail[data-name="{names[turn % len(names)]}"]', "maps"))
            details.append(after_click_ms(page, '.tile[data-layer="conv_2_2"]', "detail"))
            page.keyboard.press("Escape")
            page.locator(".overlay").wait_for(state="hidden")
            page.wait_for_timeout(PAUSE_MS)
    return [
        f"{'tiny_vgg, Feature maps page':<42}{'ms':>8}{'largest':>10}",
        f"{'picture chosen to all maps drawn':<42}{median(pictures[1:]):>8.0f}{max(pictures[1:]):>10.0f}",
        f"{'map clicked to its detail':<42}{median(details[1:]):>8.0f}{max(details[1:]):>10.0f}",
        "goal: all maps in at most 700 ms",
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="speed of the feature maps, as ratios of interleaved runs")
    parser.add_argument("--rounds", type=int, default=15, help="redraws of each page")
    rounds = parser.parse_args().rounds
    with open_browser() as browser:
        print("\n".join(measure_mosaic(browser, rounds)), flush=True)
        print("\n".join(measure_page(browser, rounds)), flush=True)


if __name__ == "__main__":
    main()
