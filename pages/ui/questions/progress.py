"""The Progress page: what is known, what comes next, the mistakes to watch, and the answers as a file."""

from __future__ import annotations

import datetime
import time

import streamlit as st

from lab.questions.phrases import count
from lab.questions.progress import Progress, erase_progress, export_progress, next_topic, slug_of
from lab.questions.sitting import sittings
from pages.ui import messages, state
from pages.ui.components.mastery_board import mastery_board
from pages.ui.places import place
from pages.ui.questions import exam_kept, learner
from pages.ui.questions.exam_choice import title_of
from pages.ui.questions.progress_rows import frequent_mistakes, record_row, summary, topic_groups
from pages.ui.questions.state import PractiseState

_ASKED = "progress.erase"
_LATEST = 20  # answers in the list


@st.fragment
def show_progress() -> None:
    """Draw the page under its title."""
    found, now_s = learner.progress(), time.time()
    learner.show_notice()
    with st.container(width=320):
        learner.name_box("progress")
    st.write(summary(found, now_s))
    _show_next(found, now_s)
    _show_mistakes(found)
    st.header("Topics", anchor=False)
    st.caption(
        "Known counts your last eight answers to a topic, harder ones more. While your answers stay right, a topic "
        "comes back after 1, 2, 4, 8, 16 and 32 days; after a mistake, at once."
    )
    practised = mastery_board(topic_groups(found, now_s), key="_progress.board")
    if practised:
        _practise(practised)
    _show_latest(found)
    _show_file(found)
    learner.remember_in_browser("progress")
    state.settle()


def _show_next(found: Progress, now_s: float) -> None:
    """Offer what spaced repetition asks for."""
    suggestion = next_topic(found, now_s=now_s)
    with st.container(border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        with st.container(gap=None, width="stretch"):
            st.markdown(f"**Next: {title_of(suggestion.topic)}**, level {suggestion.level}")
            st.caption(suggestion.reason)
        if st.button("Practise it", key="_progress.next", type="primary", icon=place("practise").icon):
            _practise(suggestion.topic)


def _practise(topic: str) -> None:
    """Open Practise at this topic and the learner's level in it."""
    with state.uninterrupted(), state.leaving():
        state.update(PractiseState, topic=topic, level=0, question="")
    st.switch_page(place("practise").file, query_params=state.link_params())


def _show_mistakes(found: Progress) -> None:
    watched = frequent_mistakes(found)
    if not watched:
        return
    st.header("Mistakes to watch", anchor=False)
    st.markdown("\n".join(f"- **{known.title}** ({_times(n)}). {known.sentence}" for known, n in watched))


def _times(n: int) -> str:
    return {1: "once", 2: "twice"}.get(n, f"{n} times")


def _show_latest(found: Progress) -> None:
    if not found.records:
        return
    with st.expander("The last answers"):
        head = ("When", "Topic", "Level", "Answer")
        latest = [(_day(record.time_s), *record_row(record)) for record in reversed(found.records[-_LATEST:])]
        columns = zip(*latest, strict=True)
        table = {name: [messages.escape(text) for text in column] for name, column in zip(head, columns, strict=True)}
        st.table(table, hide_index=True)


def _day(time_s: float) -> str:
    return datetime.datetime.fromtimestamp(time_s).astimezone().strftime("%d %b %Y, %H:%M")


def _show_file(found: Progress) -> None:
    """Offer the answers as a file, and to erase them."""
    st.header("Your answers", anchor=False)
    name = learner.learner_name()
    exams = sittings(name)
    st.write(learner.kept_sentence())
    with messages.guarded(), st.container(horizontal=True):
        st.download_button(
            "Export",
            lambda: export_progress(name),
            file_name=f"progress-{slug_of(name)}.json",
            mime="application/json",
            key="_progress.export",
            icon=":material/download:",
            on_click="ignore",
            disabled=not found.records,
        )
        if found.records or exams:
            st.button("Erase", key="_progress.erase", icon=":material/delete:", on_click=_ask, args=(name,))
    if state.recall(_ASKED) == name and (found.records or exams):
        _show_question(found, len(exams))


def _ask(name: str) -> None:
    state.remember(_ASKED, name)


def _show_question(found: Progress, n_exams: int) -> None:
    n = len(found.records)
    answers = ["one answer" if n == 1 else f"all {n} answers"] if n else []
    exams = [count(n_exams, "exam") + " kept here"] if n_exams else []
    with st.container(border=True):
        st.markdown(
            f"Erase {' and '.join([*answers, *exams])} of **{learner.shown_name()}**? This cannot be undone"
            f"{'; export the answers first to keep them' if n else ''}."
        )
        with st.container(horizontal=True):
            st.button(":red[Erase for good]", key="_progress.erase_now", on_click=_erase, args=(found.learner,))
            st.button("Keep them", key="_progress.keep", on_click=state.forget, args=(_ASKED,))


def _erase(name: str) -> None:
    with state.uninterrupted():
        state.forget(_ASKED)
        try:
            erase_progress(name)
        except OSError:
            state.notify("The answers could not be erased: the folder may not be written.")
            return
        exam_kept.leave_after_erasing(name)
