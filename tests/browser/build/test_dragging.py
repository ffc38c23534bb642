"""A field that is dragged: everything moves with it, it stays under the hand, and the whole drag is one step."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.build.build_page import conv1_channels, drag, field, linked, metric, row

pytestmark = pytest.mark.browser


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
    assert conv1_channels(build.url) == conv1_channels(address)  # the link waits for the release
    build.mouse.up()
    n = field(build, "conv1.out_channels").locator("input[type=number]").input_value()
    assert int(n) > 32
    expect(row(build, "conv1").locator(".output")).to_have_text(f"{n}×28×28")
    build.wait_for_url(lambda url: conv1_channels(url) == int(n))
    build.keyboard.press("Control+z")
    expect(metric(build, "Parameters")).to_have_text("421,642")
    expect(build.get_by_role("button", name="Undo")).to_have_attribute("aria-disabled", "true")
    build.get_by_role("button", name="Redo").click()
    expect(row(build, "conv1").locator(".output")).to_have_text(f"{n}×28×28")


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
    tall.wait_for_url(lambda url: linked("conv1", "kernel_size", url) == (5, n))
    tall.reload()
    expect(row(tall, "conv1").locator(".settings")).to_contain_text(f"kernel_size 5×{n}")


def test_a_width_that_is_typed_equal_to_the_height_is_kept_as_a_step(tall: Page) -> None:
    width = tall.get_by_role("spinbutton", name="kernel_size, width")
    width.fill("5")
    expect(row(tall, "conv1").locator(".settings")).to_contain_text("kernel_size 5")
    expect(width).to_be_visible()
    tall.wait_for_url(lambda url: linked("conv1", "kernel_size", url) == (5, 5))
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
    build.wait_for_url(lambda url: linked("pool1", "stride", url) == (n, 2))
