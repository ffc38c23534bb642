"""What a teacher has chosen for a sheet."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, field_validator

from lab.questions.sheet import MAX_TEXT, TITLE
from pages.ui.questions.exam_choice import Choice

Part = Literal["questions", "key"]
MOST_STUDENTS = 60


class SheetState(Choice):
    """The sheet; names of students are kept for the session and never travel in a link."""

    page: ClassVar[str] = "sheet"
    linked: ClassVar[frozenset[str]] = frozenset({"topics", "levels", "n", "seed", "title", "class_code", "room"})

    # Not the exam's usual one: a class may have seen that.
    seed: int = Field(2, ge=0, le=10**12, description="The same seed gives the same questions, here and in an exam.")
    title: str = Field(TITLE, max_length=MAX_TEXT)
    class_code: str = Field(
        "",
        max_length=MAX_TEXT,
        description="With a class code or names, everybody gets other numbers of the same difficulty.",
    )
    students: tuple[str, ...] = Field((), max_length=MOST_STUDENTS)
    room: int = Field(1, ge=0, le=3, title="Room to work", description="Empty lines under each question.")
    shown: str = Field("", title="Whose sheet")  # a student's name, or ``sheet.ALL``
    part: Part = "questions"

    @field_validator("students")
    @classmethod
    def _fits(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if any(len(name) > MAX_TEXT for name in names):
            raise ValueError(f"a name has at most {MAX_TEXT} characters")
        return names


def names_of(text: str) -> tuple[str, ...]:
    """Read names, one a line; empty lines and repetitions fall away.

    Examples:
        >>> names_of("Mia K.\\n\\n  Ben \\nMia K.")
        ('Mia K.', 'Ben')
    """
    names = (" ".join(line.split()) for line in text.splitlines())
    return tuple(dict.fromkeys(name for name in names if name))
