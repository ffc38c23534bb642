"""A live stage in a real Chromium: it moves while it is dragged, keeps what is typed, and goes back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from bench.server import ROOT, Server
from tests.browser.controls import press_at_once

pytestmark = pytest.mark.browser

NewPage = Callable[..., Page]


@pytest.fixture(scope="module")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("live-home"), app=ROOT / "bench/apps/live_page.py")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def page(new_page: NewPage, live_server: Server) -> Page:
    page = new_page()
    page.goto(live_server.url)
    page.locator("[data-drawn]").wait_for()
    return page


def control(page: Page, field: str) -> Locator:
    return page.locator(f".live-control[data-field={field}]")


def n_drawn(page: Page) -> int:
    return int(page.locator("[data-drawn]").get_attribute("data-drawn") or 0)


def wave_height(page: Page) -> Locator:
    """What the server made of the height: the point on the curve is placed by its answer."""
    return page.get_by_role("slider", name="Height", exact=True)


def drag(page: Page, node: Locator, shift: int, steps: int = 40, pause_ms: int = 16) -> None:
    box = node.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for i in range(1, steps + 1):
        page.mouse.move(x + shift * i / steps, y)
        page.wait_for_timeout(pause_ms)


def test_the_picture_moves_while_the_slider_is_dragged_and_the_last_value_arrives(page: Page) -> None:
    before = n_drawn(page)
    slider = control(page, "height").locator("input[type=range]")
    drag(page, slider, 80)
    expect(page.locator("[data-drawn]")).not_to_have_attribute("data-drawn", str(before))
    assert "s=" not in page.url  # the link waits for the release
    page.mouse.up()
    value = slider.input_value()
    expect(wave_height(page)).to_have_attribute("aria-valuetext", f"Height 0, {value}")
    expect(control(page, "height").locator("input[type=number]")).to_have_value(value)
    expect(page).to_have_url(re.compile("s="))
    assert n_drawn(page) - before <= 45  # one answer at most for each step of the mouse


def test_undo_goes_back_over_a_whole_drag_and_redo_on_again(page: Page) -> None:
    slider = control(page, "height").locator("input[type=range]")
    drag(page, slider, 60, steps=15)
    page.mouse.up()
    value = slider.input_value()
    assert value != "1"
    undo, redo = (page.get_by_role("button", name=name) for name in ("Undo", "Redo"))
    expect(undo).to_have_attribute("aria-disabled", "false")
    page.keyboard.press("Control+z")
    expect(slider).to_have_value("1")
    expect(wave_height(page)).to_have_attribute("aria-valuetext", "Height 0, 1")
    redo.click()
    expect(slider).to_have_value(value)
    page.get_by_role("button", name="Back to the start").click()
    expect(slider).to_have_value("1")
    undo.click()
    expect(slider).to_have_value(value)


@pytest.mark.parametrize("typed", ["", "-", "7", "e"])
def test_what_is_no_number_here_is_said_at_the_box_and_the_last_good_value_stays(page: Page, typed: str) -> None:
    box = control(page, "height").locator("input[type=number]")
    box.fill("2")
    box.press("Enter")
    expect(wave_height(page)).to_have_attribute("aria-valuetext", "Height 0, 2")
    box.press("Control+a")
    box.press("Delete")
    box.press_sequentially(typed)
    box.press("Enter")
    expect(control(page, "height").get_by_role("alert")).to_have_text(
        "Height takes a number from −3 to 3. The last good value stays."
    )
    expect(wave_height(page)).to_have_attribute("aria-valuetext", "Height 0, 2")
    expect(box).to_have_attribute("aria-invalid", "true")
    box.blur()
    expect(box).to_have_value("2")
    expect(box).not_to_have_attribute("aria-invalid", "true")
    expect(control(page, "height").get_by_role("alert")).to_contain_text("The last good value stays.")


def test_typing_is_never_overwritten_by_an_answer(page: Page) -> None:
    box = control(page, "offset").locator("input[type=number]")
    box.press_sequentially("1.25", delay=120)
    expect(page).to_have_url(re.compile("s="))
    expect(box).to_have_value("1.25")
    box.fill("9")
    box.press("Enter")
    expect(control(page, "offset").get_by_role("alert")).to_have_text("The offset stays between −5 and 5.")
    box.fill("")
    box.press("Enter")
    expect(control(page, "offset").get_by_role("alert")).to_have_text("")


def test_everything_works_by_keyboard_alone(page: Page) -> None:
    control(page, "waves").locator("input[type=number]").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(control(page, "waves").locator("input[type=number]")).to_have_value("3")
    expect(page).to_have_url(re.compile("s="))
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="steps")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_role("switch", name="Upside down")).to_be_checked()
    cell = page.get_by_role("gridcell").nth(0)
    cell.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("2,5")
    page.keyboard.press("Enter")
    expect(page.locator(".example-sum")).to_have_text("sum 6.5")
    page.keyboard.type("x")
    expect(page.get_by_role("gridcell").nth(4)).to_have_text("2.5")
    page.keyboard.press("Enter")
    page.keyboard.type("nan")
    page.keyboard.press("Enter")
    expect(page.locator(".example-matrix").get_by_role("alert")).to_contain_text("A cell takes a number")
    expect(page.locator(".example-sum")).to_have_text("sum 6.5")


def test_a_cell_and_a_point_are_dragged_and_the_picture_follows(page: Page) -> None:
    drag(page, page.get_by_role("gridcell").nth(0), 40, steps=20)
    expect(page.locator(".example-sum")).to_have_text("sum 3")
    page.mouse.up()
    expect(page.get_by_role("gridcell").nth(0)).to_have_text("1")
    wave_height(page).focus()
    page.keyboard.press("ArrowUp")
    expect(control(page, "height").locator("input[type=number]")).not_to_have_value("1")


def test_keys_that_are_quicker_than_the_answers_all_count(page: Page) -> None:
    box = control(page, "height").locator("input[type=number]")
    wave_height(page).press("ArrowUp")
    expect(box).not_to_have_value("1")
    one = float(box.input_value()) - 1
    page.keyboard.press("Control+z")
    expect(box).to_have_value("1")
    press_at_once(wave_height(page), "ArrowUp", "ArrowUp", "ArrowUp")
    expect(box).to_have_value(re.compile(r"1\.\d"))
    assert float(box.input_value()) - 1 == pytest.approx(3 * one, abs=0.02)  # each is rounded to a hundredth


# Writes down, at every redrawing, what the slider said and what the picture said.
NOTE = """(row) => {
  const stage = row.closest('.live').querySelector('.live-stage');
  const slider = row.querySelector('input[type=range]');
  globalThis.notes = [];
  new MutationObserver(() => {
    const mark = stage.querySelector('[role=slider][aria-label=Height]');
    const drawn = mark.getAttribute('aria-valuetext').split(', ')[1].replace('−', '-');
    globalThis.notes.push([slider.valueAsNumber, Number(drawn)]);
  }).observe(stage, {attributes: true, attributeFilter: ['data-drawn']});
}"""


def wait_for_positions(page: Page, at_least: int = 40) -> None:
    """Until the browser has that many answers of other positions."""
    page.wait_for_function(
        """(n) => {
          const roots = [...document.querySelectorAll('*')].map((e) => e.shadowRoot).filter(Boolean);
          return roots.some((root) => [root, ...root.children].some((e) => (e.labLive?.ahead.kept.size ?? 0) >= n));
        }""",
        arg=at_least,
    )


def test_pictures_sent_ahead_are_the_ones_under_the_mouse_and_the_server_has_the_last_word(page: Page) -> None:
    row = control(page, "height")
    slider = row.locator("input[type=range]")
    row.evaluate(NOTE)
    slider.hover()
    wait_for_positions(page)
    drag(page, slider, 40, steps=20)
    value = slider.input_value()
    notes = page.evaluate("globalThis.notes")
    assert len(notes) >= 5
    assert all(slid == drawn for slid, drawn in notes), notes  # each picture is of the value under the mouse
    page.mouse.up()
    expect(page).to_have_url(re.compile("s="))
    expect(wave_height(page)).to_have_attribute("aria-valuetext", f"Height 0, {value}")
    page.reload()
    expect(wave_height(page)).to_have_attribute("aria-valuetext", f"Height 0, {value}")


def test_no_picture_of_another_state_is_shown_after_a_change_elsewhere_or_an_undo(page: Page) -> None:
    slider = control(page, "height").locator("input[type=range]")
    slider.hover()
    wait_for_positions(page)
    page.get_by_role("switch", name="Upside down").click()
    expect(page).to_have_url(re.compile("s="))
    slider.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(wave_height(page)).to_have_attribute("aria-valuetext", "Height 0, 1.2")
    lines = page.locator(".example-plot path.live-line")
    upside_down = lines.get_attribute("d")
    expect(page.get_by_role("button", name="Undo")).to_have_attribute("aria-disabled", "false")
    page.keyboard.press("Control+z")
    expect(slider).to_have_value("1")
    page.keyboard.press("Control+z")
    expect(page.get_by_role("switch", name="Upside down")).not_to_be_checked()
    slider.focus()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    expect(wave_height(page)).to_have_attribute("aria-valuetext", "Height 0, 1.2")
    expect(lines).not_to_have_attribute("d", upside_down or "")


def test_pictures_that_were_overtaken_on_the_way_are_wished_for_again(new_page: NewPage, live_server: Server) -> None:
    page = new_page()
    held: list[bytes | str] = []
    freed: list[bytes | str] = []

    def overtake_the_first(route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def pass_on(message: bytes | str) -> None:
            if not freed and (held or _tells(message, b'"ahead":{"n":')):
                held.append(message)
                if len(held) > 1 and _tells(message, b'"wished":'):
                    freed.extend(held[1:])
                    for later in freed:
                        route.send(later)
            else:
                route.send(message)

        server.on_message(pass_on)

    page.route_web_socket(re.compile("_stcore/stream"), overtake_the_first)
    # Nobody waits until the browser loses its patience.
    page.add_init_script("const later = setTimeout; globalThis.setTimeout = (f, ms) => ms === 3000 ? 0 : later(f, ms);")
    page.goto(live_server.url)
    page.locator("[data-drawn]").wait_for()
    slider = control(page, "height").locator("input[type=range]")
    slider.hover()
    while not held:
        page.wait_for_timeout(20)
    slider.press("ArrowRight")
    wait_for_positions(page)
    assert freed, "the first answer was overtaken"


def _tells(message: bytes | str, word: bytes) -> bool:
    return isinstance(message, bytes) and word in message
