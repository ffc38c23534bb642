"""Components in an empty page: keys and clicks that are quicker than the answers are neither lost nor taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from lab.questions.question import question_of
from pages.ui.components.assets import script
from pages.ui.questions.reply import Buttons, payload

pytestmark = pytest.mark.browser

# As Streamlit does it: `answer(data)` is what the server sends, `sent` what the browser does.
MOUNT = """async ([code, html]) => {
  document.body.innerHTML = html;
  const module = await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
  globalThis.sent = [];
  const send = (name, value) => sent.push([name, value]);
  const component = { parentElement: document.body, setStateValue: send, setTriggerValue: send };
  globalThis.answer = (data) => module.default({ ...component, data });
}"""


class Mounted:
    """A component in an empty page."""

    def __init__(self, page: Page, *scripts: str, html: str):
        self.page = page
        page.evaluate(MOUNT, [script(*scripts), html])

    def answer(self, **data: Any) -> None:
        """Give it what the server would send."""
        self.page.evaluate("(data) => answer(data)", data)

    @property
    def sent(self) -> list[list[Any]]:
        """What it has sent, in order."""
        found: list[list[Any]] = self.page.evaluate("sent")
        return found


# --- the table of runs ------------------------------------------------------------------------------------------------

RUN = {
    "title": "net",
    "created_text": "today",
    "damaged": False,
    "tone": "",
    "sign": "",
    "status": "finished",
    "network_text": "1",
    "data": "shapes",
    "epochs_text": "1",
    "accuracy_text": "–",
    "last_text": "–",
    "spark": [],
    "time_text": "1 s",
    "sentence": "",
}
RUNS = [{**RUN, "id": name, "created": number} for number, name in enumerate("abc")]


@pytest.fixture
def runs(new_page: Callable[..., Page]) -> Mounted:
    table = Mounted(new_page(), "element", "svg", "released", "run_table", html='<div class="runs"></div>')
    table.answer(rows=RUNS, chosen=[], heard=None)
    return table


def tick(runs: Mounted, name: str) -> None:
    runs.page.locator(f"tr[data-run={name}] input").check()


def ticked(runs: Mounted) -> list[str]:
    found: list[str] = runs.page.locator("tr.chosen:has(:checked)").evaluate_all(
        "rows => rows.map((r) => r.dataset.run)"
    )
    return sorted(found)


def test_an_answer_to_the_first_tick_leaves_the_second(runs: Mounted) -> None:
    tick(runs, "a")
    tick(runs, "b")
    runs.answer(rows=RUNS, chosen=["a"], heard=["a"])
    assert ticked(runs) == ["a", "b"]
    tick(runs, "c")
    assert runs.sent[-1] == ["chosen", ["a", "b", "c"]]
    runs.answer(rows=RUNS, chosen=["a", "b"], heard=["a", "b", "c"])  # the server has the last word
    assert ticked(runs) == ["a", "b"]


def test_news_of_a_run_between_press_and_release_do_not_swallow_the_click(runs: Mounted) -> None:
    box = runs.page.locator("tr[data-run=b] input").bounding_box()
    assert box
    runs.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    runs.page.mouse.down()
    runs.answer(rows=[{**row, "status": "stopped"} for row in RUNS], chosen=[], heard=None)
    runs.page.mouse.up()
    expect(runs.page.locator("tr[data-run=b] .status")).to_have_text("stopped")
    assert ticked(runs) == ["b"]
    assert runs.sent == [["chosen", ["b"]]]


# --- the strip of pictures --------------------------------------------------------------------------------------------

PICTURES = [{"name": name, "title": name, "uri": "data:,"} for name in "abcd"]


@pytest.fixture
def strip(new_page: Callable[..., Page]) -> Mounted:
    strip = Mounted(new_page(), "photo_strip", html='<div class="strip"></div>')
    strip.answer(thumbnails=PICTURES, chosen="a", label="Pictures")
    return strip


def chosen(strip: Mounted) -> str:
    return strip.page.locator("[aria-checked=true]").get_attribute("data-name") or ""


def test_arrow_keys_count_on_while_the_answers_come(strip: Mounted) -> None:
    strip.page.locator("[data-name=a]").focus()
    strip.page.keyboard.press("ArrowRight")
    strip.page.keyboard.press("ArrowRight")
    strip.answer(thumbnails=PICTURES, chosen="b", label="Pictures")
    assert chosen(strip) == "c"
    strip.page.keyboard.press("ArrowRight")
    assert strip.sent == [["picked", "b"], ["picked", "c"], ["picked", "d"]]
    strip.answer(thumbnails=PICTURES, chosen="d", label="Pictures")
    expect(strip.page.locator("[data-name=d]")).to_be_focused()
    strip.answer(thumbnails=PICTURES, chosen="b", label="Pictures")  # by a link, by an experiment
    assert chosen(strip) == "b"


def test_an_answer_between_press_and_release_does_not_swallow_the_click(strip: Mounted) -> None:
    strip.page.locator("[data-name=c]").hover()
    strip.page.mouse.down()
    strip.answer(thumbnails=PICTURES, chosen="b", label="Pictures")
    strip.page.mouse.up()
    assert strip.sent == [["picked", "c"]]


def test_other_pictures_have_the_servers_choice(strip: Mounted) -> None:
    strip.page.locator("[data-name=c]").click()
    strip.answer(thumbnails=PICTURES[:2], chosen="a", label="Pictures")
    assert chosen(strip) == "a"


# --- the place for an answer ------------------------------------------------------------------------------------------

ASKED = payload(question_of("output-size:1:0"), buttons=Buttons(check="Check", next="Next question"))


@pytest.fixture
def box(new_page: Callable[..., Page]) -> Mounted:
    box = Mounted(new_page(), "element", "reply_box", html='<div class="reply-box"></div>')
    box.answer(**ASKED)
    return box


def test_a_verdict_leaves_alone_who_already_writes_on(box: Mounted) -> None:
    box.page.keyboard.type("13")
    box.page.keyboard.press("Enter")
    box.page.keyboard.press("Backspace")
    box.answer(**{**ASKED, "kept": "13", "stage": "wrong", "turn": 1})
    box.page.keyboard.type("5")
    expect(box.page.locator("input")).to_have_value("15")


def test_a_verdict_selects_the_wrong_answer_so_that_typing_replaces_it(box: Mounted) -> None:
    box.page.keyboard.type("13")
    box.page.keyboard.press("Enter")
    box.answer(**{**ASKED, "kept": "13", "stage": "wrong", "turn": 1})
    box.page.keyboard.type("5")
    expect(box.page.locator("input")).to_have_value("5")


def test_over_the_solution_stands_the_answer_that_was_judged(box: Mounted) -> None:
    box.page.keyboard.type("13")
    box.page.keyboard.press("Enter")
    box.page.keyboard.type("7")
    box.answer(**{**ASKED, "kept": "13", "stage": "done", "turn": 1})
    expect(box.page.locator("input")).to_have_value("13")
    expect(box.page.locator("input")).to_be_disabled()
    expect(box.page.get_by_role("button", name="Next question")).to_be_focused()
