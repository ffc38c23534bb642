"""Practise on the screen: what to practise, the question at once, and all that is said to an answer."""

from __future__ import annotations

import streamlit as st

from lab.questions.question import Question
from lab.questions.topics import TOPICS
from lab.questions.your_network import YOUR_NETWORK
from pages.ui import controls, state
from pages.ui.components.reply_box import reply_box
from pages.ui.messages import show_warning
from pages.ui.places import place
from pages.ui.questions import learner, practise_round
from pages.ui.questions.card import show_question, show_solution, show_verdict
from pages.ui.questions.exam_choice import LEVELS
from pages.ui.questions.reply import Buttons, Stage, payload, read_act
from pages.ui.questions.show_me import show_me
from pages.ui.questions.state import MIXED, OWN_LEVEL, Attempt, PractiseState, attempt_at, score

_LEVEL_TITLES = {OWN_LEVEL: "Your level", **LEVELS}
_KEY = "_practise.reply"
_CHOICE_PX, _LEVEL_PX = 480, 120  # side by side on a phone, too


@st.fragment
def show_practise() -> None:
    """Draw everything; an answer redraws only this."""
    question = practise_round.current()
    _show_choice()
    learner.show_notice()
    if question is None:
        _show_no_question()
    else:
        _show_round(question)
    learner.remember_in_browser("practise")


def topic_title(name: str) -> str:
    """What a topic is called in the menu."""
    if name == MIXED:
        return "Mixed: what you need next"
    return "Your network" if name == YOUR_NETWORK else TOPICS[name].title


def _show_choice() -> None:
    """Draw topic and level, and beside them, on a phone below, under whose name the answers are kept."""
    chosen = state.load(PractiseState)
    topics = [MIXED, YOUR_NETWORK, *TOPICS]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(horizontal=True, vertical_alignment="bottom", width=_CHOICE_PX):
            controls.select(PractiseState, "topic", choices=topics, format_func=topic_title, on_change=_ask_another)
            controls.select(
                PractiseState,
                "level",
                choices=list(_LEVEL_TITLES),
                format_func=_LEVEL_TITLES.__getitem__,
                width=_LEVEL_PX,
                on_change=_ask_another,
                disabled=chosen.topic == YOUR_NETWORK,
            )
        learner.name_box("practise")


def _ask_another() -> None:
    practise_round.ask_next()


def _show_round(question: Question) -> None:
    attempt = attempt_at(question)
    with st.container(border=True):
        _show_head(attempt)
        show_question(question)
        reply_box(_box(attempt), key=_KEY, on_reply=lambda: None, on_act=_follow)
        _show_answer(attempt)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        show_me(question, key="_practise.show_me")
        st.caption(score().sentence, width="content")


def _show_head(attempt: Attempt) -> None:
    """Say what the question is from, and why it comes as long as that is true: before the first answer."""
    question = attempt.question
    parts = [topic_title(question.topic)]
    if question.topic != YOUR_NETWORK:
        parts.append(f"level {question.level}")
    if not attempt.is_counted and (why := practise_round.reason()):
        parts.append(why)
    st.caption(" · ".join(parts))


def _box(attempt: Attempt) -> dict[str, object]:
    question, verdict = attempt.question, attempt.verdict
    stage: Stage = "open"
    if attempt.has_solution or (verdict and verdict.is_right):
        stage = "done"
    elif verdict and verdict.is_valid:
        stage = "wrong"
    left = len(question.hints) - attempt.n_hints
    buttons = Buttons(
        check="Check",
        next="Next question",
        skip="Skip",
        hint="" if not left else "Hint" if not attempt.n_hints else "Another hint",
        solution="Solution",
    )
    wrong = verdict.wrong_cells if verdict else ()
    return payload(question, kept=attempt.reply, buttons=buttons, stage=stage, wrong=wrong, turn=attempt.turn)


def _follow() -> None:
    """Take what the box reports; it comes from a browser."""
    made, question = state.widget_value(_KEY), practise_round.current()
    act = read_act(question, made.get("act")) if made and question is not None else None
    if question is not None and act is not None:
        with state.uninterrupted():
            practise_round.act_on(question, act)


def _show_answer(attempt: Attempt) -> None:
    if attempt.verdict is not None:
        show_verdict(attempt.question, attempt.verdict)
        if attempt.note:
            st.caption(attempt.note)
    for n, hint in enumerate(attempt.question.hints[: attempt.n_hints], 1):
        st.markdown(f":material/lightbulb: **Hint {n}.** {hint}")
    if attempt.has_solution or (attempt.verdict and attempt.verdict.is_right):
        with st.container(key="_practise_solution"):
            st.markdown("**The way there**")
            show_solution(attempt.question)


def _show_no_question() -> None:
    show_warning(practise_round.problem())
    build = place("build")
    st.page_link(build.file, label="Look at your network", icon=build.icon)
