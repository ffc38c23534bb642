"""The panel of the chosen layer: its fields, its name, what it reads, its line of PyTorch."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.build.build_page import field, metric, row

pytestmark = pytest.mark.browser


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


LEAVE_AFTER_A_KEY = """range => {
  range.focus();
  range.stepUp();
  range.dispatchEvent(new Event("input"));
  range.dispatchEvent(new Event("change"));
  range.getRootNode().querySelector("tr.row[data-id=conv2]").click();
}"""


def test_an_edit_that_is_left_at_once_is_a_step_of_its_own(build: Page) -> None:
    row(build, "conv1").click()
    slider = field(build, "conv1.out_channels").locator("input[type=range]")
    slider.evaluate(LEAVE_AFTER_A_KEY)
    expect(build.get_by_role("heading", name="conv2")).to_be_visible()
    expect(row(build, "conv1").locator(".output")).to_have_text("36×28×28")
    box = build.get_by_role("spinbutton", name="out_channels")
    box.fill("8")
    box.press("Enter")
    expect(row(build, "conv2").locator(".output")).to_have_text("8×14×14")
    build.get_by_role("button", name="Undo").click()
    expect(row(build, "conv2").locator(".output")).to_have_text("64×14×14")
    expect(row(build, "conv1").locator(".output")).to_have_text("36×28×28")


def test_a_layer_is_chosen_changed_and_put_back_by_keyboard_alone(build: Page) -> None:
    row(build, "input").focus()
    build.keyboard.press("ArrowDown")
    build.keyboard.press("ArrowDown")
    build.keyboard.press("ArrowDown")
    expect(build.get_by_role("heading", name="pool1")).to_be_visible()
    build.keyboard.press("Enter")
    expect(build.get_by_role("spinbutton", name="kernel_size")).to_be_focused()
    build.keyboard.type("4")
    expect(row(build, "pool1").locator(".settings")).to_contain_text("kernel_size 4")
    build.keyboard.press("Enter")
    build.keyboard.press("Tab")
    build.keyboard.press("Tab")
    expect(field(build, "pool1.kernel_size").locator("input[type=range]")).to_be_focused()
    build.keyboard.press("ArrowLeft")
    expect(row(build, "pool1").locator(".settings")).to_contain_text("kernel_size 3")
    build.keyboard.press("Control+z")  # settled or not, it is a step
    expect(row(build, "pool1").locator(".settings")).to_contain_text("kernel_size 4")
    build.keyboard.press("Control+z")
    expect(row(build, "pool1").locator(".settings")).to_contain_text("kernel_size 2")


def test_an_impossible_value_is_told_at_the_layer_and_mended_by_one_click(build: Page) -> None:
    row(build, "conv2").click()
    expect(build.get_by_role("heading", name="conv2")).to_be_visible()
    box = build.get_by_role("spinbutton", name="kernel_size")
    box.focus()
    place = box.bounding_box()
    box.fill("40")
    box.press("Enter")
    trouble = build.locator("tr.trouble")
    expect(trouble).to_contain_text("the window spans 40 px")
    expect(build.locator(".panel-trouble")).to_contain_text("the window spans 40 px")
    expect(row(build, "pool1").locator(".output")).to_have_text("32×14×14")
    expect(metric(build, "Output")).to_have_text("?")
    assert box.bounding_box() == place  # what the hand holds does not move away from it
    trouble.get_by_role("button").first.click()
    expect(trouble).to_have_count(0)
    expect(metric(build, "Output")).to_have_text("10")


def test_a_number_out_of_bounds_is_told_at_its_box_and_every_number_stays(build: Page) -> None:
    row(build, "conv2").click()
    box = build.get_by_role("spinbutton", name="out_channels")
    box.fill("0")
    box.press("Enter")
    expect(field(build, "conv2.out_channels").locator(".live-problem")).to_contain_text(
        "out_channels takes a whole number from 1 to 65536."
    )
    expect(metric(build, "Parameters")).to_have_text("421,642")
    box.fill("100000")
    box.press("Enter")
    expect(field(build, "conv2.out_channels").locator(".live-problem")).to_contain_text("from 1 to 65536")
    expect(row(build, "conv2").locator(".output")).to_have_text("64×14×14")


def test_a_number_between_the_stops_of_a_slider_stays_as_it_was_typed(build: Page) -> None:
    row(build, "conv1").click()
    box = build.get_by_role("spinbutton", name="out_channels")
    box.fill("33")
    box.press("Enter")
    expect(row(build, "conv1").locator(".output")).to_have_text("33×28×28")
    expect(box).to_have_value("33")
    slider = field(build, "conv1.out_channels").locator("input[type=range]")
    expect(slider).to_have_attribute("aria-valuetext", "33")
    slider.press("ArrowRight")
    expect(row(build, "conv1").locator(".output")).to_have_text("36×28×28")


def test_a_layer_takes_another_name_and_a_bad_one_is_told_beside_it(build: Page) -> None:
    row(build, "conv1").click()
    name = build.get_by_role("textbox", name="name", exact=True)
    name.fill("first")
    name.press("Enter")
    expect(build.get_by_role("heading", name="first")).to_be_visible()
    expect(row(build, "first")).to_have_attribute("aria-selected", "true")
    name.fill("Not A Name")
    name.press("Enter")
    expect(field(build, "first.id").locator(".live-problem")).to_contain_text("id must start with a small letter")
    expect(row(build, "first")).to_be_visible()


def test_a_layer_reads_another_one_and_a_merge_reads_several(build: Page) -> None:
    row(build, "relu1").click()
    build.get_by_role("button", name="Add a layer").click()
    build.keyboard.type("Add")
    build.keyboard.press("Enter")
    expect(build.get_by_role("heading", name="add1")).to_be_visible()
    expect(row(build, "add1").locator(".settings")).to_have_text("reads relu1, conv1")
    build.get_by_label("Read one more layer").select_option("conv1")
    expect(row(build, "add1").locator(".settings")).to_have_text("reads relu1, conv1, conv1")
    build.get_by_role("button", name="Do not read conv1").last.click()
    expect(row(build, "add1").locator(".settings")).to_have_text("reads relu1, conv1")
    row(build, "pool1").click()
    expect(build.get_by_role("heading", name="pool1")).to_be_visible()
    build.get_by_role("combobox", name="reads").select_option("relu1")
    expect(row(build, "pool1").locator(".settings")).to_contain_text("reads relu1")


LEAVE_OUT_TWO_AT_ONCE = """panel => {
  const chips = () => [...panel.querySelectorAll(".chip button")];
  chips().find((button) => button.ariaLabel === "Do not read relu1").click();
  chips().at(-1).click();
}"""


def test_two_quick_clicks_leave_out_two_layers_and_a_refused_choice_does_not_stay(build: Page) -> None:
    row(build, "relu1").click()
    build.get_by_role("button", name="Add a layer").click()
    build.keyboard.type("Add")
    build.keyboard.press("Enter")
    settings = row(build, "add1").locator(".settings")
    more = build.get_by_label("Read one more layer")
    for words in ("relu1, conv1, conv1", "relu1, conv1, conv1, conv1"):
        more.select_option("conv1")
        expect(settings).to_have_text(f"reads {words}")
    build.locator(".panel").evaluate(LEAVE_OUT_TWO_AT_ONCE)
    expect(settings).to_have_text("reads conv1, conv1")
    more.evaluate("menu => { menu.options[1].value = 'fc2'; }")
    more.select_option("fc2")
    expect(build.locator(".live-message")).to_contain_text("fc2")
    expect(build.locator(".chip")).to_have_text(["conv1close", "conv1close"])


def test_over_plain_http_the_line_of_pytorch_is_copied_too(build: Page) -> None:
    build.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    row(build, "conv1").click()
    line = "nn.Conv2d(1, 32, kernel_size=3, padding=1)"
    expect(build.locator(".panel-code code")).to_have_text(line)
    build.get_by_role("button", name="Copy the line of PyTorch").click()
    expect(build.locator(".panel-said")).to_have_text("Copied")
    name = build.get_by_role("textbox", name="name", exact=True)
    name.fill("")
    name.press("Control+v")
    expect(name).to_have_value(line)


def test_the_input_takes_a_usual_size_or_any_other(build: Page) -> None:
    row(build, "input").click()
    build.get_by_label("Usual sizes").select_option("3×32×32, small colour pictures")
    expect(row(build, "conv1").locator(".output")).to_have_text("32×32×32")
    height = build.get_by_role("spinbutton", name="height")
    height.fill("40")
    height.press("Enter")
    expect(row(build, "conv1").locator(".output")).to_have_text("32×40×32")
