"""No formula runs off a phone of 375 px: measured for every topic and level, as Practise and the Sheet draw them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bench.server import Server
from lab.network.presets import preset
from lab.questions.question import make_question
from lab.questions.topics import TOPICS
from pages.ui import link

pytestmark = pytest.mark.browser

NewPage = Callable[..., Page]
PHONE = {"width": 375, "height": 740}

# KaTeX breaks a formula between its pieces (.base). For each formula: the room it has, its pieces all in all, how far a
# piece reaches over the room, and whether something around it scrolls sideways by itself.
MEASURED = """(selector) => [...document.querySelectorAll(selector)].flatMap((card) =>
  [...card.querySelectorAll('.katex')].map((formula) => {
  const host = formula.closest('li, p') ?? card;
  const pieces = [...formula.querySelectorAll('.base')].map((piece) => piece.getBoundingClientRect());
  const scrollsItself = (node) => ['auto', 'scroll'].includes(getComputedStyle(node).overflowX);
  let scroller = formula.parentElement;
  while (scroller !== card.parentElement && !scrollsItself(scroller)) scroller = scroller.parentElement;
  return {
    text: formula.querySelector('annotation')?.textContent ?? '',
    room: host.getBoundingClientRect().width,
    width: pieces.reduce((sum, piece) => sum + piece.width, 0),
    over: Math.max(...pieces.map((piece) => piece.right)) - card.getBoundingClientRect().right,
    scrolls: card.contains(scroller),
    isStep: Boolean(formula.closest('li')),
  };
}))"""


# Nothing more is on its way.
RESTS = "[data-testid=stApp][data-test-script-state=notRunning]"


def measured(page: Page, selector: str) -> list[dict[str, Any]]:
    """The formulas inside, when all are typeset and in their own letters."""
    expect(page.locator(".katex").last).to_be_attached()
    page.evaluate("document.fonts.ready.then(() => null)")
    found: list[dict[str, Any]] = page.evaluate(MEASURED, selector)
    return found


@pytest.fixture(scope="module")
def cards(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the page that has every question of a level on it."""
    server = Server(tmp_path_factory.mktemp("cards"), app=Path(__file__).with_name("question_cards.py"))
    server.start()
    yield server
    server.stop()


@pytest.mark.parametrize("level", [1, 2, 3])
def test_the_formulas_of_every_question_stay_on_a_phone_and_take_two_lines_at_most(
    cards: Server, new_page: NewPage, level: int
) -> None:
    page = new_page(**PHONE)
    for seed in (1, 2):
        page.goto(f"{cards.url}/?level={level}&seed={seed}")
        expect(page.get_by_text("All questions.", exact=True)).to_be_visible()
        found = measured(page, "[class*=st-key-card_]")
        assert len(found) > 3 * len(TOPICS)
        assert [row for row in found if row["over"] > 0] == []
        assert [row for row in found if row["isStep"] and row["width"] > 2 * row["room"]] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


# For each matrix of fractions: how far the digits of a row's fractions reach over the top of those of the next row.
ROWS_OVER = """(selector) => [...document.querySelectorAll(`${selector} .katex-html .mtable`)].flatMap((table) => {
  const digits = [...table.querySelectorAll('.mfrac .mord')].filter((part) => !part.childElementCount);
  const boxes = digits.map((part) => part.getBoundingClientRect());
  const columns = Map.groupBy(boxes, (box) => Math.round(box.left + box.width / 2));
  return [...columns.values()].map((column) => {
    // Above and below its line a fraction has one number each: two fractions of a column are four numbers.
    const [, below, above] = column.sort((one, other) => one.top - other.top);
    return column.length === 4 ? below.bottom - above.top : null;
  }).filter((over) => over !== null);
})"""


def test_the_rows_of_a_matrix_of_fractions_stand_apart(cards: Server, new_page: NewPage) -> None:
    question = make_question("pooling-map", 1, 4)
    assert question.answer.latex.count("frac") == 4  # two rows of two
    page = new_page(**PHONE)
    page.goto(f"{cards.url}/?level=1&seed=4")
    expect(page.get_by_text("All questions.", exact=True)).to_be_visible()
    expect(page.locator(".st-key-card_pooling-map .katex").last).to_be_attached()
    over = page.evaluate(ROWS_OVER, ".st-key-card_pooling-map")
    assert len(over) == 2
    assert max(over) < 0


@pytest.mark.parametrize("part", ["questions", "key"])
@pytest.mark.parametrize("level", [1, 2, 3])
def test_the_formulas_of_a_sheet_stay_on_it_or_scroll_by_themselves(
    lab_server: Server, new_page: NewPage, level: int, part: str
) -> None:
    page = new_page(**PHONE)
    values = {"sheet": {"levels": [level], "n": len(TOPICS), "seed": 4}}
    page.goto(f"{lab_server.url}/sheet?s={link.encode_link(values, preset('student_cnn'))}")
    expect(page.locator("[class*=st-key-sheet_paper_]")).to_be_visible()
    expect(page.locator(RESTS)).to_be_visible()
    if part == "key":
        page.get_by_role("radio", name="Answer key").or_(
            page.get_by_role("button", name="Answer key", exact=True)
        ).click()
        expect(page.get_by_role("heading", name="Answer key")).to_be_visible()
        expect(page.locator(RESTS)).to_be_visible()
    found = measured(page, "[class*=st-key-sheet_paper_]")
    assert len(found) > len(TOPICS) / 2
    assert [row for row in found if row["over"] > 0 and not row["scrolls"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
