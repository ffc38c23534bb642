"""A picture from the camera, as Chromium plays one: green, with a pie that turns."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from bench.browser import launch_options
from bench.server import Server

pytestmark = pytest.mark.browser

CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
# Mean red, green and blue of a picture on the page.
COLOUR = """async (node) => {
  await node.decode();
  const canvas = Object.assign(document.createElement('canvas'), {width: 16, height: 16});
  const context = canvas.getContext('2d');
  context.drawImage(node, 0, 0, 16, 16);
  const data = context.getImageData(0, 0, 16, 16).data;
  return [0, 1, 2].map((part) => data.filter((_, i) => i % 4 === part).reduce((a, b) => a + b) / 256);
}"""


@pytest.fixture
def page(chromium: Browser, lab_server: Server) -> Iterator[Page]:
    options = launch_options(for_tests=True)
    browser = chromium.browser_type.launch(**options | {"args": [*options["args"], *CAMERA]})
    page = browser.new_page(reduced_motion="reduce", viewport={"width": 1280, "height": 900})
    yield page
    browser.close()


def test_a_picture_is_taken_and_the_kernel_runs_over_it(page: Page, lab_server: Server) -> None:
    page.goto(f"{lab_server.url}/convolution")
    photo = page.locator(".shot-photo img")
    expect(photo).to_have_attribute("alt", "Cat")
    page.get_by_text("Camera", exact=True).click()
    page.wait_for_function("document.querySelector('video')?.readyState === 4")  # before, a click finds no picture
    page.get_by_role("button", name="Take Photo").click()
    expect(photo).not_to_have_attribute("alt", "Cat")
    page.get_by_role("radio", name="colour", exact=True).check()
    expect(page.locator(".shot-code")).to_contain_text("groups=3")
    red, green, blue = photo.evaluate(COLOUR)
    assert green > 2 * max(red, blue), "not what the camera sees"
    page.get_by_role("button", name="Identity").click()
    result = page.locator(".shot-photo canvas")
    expect(result).to_have_attribute("aria-label", re.compile("The photo after the kernel: .* values from "))
