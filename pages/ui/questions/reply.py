"""A reply on its way: what the box asks for, and what of a browser's message can be taken for a reply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from lab.questions.answer import LETTERS
from lab.questions.checking import Reply, check, example_sizes
from lab.questions.question import Question
from lab.questions.reading import MAX_CHARACTERS

MAX_CELL = 40
_EXAMPLES = (("0.75", "3/4"), ("6.25", "25/4"))
Stage = Literal["open", "wrong", "done"]
ACTS = frozenset({"check", "next", "enter", "hint", "solution"})


@dataclass(frozen=True)
class Buttons:
    """What the box offers to do; an empty word is no button.

    Args:
        check: judge the reply.
        next: go on.
        skip: go on without a reply.
        hint: show a hint.
        solution: show the way to the answer.
    """

    check: str = ""
    next: str = ""
    skip: str = ""
    hint: str = ""
    solution: str = ""


@dataclass(frozen=True)
class Act:
    """A key or button of the box, by its name among ``ACTS``, and the reply that stood in it."""

    name: str
    reply: Reply


def payload(
    question: Question,
    *,
    kept: Reply = "",
    buttons: Buttons | None = None,
    stage: Stage = "open",
    wrong: Sequence[tuple[int, int]] = (),
    turn: int = 0,
    focus: bool = True,
    leaves: bool = False,
) -> dict[str, Any]:
    """Put together what the browser draws.

    Args:
        question: what is asked.
        kept: the reply that stands in it.
        buttons: none where the page has its own; then every change of the reply is told.
        stage: ``open``, ``wrong`` (it may be tried again) or ``done`` (Enter goes on).
        wrong: row and column of each wrong cell.
        turn: grows with every verdict, so that the focus follows each once.
        focus: take the focus when the question is new.
        leaves: Enter leads on to another question.
    """
    answer = question.answer
    value = answer.value if answer.kind == "matrix" and isinstance(answer.value, tuple) else ()
    return {
        "id": question.id,
        "kind": answer.kind if answer.kind in {"choice", "matrix"} else "text",
        "label": _label(question),
        "unit": answer.unit,
        "example": _example(question),
        "keys": _keys(question, enter="checks" if buttons else "goes on"),
        "options": [option.text for option in question.options],
        "rows": len(value),
        "columns": len(value[0]) if value and isinstance(value[0], tuple) else 0,
        "kept": kept if isinstance(kept, str | int) else [list(row) for row in kept],
        **asdict(buttons or Buttons()),
        "tells": buttons is None,
        "stage": stage,
        "wrong": [list(cell) for cell in wrong],
        "turn": turn,
        "focus": focus,
        "leaves": leaves,
    }


def _label(question: Question) -> str:
    if question.answer.kind == "choice":
        return "Choose one"
    if question.answer.kind == "tuple":
        return f"Your answer: {' × '.join(question.answer.order)}"
    return "Your answer"


def _keys(question: Question, *, enter: str) -> str:
    """Say what the keys do; read only where there is a keyboard, and one box with one number needs no word."""
    if question.answer.kind == "choice":
        return f"Keys A to {LETTERS[len(question.options) - 1]} or the arrow keys choose, Enter {enter}."
    if question.answer.kind == "matrix":
        return f"Tab goes to the next cell, Enter {enter}. In the text, Ctrl+Enter {enter}."
    return ""


def _example(question: Question) -> str:
    """Say how an answer of this kind is written, without giving this one away; a whole number needs no word."""
    answer = question.answer
    if answer.kind == "choice":
        return ""
    if answer.kind == "matrix":
        return "As text: a line for each row."
    if answer.kind == "tuple":
        shown = example_sizes(answer)
        return f"For example {'×'.join(map(str, shown))} or ({', '.join(map(str, shown))})."
    if answer.kind == "integer":
        return ""
    decimal, fraction = next(row for row in _EXAMPLES if not check(question, row[0]).is_right)
    return f"For example {decimal}." if answer.decimals is not None else f"For example {decimal} or {fraction}."


def read_reply(question: Question, message: object) -> Reply:
    """Take a reply out of ``{"id": …, "reply": …}``; an empty text for anything that is none to this question."""
    if not isinstance(message, Mapping) or message.get("id") != question.id:
        return ""
    found = message.get("reply")
    if isinstance(found, bool):
        return ""
    if isinstance(found, int):
        return found if 0 <= found < len(question.options) else ""
    if isinstance(found, str):
        return found[: MAX_CHARACTERS + 1]
    return _cells(question, found)


def _cells(question: Question, found: object) -> Reply:
    right = question.answer.value
    if question.answer.kind != "matrix" or not isinstance(right, tuple) or not isinstance(found, list):
        return ""
    rows = [row for row in found if isinstance(row, list) and all(isinstance(cell, str) for cell in row)]
    if len(rows) != len(right) or any(len(row) != len(right[0]) for row in rows):  # type: ignore[arg-type]
        return ""
    if not any(cell.strip() for row in rows for cell in row):
        return ""
    return [[cell[:MAX_CELL] for cell in row] for row in rows]


def read_act(question: Question, message: object) -> Act | None:
    """Take a pressed key or button out of ``{"id": …, "name": …, "reply": …}``."""
    if not isinstance(message, Mapping) or message.get("id") != question.id:
        return None
    name = message.get("name")
    return Act(name, read_reply(question, message)) if isinstance(name, str) and name in ACTS else None
