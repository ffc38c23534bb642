"""Judging a reply: right, a known misconception, a near miss named as what it is, or no number at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from lab.questions.answer import LETTERS, Answer, Number, Value
from lab.questions.misconceptions import MISCONCEPTIONS
from lab.questions.question import Question
from lab.questions.reading import matrix_readings, names_bytes, number_readings, tuple_readings

Reply = str | int | Sequence[Sequence[str]]
Cell = tuple[int, int]

_EMPTY = " \n\t…"  # the reply box writes three dots for a cell that is still empty
_FAR = 9  # an example this far from the answer is no hint
# Channels, height, width and one more; a shape has at most four sizes, so one of five rows shares none with it.
_SIZES = ((8, 14, 14, 3), (6, 10, 10, 2), (5, 9, 9, 4), (18, 22, 22, 17), (25, 38, 38, 19))

_ROUNDING = Fraction(3, 100)  # this near to a rounded number, the way was right and the rounding was not


@dataclass(frozen=True)
class Verdict:
    """What is said to a reply.

    Args:
        is_right: the reply is right.
        is_valid: the reply could be read; if not, the attempt does not count.
        sentence: what the learner reads.
        misconception: the name of the known mistake that leads to this reply.
        wrong_cells: (row, column) of each cell of a matrix that is wrong, empty or no number, counted from 0.
    """

    is_right: bool
    is_valid: bool
    sentence: str
    misconception: str | None = None
    wrong_cells: tuple[Cell, ...] = ()


def check(question: Question, reply: Reply) -> Verdict:
    """Judge a reply.

    Args:
        question: what was asked.
        reply: the text typed; for a choice the position of the option or its letter; for a matrix the text of each
            cell, or all rows as one text.

    Examples:
        >>> from lab.questions.question import question_of
        >>> question = question_of("output-size:1:0")
        >>> check(question, question.answer.text).is_right
        True
        >>> check(question, "many").sentence
        'That is not a number; write for example 14.'
    """
    judge: dict[str, Callable[[Question, Reply], Verdict]] = {
        "choice": _check_choice,
        "matrix": _check_matrix,
        "tuple": _check_tuple,
    }
    return judge.get(question.answer.kind, _check_number)(question, reply)


def _check_number(question: Question, reply: Reply) -> Verdict:
    answer, text = question.answer, _as_text(reply)
    readings = number_readings(text)
    if answer.unit == "KiB" and names_bytes(text):
        readings = tuple(value / 1024 for value in readings)
    if answer.square:
        readings += tuple(row[0] for row in tuple_readings(text, ("height", "width")) if len(set(row)) == 1)
    if not readings:
        return _unreadable(_example(answer))
    if any(_is_near(answer, right, value) for right in answer.accepted for value in readings):
        return Verdict(True, True, _praise(answer))
    for mistake in question.mistakes:
        if any(_is_near(answer, mistake.value, value) for value in readings):
            return _mistaken(mistake.misconception)
    return Verdict(False, True, f"Not right. {_near_miss(answer, readings[0])}".strip())


def _check_tuple(question: Question, reply: Reply) -> Verdict:
    answer, order = question.answer, question.answer.order
    rows = tuple(_without_batch(row, order) for row in tuple_readings(_as_text(reply), order))
    fitting = [row for row in rows if len(row) == len(order)]
    if not fitting:
        n_read = len(rows[0]) if rows else len(number_readings(_as_text(reply))[:1])
        if not n_read:
            return _unreadable(_example(answer))
        asked = " × ".join(order)
        numbers = "number" if n_read == 1 else "numbers"
        return Verdict(False, False, f"{n_read} {numbers} read; write all {len(order)}: {asked}.")
    for row in fitting:
        if row in answer.accepted:
            return Verdict(True, True, _praise(answer))
    if any(_channels_first(row, order) in answer.accepted for row in fitting):
        told = f"{_praise(answer)} You wrote height × width × channels; PyTorch puts the channels first."
        return Verdict(True, True, told)
    for mistake in question.mistakes:
        if mistake.value in fitting:
            return _mistaken(mistake.misconception)
    return Verdict(False, True, f"Not right. {_wrong_entries(answer, fitting[0])}")


def _check_matrix(question: Question, reply: Reply) -> Verdict:
    right = _rows_of(question.answer.value)
    n_rows, n_columns = len(right), len(right[0])
    if isinstance(reply, str) and not reply.strip():
        reply = [[""] * n_columns] * n_rows
    if isinstance(reply, str):
        tables: Sequence[Sequence[Sequence[str]]] = matrix_readings(reply, n_rows, n_columns)
        if not tables:
            read = any(number_readings(word) for word in reply[:200].split())
            shape = f"{_count(n_rows, 'row')} of {_count(n_columns, 'number')}"
            return Verdict(False, False, f"Write {shape}.") if read else _unreadable("14")
    elif isinstance(reply, int):
        return _unreadable("14")
    else:
        tables = [reply]
    verdicts = [_check_table(question, right, table) for table in tables]
    return next((found for found in verdicts if found.is_right), next((v for v in verdicts if v.is_valid), verdicts[0]))


def _check_table(question: Question, right: Sequence[Sequence[Number]], table: Sequence[Sequence[str]]) -> Verdict:
    if len(table) != len(right) or any(len(row) != len(right[0]) for row in table):
        return Verdict(False, False, f"Write {_count(len(right), 'row')} of {_count(len(right[0]), 'number')}.")
    n_cells = len(right) * len(right[0])
    if empty := tuple((y, x) for y, row in enumerate(table) for x, text in enumerate(row) if not text.strip(_EMPTY)):
        return Verdict(False, False, _empty_in_words(empty, n_cells), None, empty)
    cells = [[number_readings(text) for text in row] for row in table]
    if unread := tuple((y, x) for y, row in enumerate(cells) for x, readings in enumerate(row) if not readings):
        told = f"{_unreadable('14').sentence} Look at {_place(unread[0])}."
        return Verdict(False, False, told, None, unread)
    wrong = _wrong_cells(question.answer, right, cells)
    if not wrong:
        return Verdict(True, True, "Right.")
    for mistake in question.mistakes:
        if not _wrong_cells(question.answer, _rows_of(mistake.value), cells):
            return Verdict(False, True, MISCONCEPTIONS[mistake.misconception].sentence, mistake.misconception, wrong)
    turned = [[cells[x][y] for x in range(len(cells))] for y in range(len(cells[0]))]
    if len(cells) == len(cells[0]) and not _wrong_cells(question.answer, right, turned):
        return Verdict(False, True, "Not right. Rows and columns are swapped.", None, wrong)
    return Verdict(False, True, f"Not right. {_wrong_in_words(wrong, n_cells)}", None, wrong)


def _check_choice(question: Question, reply: Reply) -> Verdict:
    index = _chosen(question, reply)
    if index is None:
        return Verdict(False, False, f"That is none of the answers; write a letter from A to {_last(question)}.")
    if index in question.answer.accepted:
        return Verdict(True, True, "Right.")
    chosen = question.options[index]
    return _mistaken(chosen.misconception or "", chosen.sentence)


def _chosen(question: Question, reply: Reply) -> int | None:
    """Find the option that a reply means: its position, its letter, or its text."""
    if isinstance(reply, int):
        return reply if 0 <= reply < len(question.options) else None
    text = _as_text(reply).strip()
    letter = text.upper().strip("().: ")
    if len(letter) == 1 and letter in LETTERS[: len(question.options)]:
        return LETTERS.index(letter)
    texts = [option.text for option in question.options]
    if text in texts:
        return texts.index(text)
    for read in (number_readings, lambda written: tuple_readings(written, ())):
        meant = read(text)[:1]
        if meant and meant in (found := [read(option)[:1] for option in texts]):
            return found.index(meant)
    return None


def _last(question: Question) -> str:
    return LETTERS[len(question.options) - 1]


def _as_text(reply: Reply) -> str:
    return str(reply) if isinstance(reply, str | int) else " ".join(cell for row in reply for cell in row)


def _praise(answer: Answer) -> str:
    others = answer.accepted[1:]
    if not others:
        return "Right."
    listed = sorted(value for value in answer.accepted if isinstance(value, int))
    return f"Right. Every one of these is right: {', '.join(map(str, listed))}." if listed else "Right."


def _mistaken(name: str, sentence: str = "") -> Verdict:
    return Verdict(False, True, sentence or MISCONCEPTIONS[name].sentence, name)


def _unreadable(example: str) -> Verdict:
    return Verdict(False, False, f"That is not a number; write for example {example}.")


def _example(answer: Answer) -> str:
    """Show how an answer of this kind is written, without giving this one away."""
    if answer.kind == "tuple":
        return "×".join(map(str, example_sizes(answer)))
    rights = [Fraction(right) for right in answer.accepted if not isinstance(right, tuple)]
    return next(str(shown) for shown in (14, 40, 70, 100, 1_000) if all(abs(right - shown) > _FAR for right in rights))


def example_sizes(answer: Answer) -> tuple[int, ...]:
    """Sizes to show how a shape is written: none of them stands in the answer."""
    right = {part for shape in answer.accepted if isinstance(shape, tuple) for part in shape}
    shown = next(row for row in _SIZES if right.isdisjoint(row))
    return shown[: len(answer.order)] if len(answer.order) > 2 else shown[1:3]


def _is_near(answer: Answer, right: Value | str, value: Fraction) -> bool:
    if isinstance(right, tuple | str):
        return False
    return abs(Fraction(right) - value) <= Fraction(answer.tolerance)


def _near_miss(answer: Answer, value: Fraction) -> str:
    """Name what a wrong number is, when it is close to the right one."""
    rights = [Fraction(right) for right in answer.accepted if not isinstance(right, tuple)]
    if any(right and value == -right for right in rights):
        return "The size is right, the sign is not."
    if answer.kind == "integer":
        if value.denominator != 1:
            return "The answer is a whole number."
        return "You are off by one." if any(abs(right - value) == 1 for right in rights) else ""
    if any(right and abs(value - right) <= _ROUNDING * abs(right) for right in rights):
        exact = "Write the exact value, as a fraction if need be." if answer.kind == "fraction" else ""
        return f"You are close. {exact or 'Keep more digits on the way, and round only at the end.'}"
    return ""


def _without_batch(row: tuple[Fraction, ...], order: tuple[str, ...]) -> tuple[Fraction, ...]:
    """Leave out a leading 1: PyTorch's shape of a batch of one picture."""
    return row[1:] if len(order) == 3 and len(row) == 4 and row[0] == 1 else row


def _channels_first(row: tuple[Fraction, ...], order: tuple[str, ...]) -> tuple[Fraction, ...]:
    """Read ``14×14×32`` where channels were asked for first."""
    return (row[-1], *row[:-1]) if order == ("channels", "height", "width") else ()


def _wrong_entries(answer: Answer, row: tuple[Fraction, ...]) -> str:
    """Say which entries of a tuple are right and which are not."""
    right = answer.value if isinstance(answer.value, tuple) else ()
    if answer.order == ("height", "width") and row == tuple(reversed(right)):
        return "Height and width are swapped."
    if answer.order[-2:] == ("height", "width") and row == (*right[:-2], *reversed(right[-2:])):
        return "Height and width are swapped."
    pairs = list(zip(answer.order, row, right, strict=True))
    wrong = [name for name, value, good in pairs if value != good]
    if len(wrong) == len(pairs):
        return f"Write them as {' × '.join(answer.order)}." if sorted(row) == sorted(right) else ""
    good = [name for name, value, fine in pairs if value == fine]
    is_one = len(good) == 1 and not good[0].endswith("s")
    return f"{_listed(good)} {'is' if is_one else 'are'} right, {_listed(wrong).lower()} not."


def _listed(names: Sequence[str]) -> str:
    """Join names: ``Height``, ``Height and width``."""
    return (", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else names[0]).capitalize()


def _rows_of(value: Value | str) -> tuple[tuple[Number, ...], ...]:
    return tuple(row for row in value if isinstance(row, tuple)) if isinstance(value, tuple) else ()


def _wrong_cells(
    answer: Answer, right: Sequence[Sequence[Number]], cells: Sequence[Sequence[tuple[Fraction, ...]]]
) -> tuple[Cell, ...]:
    return tuple(
        (y, x)
        for y, row in enumerate(right)
        for x, value in enumerate(row)
        if not any(_is_near(answer, value, read) for read in cells[y][x])
    )


def _wrong_in_words(wrong: Sequence[Cell], n_cells: int) -> str:
    if len(wrong) == n_cells > 1:
        return "No cell is right yet."
    return f"{len(wrong)} of {_count(n_cells, 'cell')} {_is(wrong)} wrong: {_places(wrong)}."


def _empty_in_words(empty: Sequence[Cell], n_cells: int) -> str:
    where = "" if len(empty) == n_cells else f": {_places(empty)}"
    return f"{_count(len(empty), 'cell')} {_is(empty)} empty{where}."


def _is(cells: Sequence[Cell]) -> str:
    return "is" if len(cells) == 1 else "are"


def _places(cells: Sequence[Cell]) -> str:
    more = f" and {len(cells) - 4} more" if len(cells) > 4 else ""
    return "; ".join(map(_place, cells[:4])) + more


def _place(cell: Cell) -> str:
    return f"row {cell[0] + 1}, column {cell[1] + 1}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
