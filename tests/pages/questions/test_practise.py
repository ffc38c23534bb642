"""The Practise page: a question at once, each answer judged and kept once, the link asks exactly this question."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lab.network.presets import preset
from lab.network.spec import NetworkSpec
from lab.questions.misconceptions import MISCONCEPTIONS
from lab.questions.progress import load_progress, progress_file
from lab.questions.question import question_of
from pages.ui import link, state
from pages.ui.questions import practise as part
from pages.ui.questions import practise_round

ROOT = Path(__file__).parents[3]

ASKED = question_of("output-size:1:0")
RIGHT = ASKED.answer.text
ONE_LESS = str(int(RIGHT) - 1)  # the first position left out


class Practise:
    """The page, with the box that a browser would draw: what it was given, and what it reports."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.box: dict[str, Any] = {}
        self.at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        self._message: dict[str, Any] | None = None
        monkeypatch.setattr(part, "reply_box", self._box)

    def _box(self, data: dict[str, Any], *, key: str, on_reply: Callable[[], None], on_act: Callable[[], None]) -> None:
        self.box = data
        message, self._message = self._message, None
        if message is not None:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(state, "widget_value", lambda name: {"act": message} if name == key else None)
                on_act()

    def open(self, network: NetworkSpec | None = None, **chosen: object) -> Practise:
        if chosen or network:
            text = link.encode_link({"practise": chosen}, network or preset("student_cnn"))
            self.at.query_params["s"] = text
        self.at.run()
        self.at.switch_page("pages/questions/practise.py").run()
        assert not self.at.exception
        return self

    def act(self, name: str, reply: object = "") -> Practise:
        self._message = {"id": self.box["id"], "name": name, "reply": reply}
        self.at.run()  # the box reports
        self.at.run()  # and the page shows what came of it
        assert not self.at.exception
        return self

    @property
    def texts(self) -> str:
        rows = (self.at.markdown, self.at.caption, self.at.success, self.at.warning, self.at.info)
        return "\n".join(one.value for row in rows for one in row)


@pytest.fixture
def practise(monkeypatch: pytest.MonkeyPatch) -> Practise:
    return Practise(monkeypatch)


def test_a_newcomer_reads_a_question_at_once(practise: Practise) -> None:
    practise.open()
    assert practise.box["id"].startswith("output-size:1:")
    assert practise.box["stage"] == "open"
    assert "You have not tried it yet." in practise.texts


def test_why_a_question_comes_is_said_only_before_it_is_answered(practise: Practise) -> None:
    practise.open(question=ASKED.id).act("next")
    assert "You have not tried it yet." in practise.texts
    asked = question_of(practise.box["id"])
    reply = asked.answer.value if asked.answer.kind == "choice" else asked.answer.text
    practise.act("check", "" if isinstance(reply, str) else "many")
    assert "You have not tried it yet." in practise.texts
    practise.act("check", reply)
    assert practise.at.success
    assert "You have not tried it yet." not in practise.texts


def test_the_link_asks_exactly_this_question(practise: Practise) -> None:
    practise.open(question="small-map:2:1", topic="small-map", level=2)
    assert practise.box["id"] == "small-map:2:1"
    assert question_of("small-map:2:1").text in practise.texts
    address = practise.at.query_params["s"]
    pages = link.decode_link(address if isinstance(address, str) else address[0]).pages
    assert pages["practise"] == {"question": "small-map:2:1", "topic": "small-map", "level": 2}


def test_a_right_answer_is_kept_and_shows_the_way(practise: Practise) -> None:
    practise.open(question=ASKED.id).act("check", RIGHT)
    assert practise.at.success[0].value == "Right."
    assert "The way there" in practise.texts
    assert "1 of 1 right" in practise.texts
    assert practise.box["stage"] == "done"
    assert [row.is_right for row in load_progress("student").records] == [True]


def test_a_mistake_gets_its_own_explanation_and_may_be_tried_again(practise: Practise) -> None:
    practise.open(question=ASKED.id).act("check", ONE_LESS)
    assert practise.at.warning[0].value == f"Not right. {MISCONCEPTIONS['forgot-plus-one'].sentence}"
    assert practise.box["stage"] == "wrong"
    practise.act("check", RIGHT)
    assert practise.at.success
    assert "Your first answer is the one that counts." in practise.texts
    records = load_progress("student").records
    assert [(row.is_right, row.misconception) for row in records] == [(False, "forgot-plus-one")]


@pytest.mark.parametrize("nonsense", ["", "many", "٣", "9" * 1000, "💥", "1e999999"])
def test_nonsense_is_said_and_does_not_count(practise: Practise, nonsense: str) -> None:
    practise.open(question=ASKED.id).act("check", nonsense)
    if practise.at.info:
        assert practise.at.info[0].value == "That is not a number; write for example 14."
        assert not load_progress("student").records
    else:  # digits of another script are digits, too
        assert nonsense == "٣"


def test_hints_come_one_by_one_and_are_kept_with_the_answer(practise: Practise) -> None:
    practise.open(question=ASKED.id).act("hint")
    assert "Hint 1." in practise.texts
    assert "Hint 2." not in practise.texts
    assert practise.box["hint"] == "Another hint"
    practise.act("hint")
    assert practise.box["hint"] == ""
    practise.act("check", RIGHT)
    assert load_progress("student").records[0].n_hints == 2


def test_after_the_solution_an_answer_does_not_count(practise: Practise) -> None:
    practise.open(question=ASKED.id).act("solution")
    assert practise.box["stage"] == "done"
    practise.act("check", RIGHT)
    assert not load_progress("student").records


def test_the_same_question_counts_once_also_after_a_reload(practise: Practise, monkeypatch: pytest.MonkeyPatch) -> None:
    practise.open(question=ASKED.id).act("check", RIGHT)
    again = Practise(monkeypatch).open(question=ASKED.id).act("check", RIGHT)
    assert "You have answered this question before; it counts once." in again.texts
    assert len(load_progress("student").records) == 1


def test_mixed_stays_with_a_topic_until_it_is_right_and_then_takes_a_new_one(practise: Practise) -> None:
    practise.open(question=ASKED.id).act("check", ONE_LESS).act("next")
    assert practise.box["id"].startswith("output-size:1:")
    assert practise.box["id"] != ASKED.id
    assert "The last answer was not right yet." in practise.texts
    right = question_of(practise.box["id"])
    reply = right.answer.value if right.answer.kind == "choice" else right.answer.text
    practise.act("check", reply).act("next")
    assert not practise.box["id"].startswith("output-size:")


def test_skipping_in_mixed_takes_another_topic(practise: Practise) -> None:
    practise.open(question=ASKED.id).act("next")
    assert not practise.box["id"].startswith("output-size:")
    assert not load_progress("student").records


def test_a_topic_and_a_level_ask_what_they_say(practise: Practise) -> None:
    practise.open()
    practise.at.selectbox(key="_practise.topic").set_value("macs").run()
    practise.at.selectbox(key="_practise.level").set_value(3).run()
    assert practise.box["id"].startswith("macs:3:")
    before = practise.box["id"]
    practise.act("next")
    assert practise.box["id"].startswith("macs:3:")
    assert practise.box["id"] != before


def test_questions_about_the_learners_own_network(practise: Practise) -> None:
    practise.open(network=preset("lenet5"), topic="your-network")
    assert practise.box["id"].startswith("your-network:")
    assert "In your network `lenet5`" in practise.texts or "your network `lenet5`" in practise.texts
    assert practise.at.selectbox(key="_practise.level").disabled


def test_a_network_without_layers_is_said(practise: Practise) -> None:
    practise.open(network=NetworkSpec(name="empty", input=(1, 8, 8)), topic="your-network")
    assert "has no layers to ask about" in practise.texts.replace("\\", "")
    practise.at.selectbox(key="_practise.topic").set_value("flatten").run()
    assert practise.box["id"].startswith("flatten:")


@pytest.mark.parametrize(
    "bad", ["nothing:1:1", "output-size:9:1", "output-size:1:9999999999999", "<b>", "your-network:2"]
)
def test_a_bad_question_in_the_link_costs_one_sentence(practise: Practise, bad: str) -> None:
    practise.open(question=bad)
    assert practise.box["id"].startswith("output-size:1:")
    assert practise.at.warning


def test_a_damaged_progress_file_is_said_and_the_question_comes_all_the_same(practise: Practise) -> None:
    path = progress_file("student")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\x00\x01\x02")
    practise.open()
    assert practise.box["id"].startswith("output-size:1:")
    assert "was damaged" in practise.texts
    practise.act("check", 0 if practise.box["kind"] == "choice" else "1")
    assert len(load_progress("student").records) == 1


def test_a_progress_folder_that_refuses_is_said_and_everything_goes_on(practise: Practise) -> None:
    path = progress_file("student")
    path.parent.parent.mkdir(parents=True)
    path.parent.write_text("a file where the folder should be")
    practise.open(question=ASKED.id).act("check", RIGHT)
    assert practise.at.success
    assert practise.at.warning


def test_the_same_numbers_do_not_come_twice_in_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    seeds = iter([5, 5, 6])
    kept = {"state": part.PractiseState(topic="flatten", level=1, question="flatten:1:5")}
    monkeypatch.setattr(practise_round.random, "randrange", lambda _: next(seeds))
    monkeypatch.setattr(state, "load", lambda _: kept["state"])
    monkeypatch.setattr(state, "remember", lambda *_: None)
    monkeypatch.setattr(state, "update", lambda _, **changes: kept.update(changes))
    practise_round.ask_next()
    assert kept["question"] == "flatten:1:6"
