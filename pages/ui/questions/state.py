"""What a visitor has chosen on Practise, the question on screen, what happened to it, and this session's score."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import Field, field_validator

from lab.questions.checking import Reply, Verdict
from lab.questions.question import Question
from lab.questions.topics import TOPICS
from lab.questions.your_network import YOUR_NETWORK
from pages.ui import state
from pages.ui.state import PageState

MIXED = "mixed"
OWN_LEVEL = 0


class PractiseState(PageState):
    """What is practised, and the question that is asked now, so that a link asks exactly this one."""

    page: ClassVar[str] = "practise"
    linked: ClassVar[frozenset[str]] = frozenset({"topic", "level", "question"})

    topic: str = Field(MIXED, title="Topic", description="Mixed asks what you need next, from your answers so far.")
    level: Literal[0, 1, 2, 3] = Field(0, title="Level", description="Your level rises after three right answers.")
    question: str = Field("", pattern=r"^([a-z0-9-]{1,40}:[0-9]:[0-9]{1,13})?$", title="Question")

    @field_validator("topic")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in (MIXED, YOUR_NETWORK, *TOPICS):
            raise ValueError(f"there is no topic {name[:40]}")
        return name


@dataclass(frozen=True)
class Attempt:
    """What happened to the question on screen.

    Args:
        question: which one.
        reply: what was last judged.
        verdict: what was said to it.
        n_hints: hints shown.
        has_solution: the solution is shown.
        is_counted: an answer to it is in the progress file, or it is too late for one.
        note: a sentence beside the verdict.
        turn: grows with everything that happens, so that the focus follows each once.
    """

    question: Question
    reply: Reply = ""
    verdict: Verdict | None = None
    n_hints: int = 0
    has_solution: bool = False
    is_counted: bool = False
    note: str = ""
    turn: int = 0


@dataclass(frozen=True)
class Score:
    """This session's answers that counted."""

    n: int = 0
    n_right: int = 0
    streak: int = 0

    def with_answer(self, is_right: bool) -> Score:
        """The score after one more answer."""
        return Score(self.n + 1, self.n_right + is_right, self.streak + 1 if is_right else 0)

    @property
    def sentence(self) -> str:
        """The score in words; empty before the first answer."""
        if not self.n:
            return ""
        row = f" · {self.streak} in a row" if self.streak > 1 else ""
        return f"{self.n_right} of {self.n} right{row}"


def attempt_at(question: Question) -> Attempt:
    """What happened to this question so far; nothing yet, if it is another one than the last."""
    kept = state.recall(_ATTEMPT)
    return kept if isinstance(kept, Attempt) and kept.question == question else Attempt(question)


def keep_attempt(attempt: Attempt) -> None:
    """Remember what happened."""
    state.remember(_ATTEMPT, attempt)


def score() -> Score:
    """This session's score."""
    kept = state.recall(_SCORE)
    return kept if isinstance(kept, Score) else Score()


def keep_score(value: Score) -> None:
    """Remember the score."""
    state.remember(_SCORE, value)


_ATTEMPT, _SCORE = "practise.attempt", "practise.score"
