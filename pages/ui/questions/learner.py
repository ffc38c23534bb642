"""Who answers: one name for all question pages, kept by the browser, and the answers under it on this machine."""

from __future__ import annotations

import streamlit as st

from lab.errors import LabError
from lab.questions.checking import Verdict
from lab.questions.progress import MAX_NAME, Progress, add_answer, load_progress, slug_of
from lab.questions.question import Question
from pages.ui import state
from pages.ui.components.kept_key import found, kept_key
from pages.ui.messages import escape, show_warning

DEFAULT_NAME = "student"
_NAME, _NOTICE = "learner.name", "learner.notice"


def learner_name() -> str:
    """The name under which answers are kept."""
    return str(state.recall(_NAME, DEFAULT_NAME))


def name_box(page: str) -> None:
    """Draw the small box for the name; each page has its own, and all show the same name.

    Args:
        page: the page's address, for the widget's key.
    """
    key = state.bind(f"_{page}.learner", learner_name())
    st.text_input(
        "Your name",
        learner_name(),
        key=key,
        max_chars=MAX_NAME,
        on_change=_take_name,
        args=(key,),
        width=280,
        help="Any name or nickname. Your answers are kept under it, on this machine only. This browser remembers it.",
    )


def _take_name(key: str) -> None:
    with state.uninterrupted():
        name = " ".join(str(state.widget_value(key) or "").split()) or DEFAULT_NAME
        try:
            slug_of(name)
        except LabError as error:
            say(error.sentence)
            return
        state.remember(_NAME, name)


def remember_in_browser(page: str) -> None:
    """Have this browser keep the name that was given; on a page that was just loaded it tells the one it has.

    Call it at the end of a page: it draws nothing.

    Args:
        page: the page's address, for the widget's key.
    """
    key = f"_{page}.kept_name"
    kept_key("lab-name", write=state.recall(_NAME), key=key, on_found=lambda: _take_found(key))


def _take_found(key: str) -> None:
    """Go on under the name that the browser has kept, unless one was given meanwhile."""
    with state.uninterrupted():
        name = found(key)
        try:
            slug_of(name)
        except LabError:
            return  # the browser has made it up
        if state.recall(_NAME) is None:
            state.remember(_NAME, name)


def is_me(name: str) -> bool:
    """Say whether this learner's answers are kept where those of the one before the screen are."""
    return slug_of(name) == slug_of(learner_name())


def may_be_me(name: str) -> bool:
    """Say whether it can be this learner: the same name was chosen, or none yet."""
    return state.recall(_NAME) is None or is_me(name)


def become(name: str) -> None:
    """Go on as this learner."""
    state.remember(_NAME, name)


def progress() -> Progress:
    """The answers so far; a file that is damaged or cannot be read is said once, and everything goes on."""
    try:
        found = load_progress(learner_name())
    except LabError as error:
        say(error.sentence)
        return Progress(learner_name())
    except OSError:
        say("The progress file cannot be read. You can go on; answers may not be kept.")
        return Progress(learner_name())
    if found.notice:
        say(found.notice)
    return found


def record(question: Question, verdict: Verdict, *, n_hints: int = 0) -> None:
    """Keep one answer; where the disk refuses, say so and go on."""
    try:
        add_answer(learner_name(), question, verdict, n_hints=n_hints)
    except LabError as error:
        say(error.sentence)
    except OSError:
        say("This answer cannot be kept on this machine. You can go on.")


def show_notice() -> None:
    """Show what has to be said about the progress file or the name, until it is dismissed."""
    sentence = str(state.recall(_NOTICE, ""))
    if not sentence:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        show_warning(sentence)
        st.button("Dismiss", key="_learner.dismiss", on_click=state.forget, args=(_NOTICE,), type="tertiary")


def shown_name() -> str:
    """The name, safe inside Markdown."""
    return escape(learner_name())


def kept_sentence() -> str:
    """Where the answers are; without a name, also with whom they are shared."""
    kept = f"The answers of {shown_name()} are kept on this machine only."
    if not is_me(DEFAULT_NAME):
        return kept
    return f"{kept} Everybody who gives no name here shares them; give yours to have answers of your own."


def say(sentence: str) -> None:
    """Have a sentence shown until it is dismissed."""
    state.remember(_NOTICE, sentence)
