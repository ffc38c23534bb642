"""Widgets bound to one field of a page's state: bounds and help come from the pydantic field, the value survives.

Each takes the state's class and the field's name, draws the widget with the key ``"_<page>.<field>"`` and returns
the current value, which is the widget's default, too (see ``state.bind``). ``source`` names another model
(``TrainSpec``) whose field of the same name gives bounds and help; ``where`` is the container to draw in; further
keywords go to the Streamlit widget (``step``, ``format``, ``label_visibility`` …).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st
from pydantic import BaseModel, ValidationError

from pages.ui import state
from pages.ui.fields import FieldFacts, facts
from pages.ui.state import PageState

Model = type[PageState]
Source = type[BaseModel] | None


def widget_key(model: Model, field: str) -> str:
    """The key of a field's widget; tests address widgets by it."""
    return f"_{model.page}.{field}"


def slider(
    model: Model, field: str, *, label: str | None = None, source: Source = None, where: Any = st, **options: Any
) -> Any:
    """A slider between the field's bounds."""
    fact, value, common = _prepare(model, field, label, source, options)
    options.setdefault("min_value", fact.base(fact.least if fact.least is not None else 0))
    options.setdefault("max_value", fact.base(fact.most if fact.most is not None else 100))
    where.slider(value=value, **common, **options)
    return getattr(state.load(model), field)


def number(
    model: Model, field: str, *, label: str | None = None, source: Source = None, where: Any = st, **options: Any
) -> Any:
    """A number to type, between the field's bounds."""
    fact, value, common = _prepare(model, field, label, source, options)
    options.setdefault("min_value", None if fact.least is None else fact.base(fact.least))
    options.setdefault("max_value", None if fact.most is None else fact.base(fact.most))
    options.setdefault("step", 1 if fact.base is int else None)
    where.number_input(value=value, **common, **options)
    return getattr(state.load(model), field)


def select(
    model: Model,
    field: str,
    *,
    choices: Sequence[Any] | None = None,
    label: str | None = None,
    source: Source = None,
    where: Any = st,
    **options: Any,
) -> Any:
    """A menu of the field's choices, or of ``choices`` where they are only known at run time."""
    return _choose("selectbox", model, field, choices, label, source, where, options)


def segmented(
    model: Model,
    field: str,
    *,
    choices: Sequence[Any] | None = None,
    label: str | None = None,
    source: Source = None,
    where: Any = st,
    **options: Any,
) -> Any:
    """The field's choices as a row of joined buttons; exactly one stays chosen."""
    options.setdefault("required", True)
    words = options.get("format_func", str)
    # Streamlit writes the chosen one in the primary colour on a tint of it, 3.8 to 1 in the dark; grey is readable.
    options["format_func"] = lambda value: f":gray[{words(value)}]"
    return _choose("segmented_control", model, field, choices, label, source, where, options)


def select_slider(
    model: Model,
    field: str,
    *,
    choices: Sequence[Any] | None = None,
    label: str | None = None,
    source: Source = None,
    where: Any = st,
    **options: Any,
) -> Any:
    """A slider over listed values (learning rates, batch sizes)."""
    return _choose("select_slider", model, field, choices, label, source, where, options)


def toggle(
    model: Model, field: str, *, label: str | None = None, source: Source = None, where: Any = st, **options: Any
) -> bool:
    """A switch for a field that is true or false."""
    _, value, common = _prepare(model, field, label, source, options)
    where.toggle(value=value, **common, **options)
    return bool(getattr(state.load(model), field))


_DEFAULT = {"segmented_control": "default", "select_slider": "value"}


def _choose(
    widget: str,
    model: Model,
    field: str,
    choices: Sequence[Any] | None,
    label: str | None,
    source: Source,
    where: Any,
    options: dict[str, Any],
) -> Any:
    listed = list(choices) if choices is not None else list(facts(source or model, field).choices)
    _, value, common = _prepare(model, field, label, source, options, among=listed)
    first = {"index": listed.index(value) if listed else None} if widget == "selectbox" else {_DEFAULT[widget]: value}
    getattr(where, widget)(options=listed, **first, **common, **options)
    return getattr(state.load(model), field)


def _prepare(
    model: Model,
    field: str,
    label: str | None,
    source: Source,
    options: dict[str, Any],
    *,
    among: Sequence[Any] | None = None,
) -> tuple[FieldFacts, Any, dict[str, Any]]:
    """Bind the widget to the field's value, and give that and what every widget takes."""
    fact = facts(source or model, field)
    value = getattr(state.load(model), field)
    if among and value not in among:
        # What was chosen is no longer offered (a deleted run): the first one is, and is kept as the choice.
        value = getattr(state.update(model, **{field: among[0]}), field)
    key = state.bind(widget_key(model, field), value)
    changed = options.pop("on_change", None)
    common = {
        "label": label or fact.label,
        "key": key,
        "help": options.pop("help", fact.help or None),
        "on_change": _keep,
        "args": (model, field, changed),
    }
    return fact, value, common


def _keep(model: Model, field: str, then: Callable[[], None] | None) -> None:
    """Copy the widget's value into the page's state; a value out of bounds is answered with one sentence."""
    value = state.widget_value(widget_key(model, field))
    if value == getattr(state.load(model), field):
        return  # Streamlit also calls for a widget that has only just come to stand on the page
    try:
        with state.uninterrupted():
            state.update(model, **{field: value})
    except ValidationError as error:
        state.notify(f"{field.replace('_', ' ').capitalize()}: {error.errors()[0]['msg']}.")
        return
    if then is not None:
        then()
