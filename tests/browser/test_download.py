"""A set on demand fetched in a real browser: the bar moves by itself, the lab goes on, and it can be called off."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from bench.server import Server
from lab.data.catalogue import DATA_SETS
from tests.lab.data.publisher import Publisher, idx, md5, publishing

pytestmark = pytest.mark.browser

# Python runs a module of this name when it starts: the server's torchvision has our addresses and checksums.
SITECUSTOMIZE = """
import importlib.util, sys

class Elsewhere:
    def find_spec(self, name, path, target=None):
        if name != "torchvision.datasets.mnist":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        execute = spec.loader.exec_module
        def exec_module(module):
            execute(module)
            module.MNIST.mirrors, module.MNIST.resources = {mirrors}, {resources}
        spec.loader.exec_module = exec_module
        return spec

sys.meta_path.insert(0, Elsewhere())
"""
NOISE_PX = 155  # pixels of each image that do not get smaller when packed: as many bytes as the real set


def published_mnist() -> dict[str, bytes]:
    """As many images as MNIST has, in its format and of its size: noise above, blank below."""
    files, row = {}, DATA_SETS["mnist"]
    for prefix, n_images in (("train", row.n_train), ("t10k", row.n_test)):
        pixels = np.zeros((n_images, 784), np.uint8)
        pixels[:, :NOISE_PX] = np.random.default_rng(0).integers(0, 256, (n_images, NOISE_PX))
        files[f"{prefix}-images-idx3-ubyte.gz"] = idx(pixels.reshape(n_images, 28, 28))
        files[f"{prefix}-labels-idx1-ubyte.gz"] = idx(np.arange(n_images) % 10)
    return files


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    with publishing(monkeypatch) as publisher:
        publisher.files.update(published_mnist())
        publisher.is_open.clear()
        yield publisher


@pytest.fixture
def server(slow: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server whose torchvision fetches from ``slow``."""
    resources = [[name, md5(content)] for name, content in slow.files.items()]
    script = SITECUSTOMIZE.replace("{mirrors}", json.dumps([slow.url])).replace("{resources}", json.dumps(resources))
    (tmp_path / "sitecustomize.py").write_text(script)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    server = Server(tmp_path / "lab-home")
    server.start()
    yield server
    server.stop()


def choose_mnist(page: Page) -> None:
    page.get_by_role("combobox", name="Data set").click()
    page.get_by_role("option", name="MNIST", exact=True).click()


def test_the_bar_moves_by_itself_the_lab_goes_on_and_a_cancelled_download_can_be_begun_again(
    slow: Publisher, server: Server, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    page.goto(f"{server.url}/train")
    choose_mnist(page)
    page.get_by_role("button", name="Download 11 MiB").click()
    bar = page.get_by_test_id("stProgress")
    expect(bar).to_contain_text("MiB of 11 MiB")
    first = bar.inner_text()
    expect(bar).not_to_have_text(first)
    page.get_by_role("link", name="Convolution", exact=True).click()
    expect(page.locator(".live-stage[data-drawn]").first).to_be_visible()
    page.get_by_role("link", name="Train", exact=True).click()
    expect(bar).to_contain_text("MiB of 11 MiB")
    page.get_by_role("button", name="Cancel the download").click()
    expect(page.get_by_text("The download was cancelled; nothing of it was kept.")).to_be_visible()
    slow.is_open.set()
    page.get_by_role("button", name="Download 11 MiB").click()
    expect(page.get_by_alt_text("8 training images of 7")).to_be_visible()
