"""The latest runs on Start are a table that can be read aloud, and read on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bench.server import Server
from lab.network.presets import preset
from lab.training.recipe import TrainSpec
from lab.training.run_folder import create_run
from tests.browser.test_accessibility import violations

pytestmark = pytest.mark.browser

NAME = "a network with [a long](http://e.org) name"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (375, "dark")])
def test_a_run_is_a_line_with_its_head_on_a_desk_and_on_a_phone(
    lab_server: Server, new_page: Callable[..., Page], width: int, scheme: str
) -> None:
    network = preset("softmax_regression").model_copy(update={"name": NAME})
    create_run(TrainSpec(network=network, epochs=3), Path(lab_server.home))
    page = new_page(width=width, height=800, color_scheme=scheme, reduced_motion="reduce")
    page.goto(lab_server.url)
    table = page.get_by_role("table", name="Latest runs")
    expect(table.get_by_role("columnheader")).to_have_text(["Run", "Status", "Epoch", "Best test accuracy"])
    line = table.get_by_role("row").filter(has=page.get_by_role("rowheader", name=NAME)).first
    expect(line.get_by_role("rowheader")).to_contain_text("Fashion-MNIST (bundled part)")
    expect(line.get_by_role("cell").nth(1)).to_have_text("0 of 3")
    box = table.bounding_box()
    assert box
    assert box["x"] + box["width"] <= width
    assert violations(page) == []
