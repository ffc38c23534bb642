"""A real training, started, watched, interrupted and continued in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from bench.server import Server
from lab.network.presets import preset
from lab.training.recipe import TrainSpec
from lab.training.run_folder import Run, create_run, list_runs, open_run
from pages.ui.link import encode_link
from tests.browser.controls import number_box, wait_for_link

pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]
STUDENT = preset("student_cnn")
# Long enough to be interrupted, short enough to end by itself in a minute should a test fail.
LONG = {"epochs": 40, "n_train": 3000, "schedule": "constant", "lr": 0.01}


def address(server: Server, path: str, **pages: dict[str, object]) -> str:
    return f"{server.url}/{path}?s={encode_link(pages, STUDENT)}"


def badge(page: Page, word: str) -> None:
    expect(page.locator(".stMarkdownBadge")).to_contain_text(word)


def newest(server: Server) -> Run:
    return open_run(list_runs(server.home)[0].id, server.home)


@pytest.fixture
def stopping(lab_server: Server) -> Iterator[None]:
    """End what a test leaves running."""
    yield
    for info in list_runs(lab_server.home):
        if info.status in ("running", "queued", "paused"):
            open_run(info.id, lab_server.home).stop()


@pytest.fixture(scope="session")
def finished(lab_server: Server) -> Run:
    from lab.training.loop import train

    spec = TrainSpec(network=STUDENT, epochs=2, n_train=600, device="cpu")
    run = create_run(spec, lab_server.home)
    list(train(spec, run=run))
    return run


def test_the_recipe_moves_under_the_hand_and_can_be_taken_back(lab_server: Server, new_page: NewPage) -> None:
    page = new_page()
    page.goto(address(lab_server, "train"))
    cost = page.locator(".recipe-cost")
    expect(cost).to_contain_text("5 epochs of 12,000 images: 940 steps")
    page.locator("[data-field=epochs]").get_by_role("spinbutton").fill("7")
    expect(cost).to_contain_text("7 epochs of 12,000 images: 1,316 steps")
    page.get_by_role("radio", name="Adam", exact=True).check()
    expect(number_box(page, "lr")).to_have_value("0.001")
    page.get_by_role("button", name="Undo").click()
    expect(number_box(page, "lr")).to_have_value("0.08")
    page.get_by_role("button", name="Back to the start").click()
    expect(cost).to_contain_text("5 epochs of")
    page.get_by_role("button", name="Undo").click()
    expect(cost).to_contain_text("7 epochs of")
    wait_for_link(page, "train", epochs=7)
    page.reload()
    expect(cost).to_contain_text("7 epochs of")


@pytest.mark.usefixtures("stopping")
def test_a_training_is_started_watched_paused_reloaded_resumed_and_stopped(
    lab_server: Server, new_page: NewPage
) -> None:
    page = new_page()
    page.goto(address(lab_server, "train", train=LONG))
    page.get_by_role("button", name="Start training").click()
    badge(page, "training")
    progress = page.get_by_test_id("stProgress")
    expect(progress).to_contain_text("step")
    before = progress.inner_text()
    expect(progress).not_to_have_text(before)
    expect(page.locator('td[data-row="0"]').first).to_be_visible()
    labels = page.locator(".mark-text text")
    expect(labels.filter(has_text="test").first).to_be_visible()
    end_of_curve = labels.filter(has_text="test").first.text_content() or ""
    expect(labels.filter(has_text="test").first).not_to_have_text(end_of_curve)
    run = newest(lab_server)

    page.get_by_role("button", name="Pause").click()
    badge(page, "paused")
    page.reload()
    badge(page, "paused")
    expect(page.get_by_text(run.id)).to_be_visible()

    page.get_by_role("button", name="Resume").click()
    badge(page, "training")
    second = new_page()
    second.goto(page.url)
    badge(second, "training")
    second.get_by_role("button", name="Stop").click()
    badge(second, "stopped")
    badge(page, "stopped")
    second.get_by_role("button", name="Resume").click()
    badge(second, "training")
    second.get_by_role("button", name="Stop").click()
    badge(second, "stopped")
    assert newest(lab_server).id == run.id, "neither reload nor second tab made another run"
    assert run.status().step > 0


@pytest.mark.usefixtures("stopping")
def test_the_learning_rate_changes_while_it_trains(lab_server: Server, new_page: NewPage) -> None:
    page = new_page()
    page.goto(address(lab_server, "train", train=LONG))
    page.get_by_role("button", name="Start training").click()
    badge(page, "training")
    page.get_by_text("Learning rate: its curve, and change it now").click()
    page.locator(".st-key-_train-live_rate").get_by_role("slider").first.focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Apply 0.02").click()
    expect(page.get_by_test_id("stMetric").filter(has_text="Learning rate")).to_contain_text("0.02")
    assert newest(lab_server).history().lr_changes[-1].lr == pytest.approx(0.02)


def test_a_click_on_a_cell_opens_its_images(lab_server: Server, new_page: NewPage, finished: Run) -> None:
    page = new_page()
    page.goto(address(lab_server, "train", train={"run": finished.id}))
    confusion = finished.evaluation().confusion
    page.locator('td[data-row="9"][data-column="9"]').click()
    cell = page.locator(".st-key-train_cell")
    expect(cell).to_contain_text(f"{confusion[9][9]} images of Ankle boot recognised")
    expect(cell.locator("img").first).to_be_visible()


def test_the_matrix_is_walked_with_the_keyboard(lab_server: Server, new_page: NewPage, finished: Run) -> None:
    page = new_page()
    page.goto(address(lab_server, "train", train={"run": finished.id}))
    page.locator('td[data-row="0"][data-column="0"]').click()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "Enter"):
        page.keyboard.press(key)
    count = finished.evaluation().confusion[2][1]
    said = "No image" if count == 0 else "1 image" if count == 1 else f"{count} images"
    expect(page.locator(".st-key-train_cell")).to_contain_text(f"{said} of Pullover taken for Trouser")
    name = page.locator('td[data-row="2"][data-column="1"]').get_attribute("aria-label") or ""
    assert name.startswith(f"Pullover taken for Trouser: {count} of 200")


def test_a_misfit_is_mended_by_one_click(lab_server: Server, new_page: NewPage) -> None:
    page = new_page()
    page.goto(address(lab_server, "train", train={"data": "shapes"}))
    start = page.get_by_role("button", name="Start training")
    expect(start).to_be_disabled()
    page.get_by_role("button", name=re.compile("out_features to 6")).click()
    expect(start).to_be_enabled()


def test_the_next_page_opens_at_this_run(lab_server: Server, new_page: NewPage, finished: Run) -> None:
    page = new_page()
    page.goto(address(lab_server, "train", train={"run": finished.id}))
    page.get_by_role("button", name="See its feature maps").click()
    expect(page.get_by_role("heading", name="Feature maps")).to_be_visible()
    wait_for_link(page, "maps", source=f"run:{finished.id}")


@pytest.mark.parametrize("width", [375, 1280])
def test_nothing_is_wider_than_the_screen(lab_server: Server, new_page: NewPage, finished: Run, width: int) -> None:
    page = new_page(width=width, height=720)
    page.goto(address(lab_server, "train", train={"run": finished.id}))
    expect(page.locator('td[data-row="0"]').first).to_be_visible()
    overflow = page.get_by_test_id("stMain").evaluate("main => main.scrollWidth - main.clientWidth")
    assert overflow <= 0


def test_a_phone_holds_all_ten_classes_of_the_matrix(lab_server: Server, new_page: NewPage, finished: Run) -> None:
    page = new_page(width=375, height=812)
    page.goto(address(lab_server, "train", train={"run": finished.id}))
    corner = page.locator('td[data-row="9"][data-column="9"]')
    expect(corner).to_be_visible()
    box = corner.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 375
    assert min(box["width"], box["height"]) >= 24, "a finger finds it"


def test_on_a_phone_the_button_comes_before_the_images(lab_server: Server, new_page: NewPage) -> None:
    page = new_page(width=375, height=812)
    page.goto(address(lab_server, "train"))
    image = page.locator(".lab-strips img").first
    expect(image).to_be_visible()
    button, first = page.get_by_role("button", name="Start training").bounding_box(), image.bounding_box()
    assert button is not None
    assert first is not None
    assert button["y"] < first["y"]


def test_a_run_outlives_its_server(fresh_server: Server, new_page: NewPage) -> None:
    page = new_page()
    page.goto(address(fresh_server, "train", train=LONG))
    page.get_by_role("button", name="Start training").click()
    badge(page, "training")
    expect(page.locator('td[data-row="0"]').first).to_be_visible()
    url, run = page.url, newest(fresh_server)
    fresh_server.stop()
    assert run.status().status == "running"
    fresh_server.start()
    page.goto(url)
    badge(page, "training")
    page.get_by_role("button", name="Stop").click()
    badge(page, "stopped")
