"""The list of layers: under the mouse and by keyboard alone, as quick as the keys are."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from lab.network.presets import preset
from lab.network.spec import NetworkSpec
from tests.browser.build.build_page import ids, metric, row

pytestmark = pytest.mark.browser


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


KEYS_AT_ONCE = """(row, keys) => {
  const root = row.getRootNode();
  for (const init of keys) {
    (root.activeElement ?? row).dispatchEvent(new KeyboardEvent("keydown", {bubbles: true, repeat: true, ...init}));
  }
}"""


def test_delete_held_down_takes_one_layer_after_the_other(build: Page) -> None:
    row(build, "conv1").click()
    row(build, "conv1").focus()
    row(build, "conv1").evaluate(KEYS_AT_ONCE, [{"key": "Delete"}] * 4)
    expect(build.locator("tr.row")).to_have_count(7)
    assert ids(build) == ["input", "relu2", "pool2", "flatten", "fc1", "relu3", "fc2"]
    expect(row(build, "relu2")).to_have_attribute("aria-selected", "true")
    expect(build.get_by_test_id("stToast")).to_have_count(0)
    for _ in range(3):
        build.get_by_role("button", name="Undo").click()
    expect(build.locator("tr.row")).to_have_count(10)


def test_a_move_held_down_goes_as_far_as_the_key_was_repeated(build: Page) -> None:
    row(build, "conv1").click()
    row(build, "conv1").focus()
    row(build, "conv1").evaluate(KEYS_AT_ONCE, [{"key": "ArrowDown", "altKey": True}] * 4)
    expect(build.locator("tr.row").nth(5)).to_have_attribute("data-id", "conv1")
    assert ids(build)[:6] == ["input", "relu1", "pool1", "conv2", "relu2", "conv1"]
    row(build, "conv1").evaluate(KEYS_AT_ONCE, [{"key": "ArrowUp", "altKey": True}] * 9)
    expect(build.locator("tr.row").nth(1)).to_have_attribute("data-id", "conv1")


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
