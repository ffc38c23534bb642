"""Photos shown to networks in a real browser: by mouse, by keyboard, from a file, from the camera."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bench.server import Server
from lab.network.presets import preset
from lab.training.recipe import TrainSpec
from lab.training.run_folder import Run, create_run

pytestmark = pytest.mark.browser
PHOTOS = Path(__file__).parents[2] / "assets/photos"
NewPage = Callable[..., Page]


@pytest.fixture(scope="session")
def clothes_run(lab_server: Server) -> Run:
    from lab.training.loop import train

    spec = TrainSpec(network=preset("student_cnn"), epochs=1, n_train=1500, device="cpu")
    run = create_run(spec, lab_server.home)
    list(train(spec, run=run))
    return run


def first_class(page: Page, name: str) -> None:
    expect(page.locator(".lab-answer th").first).to_have_text(name)


def open_page(server: Server, page: Page) -> Page:
    page.goto(f"{server.url}/classify")
    first_class(page, "tiger cat")
    return page


def test_samples_are_chosen_by_mouse_and_keyboard(lab_server: Server, new_page: NewPage) -> None:
    page = open_page(lab_server, new_page())
    expect(page.get_by_role("radio", name="Cat", exact=True)).to_have_attribute("aria-checked", "true")
    page.get_by_role("radio", name="Cup of coffee").click()
    first_class(page, "espresso")
    page.keyboard.press("ArrowRight")
    first_class(page, "tripod")
    page.keyboard.press("ArrowLeft")
    first_class(page, "espresso")
    expect(page.get_by_role("radio", name="Cup of coffee")).to_be_focused()


def test_the_address_brings_the_photo_back(lab_server: Server, new_page: NewPage) -> None:
    page = open_page(lab_server, new_page())
    page.get_by_role("radio", name="Cup of coffee").click()
    first_class(page, "espresso")
    page.wait_for_url("**?s=*")
    page.reload()
    first_class(page, "espresso")


def test_an_uploaded_photo_survives_leaving_the_page(lab_server: Server, new_page: NewPage) -> None:
    page = open_page(lab_server, new_page())
    page.get_by_text("Upload", exact=True).click()
    page.set_input_files("input[type=file]", PHOTOS / "camera.jpg")
    first_class(page, "tripod")
    page.get_by_role("link", name="Build").click()
    expect(page.get_by_role("heading", name="Build")).to_be_visible()
    page.get_by_role("link", name="Classify a photo").click()
    first_class(page, "tripod")
    expect(page.get_by_text("camera.jpg")).to_be_visible()


def test_a_hostile_file_is_one_sentence_and_the_next_photo_works(
    lab_server: Server, new_page: NewPage, tmp_path: Path
) -> None:
    hostile = tmp_path / "cat.png"
    hostile.write_bytes((PHOTOS / "cat.jpg").read_bytes()[:5000])
    page = open_page(lab_server, new_page())
    page.get_by_text("Upload", exact=True).click()
    page.set_input_files("input[type=file]", hostile)
    expect(page.get_by_role("alert").filter(has_text="IMG-TRUNCATED")).to_contain_text("cat.png")
    expect(page.locator(".lab-answer")).to_have_count(0)
    page.set_input_files("input[type=file]", PHOTOS / "coffee.jpg")
    first_class(page, "espresso")


def test_a_run_of_ones_own_classifies_its_images_and_warns_of_others(
    lab_server: Server, new_page: NewPage, clothes_run: Run
) -> None:
    page = open_page(lab_server, new_page())
    page.get_by_role("combobox").first.click()
    page.get_by_role("option").filter(has_text="student_cnn · Fashion-MNIST · ").first.click()
    expect(page.get_by_text("Test image 0. Its class")).to_be_visible()  # nobody has chosen a picture yet
    page.get_by_text("Sample", exact=True).click()
    expect(page.get_by_text("This photo is unlike the images that the network was trained on")).to_be_visible()
    page.get_by_text("Data set", exact=True).first.click()
    expect(page.get_by_text("This test image is of class")).to_be_visible()
    page.get_by_role("radio", name="Test image 3:").click()
    expect(page.get_by_text("Test image 3. Its class")).to_be_visible()
    expect(page.locator(".lab-steps img.sharp").first).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (375, "dark")])
def test_nothing_is_wider_than_the_screen(lab_server: Server, new_page: NewPage, width: int, scheme: str) -> None:
    page = open_page(lab_server, new_page(width=width, color_scheme=scheme))
    page.locator(".lab-steps .step").last.wait_for()
    # The wait is the assertion, until the columns have found their width.
    page.wait_for_function(
        "() => ![...document.querySelectorAll('[data-testid=stMain] *')]"
        ".some(e => e.getBoundingClientRect().right > innerWidth + 1 && e.getBoundingClientRect().width > 0)"
    )
