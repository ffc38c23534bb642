"""An exam: some questions, nothing told before the end, then a result with explanations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lab.questions.checking import Reply, Verdict, check
from lab.questions.drawing_lots import draw_questions
from lab.questions.question import Question

_NO_ANSWER = Verdict(False, False, "No answer was given.")


@dataclass(frozen=True)
class Exam:
    """The questions of an exam, drawn from a seed.

    Args:
        seed: what they were drawn from; the same seed and choice give the same exam.
        questions: in the order asked.
    """

    seed: int
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class ExamRow:
    """One question of an exam with its reply and what is said to it; ``reply`` is ``None`` where none was given."""

    question: Question
    reply: Reply | None
    verdict: Verdict


@dataclass(frozen=True)
class ExamResult:
    """A graded exam."""

    rows: tuple[ExamRow, ...]

    @property
    def n_right(self) -> int:
        """Right answers."""
        return sum(row.verdict.is_right for row in self.rows)

    @property
    def share(self) -> float:
        """Right answers as a share of all questions, 0 to 1."""
        return self.n_right / len(self.rows)

    @property
    def sentence(self) -> str:
        """The result in one sentence."""
        n_open = sum(row.reply is None for row in self.rows)
        unanswered = f" {n_open} {'was' if n_open == 1 else 'were'} left open." if n_open else ""
        return f"{self.n_right} of {len(self.rows)} right ({100 * self.share:.0f} %).{unanswered}"

    def by_topic(self) -> dict[str, tuple[int, int]]:
        """Give right answers and questions of each topic."""
        topics = dict.fromkeys(row.question.topic for row in self.rows)
        of = {name: [row.verdict.is_right for row in self.rows if row.question.topic == name] for name in topics}
        return {name: (sum(right), len(right)) for name, right in of.items()}


def make_exam(topics: Sequence[str], levels: Sequence[int], n: int, seed: int) -> Exam:
    """Draw an exam.

    Raises:
        LabError: an unknown topic or level, or a number of questions out of range (``INPUT``).

    Examples:
        >>> exam = make_exam(["output-size", "parameters"], [1, 2], 4, seed=5)
        >>> exam == make_exam(["output-size", "parameters"], [1, 2], 4, seed=5), len(exam.questions)
        (True, 4)
    """
    return Exam(seed, draw_questions(topics, levels, n, seed))


def grade(exam: Exam, replies: Mapping[int, Reply]) -> ExamResult:
    """Grade an exam.

    Args:
        exam: the questions.
        replies: by position, counted from 0; what is missing or empty counts as no answer.
    """
    rows = []
    for index, question in enumerate(exam.questions):
        reply = replies.get(index)
        is_open = reply is None or reply == ""
        verdict = _NO_ANSWER if reply is None or is_open else check(question, reply)
        rows.append(ExamRow(question, None if is_open else reply, verdict))
    return ExamResult(tuple(rows))
