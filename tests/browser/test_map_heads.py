"""The heads over the columns of Feature maps can be told apart, however narrow the columns are."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from bench.server import Server
from lab.network.presets import preset
from lab.network.spec import NetworkSpec
from pages.ui import link

pytestmark = pytest.mark.browser

PLAIN = NetworkSpec.model_validate(
    {
        "name": "plain",
        "input": (1, 28, 28),
        "layers": [
            *({"id": f"conv{n}", "kind": "Conv2d", "out_channels": 16, "padding": 1} for n in (1, 2, 3)),
            {"id": "pool1", "kind": "MaxPool2d"},
            {"id": "flatten1", "kind": "Flatten"},
            {"id": "fc1", "kind": "Linear", "out_features": 10},
        ],
    }
)
NETWORKS = {network.name: network for network in (PLAIN, *map(preset, ("student_cnn", "lenet5", "tiny_vgg", "mlp")))}
# What is written, not the box around it, which may be smaller.
WRITTEN = """heads => heads.map(head => {
  const boxes = [...head.children].map(part => {
    const range = document.createRange();
    range.selectNodeContents(part);
    return range.getBoundingClientRect();
  });
  return [Math.min(...boxes.map(box => box.left)), Math.max(...boxes.map(box => box.right))];
})"""


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("width", [1280, 1920])
def test_no_head_touches_the_next(lab_server: Server, new_page: Callable[..., Page], name: str, width: int) -> None:
    network = NETWORKS[name]
    page = new_page(width=width, height=900, reduced_motion="reduce")
    page.goto(f"{lab_server.url}/feature-maps?s={link.encode_link({'maps': {'source': 'workbench'}}, network)}")
    page.locator(".host[data-shown]").wait_for()
    expect(page.locator(".column")).to_have_count(1 + len(network.layers))
    written = sorted(page.locator(".column .head").evaluate_all(WRITTEN))
    assert len(written) == 1 + len(network.layers)
    assert all(left[1] + 2 <= right[0] for left, right in pairwise(written)), written
