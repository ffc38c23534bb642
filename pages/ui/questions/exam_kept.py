"""The exam of this visitor between two loads of the page: its file on this machine, its key in this browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from pydantic import ValidationError

from lab.errors import LabError
from lab.questions.exam import grade
from lab.questions.sitting import Sitting, forget_sitting, keep_sitting, load_sitting, new_key
from pages.ui import state
from pages.ui.components.kept_key import found, kept_key
from pages.ui.questions import learner
from pages.ui.questions.exam_result import Ended
from pages.ui.questions.exam_state import ExamState

ENDED = "exam.ended"
_OWNER = "exam.owner"
_OFFERED = "exam.offered"
_WIDGET = "_exam.kept"
_CHOICE = ("topics", "levels", "n", "seed")


@dataclass(frozen=True)
class Owner:
    """Whose exam it is, and the key to its file; an empty key says that there is none any more."""

    name: str
    key: str


def begin() -> None:
    """Start a new file for the exam that begins now; the one before is thrown away."""
    put_away()
    state.forget(_OFFERED)
    state.remember(_OWNER, Owner(learner.learner_name(), new_key()))
    keep()


def keep() -> None:
    """Write down how far the exam is; where the disk refuses, say so and go on."""
    sitting = state.load(ExamState)
    if sitting.started_s is not None:
        _write(sitting, None)


def end(sitting: ExamState, time_s: float) -> None:
    """Write down the exam that has just ended, so that its result is found again."""
    _write(sitting, time_s)


def put_away() -> None:
    """Delete the file of the exam or result that is left."""
    owner = _owner()
    if owner is not None and owner.key:
        try:
            forget_sitting(owner.name, owner.key)
        except OSError:
            learner.say("The exam that was left could not be deleted from this machine.")
    state.remember(_OWNER, Owner(learner.learner_name(), ""))


def remember_in_browser() -> None:
    """Draw what lets this browser find the exam again; on a page that was just loaded it asks for one."""
    owner = _owner()
    write = None if owner is None else f"{owner.key}:{owner.name}" if owner.key else ""
    kept_key("lab-exam", write=write, key=_WIDGET, on_found=_restore_found)


def _restore_found() -> None:
    with state.uninterrupted():
        key, _, name = found(_WIDGET).partition(":")
        if _owner() is None:
            restore(name, key)


def restore(name: str, key: str) -> None:
    """Go on with a sitting; where the page's link asks for another exam, only offer it.

    What the browser says is checked, and what cannot be read is said.
    """
    try:
        sitting, notice = load_sitting(name, key)
        if notice:
            learner.say(notice)
        if sitting is not None:
            _take_or_offer(name, sitting)
    except LabError:
        return  # the browser has made it up
    except (OSError, ValidationError):
        learner.say("The exam that was begun here cannot be read. A new one can be begun.")


def show_offer() -> None:
    """Draw a button that goes on with the exam that this browser knows, where it is not the one of the link."""
    offered = state.recall(_OFFERED)
    if offered is None:
        return
    name, found_state, sitting = offered
    is_over = sitting.time_s is not None
    text = "Show the result of the last exam" if is_over else "Go on with the exam that was begun here"
    st.button(
        text, key="_exam.go_on_with", icon=":material/history:", on_click=_take, args=(name, found_state, sitting)
    )


def _take_or_offer(name: str, sitting: Sitting) -> None:
    fields = {**sitting.choice, "started_s": sitting.started_s, "at": sitting.at, "replies": sitting.replies}
    found_state = ExamState.model_validate(fields)
    asked = state.load(ExamState)
    if all(getattr(found_state, name) == getattr(asked, name) for name in _CHOICE):
        _take(name, found_state, sitting)
    else:
        state.remember(_OFFERED, (name, found_state, sitting))


def _take(name: str, found_state: ExamState, sitting: Sitting) -> None:
    with state.uninterrupted():
        _go_on(name, found_state, sitting)


def _go_on(name: str, found_state: ExamState, sitting: Sitting) -> None:
    state.forget(_OFFERED)
    learner.become(name)
    state.remember(_OWNER, Owner(name, sitting.key))
    if sitting.time_s is None:
        state.save(found_state)
        return
    state.remember(ENDED, Ended(grade(found_state.exam, found_state.answered()), sitting.time_s))
    state.save(found_state.model_copy(update={"started_s": None, "at": 0, "replies": {}}))


def _write(sitting: ExamState, time_s: float | None) -> None:
    owner = _owner()
    if owner is None or not owner.key:
        owner = Owner(learner.learner_name(), new_key())
        state.remember(_OWNER, owner)
    choice = {name: getattr(sitting, name) for name in _CHOICE}
    _quietly(
        lambda: keep_sitting(
            owner.name,
            Sitting(owner.key, choice, sitting.started_s or 0.0, sitting.at, sitting.replies, time_s),
        )
    )


def _quietly(write: Callable[[], None]) -> None:
    try:
        write()
    except LabError as error:
        learner.say(error.sentence)
    except OSError:
        learner.say("The exam cannot be kept on this machine. You can go on; a page loaded anew will not find it.")


def _owner() -> Owner | None:
    kept = state.recall(_OWNER)
    return kept if isinstance(kept, Owner) else None
