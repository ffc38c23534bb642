"""An exam that is being written: what is asked, since when, and what has been answered so far."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, ClassVar

from pydantic import Field

from lab.questions.checking import Reply, check
from lab.questions.exam import Exam, make_exam
from lab.questions.question import Question
from pages.ui.questions.exam_choice import MOST_QUESTIONS, Choice
from pages.ui.questions.reply import read_reply

_Text = Annotated[str, Field(max_length=2_000)]
_Kept = int | _Text | tuple[tuple[_Text, ...], ...]


class ExamState(Choice):
    """The exam. Its choice travels in the link; what is answered stays on this machine (see ``exam_kept``).

    Args:
        limit_min: after so many minutes it ends by itself; 0 for no limit.
        started_s: when it was begun, seconds since 1970; ``None`` before that.
        at: the question that is shown, counted from 0.
        replies: by position of the question.
    """

    page: ClassVar[str] = "exam"
    linked: ClassVar[frozenset[str]] = frozenset({"topics", "levels", "n", "seed", "limit_min"})

    limit_min: int = Field(
        0,
        ge=0,
        le=300,
        title="Minutes",
        description="The exam ends by itself after so many minutes; 0 sets no limit.",
    )
    started_s: float | None = Field(None, ge=0, le=1e11)
    at: int = Field(0, ge=0, lt=MOST_QUESTIONS)
    replies: Mapping[int, _Kept] = Field(default_factory=dict, max_length=MOST_QUESTIONS)

    @property
    def exam(self) -> Exam:
        """The questions."""
        return _exam(self.asked, self.levels, self.n, self.seed)

    @property
    def position(self) -> int:
        """The question that is shown, never one behind the last."""
        return min(self.at, self.n - 1)

    @property
    def is_at_end(self) -> bool:
        """Whether the last question is shown."""
        return self.position == self.n - 1

    @property
    def question(self) -> Question:
        """The question that is shown."""
        return self.exam.questions[self.position]

    @property
    def elapsed_s(self) -> float:
        """Time since the start, seconds."""
        return 0.0 if self.started_s is None else max(0.0, time.time() - self.started_s)

    @property
    def time_s(self) -> float:
        """The time that counts, seconds: never more than the limit."""
        return min(self.elapsed_s, 60.0 * self.limit_min) if self.limit_min else self.elapsed_s

    def is_over(self, *, by_s: float = 0.0) -> bool:
        """Say whether the limit has passed, by so many seconds at least."""
        return bool(self.limit_min) and self.elapsed_s >= 60 * self.limit_min + by_s

    def reply(self, index: int) -> Reply:
        """What was answered to a question; an empty text for nothing. Comes from a file, so its form is checked."""
        question = self.exam.questions[index]
        kept = self.replies.get(index, "")
        sent = [list(row) for row in kept] if isinstance(kept, tuple) else kept
        return read_reply(question, {"id": question.id, "reply": sent})

    def answered(self) -> dict[int, Reply]:
        """The replies that are not empty."""
        found = {index: self.reply(index) for index in range(self.n)}
        return {index: reply for index, reply in found.items() if not is_empty(reply)}

    def standing(self, index: int) -> str:
        """Say how far a question is, without judging it: ``open``, ``answered``, or ``unreadable``."""
        reply = self.reply(index)
        if is_empty(reply):
            return "open"
        return "answered" if check(self.exam.questions[index], reply).is_valid else "unreadable"


def is_empty(reply: Reply) -> bool:
    """Say whether nothing was written.

    Examples:
        >>> is_empty(" "), is_empty(0), is_empty([["", " "]])
        (True, False, True)
    """
    if isinstance(reply, int):
        return False
    return not (reply.strip() if isinstance(reply, str) else any(cell.strip() for row in reply for cell in row))


def storable(reply: Reply) -> int | str | tuple[tuple[str, ...], ...]:
    """Freeze a reply, so that it can be kept."""
    return reply if isinstance(reply, str | int) else tuple(tuple(row) for row in reply)


def time_text(seconds: float) -> str:
    """Write a time as a clock does.

    Examples:
        >>> time_text(75), time_text(3675)
        ('1:15', '1:01:15')
    """
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@lru_cache(maxsize=64)
def _exam(topics: tuple[str, ...], levels: tuple[int, ...], n: int, seed: int) -> Exam:
    return make_exam(topics, levels, n, seed)
