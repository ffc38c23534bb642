"""What comes from the browser is taken for a reply to this question, or for nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest

from lab.questions.checking import check
from lab.questions.question import make_question, question_of
from lab.questions.topics import TOPICS
from pages.ui.questions.reply import Buttons, payload, read_act, read_reply

TYPED = question_of("output-size:1:0")
CHOICE = question_of("output-size:1:3")
MATRIX = question_of("small-map:2:1")


def sent(question: Any, reply: object) -> object:
    return read_reply(question, {"id": question.id, "reply": reply})


def test_each_kind_of_question_takes_its_kind_of_reply() -> None:
    assert sent(TYPED, "23") == "23"
    assert sent(CHOICE, 2) == 2
    assert sent(MATRIX, [["-17", "-6"], ["-9", "-8"]]) == [["-17", "-6"], ["-9", "-8"]]
    assert sent(MATRIX, "-17 -6\n-9 -8") == "-17 -6\n-9 -8"


@pytest.mark.parametrize(
    "reply",
    [None, True, 99, -1, 1.5, {"a": 1}, [], [["1", "2"]], [[1, 2], [3, 4]], [["1"] * 9] * 9, [["", " "], ["", ""]]],
)
def test_what_is_no_reply_is_an_empty_one(reply: object) -> None:
    assert {sent(question, reply) for question in (TYPED, CHOICE, MATRIX)} == {""}


@pytest.mark.parametrize("message", [None, 3, "x", [], {}, {"reply": "23"}, {"id": "output-size:1:1", "reply": "23"}])
def test_a_reply_to_another_question_is_none_to_this_one(message: object) -> None:
    assert read_reply(TYPED, message) == ""
    assert read_act(TYPED, message) is None


def test_an_enormous_text_is_cut_and_not_read() -> None:
    reply = sent(TYPED, "9" * 1_000_000)
    assert isinstance(reply, str)
    assert len(reply) < 3_000
    assert not check(TYPED, reply).is_valid


@pytest.mark.parametrize("name", ["check", "next", "enter", "hint", "solution"])
def test_a_key_of_the_box_comes_with_its_reply(name: str) -> None:
    act = read_act(TYPED, {"id": TYPED.id, "name": name, "reply": "23"})
    assert act is not None
    assert (act.name, act.reply) == (name, "23")


@pytest.mark.parametrize("name", ["erase", None, ["check"], 7])
def test_an_unknown_key_is_none(name: object) -> None:
    assert read_act(TYPED, {"id": TYPED.id, "name": name, "reply": "23"}) is None


@pytest.mark.parametrize("topic", TOPICS)
def test_the_example_shows_how_to_write_and_is_never_the_answer(topic: str) -> None:
    for level in TOPICS[topic].levels:
        for seed in range(8):
            question = make_question(topic, level, seed)
            data = payload(question)
            if data["kind"] != "text":
                continue
            if question.answer.kind == "integer":
                assert data["example"] == "", question.id
                continue
            shown = data["example"].removeprefix("For example ").removesuffix(".").split(" or ")[0].split(",")[0]
            verdict = check(question, shown)
            assert verdict.is_valid, question.id
            assert not verdict.is_right, question.id


def test_the_right_answer_is_not_sent_to_the_browser() -> None:
    question = question_of("macs:2:1")
    thousands, rest = question.answer.text.split(",")  # long enough to stand in the payload by no accident
    assert len(thousands) == len(rest) == 3
    assert not re.search(f"{thousands}.?{rest}", str(payload(question, buttons=Buttons(check="Check"))))


def test_a_box_without_buttons_tells_every_change() -> None:
    assert payload(TYPED)["tells"] is True
    assert payload(TYPED, buttons=Buttons(check="Check"))["tells"] is False
