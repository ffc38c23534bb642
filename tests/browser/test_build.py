"""Building a network in a real Chromium: under the mouse, by keyboard alone, with undo, and nothing lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from bench.server import Server
from lab.network.presets import preset
from lab.network.spec import NetworkSpec
from pages.ui import link

pytestmark = pytest.mark.browser


@pytest.fixture
def build(lab_server: Server, new_page: Callable[..., Page]) -> Page:
    """The Build page with the network that everybody begins with."""
    page = new_page()
    page.goto(f"{lab_server.url}/build")
    expect(row(page, "fc2")).to_be_visible()
    return page


def row(page: Page, layer_id: str) -> Locator:
    return page.locator(f"tr.row[data-id={layer_id}]")


def ids(page: Page) -> list[str]:
    """The layers as the list shows them."""
    found: list[str] = page.locator("tr.row").evaluate_all("rows => rows.map(row => row.dataset.id)")
    return found


def metric(page: Page, label: str) -> Locator:
    return page.locator(f'.total:has(dt span:text-is("{label}")) .total-value')


def field(page: Page, name: str) -> Locator:
    """The control of a field of the chosen layer, ``conv1.stride``."""
    return page.locator(f'.live-control[data-field="{name}"]')


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


def test_everything_moves_while_a_field_is_dragged_and_the_whole_drag_is_one_step(build: Page) -> None:
    row(build, "conv1").click()
    expect(build.get_by_role("heading", name="conv1")).to_be_visible()
    block = build.locator("g.block").nth(1).locator(".front")
    corners = block.get_attribute("points")
    address = build.url
    drag(build, field(build, "conv1.out_channels").locator("input[type=range]"), 30)
    expect(metric(build, "Parameters")).not_to_have_text("421,642")
    expect(row(build, "conv1").locator(".output")).not_to_have_text("32×28×28")
    expect(row(build, "conv2").locator(".params")).not_to_have_text("18,496")
    assert block.get_attribute("points") != corners
    assert _conv1(build.url) == _conv1(address)  # the link waits for the release
    build.mouse.up()
    n = field(build, "conv1.out_channels").locator("input[type=number]").input_value()
    assert int(n) > 32
    expect(row(build, "conv1").locator(".output")).to_have_text(f"{n}×28×28")
    build.wait_for_url(lambda url: _conv1(url) == int(n))
    build.keyboard.press("Control+z")
    expect(metric(build, "Parameters")).to_have_text("421,642")
    expect(build.get_by_role("button", name="Undo")).to_have_attribute("aria-disabled", "true")
    build.get_by_role("button", name="Redo").click()
    expect(row(build, "conv1").locator(".output")).to_have_text(f"{n}×28×28")


def _conv1(url: str) -> int:
    return int(_linked("conv1", "out_channels", url))


def _linked(layer_id: str, name: str, url: str) -> Any:
    """A field of the network in an address."""
    found = re.search(r"[?&]s=([\w-]+)", url)
    network = link.decode_link(found[1]).network if found else None
    return getattr((network or preset("student_cnn")).layer(layer_id), name)


@pytest.fixture
def tall(build: Page) -> Page:
    """The Build page with a first kernel of 5 by 3, and the switch for two numbers off again."""
    row(build, "conv1").click()
    apart = build.get_by_role("switch", name="Height and width apart")
    apart.check()
    height = build.get_by_role("spinbutton", name="kernel_size, height")
    height.fill("5")
    height.press("Enter")
    expect(row(build, "conv1").locator(".settings")).to_contain_text("kernel_size 5×3")
    apart.uncheck()
    expect(field(build, "conv1.stride")).to_be_visible()
    return build


def test_a_width_that_is_dragged_past_the_height_stays_under_the_hand_and_is_kept(tall: Page) -> None:
    width = field(tall, "conv1.kernel_size.width")
    drag(tall, width.locator("input[type=range]"), 40)
    expect(width).to_be_visible()
    tall.mouse.up()
    n = int(width.locator("input[type=number]").input_value())
    assert n > 5
    tall.wait_for_url(lambda url: _linked("conv1", "kernel_size", url) == (5, n))
    tall.reload()
    expect(row(tall, "conv1").locator(".settings")).to_contain_text(f"kernel_size 5×{n}")


def test_a_width_that_is_typed_equal_to_the_height_is_kept_as_a_step(tall: Page) -> None:
    width = tall.get_by_role("spinbutton", name="kernel_size, width")
    width.fill("5")
    expect(row(tall, "conv1").locator(".settings")).to_contain_text("kernel_size 5")
    expect(width).to_be_visible()
    tall.wait_for_url(lambda url: _linked("conv1", "kernel_size", url) == (5, 5))
    tall.get_by_role("button", name="Undo").click()
    expect(row(tall, "conv1").locator(".settings")).to_contain_text("kernel_size 5×3")


def test_an_automatic_stride_is_dragged_in_two_numbers(build: Page) -> None:
    row(build, "pool1").click()
    build.get_by_role("switch", name="Height and width apart").check()
    height = field(build, "pool1.stride.height")
    slider = height.locator("input[type=range]")
    expect(slider).to_have_js_property("value", "0")
    expect(height.locator("input[type=number]")).to_have_attribute("placeholder", "auto")
    drag(build, slider, 40)
    expect(height).to_be_visible()
    build.mouse.up()
    n = int(height.locator("input[type=number]").input_value())
    assert n > 2
    expect(row(build, "pool1").locator(".settings")).to_contain_text(f"stride {n}×2")
    build.wait_for_url(lambda url: _linked("pool1", "stride", url) == (n, 2))


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
    expect(build.get_by_role("button", name="Undo")).to_have_attribute("aria-disabled", "false")
    build.wait_for_timeout(600)  # the pause after the last key settles it
    build.keyboard.press("Control+z")
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_nothing_is_cut_off(lab_server: Server, new_page: Callable[..., Page], scheme: str) -> None:
    page = new_page(width=375, height=812, color_scheme=scheme, reduced_motion="reduce")
    page.goto(f"{lab_server.url}/build")
    row(page, "conv1").click()
    expect(page.get_by_role("heading", name="conv1")).to_be_visible()
    for part in (".overview", ".layers .scroller", ".panel", ".panel .live-controls"):
        width, room = page.locator(part).evaluate("(node) => [node.scrollWidth, node.clientWidth]")
        assert width <= room, part
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    for control in page.locator(".panel .live-control").all():
        box = control.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 375


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


PANEL_AFTER_ARROW = """(svg, key) => {
  svg.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
  const root = svg.getRootNode();
  return [root.querySelector("g.block.chosen").ariaLabel, root.querySelector(".panel h2").textContent];
}"""


IS_ANSWERED_AHEAD = """svg => {
  const root = svg.getRootNode();
  const { ahead } = [root, ...root.children].find((node) => node.labLive).labLive;
  return ahead.asked === null && ahead.kept.size > 0;
}"""


def test_the_panel_of_a_neighbour_is_there_before_it_is_asked_for(build: Page) -> None:
    drawing = build.locator("svg[role=listbox]")
    drawing.focus()
    build.wait_for_function(IS_ANSWERED_AHEAD, arg=drawing.element_handle())
    chosen, panel = drawing.evaluate(PANEL_AFTER_ARROW, "ArrowRight")
    assert chosen.startswith("conv1 ")
    assert panel.startswith("conv1")


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
    build.wait_for_url(lambda url: _conv1(url) == 12)
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
