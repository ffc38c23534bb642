"""What the learner must see is on the first screen: a drawing as large as there is room, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Locator, Page, expect

from bench.server import Server
from lab.network.edit import set_field
from lab.network.presets import preset
from lab.network.spec import NetworkSpec
from pages.ui import link
from tests.browser.build.build_page import drag, field, metric, row
from tests.browser.test_accessibility import violations

pytestmark = pytest.mark.browser

OpenNetwork = Callable[..., Page]


@pytest.fixture
def open_network(lab_server: Server, new_page: Callable[..., Page]) -> OpenNetwork:
    """Open the Build page with a network, in a window of this size."""

    def opened(spec: NetworkSpec, *, width: int = 1280, height: int = 800, **options: object) -> Page:
        page = new_page(width=width, height=height, **options)
        page.goto(f"{lab_server.url}/build?s={link.encode_link({}, spec)}")
        expect(page.locator("tr.row")).to_have_count(len(spec.layers) + 1)
        return page

    return opened


def left_and_right(node: Locator) -> tuple[float, float]:
    box = node.bounding_box()
    assert box
    return box["x"], box["x"] + box["width"]


def drawn_part(page: Page) -> float:
    """How much of its frame's width the drawing takes, from the first block to the last."""
    frame = left_and_right(page.locator(".drawing .scroller"))
    blocks = [left_and_right(block) for block in page.locator("g.block").all()]
    return (max(right for _, right in blocks) - min(left for left, _ in blocks)) / (frame[1] - frame[0])


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1920, 1080)])
def test_the_drawing_of_a_small_network_takes_most_of_its_frame(
    open_network: OpenNetwork, width: int, height: int
) -> None:
    page = open_network(preset("student_cnn"), width=width, height=height)
    assert drawn_part(page) > 0.7
    labels = sorted(left_and_right(label) for label in page.locator("g.label:not(.extra)").all())
    assert len(labels) == 8
    assert all(left[1] < right[0] for left, right in pairwise(labels))


def test_on_a_projector_the_blocks_are_larger_and_as_wide_to_high_as_before(open_network: OpenNetwork) -> None:
    def front(page: Page) -> tuple[float, float]:
        box = page.locator("g.block").nth(1).locator(".front").bounding_box()
        assert box
        return box["width"], box["height"]

    small, large = (
        front(open_network(preset("student_cnn"), width=width, height=height))
        for width, height in ((1280, 800), (1920, 1080))
    )
    assert large[1] > 1.25 * small[1]
    assert large[0] / large[1] == pytest.approx(small[0] / small[1], rel=0.03)


def test_connections_end_at_their_blocks_where_the_blocks_stand_apart(open_network: OpenNetwork) -> None:
    page = open_network(preset("student_cnn"), width=1920, height=1080)
    wires = sorted(left_and_right(wire) for wire in page.locator("path.wire").all())
    fronts = [left_and_right(front) for front in page.locator("g.block .front").all()]
    for start, end in wires:
        assert min(abs(left - end) for left, _ in fronts) < 2
        assert any(left < start < left + 90 for left, _ in fronts)


def test_a_drag_that_makes_a_block_thicker_leaves_the_list_where_it_is(open_network: OpenNetwork) -> None:
    page = open_network(preset("student_cnn"))
    row(page, "conv1").click()
    expect(page.get_by_role("heading", name="conv1")).to_be_visible()
    before = page.locator(".layers").bounding_box()
    drag(page, field(page, "conv1.out_channels").locator("input[type=range]"), 40)
    expect(metric(page, "Parameters")).not_to_have_text("421,642")
    assert page.locator(".layers").bounding_box() == before
    page.mouse.up()


def test_a_long_network_keeps_its_size_and_scrolls(open_network: OpenNetwork) -> None:
    page = open_network(preset("mobilenet_v2"))
    wide, room = page.locator(".drawing .scroller").evaluate("node => [node.scrollWidth, node.clientWidth]")
    assert wide > 3 * room
    page.locator("svg[role=listbox]").focus()
    page.keyboard.press("End")
    expect(page.locator("g.block").last).to_be_in_viewport()


def test_why_a_layer_does_not_fit_and_what_mends_it_are_on_the_first_screen(open_network: OpenNetwork) -> None:
    broken = set_field(preset("student_cnn"), "pool1", "kernel_size", (28, 28))
    page = open_network(broken)
    told = page.get_by_role("region", name="What does not fit")
    expect(told).to_contain_text("pool2: the window spans 2 px")
    expect(told.get_by_role("button").first).to_be_in_viewport(ratio=1)
    expect(told).to_be_in_viewport(ratio=1)
    expect(told).not_to_contain_text("(NET-")
    expect(told.get_by_text("code NET-SHAPE")).to_be_visible()
    told.get_by_role("button").first.click()
    expect(told).to_be_hidden()
    expect(metric(page, "Output")).to_be_visible()
    expect(metric(page, "Output")).to_have_text("10")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_wrong_while_a_layer_does_not_fit(open_network: OpenNetwork, scheme: str) -> None:
    broken = set_field(preset("student_cnn"), "pool1", "kernel_size", (28, 28))
    page = open_network(broken, color_scheme=scheme, reduced_motion="reduce")
    expect(page.get_by_role("region", name="What does not fit")).to_be_visible()
    assert violations(page) == []


def test_what_is_told_covers_neither_undo_nor_the_list(open_network: OpenNetwork) -> None:
    page = open_network(preset("student_cnn"))
    tools = page.get_by_role("button", name="Add a layer")
    row(page, "conv2").click()
    box = page.get_by_role("spinbutton", name="kernel_size")
    box.focus()
    before = tools.bounding_box()
    box.fill("40")
    box.press("Enter")
    told = page.get_by_role("region", name="What does not fit")
    expect(told).to_contain_text("the window spans 40 px")
    assert tools.bounding_box() == before
    place, undo = told.bounding_box(), page.get_by_role("button", name="Undo").bounding_box()
    assert before
    assert place
    assert undo
    assert place["y"] + place["height"] <= before["y"]
    assert place["x"] + place["width"] <= undo["x"]
    page.get_by_role("button", name="Undo").click()
    expect(told).to_be_hidden()


def test_an_empty_network_says_how_to_begin_and_the_way_to_train_what_it_waits_for(open_network: OpenNetwork) -> None:
    page = open_network(NetworkSpec(name="New", input=(1, 28, 28)))
    first = page.get_by_text("To begin, add a Conv2d")
    expect(first).to_be_in_viewport(ratio=1)
    expect(page.get_by_text("not ready to train")).to_be_visible()
    for words in ("Flatten", "Linear"):
        page.get_by_role("button", name="Add a layer").click()
        page.keyboard.type(words)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="fc1" if words == "Linear" else "flatten1")).to_be_visible()
    expect(first).to_be_hidden()
    expect(page.get_by_text("fits Fashion-MNIST")).to_be_visible()


def test_after_a_network_is_taken_the_keys_go_on_where_they_were(build: Page) -> None:
    known = build.get_by_role("button", name="New network")
    known.focus()
    build.keyboard.press("Enter")
    build.get_by_role("button", name="LeNet-5").focus()
    build.keyboard.press("Enter")
    expect(build.get_by_role("dialog")).to_have_count(0)
    expect(known).to_be_focused()
