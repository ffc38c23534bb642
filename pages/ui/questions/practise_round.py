"""The round of Practise: which question comes, what a reply to it does, and when it goes on."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import lru_cache

from lab.errors import LabError
from lab.questions.checking import Reply, check
from lab.questions.progress import mastery_of, next_topic
from lab.questions.question import Question, question_of
from lab.questions.topics import TOPICS
from lab.questions.your_network import YOUR_NETWORK, your_network_questions
from pages.ui import state
from pages.ui.questions import learner
from pages.ui.questions.reply import Act
from pages.ui.questions.state import (
    MIXED,
    OWN_LEVEL,
    Attempt,
    PractiseState,
    attempt_at,
    keep_attempt,
    keep_score,
    score,
)

_SEEDS = 1_000_000  # short links, and more questions than anybody answers
_TRIES = 8
_REASON = "practise.reason"
_PROBLEM = "practise.problem"


def current() -> Question | None:
    """The question on screen; a new one where there is none yet, ``None`` where none can be asked."""
    chosen = state.load(PractiseState)
    if chosen.question:
        try:
            return _question(chosen.question)
        except LabError as error:
            if chosen.question.startswith(f"{YOUR_NETWORK}:"):
                state.remember(_PROBLEM, error.sentence)
                return None
            state.notify(f"The link's question cannot be asked, so another one is. {error.sentence}")
    return ask_next()


def ask_next(*, skips: bool = False) -> Question | None:
    """Go on to another question and put it into the link.

    Args:
        skips: the question on screen is passed over, so Mixed takes another topic.
    """
    before = state.load(PractiseState).question
    name = _draw(before, skips)
    for _ in range(_TRIES):  # small topics may draw the same numbers again
        if not before or _text(name) != _text(before):
            break
        name = _draw(before, skips)
    with state.uninterrupted():
        state.update(PractiseState, question=name)
    try:
        return _question(name)
    except LabError as error:
        state.remember(_PROBLEM, error.sentence)
        return None


def reason() -> str:
    """Why Mixed asks this question; empty for a topic that was chosen."""
    return str(state.recall(_REASON, ""))


def problem() -> str:
    """Why no question can be asked about the learner's network."""
    return str(state.recall(_PROBLEM, ""))


def act_on(question: Question, act: Act) -> None:
    """Do what a key or button of the box asks for."""
    attempt = attempt_at(question)
    match act.name:
        case "check":
            keep_attempt(_judged(attempt, act.reply))
        case "hint":
            n_hints = min(attempt.n_hints + 1, len(question.hints))
            keep_attempt(replace(attempt, n_hints=n_hints, turn=attempt.turn + 1))
        case "solution":
            keep_attempt(replace(attempt, has_solution=True, is_counted=True, turn=attempt.turn + 1))
        case "next":
            ask_next(skips=attempt.verdict is None)


def _judged(attempt: Attempt, reply: Reply) -> Attempt:
    question = attempt.question
    if attempt.verdict is not None and reply == attempt.reply:
        return attempt  # Enter was pressed again before the answer came
    verdict = check(question, reply)
    judged = replace(attempt, reply=reply, verdict=verdict, turn=attempt.turn + 1, note="")
    if not verdict.is_valid:
        return judged
    if attempt.is_counted:
        return replace(judged, note="Your first answer is the one that counts." if verdict.is_right else "")
    if question.topic != YOUR_NETWORK and any(row.id == question.id for row in learner.progress().records):
        return replace(judged, is_counted=True, note="You have answered this question before; it counts once.")
    learner.record(question, verdict, n_hints=attempt.n_hints)
    keep_score(score().with_answer(verdict.is_right))
    return replace(judged, is_counted=True)


def _draw(before: str, skips: bool) -> str:
    """Draw the id of the next question, and keep the reason for it."""
    chosen = state.load(PractiseState)
    topic, level, why = chosen.topic, int(chosen.level), ""
    if topic == YOUR_NETWORK:
        level = 2
    elif topic == MIXED:
        others = [name for name in TOPICS if not (skips and before.startswith(f"{name}:"))]
        found = next_topic(learner.progress(), topics=others)
        topic, why = found.topic, found.reason
        level = level or found.level
    elif level == OWN_LEVEL:
        level = mastery_of(learner.progress(), topic).level
    state.remember(_REASON, why)
    return f"{topic}:{level}:{random.randrange(_SEEDS)}"


def _question(name: str) -> Question:
    topic, _, seed = name.split(":")
    if topic == YOUR_NETWORK:
        return your_network_questions(state.workbench().network, int(seed))
    return _made(name)


@lru_cache(maxsize=256)
def _made(name: str) -> Question:
    return question_of(name)


def _text(name: str) -> str:
    """What is asked, to tell whether two questions are the same; empty where it cannot be asked."""
    try:
        return _question(name).plain_text
    except LabError:
        return ""
