"""The page as a whole: known networks, links, files, code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from lab.network.presets import preset
from lab.network.spec import NetworkSpec
from tests.browser.build.build_page import conv1_channels, metric, row

pytestmark = pytest.mark.browser


def test_a_known_network_is_taken_from_the_gallery_and_undo_brings_the_old_one_back(build: Page) -> None:
    build.get_by_role("button", name="New network").click()
    build.get_by_role("button", name="LeNet-5").click()
    expect(metric(build, "Parameters")).to_have_text("61,706")
    expect(build.get_by_role("dialog")).to_have_count(0)
    build.get_by_role("button", name="Undo").click()
    expect(metric(build, "Parameters")).to_have_text("421,642")


def test_an_empty_network_is_one_click_in_the_gallery(build: Page) -> None:
    build.get_by_role("button", name="New network").click()
    build.get_by_role("button", name="Empty").click()
    expect(build.get_by_role("dialog")).to_have_count(0)
    expect(build.locator("tr.row")).to_have_count(1)
    expect(metric(build, "Parameters")).to_have_text("0")


def test_a_reload_and_a_copied_link_show_the_same_network(build: Page, new_page: Callable[..., Page]) -> None:
    row(build, "conv1").click()
    build.get_by_role("spinbutton", name="out_channels").fill("12")
    build.get_by_role("spinbutton", name="out_channels").press("Enter")
    expect(row(build, "conv1").locator(".output")).to_have_text("12×28×28")
    build.wait_for_url(lambda url: conv1_channels(url) == 12)
    build.reload()
    expect(row(build, "conv1").locator(".output")).to_have_text("12×28×28")
    expect(row(build, "conv1")).to_have_attribute("aria-selected", "true")
    build.get_by_role("button", name="Share").click()
    expect(build.get_by_role("button", name="Copy", exact=True)).to_be_visible()
    address = build.get_by_test_id("stCode").filter(has_text="http").inner_text().strip()
    other = new_page()
    other.goto(address)
    expect(row(other, "conv1").locator(".output")).to_have_text("12×28×28")


def test_a_network_is_saved_to_a_file_and_loaded_again(build: Page, tmp_path: Path) -> None:
    build.get_by_role("button", name="File").click()
    with build.expect_download() as download:
        build.get_by_role("button", name="Save the network").click()
    saved = tmp_path / "saved.json"
    download.value.save_as(saved)
    assert NetworkSpec.from_json(saved.read_text()) == preset("student_cnn")
    other = tmp_path / "other.json"
    other.write_text(preset("lenet5").to_json())
    build.locator("input[type=file]").set_input_files(other)
    expect(metric(build, "Parameters")).to_have_text("61,706")


def test_a_file_that_is_no_network_is_told_in_one_sentence(build: Page, tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text('{"name": "x", "input": [1, 8, 8], "evil": true}')
    build.get_by_role("button", name="File").click()
    build.locator("input[type=file]").set_input_files(bad)
    expect(build.get_by_test_id("stPopoverBody").get_by_role("alert")).to_contain_text("has no field evil")
    expect(build.get_by_test_id("stToast")).to_have_count(0)
    expect(metric(build, "Parameters")).to_have_text("421,642")


def test_the_code_view_offers_each_language_and_onnx(build: Page) -> None:
    build.get_by_role("radio", name="Code").click()
    expect(build.get_by_test_id("stCode")).to_contain_text("nn.Conv2d(")
    expect(build.get_by_role("button", name="Copy", exact=True)).to_be_visible()
    build.get_by_role("radio", name="Keras").click()
    expect(build.get_by_test_id("stCode")).to_contain_text("layers.Conv2D(")
    with build.expect_download() as download:
        build.get_by_role("button", name="Download student_cnn_keras.py").click()
    assert download.value.suggested_filename == "student_cnn_keras.py"
