"""A question as an object: what is asked, the right answer, the known wrong ones, hints, and the way to the answer."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from lab.errors import Code, LabError
from lab.questions.answer import LETTERS, Answer, Value, value_latex, value_text

if TYPE_CHECKING:
    from lab.network.spec import NetworkSpec

T = TypeVar("T")

# Seeds that are equal modulo this ask the same thing in the same form with other numbers; a class sheet relies on it.
SAME_FORM = 24
MAX_SEED = 10**12
_FORMS = 4  # one seed in four gives options to choose from
_MOST_OPTIONS = 4  # of numbers; sentences and lines are all shown


@dataclass(frozen=True)
class Step:
    """One step of a worked solution: a sentence, then perhaps a formula with its numbers put in."""

    text: str
    latex: str = ""


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that comes from a known misconception.

    Args:
        misconception: its name in ``lab.questions.misconceptions.MISCONCEPTIONS``.
        value: what it leads to here; for a choice of sentences the sentence itself.
        sentence: what is told to whoever makes it here; empty for the misconception's own sentence.
    """

    misconception: str
    value: Value | str
    sentence: str = ""


@dataclass(frozen=True)
class Option:
    """One of the answers to choose from; the right one has no misconception.

    Args:
        text: as it is read.
        misconception: the known mistake that leads to it.
        latex: the same as a formula, where it is a number.
        sentence: what is told to whoever chooses it; empty for the misconception's own sentence.
    """

    text: str
    misconception: str | None = None
    latex: str = ""
    sentence: str = ""


@dataclass(frozen=True)
class Figure:
    """Numbers that belong to the question, in rows and columns."""

    title: str
    rows: tuple[tuple[int | float, ...], ...]

    @property
    def latex(self) -> str:
        """The numbers as a LaTeX matrix."""
        return value_latex(self.rows)

    @property
    def text(self) -> str:
        """The title and the numbers, every column as wide as its widest number."""
        cells = [[value_text(cell) for cell in row] for row in self.rows]
        width = max(len(cell) for row in cells for cell in row)
        return "\n".join([f"{self.title}:", *("  ".join(cell.rjust(width) for cell in row) for row in cells)])


@dataclass(frozen=True)
class Show:
    """Where in the lab the question can be seen.

    Args:
        page: the page's address: ``"convolution"``, ``"pooling"``, ``"build"``, …
        values: field values in PyTorch's spelling that open exactly this setting.
        network: the network to open, for ``"build"``.
    """

    page: str
    values: Mapping[str, object] = field(default_factory=dict)
    network: NetworkSpec | None = None


@dataclass(frozen=True)
class Question:
    """One question with everything that belongs to it.

    Args:
        id: ``"<topic>:<level>:<seed>"``; :func:`question_of` makes the same question from it.
        topic: the topic's name.
        level: 1 to 3.
        seed: what its numbers were drawn from.
        text: Markdown with LaTeX between dollar signs.
        answer: the right answer.
        given: the numbers it was made from, in PyTorch's spelling.
        figures: matrices that belong to the text.
        options: the answers to choose from; empty when the answer is typed.
        mistakes: wrong values with a known cause.
        hints: each says more than the one before.
        solution: the way; its last step ends in the answer.
        shows: where in the lab to see it.
    """

    id: str
    topic: str
    level: int
    seed: int
    text: str
    answer: Answer
    given: Mapping[str, object]
    figures: tuple[Figure, ...] = ()
    options: tuple[Option, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    hints: tuple[str, ...] = ()
    solution: tuple[Step, ...] = ()
    shows: Show | None = None

    @property
    def figure(self) -> Figure | None:
        """The first matrix, if there is one."""
        return self.figures[0] if self.figures else None

    @property
    def plain_text(self) -> str:
        """The whole question for a terminal: text, figures and options, without dollar signs."""
        options = (f"{letter}) {option.text}" for letter, option in zip(LETTERS, self.options, strict=False))
        return "\n".join([self.text.replace("$", ""), *(figure.text for figure in self.figures), *options])


@dataclass(frozen=True)
class Draft:
    """What a topic makes; :func:`make_question` adds the identity and, for some seeds, options.

    Args:
        sentence: for a choice between sentences, the right one; the mistakes hold the wrong ones.
        in_order: the sentences stand in the order of their text, as the lines of a solution do; else they are mixed.
    """

    text: str
    given: Mapping[str, object]
    solution: tuple[Step, ...]
    answer: Answer | None = None
    sentence: str = ""
    figures: tuple[Figure, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    hints: tuple[str, ...] = ()
    shows: Show | None = None
    in_order: bool = False


class Draw(random.Random):
    """The random numbers of one question, and which of its forms it takes.

    Args:
        topic: the topic's name.
        level: 1 to 3.
        seed: 0 to ``MAX_SEED``.
    """

    def __new__(cls, *_: object) -> Draw:
        """Make the generator; ``Random`` would hash the arguments as its seed."""
        return super().__new__(cls)

    def __init__(self, topic: str, level: int, seed: int) -> None:
        super().__init__(f"{topic}:{level}:{seed}")
        self.level = level
        self.form = seed % _FORMS
        self.variant = seed // _FORMS % (SAME_FORM // _FORMS)

    def of(self, *values: T) -> T:
        """Choose one of the values."""
        return self.choice(values)

    def kind(self, *values: T) -> T:
        """Choose by the seed's form, so that a class gets the same kind of question with other numbers."""
        return values[self.variant % len(values)]


Maker = Callable[[Draw], Draft]


def make_question(topic: str, level: int, seed: int) -> Question:
    """Make the question of a topic, level and seed; the same three give the same question.

    Raises:
        LabError: no such topic or level, or a seed out of range (``INPUT``).

    Examples:
        >>> make_question("output-size", 1, 7) == question_of("output-size:1:7")
        True
    """
    from lab.questions.topics import topic_of

    found = topic_of(topic)
    if level not in found.levels:
        levels = ", ".join(map(str, found.levels))
        raise LabError(Code.INPUT, f"there is no level {level}", where="level", now=f"choose one of {levels}")
    if not 0 <= seed <= MAX_SEED:
        raise LabError(Code.INPUT, f"a seed is a number from 0 to {MAX_SEED:,}, got {seed}", where="seed")
    draw = Draw(topic, level, seed)
    return question_from(found.make(draw), draw, topic=topic, level=level, seed=seed)


def question_from(draft: Draft, draw: Draw, *, topic: str, level: int, seed: int, name: str = "") -> Question:
    """Give a draft its identity and, where it is to be chosen from, its options."""
    mistakes = _distinct(draft)
    answer = draft.answer
    options: tuple[Option, ...] = ()
    wants_options = draft.answer is None or (draw.form == _FORMS - 1 and draft.answer.kind != "matrix")
    if wants_options and (draft.answer is None or len(mistakes) > 1):
        options = _options(draft, mistakes, draw)
        right = next(index for index, found in enumerate(options) if found.misconception is None)
        decimals = draft.answer.decimals if draft.answer else None
        chosen = options[right]
        answer = Answer("choice", (right,), decimals=decimals, shown=chosen.text, shown_latex=chosen.latex)
    if answer is None:
        raise ValueError("a draft needs an answer or a sentence")
    return Question(
        id=name or f"{topic}:{level}:{seed}",
        topic=topic,
        level=level,
        seed=seed,
        text=draft.text,
        answer=answer,
        given=draft.given,
        figures=draft.figures,
        options=options,
        mistakes=mistakes,
        hints=draft.hints,
        solution=draft.solution,
        shows=draft.shows,
    )


def question_of(name: str) -> Question:
    """Make the question of an id, ``"<topic>:<level>:<seed>"``.

    Raises:
        LabError: it is no id of a question (``INPUT``).
    """
    topic, *numbers = name.split(":")
    if len(name) > 80 or len(numbers) != 2 or not all(part.isascii() and part.isdigit() for part in numbers):
        raise LabError(Code.INPUT, f"{name[:80]!r} is no question", now="an id looks like output-size:1:7")
    return make_question(topic, int(numbers[0]), int(numbers[1]))


def _distinct(draft: Draft) -> tuple[Mistake, ...]:
    """Keep the mistakes that lead to a wrong answer, and the first of those that lead to the same."""
    kept: dict[str, Mistake] = {}
    for mistake in draft.mistakes:
        if draft.answer is None or not _is_accepted(draft.answer, mistake.value):
            kept.setdefault(_mistake_text(draft, mistake), mistake)
    return tuple(kept.values())


def _is_accepted(answer: Answer, value: Value | str) -> bool:
    """Say whether a mistake's value happens to be right, or too near to tell apart."""
    near = 2 * answer.tolerance
    for right in answer.accepted:
        if isinstance(right, tuple) or isinstance(value, tuple | str):
            if right == value:
                return True
        elif abs(float(right) - float(value)) <= near:
            return True
    return False


def _mistake_text(draft: Draft, mistake: Mistake) -> str:
    if isinstance(mistake.value, str):
        return mistake.value
    return value_text(mistake.value, decimals=draft.answer.decimals if draft.answer else None)


def _options(draft: Draft, mistakes: tuple[Mistake, ...], draw: Draw) -> tuple[Option, ...]:
    """Mix the right answer with some of the mistakes."""
    most = min(len(mistakes), _MOST_OPTIONS - 1)
    right = Option(draft.sentence) if draft.answer is None else Option(draft.answer.text, None, draft.answer.latex)
    wrong = [
        Option(_mistake_text(draft, mistake), mistake.misconception, _mistake_latex(draft, mistake), mistake.sentence)
        for mistake in draw.sample(mistakes, len(mistakes) if draft.answer is None else most)
    ]
    options = [right, *wrong]
    draw.shuffle(options)
    return tuple(sorted(options, key=lambda option: option.text) if draft.in_order else options)


def _mistake_latex(draft: Draft, mistake: Mistake) -> str:
    if isinstance(mistake.value, str) or draft.answer is None:
        return ""
    return value_latex(mistake.value, decimals=draft.answer.decimals)
