"""On a phone, by finger, and on a low screen: a slider and the picture that it moves are seen together."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from bench.server import Server
from tests.browser.controls import slider
from tests.browser.test_accessibility import open_ready, violations

pytestmark = pytest.mark.browser

PHONE = {"width": 375, "height": 812, "has_touch": True, "is_mobile": True, "reduced_motion": "reduce"}
HEADER_PX = 56  # Streamlit's bar with the button of the menu


class Finger:
    """One finger on the screen."""

    def __init__(self, page: Page):
        self._session = page.context.new_cdp_session(page)

    def _send(self, kind: str, *points: tuple[float, float]) -> None:
        touches = [{"x": x, "y": y} for x, y in points]
        self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def drag(self, start: tuple[float, float], end: tuple[float, float], steps: int = 12) -> None:
        """Put it down and move it; it stays down."""
        self._send("touchStart", start)
        for i in range(1, steps + 1):
            share = i / steps
            self._send("touchMove", (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])))

    def lift(self) -> None:
        """Take it off."""
        self._send("touchEnd")


def touch_slider(finger: Finger, thumb: Locator) -> None:
    """Drag it by its thumb to the far end of its other half; the finger stays down."""
    box = thumb.bounding_box()
    assert box
    share = thumb.evaluate("node => (node.valueAsNumber - node.min) / (node.max - node.min)")
    y, room = box["y"] + box["height"] / 2, box["width"] - 20
    finger.drag((box["x"] + 10 + share * room, y), (box["x"] + 10 + (0.1 if share > 0.5 else 0.9) * room, y))


@pytest.mark.parametrize(
    ("url_path", "field", "picture"),
    [
        ("convolution", "stride", ".conv-outputs .live-grid"),
        ("pooling", "stride", ".pool-output .live-grid"),
        ("activation", "x", ".act-plot"),
        ("loss", "z1", ".loss-verdict"),
        ("bias", "bias", ".plane"),
        ("neurons", "noise", ".n-plane"),
    ],
)
def test_a_dragged_slider_and_the_picture_that_it_moves_are_on_one_screen(
    lab_server: Server, new_page: Callable[..., Page], url_path: str, field: str, picture: str
) -> None:
    page = new_page(**PHONE)
    page.goto(f"{lab_server.url}/{url_path}")
    stage = page.locator(".live").filter(has=page.locator(picture)).first
    shown, drawn = stage.locator(picture).first, stage.locator(".live-stage")
    expect(drawn).to_have_attribute("data-drawn", "1")
    shown.evaluate("node => node.scrollIntoView({block: 'center'})")
    thumb, finger = slider(stage, field), Finger(page)
    thumb.scroll_into_view_if_needed()
    touch_slider(finger, thumb)
    expect(drawn).not_to_have_attribute("data-drawn", "1")
    tray, box, control = (node.bounding_box() for node in (stage.locator(".live-side"), shown, thumb))
    assert tray
    assert box
    assert control
    assert tray["y"] < control["y"] < PHONE["height"] - control["height"]
    assert tray["y"] - max(box["y"], HEADER_PX) >= min(box["height"], 150), "the picture lies under the controls"
    finger.lift()
    page.wait_for_url("**?s=*")


def test_a_finger_drags_a_number_and_types_another_after_a_second_tap(
    lab_server: Server, new_page: Callable[..., Page]
) -> None:
    page = new_page(**PHONE)
    page.goto(f"{lab_server.url}/convolution")
    stage = page.locator(".live").filter(has=page.locator(".conv-flow")).first
    expect(stage.locator(".conv-told", has_text="tap it twice and type")).to_be_visible()
    middle = stage.locator(".conv-kernels .live-cell").nth(4)
    expect(middle).to_have_text("0")
    box, finger = middle.bounding_box(), Finger(page)
    assert box
    start = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    finger.drag(start, (start[0] + 16, start[1]))
    expect(middle).to_have_text("4")
    finger.lift()
    page.wait_for_url("**?s=*")
    middle.tap()
    expect(middle.locator("input")).to_have_count(0)
    middle.tap()
    middle.locator("input").fill("-2")
    middle.locator("input").press("Enter")
    expect(middle).to_have_text("−2")


def test_the_controls_are_folded_away_and_the_focus_is_never_under_them(
    lab_server: Server, new_page: Callable[..., Page]
) -> None:
    page = new_page(**PHONE)
    page.goto(f"{lab_server.url}/pooling")
    stage = page.locator(".live").filter(has=page.locator(".pool-maps")).first
    fold, tray = stage.get_by_role("button", name="Controls"), stage.locator(".live-side")
    stage.locator(".pool-output .live-cell[tabindex='0']").focus()
    for _ in range(4):
        page.keyboard.press("Tab")
        focused = stage.locator(":focus").bounding_box()
        over = tray.bounding_box()
        assert focused
        assert over
        assert focused["y"] >= HEADER_PX
        assert focused["y"] + focused["height"] <= over["y"]
    fold.click()
    expect(fold).to_have_attribute("aria-expanded", "false")
    expect(slider(stage, "stride")).to_be_hidden()
    fold.click()
    expect(slider(stage, "stride")).to_be_visible()


@pytest.mark.parametrize(("url_path", "scheme"), [("convolution", "dark"), ("neurons", "light")])
def test_axe_finds_nothing_wrong_with_the_tray(
    lab_server: Server, new_page: Callable[..., Page], url_path: str, scheme: str
) -> None:
    page = new_page(**PHONE, color_scheme=scheme)
    open_ready(page, f"{lab_server.url}/{url_path}", has_stage=True)
    assert violations(page) == []


def test_a_low_desktop_screen_has_the_last_control_beside_the_picture_and_nothing_to_fold(
    lab_server: Server, new_page: Callable[..., Page]
) -> None:
    page = new_page(width=1280, height=720, reduced_motion="reduce")
    page.goto(f"{lab_server.url}/convolution")
    stage = page.locator(".live").filter(has=page.locator(".conv-flow")).first
    expect(stage.locator(".live-stage")).to_have_attribute("data-drawn", "1")
    expect(stage.get_by_role("button", name="Controls")).to_be_hidden()
    last = slider(stage, "dilation")
    last.scroll_into_view_if_needed()
    side, body, flow, thumb = (
        node.bounding_box()
        for node in (stage.locator(".live-side"), stage.locator(".live-body"), stage.locator(".conv-flow"), last)
    )
    assert side
    assert body
    assert flow
    assert thumb
    assert side["x"] + side["width"] <= body["x"]
    assert flow["y"] >= 0
    assert thumb["y"] + thumb["height"] <= 720


def test_a_narrow_plot_has_enough_ticks_to_read_it(lab_server: Server, new_page: Callable[..., Page]) -> None:
    page = new_page(**PHONE)
    page.goto(f"{lab_server.url}/activation")
    plot = page.locator(".act-plot").first
    expect(plot.locator(".live-tick[text-anchor=middle]")).to_have_text(["−4", "0", "4"])


@pytest.mark.parametrize("url_path", ["pooling", "bias"])
def test_an_experiment_below_its_stage_brings_the_stage_into_sight(
    lab_server: Server, new_page: Callable[..., Page], url_path: str
) -> None:
    page = new_page(**PHONE)
    page.goto(f"{lab_server.url}/{url_path}")
    expect(page.locator(".live-stage[data-drawn]").first).to_be_visible()
    button = page.get_by_role("button", name="Set it up").first
    button.scroll_into_view_if_needed()
    stage = page.locator(".live-stage").first
    expect(stage).not_to_be_in_viewport(ratio=0.2)
    button.click()
    expect(page.get_by_role("button", name="Set it up again")).to_be_attached()
    expect(stage).to_be_in_viewport(ratio=0.2)
