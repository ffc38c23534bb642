"""Exam, Progress and Sheet in a real Chromium: by keyboard alone, through a reload, on a phone, and on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from bench.server import Server
from lab.network.presets import preset
from lab.questions.exam import make_exam
from pages.ui import link
from tests.browser.controls import Gate

pytestmark = pytest.mark.browser

NewPage = Callable[..., Page]
# Numbers to type, one after another.
CHOICE = {"topics": ["macs", "memory"], "levels": [1], "n": 3, "seed": 12}
QUESTIONS = make_exam(["macs", "memory"], [1], 3, 12).questions


def address(server: Server, page: str, values: dict[str, Any] | None = None) -> str:
    text = link.encode_link({page: values}, preset("student_cnn")) if values else ""
    return f"{server.url}/{page}" + (f"?s={text}" if text else "")


def write(page: Page, index: int, text: str) -> None:
    """Type an answer where the focus is, as soon as the question is there."""
    expect(page.get_by_role("heading", name=f"Question {index + 1} of 3")).to_be_visible()
    kind = QUESTIONS[index].answer.kind
    expect(page.locator(f".reply-box[data-at='{QUESTIONS[index].id}'] input").first).to_be_focused()
    page.keyboard.press(text) if kind == "choice" else page.keyboard.type(text)


def right(index: int) -> str:
    question = QUESTIONS[index]
    return "ABCD"[int(question.answer.accepted[0])] if question.answer.kind == "choice" else question.answer.text  # type: ignore[arg-type]


def begin(page: Page, server: Server, **changes: Any) -> None:
    page.goto(address(server, "exam", {**CHOICE, **changes}))
    start = page.get_by_role("button", name="Start the exam")
    expect(start).to_be_visible()
    start.focus()
    page.keyboard.press("Enter")


def count(page: Page) -> Locator:
    return page.locator(".exam-bar .count")


def test_an_exam_by_keyboard_alone(fresh_server: Server, new_page: NewPage) -> None:
    page = new_page()
    begin(page, fresh_server)
    for index in range(3):
        write(page, index, right(index) if index < 2 else "")
        if index < 2:
            page.keyboard.press("Enter")
    expect(count(page)).to_have_text("2 of 3 answered")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No answer yet: question 3.")).to_be_visible()
    finish = page.get_by_role("button", name="Finish now")
    for _ in range(12):
        if finish.evaluate("node => node === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(finish).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Result: 2 of 3 right (67 %). 1 was left open.")).to_be_visible()
    expect(page.get_by_text("The way to the answer").last).to_be_visible()


def test_keys_pressed_before_the_next_question_is_there_leave_the_answer_alone(
    fresh_server: Server, new_page: NewPage
) -> None:
    page = new_page()
    gate = Gate(page)
    begin(page, fresh_server)
    write(page, 0, right(0))
    gate.close()
    for key in ("Enter", "7", "c", "Backspace", "Enter"):
        page.keyboard.press(key)
    gate.open()
    expect(page.get_by_role("heading", name="Question 2 of 3")).to_be_visible()
    expect(count(page)).to_have_text("1 of 3 answered")
    page.get_by_role("button", name="Question 1, answered").click()
    expect(page.locator(".reply-box input").first).to_have_value(right(0))


def test_the_last_answer_can_still_be_changed_after_enter(fresh_server: Server, new_page: NewPage) -> None:
    page = new_page()
    begin(page, fresh_server)
    page.get_by_role("button", name="Question 3").click()
    write(page, 2, "43")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No answer yet: questions 1, 2.")).to_be_visible()
    page.keyboard.type("20")
    expect(page.locator(".reply-box input").first).to_have_value("4320")
    expect(count(page)).to_have_text("1 of 3 answered")


def test_an_exam_outlives_another_page_and_a_reload(lab_server: Server, new_page: NewPage) -> None:
    page = new_page(height=1400)  # the whole menu is in sight
    begin(page, lab_server)
    write(page, 0, right(0))
    page.get_by_role("button", name="Next").click()  # at once: the click must not overtake what was typed
    expect(page.get_by_role("heading", name="Question 2 of 3")).to_be_visible()
    expect(count(page)).to_have_text("1 of 3 answered")
    page.get_by_role("link", name="Build").first.click()
    expect(page.get_by_role("heading", name="Build", level=1)).to_be_visible()
    page.get_by_role("link", name="Exam", exact=True).click()
    expect(page.locator(".exam-bar .time")).to_have_text(re.compile(r"^\d+:\d\d$"))
    expect(count(page)).to_have_text("1 of 3 answered")
    page.reload()
    expect(count(page)).to_have_text("1 of 3 answered")
    page.get_by_role("button", name="Question 1, answered").click()
    expect(page.get_by_role("heading", name="Question 1 of 3")).to_be_visible()
    if QUESTIONS[0].answer.kind != "choice":
        expect(page.locator(".reply-box input").first).to_have_value(right(0))


def test_the_result_outlives_a_reload_and_the_server_and_is_nobody_elses(
    fresh_server: Server, new_page: NewPage
) -> None:
    page = new_page()
    begin(page, fresh_server)
    write(page, 0, right(0))
    page.get_by_role("button", name="Finish", exact=True).click()
    page.get_by_role("button", name="Finish now").click()
    result = "Result: 1 of 3 right (33 %). 2 were left open."
    expect(page.get_by_role("heading", name=result)).to_be_visible()
    fresh_server.stop()
    fresh_server.start()
    page.reload()
    expect(page.get_by_role("heading", name=result)).to_be_visible()
    shared = page.url
    other = new_page()  # another browser: it has the link and not the key
    other.goto(shared)
    expect(other.get_by_role("button", name="Start the exam")).to_be_visible()
    expect(other.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible()
    expect(other.get_by_role("heading", name=result)).to_have_count(0)
    page.get_by_role("button", name="Choose another exam").click()
    expect(page.get_by_role("button", name="Start the exam")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Start the exam")).to_be_visible()
    expect(page.get_by_role("heading", name=result)).to_have_count(0)


def test_two_tabs_of_one_browser_keep_an_exam_each(fresh_server: Server, new_page: NewPage) -> None:
    one = new_page()
    begin(one, fresh_server)
    write(one, 0, right(0))
    expect(count(one)).to_have_text("1 of 3 answered")
    two = one.context.new_page()
    begin(two, fresh_server, n=4, seed=13)
    expect(count(two)).to_have_text("0 of 4 answered")
    one.get_by_role("button", name="Next").click()
    expect(one.get_by_role("heading", name="Question 2 of 3")).to_be_visible()
    for _ in range(2):  # what one tab shows, draws and loads takes nothing from the other
        two.reload()
        expect(count(two)).to_have_text("0 of 4 answered")
        one.reload()
        expect(count(one)).to_have_text("1 of 3 answered")
        expect(one.get_by_role("heading", name="Question 2 of 3")).to_be_visible()
    two.get_by_role("button", name="Finish", exact=True).click()
    two.get_by_role("button", name="Finish now").click()
    two.get_by_role("button", name="Choose another exam").click()
    expect(two.get_by_role("button", name="Start the exam")).to_be_visible()
    one.reload()
    expect(count(one)).to_have_text("1 of 3 answered")


def test_a_tab_that_puts_its_exam_away_leaves_what_the_browser_keeps_of_another(
    fresh_server: Server, new_page: NewPage
) -> None:
    one = new_page()
    begin(one, fresh_server)
    expect(count(one)).to_have_text("0 of 3 answered")
    one.get_by_role("button", name="Finish", exact=True).click()
    one.get_by_role("button", name="Finish now").click()
    expect(one.get_by_role("button", name="Choose another exam")).to_be_visible()
    two = one.context.new_page()
    begin(two, fresh_server, n=4, seed=13)
    expect(count(two)).to_have_text("0 of 4 answered")
    one.get_by_role("button", name="Choose another exam").click()
    expect(one.get_by_role("button", name="Start the exam")).to_be_visible()
    three = one.context.new_page()
    three.goto(address(fresh_server, "exam", {**CHOICE, "n": 4, "seed": 13}))
    expect(count(three)).to_have_text("0 of 4 answered")


def test_only_the_paper_is_printed(lab_server: Server, new_page: NewPage) -> None:
    page = new_page(color_scheme="dark")
    values = {"topics": ["small-map"], "n": 2, "seed": 3, "class_code": "8b"}
    page.goto(address(lab_server, "sheet", values))
    paper = page.locator(".st-key-sheet_papers")
    expect(paper.get_by_text("Sheet 3, class 8b")).to_be_visible()
    expect(paper.locator(".katex").first).to_be_visible()
    page.emulate_media(media="print")
    expect(paper.get_by_role("heading", name="Questions on convolutional networks")).to_be_visible()
    expect(paper.locator(".katex").first).to_be_visible()
    for other in (page.get_by_role("heading", name="Sheet", level=1), page.locator("section[data-testid=stSidebar]")):
        expect(other).to_be_hidden()
    expect(page.get_by_role("button", name="Print or save as PDF")).to_be_hidden()
    colour = paper.locator("p").first.evaluate("node => getComputedStyle(node).color")
    assert colour == "rgb(0, 0, 0)"
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") <= 2


def test_every_student_has_a_page_of_their_own(lab_server: Server, new_page: NewPage) -> None:
    page = new_page()
    page.goto(address(lab_server, "sheet", {"topics": ["macs"], "n": 1}))
    names = page.get_by_role("textbox", name="Students, one name or number a line")
    names.fill("Mia\nBen")
    names.press("Control+Enter")
    whose = page.locator(".st-key-_sheet-shown input")
    expect(whose).to_be_visible()
    whose.click()
    page.get_by_role("option", name="All 2 students").click()
    papers = page.locator("[class*='st-key-sheet_paper_']")
    expect(papers).to_have_count(2)
    texts = [papers.nth(i).locator("p").nth(1).inner_text() for i in range(2)]
    assert texts[0] != texts[1]


def test_progress_leads_to_practise(lab_server: Server, new_page: NewPage) -> None:
    page = new_page()
    page.goto(address(lab_server, "progress"))
    page.get_by_role("button", name="Practise Memory of activations").click()
    expect(page.get_by_role("heading", name="Practise", level=1)).to_be_visible()
    expect(page.get_by_text(re.compile("Memory of activations · level")).first).to_be_visible()


@pytest.mark.parametrize("name", ["exam", "progress", "sheet"])
def test_a_phone_does_not_scroll_sideways(lab_server: Server, new_page: NewPage, name: str) -> None:
    page = new_page(width=375, height=740)
    values = {"levels": [3], "n": 30, "part": "key"} if name == "sheet" else None
    page.goto(address(lab_server, name, values))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator("[data-testid=stApp][data-test-script-state=notRunning]")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
