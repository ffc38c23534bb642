"""The exam of this visitor between two loads of the page: its file on this machine, its key in this browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from pydantic import ValidationError

from lab.errors import LabError
from lab.questions.exam import grade
from lab.questions.progress import slug_of
from lab.questions.sitting import Sitting, forget_sitting, keep_sitting, load_sitting, new_key
from pages.ui import messages, state
from pages.ui.components.kept_key import found, kept_key
from pages.ui.questions import learner
from pages.ui.questions.exam_result import Ended
from pages.ui.questions.exam_state import ExamState

ENDED, ASKED = "exam.ended", "exam.asked"
_OWNER = "exam.owner"
_OFFERED = "exam.offered"
_WIDGET = "_exam.kept"
_CHOICE = ("topics", "levels", "n", "seed", "limit_min")
_RESULT_GOES = "It is thrown away when you start another exam; the answers stay counted on the Progress page."


@dataclass(frozen=True)
class Owner:
    """Whose exam it is, and the key to its file; an empty key says that there is none any more."""

    name: str
    key: str


@dataclass(frozen=True)
class Offer:
    """An exam that was found and not taken up by itself: somebody else's, or not the one of the link."""

    name: str
    key: str
    is_over: bool


def begin() -> None:
    """Start a new file for the exam that begins now; the one before, and one that is offered, is thrown away."""
    _put_away()
    offered = _offer()
    if offered is not None:
        state.forget(_OFFERED)
        _forget_file(offered.name, offered.key)
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


def leave() -> None:
    """Leave the exam or its result for good; its choice stays."""
    with state.uninterrupted():
        _clear_page()
        _put_away()


def leave_after_erasing(name: str) -> None:
    """Leave the exam of a learner whose answers were erased: the next answer would write its file again."""
    with state.uninterrupted():
        owner, offered = _owner(), _offer()
        if offered is not None and slug_of(offered.name) == slug_of(name):
            state.forget(_OFFERED)
        if owner is not None and slug_of(owner.name) == slug_of(name):
            leave()


def make_room() -> None:
    """Where another learner sits down in the middle of an exam, it is only offered; call before the page is drawn.

    An exam that was begun without a name goes on under the one that was chosen since.
    """
    owner = _owner()
    if owner is None or not owner.key or owner.name == learner.DEFAULT_NAME or learner.is_me(owner.name):
        return
    with state.uninterrupted():
        state.remember(_OFFERED, Offer(owner.name, owner.key, is_over=state.recall(ENDED) is not None))
        state.forget(_OWNER)
        _clear_page()


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
    """Go on with a sitting; somebody else's, and one that the page's link does not ask for, is only offered."""
    read = _read(name, key)
    if read is None:
        return
    found_state, sitting = read
    asked = state.load(ExamState)
    if learner.may_be_me(name) and all(getattr(found_state, field) == getattr(asked, field) for field in _CHOICE):
        _go_on(name, found_state, sitting)
    else:
        state.remember(_OFFERED, Offer(name, key, is_over=sitting.time_s is not None))


def show_offer() -> None:
    """Draw a button that goes on with the exam that is offered, and say what becomes of it otherwise."""
    offered = _offer()
    if offered is None:
        return
    st.button(_offer_text(offered), key="_exam.go_on_with", icon=":material/history:", on_click=_take, args=(offered,))
    st.caption("It is thrown away when you start another exam." if not offered.is_over else _RESULT_GOES)


def _offer_text(offered: Offer) -> str:
    if learner.is_me(offered.name):
        return "Show the result of the last exam" if offered.is_over else "Go on with the exam that was begun here"
    if offered.name == learner.DEFAULT_NAME:
        return f"{'Show the result of' if offered.is_over else 'Go on with'} the exam that was begun without a name"
    whose = f"{messages.escape(offered.name)}'s"
    return f"Show the result of {whose} exam" if offered.is_over else f"Go on with {whose} exam"


def _take(offered: Offer) -> None:
    """Go on with what was offered, as it is by now: another tab may have gone on with it."""
    with state.uninterrupted():
        state.forget(_OFFERED)
        read = _read(offered.name, offered.key)
        if read is None:
            learner.say("That exam is not on this machine any more.")
        else:
            _go_on(offered.name, *read)


def _read(name: str, key: str) -> tuple[ExamState, Sitting] | None:
    """Read a sitting. What the browser says is checked, and what cannot be read is said."""
    try:
        sitting, notice = load_sitting(name, key)
        if notice:
            learner.say(notice)
        if sitting is None:
            return None
        fields = {**sitting.choice, "started_s": sitting.started_s, "at": sitting.at, "replies": sitting.replies}
        return ExamState.model_validate(fields), sitting
    except LabError:
        return None  # the browser has made it up
    except (OSError, ValidationError):
        learner.say("The exam that was begun here cannot be read. A new one can be begun.")
        return None


def _go_on(name: str, found_state: ExamState, sitting: Sitting) -> None:
    learner.become(name)
    state.remember(_OWNER, Owner(name, sitting.key))
    if sitting.time_s is None:
        state.save(found_state)
        return
    state.remember(ENDED, Ended(grade(found_state.exam, found_state.answered()), sitting.time_s))
    state.save(found_state.model_copy(update={"started_s": None, "at": 0, "replies": {}}))


def _clear_page() -> None:
    state.forget(ENDED)
    state.forget(ASKED)
    state.update(ExamState, started_s=None, at=0, replies={})


def _put_away() -> None:
    """Delete the file of the exam or result that is left."""
    owner = _owner()
    if owner is not None and owner.key:
        _forget_file(owner.name, owner.key)
    state.remember(_OWNER, Owner(learner.learner_name(), ""))


def _forget_file(name: str, key: str) -> None:
    try:
        forget_sitting(name, key)
    except OSError:
        learner.say("The exam that was left could not be deleted from this machine.")


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


def _offer() -> Offer | None:
    kept = state.recall(_OFFERED)
    return kept if isinstance(kept, Offer) else None
