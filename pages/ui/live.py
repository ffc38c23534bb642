"""Live stages: one browser component that holds the controls *and* the drawing, and moves while it is dragged.

How to build one (see ``bench/apps/live_page.py`` for a whole one in forty lines)::

    STAGE = live.Stage("pooling", scripts=("pooling/stage",), styles=("pooling/stage",))   # once, at import

    @st.fragment
    def show_stage() -> None:
        chosen = state.load(PoolingState)
        STAGE.show(
            PoolingState,
            key="_pooling.stage",
            controls=(live.slider(PoolingState, "kernel_size", most=5), live.choice(PoolingState, "mode")),
            picture={"out": ...},          # JSON-able, whatever your JavaScript draws; None keeps the last picture
        )

- **Every change** reaches the page's state through its own pydantic constructor before ``show_stage`` runs again. What
  does not fit is answered with one sentence at its control, and nothing changes. Bounds given to a control (``most=5``)
  hold for what the browser sends, too.
- **Dragging streams**: the browser has one change on its way at a time, newer values replace waiting ones. Link and
  undo history follow only when a value is settled (release, Enter, a pause of the keys).
- **Your JavaScript** defines ``const STAGE = { mount(root, tools) {}, draw(root, picture, tools) {} }`` and may use
  ``element``, ``make`` and everything in ``components/live/``: ``numberText``, ``drawMatrix``, ``drawPlot``,
  ``drawBars``, ``drawTable``, ``drawPicture``, ``player``. Computing happens here, in Python.
- ``tools.send({field: value}, {final})`` changes the page's state, ``tools.act(name, details)`` calls ``on_action``.
  Clicks are all delivered, in order; ``tools.act(name, details, {latest: true})`` is for what streams.
- A second stage on the page that shows the same state: give ``show(..., spreads=True)`` to the one that is dragged, and
  the whole page follows when a value is settled.
"""

from __future__ import annotations

import json
import math
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Any, Literal

import streamlit as st
from pydantic import BaseModel, ValidationError

from pages.ui import history, palette, state
from pages.ui.components.assets import script, style
from pages.ui.fields import facts
from pages.ui.state import PageState

Model = type[PageState]
Kind = Literal["slider", "number", "choice", "buttons", "switch"]
Action = Callable[[str, Mapping[str, Any]], None]
Also = Callable[[Mapping[str, Any]], Mapping[str, Any]]

_FIRST = ("element", "paint", "live/number", "live/wire", "live/controls")
_DRAWING = ("live/matrix", "live/plot", "live/bars", "live/table", "live/picture", "live/player")
# What a browser may send in one change; a stage's own fields are dozens, its clicks a few.
MAX_CHANGED_FIELDS = 200
MAX_ACTS = 50
# Choices stand side by side when all their words fit on one line of the control column.
MAX_BUTTONS = 4
MAX_BUTTON_CHARS = 24


@dataclass(frozen=True)
class Control:
    """One control of a stage, as the browser needs it; make it with :func:`slider` and its sisters."""

    kind: Kind
    field: str
    label: str
    help: str
    least: float | None
    most: float | None
    step: float | None
    whole: bool
    optional: bool
    choices: tuple[tuple[Any, str], ...] | None
    group: str

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
        if self.least is not None and value < self.least:
            return f"{self.label} is at least {self.least:g} here."
        if self.most is not None and value > self.most:
            return f"{self.label} is at most {self.most:g} here."
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
    group: str = "",
) -> Control:
    """A slider with a number box; over listed values when ``choices`` are given."""
    made = _control("slider", model, field, label, least, most, step, help, choices, group)
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
    made = _control("choice", model, field, label, None, None, None, help, listed, group)
    texts = [text for _, text in made.choices or ()]
    if len(texts) <= MAX_BUTTONS and sum(map(len, texts)) <= MAX_BUTTON_CHARS:
        return Control(**{**made.__dict__, "kind": "buttons"})
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
    )


def _fine_step(least: float | None, most: float | None) -> float | None:
    """A round step of which a slider has between 100 and 1,000."""
    if least is None or most is None or most <= least:
        return None
    return float(10.0 ** math.floor(math.log10((most - least) / 100)))


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


class Stage:
    """A live component; made once per module, at import.

    Args:
        name: unique among all stages, letters, digits and underscores.
        scripts: the stage's JavaScript in ``components/``, without ``.js``; together they define ``STAGE``.
        styles: the stage's CSS in ``components/``, without ``.css``.
    """

    def __init__(self, name: str, *, scripts: Sequence[str], styles: Sequence[str] = ()) -> None:
        code = "\n".join((_colours(), script(*_FIRST, *_DRAWING, *scripts, "live/main")))
        sheet = style("live/live", "live/drawings", *styles)
        self._component = st.components.v2.component(f"lab_live_{name}", css=sheet, js=code)

    def show(
        self,
        model: Model,
        *,
        key: str,
        controls: Sequence[Control] = (),
        picture: Mapping[str, Any] | None,
        on_action: Action | None = None,
        also: Also | None = None,
        message: str = "",
        spreads: bool = False,
    ) -> None:
        """Draw the stage; call it inside a fragment.

        Args:
            model: the page's state, whose fields the controls change.
            key: the component's key, ``"_<page>.<stage>"``.
            controls: in the order in which they stand.
            picture: what the stage's JavaScript draws; ``None`` keeps the picture that it shows.
            on_action: called with name and details of each ``tools.act``, before the fragment runs; both come from a
                browser and are to be checked.
            also: called with the changed values; what it returns changes with them (a usual rate with its optimiser).
            message: one sentence above the drawing.
            spreads: run the whole page when a value was settled, because other parts of it show the same state.
        """
        desk = _desk(key)
        past = history.of(model)
        now = state.load(model)
        payload = {
            "controls": [control.payload() for control in controls],
            "values": now.model_dump(mode="json"),
            "picture": picture,
            "seq": desk.seq,
            "message": message or desk.message,
            "errors": desk.errors,
            "history": {"undo": bool(past.past), "redo": bool(past.future), "reset": now != model()},
        }
        receive = partial(_receive, model, key, {control.field: control for control in controls}, on_action, also)
        self._component(key=key, data=_encoded(payload), height="content", on_change_change=receive)
        if spreads and desk.is_settled:
            _keep_desk(key, Desk(desk.seq, desk.message, desk.errors))
            st.rerun()


@dataclass(frozen=True)
class Desk:
    """What a stage remembers between two runs: the last change worked on, and what was wrong with it."""

    seq: int = 0
    message: str = ""
    errors: Mapping[str, str] = None  # type: ignore[assignment]
    is_settled: bool = False


def _desk(key: str) -> Desk:
    kept = state.recall(f"live.{key}")
    return kept if isinstance(kept, Desk) else Desk(errors={})


def _keep_desk(key: str, desk: Desk) -> None:
    state.remember(f"live.{key}", desk)


def _receive(
    model: Model, key: str, controls: Mapping[str, Control], on_action: Action | None, also: Also | None
) -> None:
    """Work on a change from the browser, once: Streamlit and the browser may both send it twice."""
    with state.uninterrupted():
        change = _change(key)
        if change is None or change["n"] <= _desk(key).seq:
            return
        errors = _take_values(model, controls, change["values"], also)
        message = " ".join(sentence for field, sentence in errors.items() if field not in controls)
        settles = change["final"] and not errors
        # Before the actions: one that fails must not be tried again at every run.
        _keep_desk(key, Desk(change["n"], message, errors, settles or bool(change["acts"])))
        for act in change["acts"]:
            _perform(model, act, on_action)
        if settles:
            history.settle(model)


def _change(key: str) -> dict[str, Any] | None:
    """What the browser sent, if it has the right form."""
    sent = state.widget_value(key)
    change = sent.get("change") if isinstance(sent, Mapping) else None
    if not isinstance(change, Mapping):
        return None
    n, values, acts = change.get("n"), change.get("values", {}), change.get("acts", [])
    is_form = isinstance(n, int) and isinstance(values, Mapping) and isinstance(acts, list)
    if not is_form or len(values) > MAX_CHANGED_FIELDS or len(acts) > MAX_ACTS:
        return None
    return {"n": n, "values": dict(values), "final": change.get("final") is True, "acts": acts}


def _take_values(
    model: Model, controls: Mapping[str, Control], values: Mapping[str, Any], also: Also | None
) -> dict[str, str]:
    """Keep the values if all of them are good.

    Returns:
        A sentence for each field that is not; then nothing was changed.
    """
    errors = {
        field: sentence
        for field, value in values.items()
        if field in controls and (sentence := controls[field].refusal(value))
    }
    if errors or not values:
        return errors
    try:
        state.keep(model.model_validate({**dict(state.load(model)), **values, **(also(values) if also else {})}))
    except ValidationError as error:
        return {_field(row["loc"], values): _sentence(model, row) for row in error.errors()}
    return {}


def _field(place: tuple[int | str, ...], values: Mapping[str, Any]) -> str:
    """The field that an error belongs to; for one of the whole state, the field that was changed."""
    return str(place[0]) if place else next(iter(values))


def _sentence(model: Model, row: Any) -> str:
    text = str(row["msg"]).removeprefix("Value error, ").rstrip(".")
    name = row["loc"][0] if row["loc"] else None
    if name not in model.model_fields or row["type"] == "value_error":
        return f"{text[:1].upper()}{text[1:]}."
    return f"{facts(model, str(name)).label}: {text[:1].lower()}{text[1:]}."


_HISTORY = {"live:undo": history.undo, "live:redo": history.redo, "live:reset": history.reset}


def _perform(model: Model, act: Any, on_action: Action | None) -> None:
    name = act.get("name") if isinstance(act, Mapping) else None
    details = act.get("details") if isinstance(act, Mapping) else None
    if not isinstance(name, str) or not isinstance(details, Mapping):
        return
    if name in _HISTORY:
        _HISTORY[name](model)
    elif on_action is not None:
        on_action(name, details)


def _encoded(payload: Mapping[str, Any]) -> bytes:
    """JSON as bytes, which Streamlit passes on without looking through them; what is not finite becomes null."""
    try:
        return json.dumps(payload, separators=(",", ":"), allow_nan=False).encode()
    except ValueError:
        return json.dumps(_finite(payload), separators=(",", ":"), allow_nan=False).encode()


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {name: _finite(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(part) for part in value]
    return value


def _colours() -> str:
    """The diverging map for JavaScript, light and dark, as base64 of 256 times red, green, blue."""
    tables = {scheme: b64encode(palette.diverging_table(scheme)).decode() for scheme in ("light", "dark")}
    return f"const DIVERGING = {json.dumps(tables)};"
