"""The Convolution page in a real Chromium: dragged, pointed at, stepped, typed into; the numbers are read off it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from bench.server import Server
from lab.network.presets import preset
from pages.ui.link import encode_link
from tests.browser.controls import press_at_once

pytestmark = pytest.mark.browser

NewPage = Callable[..., Page]

# The guide's 5×5 under the guide's kernel, no padding: Dumoulin & Visin, arXiv:1603.07285.
GUIDE = {"kernel": "guide", "padding": 0}
GUIDE_OUTPUT = ["12", "12", "17", "10", "17", "19", "9", "6", "14"]


def open_page(page: Page, server: Server, **values: object) -> Locator:
    """Open the page with this setting, standing still; return the numbers stage."""
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{server.url}/convolution?s={encode_link({'convolution': dict(values)}, preset('student_cnn'))}")
    stage = page.locator(".live").filter(has=page.locator(".conv-flow")).first
    expect(stage.locator(".live-stage")).to_have_attribute("data-drawn", "1")
    return stage


def cells(stage: Locator, group: str) -> Locator:
    return stage.locator(f".conv-{group} .live-cell")


def test_the_guides_numbers_are_on_the_screen_and_every_cell_tells_its_sum(
    new_page: NewPage, lab_server: Server
) -> None:
    stage = open_page(new_page(), lab_server, **GUIDE)
    expect(cells(stage, "outputs")).to_have_text(GUIDE_OUTPUT)
    cells(stage, "outputs").nth(5).hover()
    expect(stage.locator(".conv-sum-head")).to_contain_text("Output row 2, column 3")
    expect(stage.locator(".conv-total")).to_have_text("19")
    expect(cells(stage, "inputs").and_(stage.locator(".lit"))).to_have_count(9)
    products = [int(text.replace("−", "-")) for text in stage.locator(".conv-card b").all_inner_texts()]
    assert sum(products) == 19


def test_an_input_pixel_lights_up_what_it_goes_into_also_by_the_keyboard(new_page: NewPage, lab_server: Server) -> None:
    stage = open_page(new_page(), lab_server, **GUIDE)
    cells(stage, "inputs").first.focus()
    expect(stage.locator(".conv-sum-head")).to_contain_text("goes into 1 output cell")
    for _ in range(2):
        stage.page.keyboard.press("ArrowDown")
        stage.page.keyboard.press("ArrowRight")
    expect(stage.locator(".conv-sum-head")).to_contain_text("goes into 9 output cells")
    expect(cells(stage, "outputs").and_(stage.locator(".lit"))).to_have_count(9)


def test_a_dragged_stride_changes_size_formula_and_code_and_an_impossible_one_is_out_of_reach(
    new_page: NewPage, lab_server: Server
) -> None:
    stage = open_page(new_page(), lab_server, size=6, kernel="guide", padding=0)
    stride = stage.locator("[data-field=stride] input[type=range]")
    stride.focus()
    stage.page.keyboard.press("ArrowRight")
    expect(cells(stage, "outputs")).to_have_count(4)
    expect(stage.locator(".conv-today")).to_have_text("= ⌊(6 + 2·0 − 1·(3 − 1) − 1) / 2⌋ + 1 = 2")
    expect(stage.locator(".conv-snippet pre").first).to_have_text("nn.Conv2d(1, 1, kernel_size=3, stride=2)")
    expect(stage.locator(".conv-fact").filter(has_text="Not read")).to_contain_text("11 of 36 pixels")
    expect(stage.locator("[data-field=kernel_size] input[type=range]")).to_have_attribute("max", "6")


def test_a_typed_number_changes_the_output_and_text_leaves_it_as_it_was(new_page: NewPage, lab_server: Server) -> None:
    stage = open_page(new_page(), lab_server, **GUIDE)
    middle = cells(stage, "kernels").nth(4)
    middle.dblclick()
    middle.locator("input").fill("ten")
    middle.locator("input").press("Enter")
    expect(stage.locator(".conv-kernels .live-problem")).to_contain_text("takes a number")
    expect(cells(stage, "outputs")).to_have_text(GUIDE_OUTPUT)
    middle.dblclick()
    middle.locator("input").fill("12")
    middle.locator("input").press("Enter")
    # The middle weight was 2 and its pixel 0: ten more of nothing; the next one's pixel is 1.
    expect(cells(stage, "outputs").nth(1)).to_have_text("22")
    expect(cells(stage, "outputs").first).to_have_text("12")


def test_two_numbers_changed_before_the_answer_are_both_kept(new_page: NewPage, lab_server: Server) -> None:
    stage = open_page(new_page(), lab_server, **GUIDE)
    press_at_once(cells(stage, "kernels").first, "+", "ArrowRight", "+")
    # Each lies on a pixel of 3.
    expect(cells(stage, "outputs").first).to_have_text("18")
    expect(cells(stage, "kernels").nth(0)).to_have_text("1")


def test_an_old_link_without_a_result_says_so_and_shows_one_that_has(new_page: NewPage, lab_server: Server) -> None:
    stage = open_page(new_page(), lab_server, size=2, kernel_size=7, padding=0)
    expect(stage.locator(".live-message")).to_contain_text("The window spans 7 px but the padded input has only 2 px.")
    expect(cells(stage, "outputs")).to_have_count(25)


def test_the_photo_follows_a_preset_and_a_dragged_number(new_page: NewPage, lab_server: Server) -> None:
    stage = open_page(new_page(), lab_server)
    photo = stage.page.locator(".live").filter(has=stage.page.locator(".shot-flow"))
    photo.get_by_role("button", name="Identity").click()
    expect(photo.locator(".live-cell")).to_have_text(["0", "0", "0", "0", "1", "0", "0", "0", "0"])
    expect(photo.locator(".shot-scale")).to_contain_text("shown from 0 black to 255 white")
    middle = photo.locator(".live-cell").nth(4)
    middle.scroll_into_view_if_needed()
    box = middle.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    stage.page.mouse.move(x, y)
    stage.page.mouse.down()
    stage.page.mouse.move(x + 16, y, steps=4)
    stage.page.mouse.up()
    expect(middle).to_have_text("2")
    expect(photo.get_by_role("button", name="Identity")).to_have_attribute("aria-pressed", "false")


def test_a_gradient_typed_into_the_output_goes_back_to_the_kernel(new_page: NewPage, lab_server: Server) -> None:
    page = new_page()
    stage = open_page(page, lab_server, **GUIDE, view="backward")
    stage.get_by_role("button", name="From the whole output").click()
    arriving = stage.get_by_role("grid", name="∂ / ∂ output").locator(".live-cell")
    expect(arriving).to_have_text(["1"] * 9)
    kernel = stage.get_by_role("grid", name="∂ / ∂ kernel").locator(".live-cell")
    before = [int(text) for text in kernel.all_inner_texts()]
    corner = [int(text) for text in cells(stage, "inputs").all_inner_texts()][:25]
    arriving.first.dblclick()
    page.keyboard.type("3")
    page.keyboard.press("Enter")
    window = [corner[5 * y + x] for y in range(3) for x in range(3)]
    # Twice more of the first output's gradient: twice more of the pixels that it met.
    expect(kernel).to_have_text([str(old + 2 * pixel) for old, pixel in zip(before, window, strict=True)])
    page.reload()
    expect(stage.get_by_role("grid", name="∂ / ∂ output").locator(".live-cell").first).to_have_text("3")


def test_every_view_of_a_transposed_layer_opens(new_page: NewPage, lab_server: Server) -> None:
    page = new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    stage = open_page(page, lab_server, transposed=True)
    for view in ("matrix", "backward", "sum"):
        tab = stage.locator(f".conv-tab[data-view={view}]")
        tab.click()
        expect(tab).to_have_attribute("aria-pressed", "true")
    assert not broken


# The least contrast of the digits that the walk has not reached; nothing as long as there are none.
LEAST_LATER_CONTRAST = """(stage) => {
  const cells = [...stage.querySelectorAll('.conv-outputs .live-cell.conv-later')];
  const brush = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const painted = (...layers) => {
    for (const layer of layers) { brush.fillStyle = layer; brush.fillRect(0, 0, 1, 1); }
    return [...brush.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const light = (colour) => {
    const linear = (share) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = colour.map((part) => linear(part / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  const contrasts = cells.map((cell) => {
    const look = getComputedStyle(cell);
    const layer = look.backgroundImage.match(/(?:color|rgba?|oklab)\\([^()]*\\)/)?.[0] ?? 'transparent';
    const [ink, ground] = [light(painted(look.color)), light(painted('#888', look.backgroundColor, layer))];
    return look.opacity === '1' ? Math.max(ink, ground) / Math.min(ink, ground) : 1;
  });
  return contrasts.length > 1 && Math.min(...contrasts);
}"""


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_output_cells_that_are_not_reached_yet_are_pale_and_readable(
    new_page: NewPage, lab_server: Server, color_scheme: str
) -> None:
    stage = open_page(new_page(color_scheme=color_scheme), lab_server)
    reached = cells(stage, "outputs").first.evaluate("(cell) => getComputedStyle(cell).backgroundImage")
    stage.get_by_role("button", name="Play", exact=True).click()
    least = stage.page.wait_for_function(LEAST_LATER_CONTRAST, arg=stage.element_handle()).json_value()
    assert least >= 4.5
    later = stage.locator(".conv-outputs .conv-later").last
    assert later.evaluate("(cell) => getComputedStyle(cell).backgroundImage") != reached
