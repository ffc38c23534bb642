"""The command about exam questions: question."""

from __future__ import annotations

import argparse
import random
import secrets
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from lab.cli.rows import Row, WrittenRow
from lab.errors import Code, LabError

if TYPE_CHECKING:
    from lab.questions.answer import Answer
    from lab.questions.question import Question, Step

_MOST = 10_000  # one command prints no more
_SEEDS = 10**6


def question(args: argparse.Namespace) -> Iterator[Row]:
    """Exam questions with answers and worked solutions, drawn from a seed."""
    from lab.questions.question import make_question
    from lab.questions.topics import TOPICS

    if args.count > _MOST:
        raise LabError(Code.INPUT, f"at most {_MOST:,} questions at once", where="--count")
    seed = secrets.randbelow(_SEEDS) if args.seed is None else args.seed
    draw = random.Random(f"questions:{seed}")
    for number in range(args.count):
        topic = args.topic or draw.choice(list(TOPICS))
        level = args.level if args.level is not None else number % 3 + 1
        yield _row(make_question(topic, level, seed + number), with_answer=args.answers)


def _row(found: Question, *, with_answer: bool) -> Row:
    row = WrittenRow(
        id=found.id,
        topic=found.topic,
        level=found.level,
        question="\n".join([found.text, *(figure.text for figure in found.figures)]),
    )
    if found.options:
        row["options"] = [option.text for option in found.options]
    row["answer"] = found.answer.text if found.options else _plain(found.answer.value)
    row["solution"] = [f"{step.text} {step.latex}".strip() for step in found.solution]
    parts = [f"{found.id}\n{found.plain_text}"]
    if with_answer:
        parts += [_answer_text(found.answer), *(_step_text(step) for step in found.solution)]
    row.text = "\n".join(parts) + "\n"
    return row


def _answer_text(answer: Answer) -> str:
    """Write the answer with its unit; a matrix under its name, every column as wide as its widest number."""
    rows = [line.split("  ") for line in answer.text.splitlines()]
    if len(rows) == 1:
        return f"Answer: {answer.text} {answer.unit_word}".rstrip()
    width = max(len(cell) for row in rows for cell in row)
    return "\n".join(["Answer:", *("  ".join(cell.rjust(width) for cell in row) for row in rows)])


def _step_text(step: Step) -> str:
    from lab.questions.formula_text import formula_text

    return f"  {step.text.replace('$', '')} {formula_text(step.latex)}".rstrip()


def _plain(value: Any) -> Any:
    """Write an answer as JSON: a fraction as text, a shape or a matrix as lists."""
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return str(value) if isinstance(value, Fraction) else value
