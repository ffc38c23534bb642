"""The Exam page: choose and start, then one question at a time without a word about right or wrong, then the result."""

from __future__ import annotations

import time
from collections.abc import Mapping

import streamlit as st

from lab.questions.checking import Reply, check
from lab.questions.exam import ExamResult, grade
from pages.ui import controls, messages, state
from pages.ui.components.exam_bar import chosen, exam_bar
from pages.ui.questions import exam_kept, learner
from pages.ui.questions.card import reply_widgets, show_question
from pages.ui.questions.exam_choice import show_choice
from pages.ui.questions.exam_result import Ended, show_result
from pages.ui.questions.exam_state import ExamState, storable
from pages.ui.questions.reply import read_reply

_BAR = "_exam.bar"
_ON_ITS_WAY_S = 5.0  # a reply may be so much later here than it was written


@st.fragment
def show_exam() -> None:
    """Draw the page under its title."""
    exam_kept.make_room()
    learner.show_notice()
    _absorb()
    if state.load(ExamState).is_over():
        _finish()
    ended = state.recall(exam_kept.ENDED)
    if state.load(ExamState).started_s is not None:
        _show_paper()
    elif isinstance(ended, Ended):
        show_result(ended, on_again=_start_again, on_other=exam_kept.leave)
    else:
        _show_start()
    exam_kept.remember_in_browser()
    learner.remember_in_browser("exam")
    state.settle()


def _show_start() -> None:
    st.write(
        "Questions one after another, and nothing is told before the end. Then you see what was right, what each "
        "mistake comes from and how the answer is worked out."
    )
    with messages.guarded(), st.container(width=620):
        exam_kept.show_offer()
        show_choice(ExamState)
        controls.number(ExamState, "limit_min", label="Time limit in minutes", width=260)
        learner.name_box("exam")
        st.button("Start the exam", key="_exam.start", type="primary", icon=":material/play_arrow:", on_click=_start)
        st.caption(
            "The address of this page carries the choice: whoever gets it is asked the same questions. It never "
            "carries your answers; those stay on this machine, and a page that is loaded anew finds them."
        )


def _start() -> None:
    with state.uninterrupted():
        state.forget(exam_kept.ENDED)
        state.forget(exam_kept.ASKED)
        state.update(ExamState, started_s=round(time.time(), 1), at=0, replies={})
        exam_kept.begin()


def _start_again() -> None:
    _start()


def _show_paper() -> None:
    sitting = state.load(ExamState)
    with messages.guarded():
        standings = [sitting.standing(index) for index in range(sitting.n)]
        exam_bar(
            standings,
            at=sitting.position,
            elapsed_s=sitting.elapsed_s,
            limit_s=60 * sitting.limit_min,
            key=_BAR,
            on_go=_go_chosen,
            on_over=_finish_when_over,
        )
        with st.container(border=True):
            st.header(f"Question {sitting.position + 1} of {sitting.n}", anchor=False)
            show_question(sitting.question)
            kept = sitting.reply(sitting.position)
            reply_widgets(
                sitting.question, _reply_key(sitting), kept=kept, on_enter=_enter, leaves=not sitting.is_at_end
            )
            st.caption(_standing_words(sitting, standings[sitting.position]))
        _show_steps(sitting)
        if state.recall(exam_kept.ASKED):
            _ask(standings)


def _show_steps(sitting: ExamState) -> None:
    is_last = sitting.is_at_end
    with st.container(horizontal=True):
        st.button(
            "Previous",
            key="_exam.previous",
            icon=":material/arrow_back:",
            on_click=_go,
            args=(sitting.position - 1,),
            disabled=sitting.position == 0,
        )
        st.button(
            "Next",
            key="_exam.next",
            icon=":material/arrow_forward:",
            on_click=_go,
            args=(sitting.position + 1,),
            disabled=is_last,
            type="secondary" if is_last else "primary",
        )
        st.button(
            "Finish",
            key="_exam.finish",
            icon=":material/flag:",
            on_click=_finish_or_ask,
            type="primary" if is_last else "secondary",
        )


def _standing_words(sitting: ExamState, standing: str) -> str:
    """Say that the answer is kept, or that nobody will be able to read it; never whether it is right."""
    if standing == "unreadable":
        return check(sitting.question, sitting.reply(sitting.position)).sentence
    return "Your answer is kept. You can change it until you finish." if standing == "answered" else "No answer yet."


def _reply_key(sitting: ExamState) -> str:
    """A key of this sitting's own: what was written in another exam never gets into this one."""
    return f"_exam.reply_{sitting.started_s}"


def _absorb() -> None:
    """Take over what stands in the box. A click elsewhere may overtake it, so it goes to its question by the id."""
    sitting = state.load(ExamState)
    is_late = sitting.started_s is None or sitting.is_over(by_s=_ON_ITS_WAY_S)
    made = None if is_late else state.widget_value(_reply_key(sitting))
    if not made:
        return
    for message in (made.get("reply"), made.get("act")):
        for index, question in enumerate(sitting.exam.questions):
            if isinstance(message, Mapping) and message.get("id") == question.id:
                _keep_reply(index, read_reply(question, message))


def _keep_reply(index: int, reply: Reply) -> None:
    """Keep a reply, for the session and for a page that is loaded anew."""
    sitting = state.load(ExamState)
    if sitting.reply(index) != reply:
        replies = {**sitting.replies, index: storable(reply)}
        state.keep(ExamState.model_validate({**dict(sitting), "replies": replies}))
        exam_kept.keep()


def _go_chosen() -> None:
    index = chosen(_BAR)
    if index is not None:
        _go(index)


def _go(index: int) -> None:
    """Show another question."""
    with state.uninterrupted():
        _absorb()
        state.forget(exam_kept.ASKED)
        state.update(ExamState, at=max(0, min(index, state.load(ExamState).n - 1)))
        exam_kept.keep()


def _enter() -> None:
    """Go on to the next question; behind the last one ask whether this is the end."""
    with state.uninterrupted():
        _absorb()
        sitting = state.load(ExamState)
        if sitting.is_at_end:
            state.remember(exam_kept.ASKED, True)
        else:
            _go(sitting.position + 1)


def _finish_or_ask() -> None:
    with state.uninterrupted():
        _absorb()
        sitting = state.load(ExamState)
        if all(sitting.standing(index) == "answered" for index in range(sitting.n)):
            _finish()
        else:
            state.remember(exam_kept.ASKED, True)


def _ask(standings: list[str]) -> None:
    """Say what is still empty, and ask."""
    with st.container(border=True, key="_exam_ask"):
        sentences = [_listed("No answer yet", standings, "open"), _listed("Cannot be read", standings, "unreadable")]
        told = " ".join(sentence for sentence in sentences if sentence)
        st.markdown(f"**Finish the exam?** {told or 'All questions are answered.'}")
        with st.container(horizontal=True):
            st.button("Finish now", key="_exam.finish_now", type="primary", on_click=_finish)
            st.button("Go on writing", key="_exam.go_on", on_click=state.forget, args=(exam_kept.ASKED,))


def _listed(word: str, standings: list[str], standing: str) -> str:
    numbers = [str(index + 1) for index, found in enumerate(standings) if found == standing]
    return f"{word}: question{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}." if numbers else ""


def _finish_when_over() -> None:
    """Finish where the browser's clock has run down and the one here agrees; else that one is set right."""
    if state.load(ExamState).is_over():
        _finish()


def _finish() -> None:
    """Grade, record each answer once, and show the result."""
    with state.uninterrupted():
        _absorb()
        sitting = state.load(ExamState)
        if sitting.started_s is None:
            return  # a second click on the same button
        ended = Ended(grade(sitting.exam, sitting.answered()), sitting.time_s)
        state.remember(exam_kept.ENDED, ended)
        exam_kept.end(sitting, ended.time_s)
        state.forget(exam_kept.ASKED)
        state.update(ExamState, started_s=None, at=0, replies={})
        _record(ended.result)


def _record(result: ExamResult) -> None:
    """Keep the answers, each question once: whoever writes the same exam again knows its solutions."""
    before = {record.id for record in learner.progress().records}
    for row in result.rows:
        if row.question.id not in before:
            learner.record(row.question, row.verdict)
