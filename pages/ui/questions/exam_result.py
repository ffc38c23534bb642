"""The result of an exam: each question with its verdict, where the mistake comes from, the way to the answer."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from lab.questions.checking import Reply
from lab.questions.exam import ExamResult, ExamRow
from lab.questions.phrases import count
from lab.questions.question import Question
from pages.ui import state
from pages.ui.messages import escape
from pages.ui.places import place
from pages.ui.questions import learner
from pages.ui.questions.card import show_question, show_solution, show_verdict
from pages.ui.questions.exam_choice import SEEDS, title_of
from pages.ui.questions.exam_state import ExamState, time_text
from pages.ui.questions.show_me import show_me


@dataclass(frozen=True)
class Ended:
    """An exam that is over.

    Args:
        result: what was right.
        time_s: how long it took.
    """

    result: ExamResult
    time_s: float


def show_result(ended: Ended, *, on_again: Callable[[], None], on_other: Callable[[], None]) -> None:
    """Draw the result.

    Args:
        ended: the exam.
        on_again: starts an exam with the present choice.
        on_other: leaves the result for another choice.
    """
    result = ended.result
    st.header(f"Result: {result.sentence}", anchor=False)
    limit_min = state.load(ExamState).limit_min
    is_limit = bool(limit_min) and ended.time_s >= 60 * limit_min
    took = f"The time was up after {count(limit_min, 'minute')}" if is_limit else f"It took {time_text(ended.time_s)}"
    st.caption(f"{took}. Your answers are kept for {learner.shown_name()}.")
    _show_after(on_again, on_other)
    _show_topics(result)
    for number, row in enumerate(result.rows, 1):
        _show_row(number, row)


def _show_topics(result: ExamResult) -> None:
    """Give the score of each topic, where there is more than one."""
    by_topic = result.by_topic()
    if 1 < len(by_topic) < len(result.rows):
        st.markdown("\n".join(f"- {title_of(topic)}: {right} of {n} right" for topic, (right, n) in by_topic.items()))


def _show_row(number: int, row: ExamRow) -> None:
    """Draw one question; what was right is folded up."""
    question, verdict = row.question, row.verdict
    word = _word(row)
    icon = ":material/check_circle:" if verdict.is_right else ":material/close:"
    label = f"{number} · {title_of(question.topic)}: {word}"
    with st.expander(label, expanded=not verdict.is_right, icon=icon):
        show_question(question)
        if row.reply is not None:
            st.markdown(f"Your answer: **{escape(reply_text(question, row.reply))}**")
        show_verdict(question, verdict)
        if not verdict.is_right:
            st.markdown(f"The right answer: {_answer(question)}")
        st.markdown("**The way to the answer**")
        show_solution(question)
        show_me(question, key=f"_exam.show_{number}")


def _word(row: ExamRow) -> str:
    if row.verdict.is_right:
        return "right"
    return "no answer" if row.reply is None else "not right" if row.verdict.is_valid else "cannot be read"


def _answer(question: Question) -> str:
    """Write the right answer, and where there are more of them that it is one of several."""
    answer = question.answer
    is_formula = bool(answer.latex) and not question.options
    shown = f"$\\displaystyle {answer.latex}$" if is_formula else f"**{escape(answer.text)}**"
    unit = f" {answer.unit_word}" if answer.unit and not question.options else ""
    return f"{shown}{unit}{' (one of several)' if len(answer.accepted) > 1 else ''}"


def _show_after(on_again: Callable[[], None], on_other: Callable[[], None]) -> None:
    progress = place("progress")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Other questions of the same kind", key="_exam.other", type="primary", on_click=_other, args=(on_again,)
        )
        st.button("The same exam again", key="_exam.again", on_click=on_again)
        st.button("Choose another exam", key="_exam.choose", on_click=on_other)
        st.page_link(progress.file, label="See your progress", icon=progress.icon)


def _other(then: Callable[[], None]) -> None:
    with state.uninterrupted():
        state.update(ExamState, seed=random.choice(SEEDS))
        then()


def reply_text(question: Question, reply: Reply) -> str:
    """Write what was answered.

    Examples:
        >>> from lab.questions.question import question_of
        >>> reply_text(question_of("small-map:1:0"), [["1", "2"], ["3", ""]])
        '1, 2; 3, –'
    """
    if isinstance(reply, int):
        return question.options[reply].text if 0 <= reply < len(question.options) else ""
    if isinstance(reply, str):
        return reply.strip()
    return "; ".join(", ".join(cell.strip() or "–" for cell in row) for row in reply)
