"""The sheet as it is printed: one paper a student, in the page's own Markdown and formulas, one block a question."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lab.questions.sheet import IDS, Sheet, asked, worked
from pages.ui.messages import escape
from pages.ui.questions.sheet_state import Part

# The print style (pages/ui/components/questions/sheet.css) knows the papers by this key and prints nothing else.
PAPERS = "sheet_papers"
_LINE = "______________________"


def show_papers(sheets: Sequence[Sheet], part: Part, room: int) -> None:
    """Draw the papers, each beginning on a page of its own in print.

    Args:
        sheets: one a student, or the one sheet for all.
        part: the questions, or the answer key.
        room: 0 to 3: how much is left empty under a question.
    """
    with st.container(key=PAPERS):
        for number, sheet in enumerate(sheets):
            with st.container(key=f"sheet_paper_{number}_room{part if part == 'key' else room}"):
                _show_paper(sheet, part)


def _show_paper(sheet: Sheet, part: Part) -> None:
    title = sheet.title or "Questions"
    is_key = part == "key"
    st.header(f"Answer key: {escape(title)}" if is_key else escape(title), anchor=False)
    st.markdown(_key_line(sheet) if is_key else _name_line(sheet))
    if is_key:
        st.caption(IDS)
    for number, question in enumerate(sheet.questions, 1):
        st.markdown(worked(number, question) if is_key else asked(number, question))


def _name_line(sheet: Sheet) -> str:
    name = f"**{escape(sheet.student)}**" if sheet.student else _LINE
    return f"Name: {name} &emsp; Date: {_LINE[:14]} &emsp; {', '.join(_facts(sheet))}"


def _key_line(sheet: Sheet) -> str:
    return ", ".join([*_facts(sheet), *([escape(sheet.student)] if sheet.student else [])])


def _facts(sheet: Sheet) -> list[str]:
    """Say what tells this paper from others, so that its key is found again."""
    return [f"Sheet {sheet.seed}", *([f"class {escape(sheet.class_code)}"] if sheet.class_code else [])]


def joined(sheets: Sequence[Sheet], part: Part) -> str:
    """Write the papers as one Markdown file, a rule between two."""
    return "\n---\n\n".join(sheet.key_markdown if part == "key" else sheet.markdown for sheet in sheets)
