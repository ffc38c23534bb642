"""A sheet of questions to print: Markdown with formulas, and a separate answer key."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lab.errors import Code, LabError
from lab.questions.answer import LETTERS
from lab.questions.drawing_lots import draw_questions
from lab.questions.question import Question

IDS = (
    "In brackets behind an answer stand its question's topic, level and seed: "
    "`python -m lab question --topic … --level … --seed …` asks it again."
)
"""What a key says about the ids in it."""

TITLE = "Questions on convolutional networks"
MAX_TEXT = 80  # characters of a title, a class code, a name: what fits on one line of the sheet
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>$~&])")


@dataclass(frozen=True)
class Sheet:
    """A seeded set of questions; the same choice gives the same sheet.

    Args:
        topics: what is asked, in turn.
        levels: in turn.
        seed: what the sheet was drawn from.
        questions: in the order printed.
        title: above the questions.
        class_code: with a student, gives that student other numbers of the same difficulty.
        student: whose sheet it is; empty for the plain sheet.
    """

    topics: tuple[str, ...]
    levels: tuple[int, ...]
    seed: int
    questions: tuple[Question, ...]
    title: str = TITLE
    class_code: str = ""
    student: str = ""

    @property
    def label(self) -> str:
        """What tells this sheet from others: seed, class and student."""
        parts = [f"sheet {self.seed}"]
        parts += [f"class {plain(self.class_code)}"] if self.class_code else []
        parts += [plain(self.student)] if self.student else []
        return ", ".join(parts)

    @property
    def markdown(self) -> str:
        """The questions, with room for the answers and without any of them."""
        blocks = [f"# {plain(self.title)}", f"{self.label}", "Name: ______________________  Date: ______________"]
        blocks += [asked(number, question) for number, question in enumerate(self.questions, 1)]
        return "\n\n".join(blocks) + "\n"

    @property
    def key_markdown(self) -> str:
        """The answers, each with its worked solution."""
        blocks = [f"# Answer key: {plain(self.title)}", f"{self.label}", IDS]
        blocks += [worked(number, question) for number, question in enumerate(self.questions, 1)]
        return "\n\n".join(blocks) + "\n"


def make_sheet(
    topics: Sequence[str],
    levels: Sequence[int],
    n: int,
    seed: int,
    *,
    title: str = TITLE,
    class_code: str = "",
    student: str = "",
) -> Sheet:
    """Make a sheet.

    Raises:
        LabError: an unknown topic or level, a number out of range, or a text that is too long (``INPUT``).

    Examples:
        >>> make_sheet(["output-size"], [1], 2, seed=3) == make_sheet(["output-size"], [1], 2, seed=3)
        True
    """
    for where, text in (("title", title), ("class code", class_code), ("student", student)):
        if len(text) > MAX_TEXT:
            raise LabError(Code.INPUT, f"at most {MAX_TEXT} characters fit on the sheet", where=where, now="shorten it")
    person = f"{_same(class_code)}/{_same(student)}" if class_code.strip() or student.strip() else ""
    questions = draw_questions(topics, levels, n, seed, person=person)
    return Sheet(tuple(topics), tuple(levels), seed, questions, title, class_code.strip(), student.strip())


def plain(text: str) -> str:
    """Write a person's text so that Markdown shows it as it is.

    Examples:
        >>> print(plain("*Mia* <b>"))
        \\*Mia\\* \\<b\\>
    """
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _same(text: str) -> str:
    """Let small differences in writing a name make no other sheet."""
    return " ".join(text.split()).casefold()


def asked(number: int, question: Question) -> str:
    """Write one question as Markdown: its number, the text, its matrices in a row, the options, room for the answer."""
    # The name is part of the formula, so that no line break comes between them.
    figures = " &emsp; ".join(rf"$\text{{{figure.title}: }} {figure.latex}$" for figure in question.figures)
    options = "  \n".join(f"{letter}) {option.text}" for letter, option in zip(LETTERS, question.options, strict=False))
    blocks = (f"**{number}.** {question.text}", figures, options, f"Answer: {_blank(question)}")
    return "\n\n".join(block for block in blocks if block)


def _formula(latex: str) -> str:
    """Put a formula into a line; fractions stay as large as the line, or their exponents could not be read on paper."""
    size = r"\displaystyle " if r"\frac" in latex else ""
    return f"${size}{latex}$" if latex else ""


def _blank(question: Question) -> str:
    """Leave room for the answer: a line, and for a matrix a line in each cell."""
    rows = question.answer.value
    if question.answer.kind != "matrix" or not isinstance(rows, tuple):
        return "______________________"
    cell, height = r"\underline{\hspace{2em}}", r"\rule{0pt}{1.4em}"
    lines = [height + " & ".join(cell for _ in row) for row in rows if isinstance(row, tuple)]
    return "".join((r"$\begin{bmatrix} ", r" \\[0.4em] ".join(lines), r" \end{bmatrix}$"))


def worked(number: int, question: Question) -> str:
    """Write the answer of one question as Markdown, with its id and the way to it."""
    answer = f"${question.answer.latex}$" if question.answer.latex and not question.options else question.answer.text
    if question.options:
        index = next(n for n, option in enumerate(question.options) if option.misconception is None)
        answer = f"{LETTERS[index]}) {answer}"
    unit = f" {question.answer.unit_word}" if question.answer.unit else ""
    steps = [f"- {step.text} {_formula(step.latex)}".rstrip() for step in question.solution]
    return f"**{number}.** {answer}{unit} ({question.id})\n\n" + "\n".join(steps)
