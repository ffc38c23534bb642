"""Building a network in a real Chromium: by mouse, by keyboard alone, with undo, and nothing lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from lab.network.presets import preset
from lab.network.spec import NetworkSpec
from pages.ui import link

pytestmark = pytest.mark.browser


@pytest.fixture
def build(lab_server, new_page: Callable[..., Page]) -> Page:
    """The Build page with the network that everybody begins with."""
    page = new_page()
    page.goto(f"{lab_server.url}/build")
    expect(row(page, "fc2")).to_be_visible()
    return page


def row(page: Page, layer_id: str) -> Locator:
    return page.locator(f"tr.row[data-id={layer_id}]")


def ids(page: Page) -> list[str]:
    """The layers as the list shows them."""
    return page.locator("tr.row").evaluate_all("rows => rows.map(row => row.dataset.id)")


def metric(page: Page, label: str) -> Locator:
    return page.get_by_test_id("stMetric").filter(has_text=label).get_by_test_id("stMetricValue")


def linked_network(page: Page) -> NetworkSpec | None:
    found = re.search(r"[?&]s=([\w-]+)", page.url)
    return link.decode_link(found[1]).network if found else None


def test_layers_are_added_moved_duplicated_and_deleted_by_mouse(build: Page) -> None:
    row(build, "pool1").click()
    build.get_by_role("button", name="Add a layer").click()
    build.get_by_role("button", name="Batch normalisation").first.click()
    expect(row(build, "bn1")).to_have_attribute("aria-selected", "true")
    assert ids(build)[3:5] == ["pool1", "bn1"]
    build.get_by_role("button", name="Move up").click()
    expect(build.locator("tr.row").nth(3)).to_have_attribute("data-id", "bn1")
    build.get_by_role("button", name="Duplicate").click()
    expect(row(build, "bn2")).to_be_visible()
    build.get_by_role("button", name="Delete").click()
    expect(row(build, "bn2")).to_have_count(0)
    assert ids(build) == ["input", *_ids_with(preset("student_cnn"), "bn1", behind="relu1")]


def _ids_with(spec: NetworkSpec, new: str, *, behind: str) -> list[str]:
    names = [layer.id for layer in spec.layers]
    names.insert(names.index(behind) + 1, new)
    return names


def test_a_whole_network_is_built_by_keyboard_alone(build: Page) -> None:
    row(build, "input").focus()
    build.keyboard.press("ArrowDown")
    expect(row(build, "conv1")).to_be_focused()
    for left in range(9, -1, -1):
        build.keyboard.press("Delete")
        expect(build.locator("tr.row")).to_have_count(left + 1)
    for words in ("Conv2d", "ReLU", "Flatten", "Linear"):
        expect(build.locator("tr.row.chosen")).to_be_focused()
        count = build.locator("tr.row").count()
        build.keyboard.press("a")
        build.keyboard.type(words)
        build.keyboard.press("Enter")
        expect(build.locator("tr.row")).to_have_count(count + 1)
    assert ids(build) == ["input", "conv1", "relu1", "flatten1", "fc1"]
    expect(row(build, "fc1")).to_be_focused()
    build.keyboard.press("Home")
    build.keyboard.press("ArrowDown")
    expect(row(build, "conv1")).to_be_focused()
    build.wait_for_timeout(500)
    build.keyboard.press("Alt+ArrowDown")
    expect(build.locator("tr.row").nth(1)).to_have_attribute("data-id", "relu1")
    build.keyboard.press("Control+z")
    expect(build.locator("tr.row").nth(1)).to_have_attribute("data-id", "conv1")
    build.keyboard.press("Control+Shift+z")
    expect(build.locator("tr.row").nth(1)).to_have_attribute("data-id", "relu1")
    expect(metric(build, "Output")).not_to_have_text("?")


def test_a_row_is_dragged_to_another_place(build: Page) -> None:
    grip = row(build, "relu1").locator(".grip").bounding_box()
    target = row(build, "pool1").bounding_box()
    assert grip is not None
    assert target is not None
    build.mouse.move(grip["x"] + 5, grip["y"] + 5)
    build.mouse.down()
    build.mouse.move(grip["x"] + 5, target["y"] + target["height"] - 4, steps=6)
    build.mouse.up()
    expect(build.locator("tr.row").nth(2)).to_have_attribute("data-id", "pool1")
    assert ids(build)[1:4] == ["conv1", "pool1", "relu1"]
    expect(metric(build, "Parameters")).to_have_text("421,642")


def test_an_error_is_shown_at_its_layer_and_one_click_in_the_list_mends_it(build: Page) -> None:
    row(build, "flatten").click()
    build.keyboard.press("Delete")
    trouble = build.locator("tr.trouble")
    expect(trouble).to_contain_text("Linear takes a vector but pool2 gives maps of 64×7×7")
    expect(metric(build, "Output")).to_have_text("?")
    trouble.get_by_role("button", name="Insert Flatten before fc1").click()
    expect(trouble).to_have_count(0)
    expect(metric(build, "Parameters")).to_have_text("421,642")


def test_a_changed_field_changes_every_number_that_depends_on_it(build: Page) -> None:
    row(build, "conv1").click()
    box = build.get_by_role("spinbutton", name="out_channels")
    box.fill("8")
    box.press("Enter")
    expect(row(build, "conv1").locator(".output")).to_have_text("8×28×28")
    expect(row(build, "conv2").locator(".params")).to_have_text("4,672")
    expect(metric(build, "Parameters")).to_have_text(f"{421_642 - 240 - 24 * 9 * 64:,}")
    build.get_by_role("button", name="Undo").click()
    expect(box).to_have_value("32")
    expect(metric(build, "Parameters")).to_have_text("421,642")


def test_the_drawing_chooses_a_layer_by_click_and_by_arrow_keys(build: Page) -> None:
    build.locator("g.block").nth(4).locator(".front").click()
    expect(row(build, "conv2")).to_have_attribute("aria-selected", "true")
    build.locator("svg[role=listbox]").focus()
    build.keyboard.press("ArrowRight")
    expect(row(build, "relu2")).to_have_attribute("aria-selected", "true")
    expect(build.locator(".tip")).to_contain_text("64×14×14")


CHOSEN_BLOCK_AFTER_CLICK = """row => {
  row.click();
  const inside = (e) => [e, ...(e.shadowRoot ? deep(e.shadowRoot) : [])];
  const deep = (root) => [...root.querySelectorAll("*")].flatMap(inside);
  const name = (block) => block.getAttribute("aria-label").split(" ")[0];
  return deep(document).filter((e) => e.matches("g.block.chosen")).map(name);
}"""


def test_a_choice_in_the_list_shows_in_the_drawing_without_waiting_for_the_server(build: Page) -> None:
    expect(build.locator("g.block.chosen")).to_have_count(1)  # the drawing may come after the list
    assert row(build, "conv2").evaluate(CHOSEN_BLOCK_AFTER_CLICK) == ["conv2"]
    expect(build.get_by_role("heading", name="conv2")).to_be_visible()


def test_an_arrow_key_held_down_ends_at_the_last_layer_on_screen_and_on_the_server(build: Page) -> None:
    row(build, "input").click()
    for _ in range(12):
        build.keyboard.press("ArrowDown")
    expect(row(build, "fc2")).to_have_attribute("aria-selected", "true")
    expect(build.get_by_role("heading", name="fc2")).to_be_visible()


@pytest.mark.parametrize("pause_ms", [0, 3, 6, 12])
def test_a_choice_and_an_edit_in_the_same_moment_are_both_done_and_shown(build: Page, pause_ms: int) -> None:
    row(build, "input").focus()
    build.keyboard.press("ArrowDown")
    build.wait_for_timeout(pause_ms)
    build.keyboard.press("Delete")
    expect(build.locator("tr.row")).to_have_count(10)
    expect(row(build, "conv1")).to_have_count(0)
    expect(build.get_by_role("heading", name="relu1")).to_be_visible()


def test_the_fields_of_a_layer_that_comes_back_show_its_values_and_change_nothing(build: Page) -> None:
    row(build, "pool1").click()
    expect(build.get_by_role("heading", name="pool1")).to_be_visible()
    build.wait_for_timeout(600)  # what was drawn counts as delivered
    build.keyboard.press("Control+d")
    expect(build.get_by_role("heading", name="pool3")).to_be_visible()
    expect(row(build, "pool3")).to_have_attribute("aria-selected", "true")
    build.keyboard.press("ArrowUp")
    expect(build.get_by_role("heading", name="pool1")).to_be_visible()
    expect(build.get_by_role("spinbutton", name="kernel_size")).to_have_value("2")
    build.wait_for_timeout(600)  # a change that a widget reports by itself would have arrived
    expect(build.get_by_test_id("stToast")).to_have_count(0)
    expect(row(build, "pool1").locator(".settings")).to_contain_text("kernel_size 2")


def test_a_known_network_is_taken_from_the_gallery_and_undo_brings_the_old_one_back(build: Page) -> None:
    build.get_by_role("button", name="Known networks").click()
    build.get_by_role("button", name="LeNet-5").click()
    expect(metric(build, "Parameters")).to_have_text("61,706")
    expect(build.get_by_role("dialog")).to_have_count(0)
    build.get_by_role("button", name="Undo").click()
    expect(metric(build, "Parameters")).to_have_text("421,642")


def test_a_reload_and_a_copied_link_show_the_same_network(build: Page, new_page: Callable[..., Page]) -> None:
    row(build, "conv1").click()
    build.get_by_role("spinbutton", name="out_channels").fill("12")
    build.get_by_role("spinbutton", name="out_channels").press("Enter")
    expect(row(build, "conv1").locator(".output")).to_have_text("12×28×28")
    build.wait_for_url("**s=*")
    build.reload()
    expect(row(build, "conv1").locator(".output")).to_have_text("12×28×28")
    expect(row(build, "conv1")).to_have_attribute("aria-selected", "true")
    build.get_by_role("button", name="Share").click()
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
    expect(build.get_by_test_id("stToast")).to_contain_text("has no field evil")
    expect(metric(build, "Parameters")).to_have_text("421,642")


def test_the_code_view_offers_each_language_and_onnx(build: Page) -> None:
    build.get_by_role("radio", name="Code").click()
    expect(build.get_by_test_id("stCode")).to_contain_text("nn.Conv2d(")
    build.get_by_role("radio", name="Keras").click()
    expect(build.get_by_test_id("stCode")).to_contain_text("layers.Conv2D(")
    with build.expect_download() as download:
        build.get_by_role("button", name="Download student_cnn_keras.py").click()
    assert download.value.suggested_filename == "student_cnn_keras.py"
