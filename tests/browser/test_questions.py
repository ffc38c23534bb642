"""Practise in a real Chromium: by keyboard alone, on a phone, and to the stage that shows the question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bench.server import Server
from lab.network.presets import preset
from lab.questions.question import question_of
from lab.questions.topics import TOPICS
from pages.ui import link

pytestmark = pytest.mark.browser

OVERFLOWS = """() => [...document.querySelectorAll('.katex, .stMarkdown, .reply-box')]
  .filter((node) => node.getBoundingClientRect().right > document.documentElement.clientWidth)
  .map((node) => node.textContent.slice(0, 80))"""


def address(server: Server, question: str, **chosen: Any) -> str:
    text = link.encode_link({"practise": {"question": question, **chosen}}, preset("student_cnn"))
    return f"{server.url}/practise?s={text}"


def test_a_round_by_keyboard_alone(lab_server: Server, new_page: Callable[..., Page]) -> None:
    page, right = new_page(), question_of("output-size:1:0").answer.text
    page.goto(address(lab_server, "output-size:1:0"))
    box = page.locator(".reply-box .line")
    expect(box).to_be_focused()
    page.keyboard.type("many")
    page.keyboard.press("Enter")
    expect(page.get_by_text("That is not a number; write for example 14.")).to_be_visible()
    expect(box).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type(str(int(right) - 1))
    page.keyboard.press("Enter")
    expect(page.get_by_text("You counted the moves, not the positions.")).to_be_visible()
    expect(box).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type(right)
    page.keyboard.press("Enter")
    expect(page.get_by_text("The way there")).to_be_visible()
    expect(page.get_by_role("button", name="Next question")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The way there")).to_have_count(0)
    expect(page.locator(".reply-box :focus")).to_have_count(1)
    expect(page.get_by_text("0 of 1 right")).to_be_visible()


def test_a_matrix_is_filled_cell_by_cell_and_its_rows_stay_rows_on_a_phone(
    lab_server: Server, new_page: Callable[..., Page]
) -> None:
    page = new_page(width=375, height=720)
    page.goto(address(lab_server, "small-map:2:1"))
    cells = page.locator(".reply-box .cell")
    expect(cells.first).to_be_focused()
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("4 cells are empty.")).to_be_visible()
    expect(page.locator(".reply-box .cell[aria-invalid]")).to_have_count(4)
    expect(cells.first).to_be_focused()
    for text in ("-17", "-6", "-9"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.type("5")
    tops = [cells.nth(i).evaluate("(cell) => cell.getBoundingClientRect().top") for i in range(4)]
    assert tops[0] == tops[1] < tops[2] == tops[3]
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 of 4 cells is wrong: row 2, column 2.")).to_be_visible()
    expect(cells.nth(3)).to_be_focused()
    page.get_by_role("button", name="Type it as text").click()
    area = page.locator(".reply-box .area")
    expect(area).to_be_focused()
    area.fill("-17 -6; -9 -8")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("The way there")).to_be_visible()


@pytest.mark.parametrize("is_phone", [False, True])
def test_what_the_keys_do_is_said_only_where_there_is_a_keyboard(
    lab_server: Server, new_page: Callable[..., Page], is_phone: bool
) -> None:
    page = new_page(width=375, height=720, has_touch=is_phone, is_mobile=is_phone)
    page.goto(address(lab_server, "small-map:2:1"))
    expect(page.get_by_text("As text: a line for each row.")).to_be_visible()
    expect(page.get_by_text("Tab goes to the next cell")).to_be_visible(visible=not is_phone)


@pytest.mark.parametrize("topic", ["output-size", "cross-entropy", "two-channels", "network-totals", "pool-gradient"])
def test_nothing_runs_off_a_phone(lab_server: Server, new_page: Callable[..., Page], topic: str) -> None:
    assert topic in TOPICS
    page = new_page(width=375, height=720)
    page.goto(address(lab_server, f"{topic}:3:4"))
    page.get_by_role("button", name="Solution").click()
    expect(page.get_by_text("The way there")).to_be_visible()
    expect(page.locator(".katex").first).to_be_visible()
    page.evaluate("document.fonts.ready.then(() => null)")
    assert page.evaluate(OVERFLOWS) == []
    page.get_by_role("button", name="Next question").click()
    expect(page.get_by_text("The way there")).to_have_count(0)
    expect(page.get_by_text("· level ")).to_be_in_viewport()  # the new question is read from its beginning


def test_show_me_opens_the_stage_with_the_numbers_of_the_question(
    lab_server: Server, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    page.goto(address(lab_server, "pooling-map:3:0"))
    page.get_by_role("button", name="Show me in Pooling").click()
    expect(page.get_by_role("heading", name="Pooling", exact=True)).to_be_visible()
    expect(page.locator(".live-stage[data-drawn]").first).to_be_visible()
    rows = page.locator('.live-control[data-field="height"] input[type="number"]').first
    expect(rows).to_have_value("3")


def test_a_choice_is_made_by_its_letter(lab_server: Server, new_page: Callable[..., Page]) -> None:
    page, question = new_page(), question_of("output-size:1:3")
    page.goto(address(lab_server, question.id))
    expect(page.locator(".reply-box input[type=radio]").first).to_be_focused()
    page.keyboard.press("abcd"[[option.misconception for option in question.options].index(None)])
    page.keyboard.press("Enter")
    expect(page.get_by_text("The way there")).to_be_visible()


@pytest.mark.parametrize("asked", ["output-size:1:0", "output-size:1:3", "small-map:2:1"])
def test_after_the_solution_nothing_can_be_written_any_more(
    lab_server: Server, new_page: Callable[..., Page], asked: str
) -> None:
    page = new_page()
    page.goto(address(lab_server, asked))
    fields = page.locator(".reply-box :is(input, textarea)")
    expect(fields.first).to_be_enabled()
    page.get_by_role("button", name="Solution").click()
    expect(page.get_by_text("The way there")).to_be_visible()
    for field in fields.all():
        expect(field).to_be_disabled()
    page.get_by_role("button", name="Next question").click()
    expect(page.get_by_text("The way there")).to_have_count(0)
    expect(fields.first).to_be_enabled()


@pytest.mark.parametrize("width", [1280, 375])
def test_under_whose_name_answers_are_kept_is_said_above_the_question(
    lab_server: Server, new_page: Callable[..., Page], width: int
) -> None:
    page = new_page(width=width, height=800)
    page.goto(address(lab_server, "output-size:1:0"))
    name, box = page.get_by_role("textbox", name="Your name"), page.locator(".reply-box .line")
    expect(box).to_be_visible()
    name_place, box_place = name.bounding_box(), box.bounding_box()
    assert name_place is not None
    assert box_place is not None
    assert name_place["y"] + name_place["height"] < box_place["y"]
    assert name_place["x"] + name_place["width"] <= width


def test_the_browser_remembers_the_name_over_a_reload_and_for_the_next_tab(
    lab_server: Server, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    page.goto(f"{lab_server.url}/practise")
    name = page.get_by_role("textbox", name="Your name")
    name.fill("Anna K.")
    name.press("Enter")
    page.wait_for_function("localStorage.getItem('lab-name') === 'Anna K.'")
    page.reload()
    expect(name).to_have_value("Anna K.")
    other = page.context.new_page()
    other.goto(f"{lab_server.url}/progress")
    expect(other.get_by_role("textbox", name="Your name")).to_have_value("Anna K.")
    expect(other.get_by_text("The answers of Anna K. are kept")).to_be_visible()
    stranger = new_page()
    stranger.goto(f"{lab_server.url}/practise")
    expect(stranger.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible()
    expect(stranger.get_by_role("textbox", name="Your name")).to_have_value("student")
