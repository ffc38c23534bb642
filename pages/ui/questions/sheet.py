"""The Sheet page: choose on the left, see the paper on the right, print it or take it along as Markdown."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st
from pydantic import ValidationError

from lab.questions.sheet import MAX_TEXT, Sheet, make_sheet
from pages.ui import controls, messages, state
from pages.ui.components.print_button import print_button
from pages.ui.questions.exam_choice import show_choice
from pages.ui.questions.sheet_paper import joined, show_papers
from pages.ui.questions.sheet_state import MOST_STUDENTS, SheetState, names_of

ALL = "\0all"  # no name can be this
_NAMES = "_sheet.students"
_PARTS = {"questions": "Questions", "key": "Answer key"}


@st.fragment
def show_sheet() -> None:
    """Draw the whole page under its title."""
    choosing, paper = st.columns([1, 2], gap="large")
    with choosing:
        show_choice(SheetState)
        _show_texts()
        _show_class()
    with paper, messages.guarded():
        sheets = _show_view()
        show_papers(sheets, state.load(SheetState).part, state.load(SheetState).room)
        _show_downloads(sheets)
    state.settle()


def _show_texts() -> None:
    _show_text("title", "Title")
    controls.slider(SheetState, "room")


def _show_class() -> None:
    _show_text("class_code", "Class code")
    students = "\n".join(state.load(SheetState).students)
    st.text_area(
        "Students, one name or number a line",
        students,
        key=state.bind(_NAMES, students),
        height=120,
        placeholder="Mia\nBen\n17",
        help="Each gets a paper with other numbers of the same difficulty. Names stay out of the link.",
        on_change=_keep_students,
    )


def _show_text(field: str, label: str) -> None:
    text = getattr(state.load(SheetState), field)
    key = state.bind(controls.widget_key(SheetState, field), text)
    fact = SheetState.model_fields[field]
    st.text_input(label, text, key=key, max_chars=MAX_TEXT, help=fact.description, on_change=_keep_text, args=(field,))


def _show_view() -> tuple[Sheet, ...]:
    """Choose whose paper is shown and which part of it, print it, take it along."""
    chosen = state.load(SheetState)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if len(chosen.students) > 1:
            words = {ALL: f"All {len(chosen.students)} students"}
            names = [*chosen.students, ALL]
            controls.select(
                SheetState, "shown", choices=names, format_func=lambda name: words.get(name, name), width=190
            )
        controls.segmented(
            SheetState, "part", label="Part", format_func=_PARTS.__getitem__, label_visibility="collapsed"
        )
        print_button(key="_sheet.print")
    sheets = _sheets(state.load(SheetState))
    st.caption(
        "The printer gets the part that is shown below, without the rest of the page. For a PDF choose “Save as PDF” "
        "in the print window of the browser."
    )
    return sheets


def _show_downloads(sheets: tuple[Sheet, ...]) -> None:
    """Offer both parts as Markdown with LaTeX formulas."""
    name = f"sheet-{sheets[0].seed}"
    with st.container(horizontal=True):
        st.download_button(
            "Questions as Markdown",
            lambda: joined(sheets, "questions"),
            file_name=f"{name}.md",
            mime="text/markdown",
            key="_sheet.download",
            icon=":material/download:",
            on_click="ignore",
        )
        st.download_button(
            "Answer key as Markdown",
            lambda: joined(sheets, "key"),
            file_name=f"{name}-key.md",
            mime="text/markdown",
            key="_sheet.download_key",
            icon=":material/key:",
            on_click="ignore",
        )


def _sheets(chosen: SheetState) -> tuple[Sheet, ...]:
    """Make the papers that are shown: one student's, everybody's, or the one for all."""
    names = chosen.students or ("",)
    if len(names) > 1 and chosen.shown != ALL:
        names = (chosen.shown if chosen.shown in names else names[0],)
    return tuple(
        _sheet(chosen.asked, chosen.levels, chosen.n, chosen.seed, chosen.title, chosen.class_code, name)
        for name in names
    )


@lru_cache(maxsize=256)
def _sheet(
    topics: tuple[str, ...], levels: tuple[int, ...], n: int, seed: int, title: str, class_code: str, student: str
) -> Sheet:
    return make_sheet(topics, levels, n, seed, title=title, class_code=class_code, student=student)


def _keep_text(field: str) -> None:
    """Take over what was typed; a text that is refused leaves the one before, with a sentence."""
    _keep(**{field: " ".join(str(state.widget_value(controls.widget_key(SheetState, field)) or "").split())})


def _keep_students() -> None:
    names = names_of(str(state.widget_value(_NAMES) or ""))
    if len(names) > MOST_STUDENTS:
        state.notify(f"A sheet is made for at most {MOST_STUDENTS} students; the first {MOST_STUDENTS} were taken.")
    _keep(students=names[:MOST_STUDENTS])


def _keep(**changes: object) -> None:
    try:
        with state.uninterrupted():
            state.update(SheetState, **changes)
    except ValidationError as error:
        state.notify(f"{error.errors()[0]['msg'].removeprefix('Value error, ').capitalize()}.")
