"""The controls of a live stage: what the browser needs to draw one, and what it may send back.

Bounds, label and help come from the pydantic field of the page's state, unless a stage gives others: bounds that depend
on other values come from the function that computes the result.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Literal

from pydantic import BaseModel

from pages.ui.fields import facts
from pages.ui.state import PageState

Model = type[PageState]
Kind = Literal["slider", "number", "choice", "buttons", "switch", "text"]
# Choices stand side by side when all their words fit on one line of the control column.
MAX_BUTTONS = 4
MAX_BUTTON_CHARS = 24


@dataclass(frozen=True)
class Control:
    """One control of a stage, as the browser needs it; for a field of a page's state made with :func:`slider` and its
    sisters.

    Args:
        kind: what it looks like; ``"text"`` sends when the typing has ended.
        field: the name of the value that it changes.
        label: what it is called.
        help: a sentence about it; empty for none.
        least: the smallest number it takes, ``None`` without bound.
        most: the largest number it takes, ``None`` without bound.
        step: from one number to the next; ``None`` for any.
        whole: takes whole numbers only.
        optional: may be empty.
        choices: values and their words.
        group: the heading under which it stands with others.
        stops: where a slider can be put; its number box takes everything within the bounds.
        only: the box takes nothing but the stops.
        placeholder: what an empty box says.
        above: ``least`` itself is too small already.
        below: ``most`` itself is too large already.
    """

    kind: Kind
    field: str
    label: str
    help: str = ""
    least: float | None = None
    most: float | None = None
    step: float | None = None
    whole: bool = False
    optional: bool = False
    choices: tuple[tuple[Any, str], ...] | None = None
    group: str = ""
    stops: tuple[float, ...] | None = None
    only: bool = False
    placeholder: str = ""
    above: bool = False
    below: bool = False

    def payload(self) -> dict[str, Any]:
        """What travels; values of choices as JSON has them."""
        listed = None if self.choices is None else [{"value": plain(v), "text": text} for v, text in self.choices]
        return {**self.__dict__, "choices": listed}

    def refusal(self, value: Any) -> str:
        """One sentence if a value that came from a browser is outside this control's bounds, else nothing."""
        if self.choices is not None and all(plain(value) != plain(offered) for offered, _ in self.choices):
            return f"{self.label}: this choice is not offered."
        if not isinstance(value, int | float) or isinstance(value, bool):
            return ""  # the page's state says what it takes
        if not math.isfinite(value):
            return f"{self.label} takes a number."
        if self.only and self.stops is not None and value not in self.stops:
            return f"{self.label} takes {_any_of(self.stops)}."
        if self.least is not None and (value < self.least or (self.above and value == self.least)):
            return f"{self.label} is {'above' if self.above else 'at least'} {self.least:g} here."
        if self.most is not None and (value > self.most or (self.below and value == self.most)):
            return f"{self.label} is {'below' if self.below else 'at most'} {self.most:g} here."
        return ""


def slider(
    model: Model,
    field: str,
    *,
    label: str | None = None,
    least: float | None = None,
    most: float | None = None,
    step: float | None = None,
    help: str | None = None,
    choices: Sequence[Any] | None = None,
    stops: Sequence[float] | None = None,
    group: str = "",
) -> Control:
    """A slider with a number box.

    Over ``choices`` it has no box. With ``stops`` it moves from one to the next, while its box takes any number within
    the bounds; a field that takes only listed numbers has these for stops, and its box takes no others.
    """
    made = _control("slider", model, field, label, least, most, step, help, choices, group)
    if stops is not None:
        made = replace(made, stops=tuple(stops), step=1 if made.whole else None)
    elif choices is None and (listed := facts(model, field).choices):
        made = replace(made, stops=listed, only=True, least=min(listed), most=max(listed))
    if made.choices is None and (made.least is None or made.most is None):
        raise ValueError(f"a slider needs both bounds: {field}")
    return made


def number(
    model: Model,
    field: str,
    *,
    label: str | None = None,
    least: float | None = None,
    most: float | None = None,
    step: float | None = None,
    help: str | None = None,
    group: str = "",
) -> Control:
    """A number box alone; empty means ``None`` where the field allows it."""
    return _control("number", model, field, label, least, most, step, help, None, group)


def choice(
    model: Model,
    field: str,
    *,
    label: str | None = None,
    help: str | None = None,
    choices: Sequence[Any] | None = None,
    group: str = "",
) -> Control:
    """One of the field's choices, or of ``choices``: values, or (value, text) pairs. Few short ones become buttons."""
    listed = choices if choices is not None else facts(model, field).choices
    return as_buttons(_control("choice", model, field, label, None, None, None, help, listed, group))


def as_buttons(made: Control) -> Control:
    """The same choice, side by side where its words are few and short."""
    texts = [text for _, text in made.choices or ()]
    if len(texts) <= MAX_BUTTONS and sum(map(len, texts)) <= MAX_BUTTON_CHARS:
        return replace(made, kind="buttons")
    return made


def switch(model: Model, field: str, *, label: str | None = None, help: str | None = None, group: str = "") -> Control:
    """On or off."""
    return _control("switch", model, field, label, None, None, None, help, None, group)


def _control(
    kind: Kind,
    model: Model,
    field: str,
    label: str | None,
    least: float | None,
    most: float | None,
    step: float | None,
    help_text: str | None,
    choices: Sequence[Any] | None,
    group: str,
) -> Control:
    fact = facts(model, field)
    whole = fact.base is int
    low, high = (fact.least if least is None else least), (fact.most if most is None else most)
    if step is None:
        step = 1 if whole else (_fine_step(low, high) if kind == "slider" else None)
    pairs = None if choices is None else tuple(_pair(entry) for entry in choices)
    return Control(
        kind=kind,
        field=field,
        label=label or fact.label,
        help=fact.help if help_text is None else help_text,
        least=low,
        most=high,
        step=step,
        whole=whole,
        optional=fact.optional,
        choices=pairs,
        group=group,
        above=fact.above and low == fact.least,
        below=fact.below and high == fact.most,
    )


def _fine_step(least: float | None, most: float | None) -> float | None:
    """A round step of which a slider has between 100 and 1,000."""
    if least is None or most is None or most <= least:
        return None
    return float(10.0 ** math.floor(math.log10((most - least) / 100)))


def _any_of(numbers: Sequence[float]) -> str:
    """Numbers as a choice in words.

    Examples:
        >>> _any_of((8, 16, 32))
        '8, 16 or 32'
    """
    *first, last = (f"{number:g}" for number in numbers)
    return f"{', '.join(first)} or {last}" if first else last


def _pair(entry: Any) -> tuple[Any, str]:
    if isinstance(entry, tuple) and len(entry) == 2 and isinstance(entry[1], str):
        return entry
    value = plain(entry)
    return entry, "none" if value is None else str(value).replace("_", " ")


def plain(value: Any) -> Any:
    """A value as JSON has it: enums by their value, tuples as lists, models as mappings."""
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, tuple | list):
        return [plain(part) for part in value]
    return value
