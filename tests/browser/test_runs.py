"""The Runs page in a real browser: choose, compare, open, take away, delete."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bench.server import Server
from lab.network.presets import preset
from lab.training.recipe import TrainSpec
from lab.training.run_folder import Run, create_run
from lab.training.run_status import Marker, write_marker

pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]


def trained(server: Server, **changes: object) -> Run:
    from lab.training.loop import train

    chosen = {"network": preset("softmax_regression"), "epochs": 2, "n_train": 500, "device": "cpu", "lr": 0.01}
    spec = TrainSpec.model_validate(chosen | changes)
    run = create_run(spec, server.home)
    list(train(spec, run=run))
    return run


@pytest.fixture(scope="module")
def pair(lab_server: Server) -> tuple[Run, Run]:
    return trained(lab_server, seed=0), trained(lab_server, seed=1)


def tick(page: Page, run: Run) -> None:
    page.locator(f'tr[data-run="{run.id}"] input[type=checkbox]').check()


def test_two_ticked_runs_are_compared(lab_server: Server, new_page: NewPage, pair: tuple[Run, Run]) -> None:
    page = new_page()
    page.goto(f"{lab_server.url}/runs")
    for run in pair:
        tick(page, run)
    expect(page.get_by_text("What differs")).to_be_visible()
    expect(page.get_by_test_id("stTable").nth(1)).to_contain_text("seed")
    labels = page.locator(".mark-text text")
    expect(labels.filter(has_text="A ").first).to_be_visible()
    expect(labels.filter(has_text="B ").first).to_be_visible()
    page.reload()
    expect(page.get_by_text("What differs")).to_be_visible()


def test_a_runs_name_opens_it(lab_server: Server, new_page: NewPage, pair: tuple[Run, Run]) -> None:
    page = new_page()
    page.goto(f"{lab_server.url}/runs")
    page.locator(f'tr[data-run="{pair[0].id}"] button.open').click()
    expect(page.get_by_role("heading", name="Train")).to_be_visible()
    expect(page.get_by_text(pair[0].id)).to_be_visible()


def test_the_table_is_sorted_by_a_column(lab_server: Server, new_page: NewPage, pair: tuple[Run, Run]) -> None:
    page = new_page()
    page.goto(f"{lab_server.url}/runs")
    page.locator("th.accuracy button").click()
    expect(page.locator("th.accuracy")).to_have_attribute("aria-sort", "ascending")
    shown = page.locator("td.accuracy span").all_text_contents()
    values = [float(text.removesuffix(" %")) for text in shown if text != "–"]
    assert values == sorted(values)


def test_a_network_is_taken_away_as_code(
    lab_server: Server, new_page: NewPage, pair: tuple[Run, Run], tmp_path: Path
) -> None:
    page = new_page(accept_downloads=True)
    page.goto(f"{lab_server.url}/runs")
    tick(page, pair[0])
    page.get_by_role("button", name="Prepare the file").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name=f"Download {pair[0].id}.py").click()
    waiting.value.save_as(tmp_path / "network.py")
    assert "nn.Linear" in (tmp_path / "network.py").read_text()


def test_a_whole_run_is_taken_away_as_a_zip(fresh_server: Server, new_page: NewPage, tmp_path: Path) -> None:
    run = trained(fresh_server)  # alone: another test's run that ends draws the page anew, and an opening menu closes
    page = new_page(accept_downloads=True)
    page.goto(f"{fresh_server.url}/runs")
    tick(page, run)
    page.get_by_test_id("stSelectbox").filter(has_text="Export as").get_by_role("combobox").click()
    page.get_by_role("option", name="Whole run (zip)").click()
    page.get_by_role("button", name="Prepare the file").click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name=f"Download {run.id}.zip").click()
    waiting.value.save_as(tmp_path / "run.zip")
    with zipfile.ZipFile(tmp_path / "run.zip") as packed:
        assert packed.testzip() is None
        assert f"{run.id}/spec.json" in packed.namelist()


def test_deleting_asks_first(lab_server: Server, new_page: NewPage, pair: tuple[Run, Run]) -> None:
    run = trained(lab_server, seed=7)
    page = new_page()
    page.goto(f"{lab_server.url}/runs")
    tick(page, run)
    page.get_by_role("button", name="Delete this run").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(run.id)
    dialog.get_by_role("button", name="Keep").click()
    expect(dialog).to_be_hidden()
    assert run.path.exists()
    page.get_by_role("button", name="Delete this run").click()
    dialog.get_by_role("button", name="Delete for good").click()
    expect(page.locator(f'tr[data-run="{run.id}"]')).to_have_count(0)
    assert not run.path.exists()
    assert pair[0].path.exists(), "no other run is touched"


def test_the_question_before_deleting_stays_when_another_run_ends(
    lab_server: Server, new_page: NewPage, pair: tuple[Run, Run]
) -> None:
    other = trained(lab_server, seed=9)
    write_marker(other.path, Marker("paused"))
    page = new_page()
    page.goto(f"{lab_server.url}/runs")
    tick(page, pair[0])
    page.get_by_role("button", name="Delete this run").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(pair[0].id)
    write_marker(other.path, Marker("stopped"))
    expect(page.locator(f'tr[data-run="{other.id}"] .status')).to_contain_text("stopped")
    page.wait_for_timeout(1000)  # the page below the table is drawn anew right after the table
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Keep").click()
    expect(dialog).to_be_hidden()


def test_a_damaged_run_is_a_row_that_says_why(lab_server: Server, new_page: NewPage, pair: tuple[Run, Run]) -> None:
    run = trained(lab_server, seed=8)
    (run.path / "spec.json").write_text("{")
    page = new_page()
    page.goto(f"{lab_server.url}/runs")
    row = page.locator(f'tr[data-run="{run.id}"]')
    expect(row).to_contain_text("damaged")
    expect(page.locator(f'tr[data-note-of="{run.id}"]')).to_contain_text("spec.json")
    expect(page.locator(f'tr[data-run="{pair[0].id}"]')).to_be_visible()


def test_the_table_becomes_cards_on_a_phone(lab_server: Server, new_page: NewPage, pair: tuple[Run, Run]) -> None:
    page = new_page(width=375, height=720)
    page.goto(f"{lab_server.url}/runs")
    box = page.locator(f'tr[data-run="{pair[0].id}"]').bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 375
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollWidth - main.clientWidth") <= 0
