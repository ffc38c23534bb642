"""The Exam page as its script runs; writing in a real browser is tested in tests/browser/test_exam.py."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from lab.questions.exam import grade, make_exam
from lab.questions.progress import load_progress
from lab.questions.sitting import Sitting, keep_sitting, load_sitting, new_key, sittings
from pages.ui import link, state
from pages.ui.questions import exam, exam_kept
from pages.ui.questions.exam_state import ExamState, storable

APP = Path(__file__).parents[3] / "app.py"  # the result links to another page, which only the app knows
PAGE = "pages/questions/exam.py"
RUNNING = ExamState(n=3, seed=5, levels=(1, 2, 3), started_s=1.0)


def open_page(value: ExamState | None = None, *, me: str = "") -> AppTest:
    """Open the page; ``me`` is the name that was chosen on another page before."""
    at = AppTest.from_file(APP, default_timeout=60)
    if me:
        at.session_state["lab:object:learner.name"] = me
    if value is not None:
        at.session_state["lab:page:exam"] = value
    at.switch_page(PAGE).run()
    assert not at.exception
    return at


def state_of(at: AppTest) -> ExamState:
    assert not at.exception
    kept = at.session_state["lab:page:exam"]
    assert isinstance(kept, ExamState)
    return kept


def right_replies(value: ExamState) -> dict[int, Any]:
    questions = value.exam.questions
    return {
        i: question.answer.value if question.answer.kind == "choice" else question.answer.text
        for i, question in enumerate(questions)
    }


def words(at: AppTest) -> str:
    shown = (*at.markdown, *at.caption, *at.subheader, *at.header, *at.success, *at.warning, *at.info)
    return "\n".join(str(block.value) for block in shown)


def test_it_starts_at_the_first_question_and_tells_nothing() -> None:
    at = open_page(ExamState(n=3, seed=5))
    at.button(key="_exam.start").click().run()
    assert state_of(at).started_s is not None
    assert at.header[0].value == "Question 1 of 3"
    assert state_of(at).question.text in words(at)
    assert [*at.success, *at.warning, *at.info] == []
    assert state_of(at).question.solution[-1].latex not in words(at)


def test_previous_and_next_walk_through_the_questions() -> None:
    at = open_page(RUNNING)
    for button, position in (("next", 1), ("next", 2), ("previous", 1)):
        at.button(key=f"_exam.{button}").click().run()
        assert state_of(at).position == position
        assert at.header[0].value == f"Question {position + 1} of 3"


def test_finish_asks_when_some_are_empty_and_can_be_taken_back() -> None:
    at = open_page(RUNNING.model_copy(update={"replies": {0: "many"}}))
    at.button(key="_exam.finish").click().run()
    assert "No answer yet: questions 2, 3. Cannot be read: question 1." in words(at)
    at.button(key="_exam.go_on").click().run()
    assert state_of(at).started_s == 1.0
    assert "Finish the exam?" not in words(at)


def test_a_whole_exam_is_graded_explained_and_recorded_once() -> None:
    replies = right_replies(RUNNING)
    at = open_page(RUNNING.model_copy(update={"replies": replies}))
    at.button(key="_exam.finish").click().run()
    assert at.header[0].value == "Result: 3 of 3 right (100 %)."
    assert state_of(at).started_s is None
    records = load_progress("student").records
    assert [record.id for record in records] == [question.id for question in RUNNING.exam.questions]
    assert all(record.is_right for record in records)
    at.button(key="_exam.again").click().run()
    at.session_state["lab:page:exam"] = state_of(at).model_copy(update={"replies": replies})
    at.run()
    at.button(key="_exam.finish").click().run()
    assert len(load_progress("student").records) == 3  # the solutions were known


def test_a_mistake_is_named_in_the_result_and_an_empty_one_is_not_recorded() -> None:
    chosen = ExamState(topics=("parameters",), levels=(1,), n=2, seed=2, started_s=1.0)
    question = chosen.exam.questions[0]
    mistake = question.mistakes[0]
    wrong = (
        next(i for i, option in enumerate(question.options) if option.misconception)
        if question.options
        else str(mistake.value)
    )
    at = open_page(chosen.model_copy(update={"replies": {0: wrong}}))
    at.button(key="_exam.finish").click().run()
    at.button(key="_exam.finish_now").click().run()
    result = grade(make_exam(["parameters"], [1], 2, 2), {0: wrong})
    assert result.rows[0].verdict.misconception is not None
    assert result.rows[0].verdict.sentence in words(at)
    assert "No answer was given." in words(at)
    assert [record.misconception for record in load_progress("student").records] == [
        result.rows[0].verdict.misconception
    ]


def test_other_questions_of_the_same_kind_start_at_once() -> None:
    at = open_page(RUNNING.model_copy(update={"replies": right_replies(RUNNING)}))
    at.button(key="_exam.finish").click().run()
    at.button(key="_exam.other").click().run()
    assert state_of(at).started_s is not None
    assert (state_of(at).n, state_of(at).levels) == (RUNNING.n, RUNNING.levels)


@pytest.mark.parametrize(
    "values",
    [
        {"started_s": 5.0, "at": 29, "n": 2},  # a link of an earlier version, which carried the answers
        {"started_s": 5.0, "replies": {"0": [["1"], ["2", "3"]], "77": "x", "1": 99}},
        {"n": "all", "levels": [9], "topics": ["cooking"], "seed": -1},
    ],
)
def test_a_link_with_nonsense_or_answers_opens_the_choice(values: dict[str, Any]) -> None:
    at = AppTest.from_file(APP, default_timeout=60)
    at.session_state["lab:link_pages"] = {"exam": values}
    at.switch_page(PAGE).run()
    assert (state_of(at).started_s, state_of(at).replies) == (None, {})
    assert at.button(key="_exam.start")


def test_the_link_carries_the_choice_and_never_an_answer() -> None:
    at = open_page(RUNNING.model_copy(update={"replies": {0: "14", 1: "15"}}))
    at.button(key="_exam.next").click().run()
    text = "".join(at.query_params["s"])
    assert link.decode_link(text).pages == {"exam": {"n": 3, "seed": 5, "levels": [1, 2, 3]}}


def begun(replies: dict[int, Any] | None = None, *, me: str = "student") -> str:
    """Begin an exam, answer, and give the key that the browser keeps."""
    at = open_page(ExamState(n=3, seed=5, levels=(1, 2, 3)), me=me)
    at.button(key="_exam.start").click().run()
    at.session_state["lab:page:exam"] = state_of(at).model_copy(update={"replies": replies or {}})
    at.button(key="_exam.next").click().run()
    (path,) = sittings(me)
    return path.name.split("exam-")[1].removesuffix(".json")


def load_anew(
    monkeypatch: pytest.MonkeyPatch, key: str, *, name: str = "student", me: str = "", value: ExamState
) -> AppTest:
    """Open the page as a browser does that tells this key; its own part is tested in tests/browser."""

    def tell() -> None:
        if exam_kept._owner() is None and not state.recall("told"):
            state.remember("told", True)
            exam_kept.restore(name, key)
            st.rerun(scope="app")

    monkeypatch.setattr(exam_kept, "remember_in_browser", tell)
    return open_page(value, me=me)


CHOSEN = ExamState(n=3, seed=5, levels=(1, 2, 3))


def test_a_page_loaded_anew_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    at = load_anew(monkeypatch, begun({0: "14", 2: " 7 "}), value=CHOSEN)
    assert at.header[0].value == "Question 2 of 3"
    assert state_of(at).replies == {0: "14", 2: " 7 "}


def test_a_page_loaded_anew_shows_the_result_again_and_records_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    at = open_page(RUNNING.model_copy(update={"replies": right_replies(RUNNING)}))
    at.button(key="_exam.finish").click().run()
    (path,) = sittings("student")
    at = load_anew(monkeypatch, path.name.split("exam-")[1].removesuffix(".json"), value=CHOSEN)
    assert at.header[0].value == "Result: 3 of 3 right (100 %)."
    assert len(load_progress("student").records) == 3
    at.button(key="_exam.choose").click().run()
    assert sittings("student") == ()


def test_a_link_to_another_exam_is_not_overtaken_by_the_one_that_was_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    at = load_anew(monkeypatch, begun({0: "14"}), value=CHOSEN.model_copy(update={"seed": 6}))
    assert state_of(at).started_s is None
    at.button(key="_exam.go_on_with").click().run()
    assert state_of(at).seed == 5
    assert state_of(at).replies == {0: "14"}
    assert at.header[0].value == "Question 2 of 3"


def test_an_exam_is_not_taken_up_by_somebody_else_at_the_same_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    key = begun({0: "14"}, me="Anna *K*")
    at = load_anew(monkeypatch, key, name="Anna *K*", me="Ben", value=CHOSEN)
    assert state_of(at).started_s is None
    assert state_of(at).replies == {}
    assert at.text_input(key="_exam.learner").value == "Ben"
    assert at.button(key="_exam.go_on_with").label == r"Go on with Anna \*K\*'s exam"
    at.button(key="_exam.go_on_with").click().run()
    assert state_of(at).replies == {0: "14"}
    assert at.session_state["lab:object:learner.name"] == "Anna *K*"


@pytest.mark.parametrize("me", ["", "Anna", "anna"])
def test_an_exam_is_taken_up_by_its_learner_and_where_nobody_gave_a_name(
    monkeypatch: pytest.MonkeyPatch, me: str
) -> None:
    at = load_anew(monkeypatch, begun({0: "14"}, me="Anna"), name="Anna", me=me, value=CHOSEN)
    assert state_of(at).replies == {0: "14"}


def test_who_sits_down_in_the_middle_of_an_exam_does_not_go_on_with_it() -> None:
    at = open_page(CHOSEN, me="Anna")
    at.button(key="_exam.start").click().run()
    at.button(key="_exam.next").click().run()
    at.session_state["lab:object:learner.name"] = "Ben"
    at.run()
    assert at.button(key="_exam.start")
    at.button(key="_exam.go_on_with").click().run()
    assert at.header[0].value == "Question 2 of 3"
    assert at.session_state["lab:object:learner.name"] == "Anna"


def test_an_exam_begun_without_a_name_goes_on_under_the_one_chosen_since() -> None:
    at = open_page(CHOSEN)
    at.button(key="_exam.start").click().run()
    at.session_state["lab:object:learner.name"] = "Mia"
    at.run()
    assert at.header[0].value == "Question 1 of 3"


def test_another_exam_throws_the_offered_one_away_and_says_so_before(monkeypatch: pytest.MonkeyPatch) -> None:
    key = begun({0: "14"})
    at = load_anew(monkeypatch, key, value=CHOSEN.model_copy(update={"seed": 6}))
    assert "It is thrown away when you start another exam." in words(at)
    at.button(key="_exam.start").click().run()
    (path,) = sittings("student")
    assert key not in path.name
    assert state_of(at).seed == 6


def test_what_is_offered_is_taken_as_another_tab_left_it(monkeypatch: pytest.MonkeyPatch) -> None:
    key = begun({0: "14"})
    at = load_anew(monkeypatch, key, value=CHOSEN.model_copy(update={"seed": 6}))
    kept, _ = load_sitting("student", key)
    assert kept is not None
    keep_sitting("student", replace(kept, time_s=60.0))
    at.button(key="_exam.go_on_with").click().run()
    assert at.header[0].value.startswith("Result: 0 of 3 right")


def test_what_is_offered_and_gone_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    key = begun({0: "14"})
    at = load_anew(monkeypatch, key, value=CHOSEN.model_copy(update={"seed": 6}))
    sittings("student")[0].unlink()
    at.button(key="_exam.go_on_with").click().run()
    assert "not on this machine any more" in at.warning[0].value
    assert at.button(key="_exam.start")


def test_an_exam_that_another_tab_has_finished_stays_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    key = begun({0: "14"})
    at = load_anew(monkeypatch, key, value=CHOSEN)
    kept, _ = load_sitting("student", key)
    assert kept is not None
    keep_sitting("student", replace(kept, time_s=60.0))
    at.button(key="_exam.previous").click().run()
    assert "was finished in another tab" in at.warning[0].value
    assert load_sitting("student", key)[0] == replace(kept, time_s=60.0)


@pytest.mark.parametrize("key", ["", "../../x", "0" * 32])
def test_a_key_that_opens_nothing_is_passed_over(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    at = load_anew(monkeypatch, key, value=CHOSEN)
    assert state_of(at).started_s is None
    assert [*at.warning, *at.error] == []


@pytest.mark.parametrize(
    "changes",
    [{"replies": {"77": "x"}, "at": 99}, {"choice": {"topics": ["cooking"]}}, {"replies": {"0": {"a": 1}}}],
)
def test_an_exam_that_cannot_be_read_is_said(monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any]) -> None:
    key = begun({0: "14"})
    (path,) = sittings("student")
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))
    at = load_anew(monkeypatch, key, value=CHOSEN)
    assert state_of(at).started_s is None
    assert "cannot be read" in at.warning[0].value


def test_a_disk_that_refuses_is_said_and_the_exam_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError("the disk is gone")

    monkeypatch.setattr(exam_kept, "keep_sitting", refused)
    at = open_page(CHOSEN)
    at.button(key="_exam.start").click().run()
    assert at.header[0].value == "Question 1 of 3"
    assert "You can go on" in at.warning[0].value


def test_a_reload_finds_what_was_answered() -> None:
    replies = {0: 2, 1: storable([["1", ""], ["3", "4"]]), 2: " 14 "}
    before = ExamState(topics=("small-map",), n=3, started_s=7.0, at=2, replies=replies)
    sitting = Sitting(new_key(), {"topics": before.topics, "n": 3}, 7.0, 2, before.replies)
    keep_sitting("student", sitting)
    found, _ = load_sitting("student", sitting.key)
    assert found is not None
    assert ExamState(**found.choice, started_s=found.started_s, at=found.at, replies=found.replies) == before


def test_an_exam_whose_time_is_up_ends_with_what_was_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    limited = CHOSEN.model_copy(update={"limit_min": 10, "started_s": time.time() - 500})
    replies = {0: right_replies(limited)[0]}
    at = open_page(limited.model_copy(update={"replies": replies}))
    assert state_of(at).started_s is not None
    assert "Result:" not in words(at)
    monkeypatch.setattr(time, "time", lambda now=time.time: now() + 120)
    at.run()
    assert state_of(at).started_s is None
    assert "Result: 1 of 3 right (33 %). 2 were left open." in words(at)
    assert "The time was up after 10 minutes." in words(at)


def test_a_limit_that_passed_while_the_page_was_closed_ends_the_exam(monkeypatch: pytest.MonkeyPatch) -> None:
    limited = CHOSEN.model_copy(update={"limit_min": 10})
    key = begun({0: right_replies(CHOSEN)[0]})
    kept, _ = load_sitting("student", key)
    assert kept is not None
    late = replace(kept, choice={**kept.choice, "limit_min": 10}, started_s=time.time() - 3600)
    keep_sitting("student", late)
    at = load_anew(monkeypatch, key, value=limited)
    assert "The time was up after 10 minutes." in words(at)
    ended, _ = load_sitting("student", key)
    assert ended is not None
    assert (ended.time_s, set(ended.replies)) == (600, {0})


@pytest.mark.parametrize(("late_s", "is_taken"), [(2, True), (20, False)])
def test_only_a_reply_that_was_on_its_way_counts_after_the_end(
    monkeypatch: pytest.MonkeyPatch, late_s: float, is_taken: bool
) -> None:
    value = CHOSEN.model_copy(update={"limit_min": 1, "started_s": time.time() - 60 - late_s})
    question = value.exam.questions[0]
    box = {"reply": {"id": question.id, "reply": right_replies(value)[0]}}
    monkeypatch.setattr(state, "load", lambda _: value)
    monkeypatch.setattr(state, "widget_value", lambda _: box)
    taken: list[int] = []
    monkeypatch.setattr(exam, "_keep_reply", lambda index, _: taken.append(index))
    exam._absorb()
    assert taken == ([0] if is_taken else [])
