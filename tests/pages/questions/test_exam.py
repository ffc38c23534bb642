"""The Exam page as its script runs; writing in a real browser is tested in tests/browser/test_exam.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lab.questions.exam import grade, make_exam
from lab.questions.progress import load_progress
from pages.ui.questions.exam_state import ExamState, storable

APP = Path(__file__).parents[3] / "app.py"  # the result links to another page, which only the app knows
PAGE = "pages/questions/exam.py"
RUNNING = ExamState(n=3, seed=5, levels=(1, 2, 3), started_s=1.0)


def open_page(value: ExamState | None = None) -> AppTest:
    at = AppTest.from_file(APP, default_timeout=60)
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
    assert at.header[0].value == "Result: 3 of 3 right (100%)."
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
        {"started_s": 5.0, "at": 29, "n": 2},
        {"started_s": 5.0, "replies": {"0": [["1"], ["2", "3"]], "77": "x", "1": 99, "2": "٣" * 1000}},
        {"started_s": "soon"},
        {"started_s": -1, "replies": "all"},
        {"replies": {"0": {"a": 1}}, "seed": 3},
    ],
)
def test_a_link_with_nonsense_opens_all_the_same(values: dict[str, Any]) -> None:
    at = AppTest.from_file(APP, default_timeout=60)
    at.session_state["lab:link_pages"] = {"exam": values}
    at.switch_page(PAGE).run()
    assert not at.exception
    if state_of(at).started_s is not None:
        at.button(key="_exam.finish").click().run()
        at.button(key="_exam.finish_now").click().run()
        assert at.header[0].value.startswith("Result: 0 of")


def test_a_reload_finds_what_was_answered() -> None:
    replies = {0: 2, 1: storable([["1", ""], ["3", "4"]]), 2: " 14 "}
    before = ExamState(topics=("small-map",), n=3, started_s=7.0, at=2, replies=replies)
    dumped = before.model_dump(mode="json")
    assert ExamState.model_validate({name: dumped[name] for name in ExamState.linked}) == before
