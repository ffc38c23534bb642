"""The parts of the Build page, as its tests find and drag them."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Locator, Page

from lab.network.presets import preset
from pages.ui import link


def row(page: Page, layer_id: str) -> Locator:
    """The line of this layer in the list."""
    return page.locator(f"tr.row[data-id={layer_id}]")


def ids(page: Page) -> list[str]:
    """The layers as the list shows them."""
    found: list[str] = page.locator("tr.row").evaluate_all("rows => rows.map(row => row.dataset.id)")
    return found


def metric(page: Page, label: str) -> Locator:
    """One of the four numbers of the whole network."""
    return page.locator(f'.total:has(dt span:text-is("{label}")) .total-value')


def field(page: Page, name: str) -> Locator:
    """The control of a field of the chosen layer, ``conv1.stride``."""
    return page.locator(f'.live-control[data-field="{name}"]')


def drag(page: Page, slider: Locator, shift: int, steps: int = 20) -> None:
    """Press on a slider's thumb and move; the button stays down."""
    box = slider.bounding_box()
    assert box
    share = float(slider.evaluate("(range) => (range.value - range.min) / (range.max - range.min)"))
    x, y = box["x"] + 10 + share * (box["width"] - 20), box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for i in range(1, steps + 1):
        page.mouse.move(x + shift * i / steps, y)
        page.wait_for_timeout(16)


def linked(layer_id: str, name: str, url: str) -> Any:
    """A field of the network in an address."""
    found = re.search(r"[?&]s=([\w-]+)", url)
    network = link.decode_link(found[1]).network if found else None
    return getattr((network or preset("student_cnn")).layer(layer_id), name)


def conv1_channels(url: str) -> int:
    """The output channels of conv1 in an address."""
    return int(linked("conv1", "out_channels", url))
