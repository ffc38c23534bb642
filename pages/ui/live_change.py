"""What a browser sends to a live stage: checked, worked on once, answered with a sentence where it does not fit."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pages.ui import state
from pages.ui.live_controls import Control
from pages.ui.live_subject import Subject

Action = Callable[[str, Mapping[str, Any]], None]

# What a browser may send at once; a stage's own fields are dozens, its clicks a few.
MAX_CHANGES = 60
MAX_FIELDS = 200
MAX_ACTS = 5
MAX_WISHES = 120


@dataclass(frozen=True)
class Desk:
    """What a stage remembers between two runs.

    Attributes:
        seq: number of the last change that was worked on.
        message, errors: what was wrong with it, as a whole and by field.
        is_settled: something was settled that the rest of the page has not shown yet.
        has_code: the browser has the stage's code, as whoever sends a change must.
        wish, wished: what the browser wants to know ahead of time, until it is answered; the number of its last wish.
        epoch: counts what may change the picture without changing the page's state.
    """

    seq: int = 0
    message: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    is_settled: bool = False
    has_code: bool = False
    wish: Wish | None = None
    wished: int = 0
    epoch: int = 0


@dataclass(frozen=True)
class Wish:
    """The positions of a control whose answers a browser asks for ahead of time; ``n`` counts its wishes."""

    n: int
    field: str
    values: tuple[Any, ...]
    is_beside_changes: bool = False


def desk(key: str) -> Desk:
    """The desk of the stage with this key."""
    kept = state.recall(f"live.{key}")
    return kept if isinstance(kept, Desk) else Desk()


def keep_desk(key: str, now: Desk) -> None:
    """Remember it."""
    state.remember(f"live.{key}", now)


def receive(
    subject: Subject,
    key: str,
    controls: Mapping[str, Control],
    on_action: Action | None,
    expects: Sequence[str] = (),
) -> None:
    """Work on what the browser sent, each change once: what has no answer yet is sent again with the next."""
    with state.uninterrupted():
        sent = state.widget_value(key)
        content = sent.get("change") if isinstance(sent, Mapping) else None
        if not isinstance(content, Mapping):
            return
        if content.get("needs_code"):
            keep_desk(key, replace(desk(key), has_code=False))
        new = [change for change in _changes(content.get("changes")) if change.n > desk(key).seq]
        for change in new:
            if change.n > desk(key).seq:
                _work_on(subject, key, change, controls, on_action)
        wish = _wish(content.get("ahead"), {*controls, *expects}, bool(new))
        if wish is not None and wish.n > desk(key).wished:
            keep_desk(key, replace(desk(key), wish=wish, wished=wish.n))


def _wish(sent: object, fields: Container[str], is_beside_changes: bool) -> Wish | None:
    if not isinstance(sent, Mapping):
        return None
    n, name, values = sent.get("n"), sent.get("field"), sent.get("values")
    if not (isinstance(n, int) and isinstance(name, str) and isinstance(values, list)):
        return None
    if name not in fields or len(values) > MAX_WISHES:
        return None
    return Wish(n, name, tuple(values), is_beside_changes)


@dataclass(frozen=True)
class _Change:
    n: int
    values: Mapping[str, Any]
    is_final: bool
    acts: Sequence[Any]


def _changes(sent: object) -> list[_Change]:
    """The changes in it that have the right form, in their order."""
    if not isinstance(sent, list) or len(sent) > MAX_CHANGES:
        return []
    return [change for one in sent if (change := _change(one)) is not None]


def _change(sent: object) -> _Change | None:
    if not isinstance(sent, Mapping):
        return None
    n, values, acts = sent.get("n"), sent.get("values", {}), sent.get("acts", [])
    if not (isinstance(n, int) and isinstance(values, Mapping) and isinstance(acts, list)):
        return None
    if len(values) > MAX_FIELDS or len(acts) > MAX_ACTS:
        return None
    return _Change(n, values, sent.get("final") is True, acts)


def _work_on(
    subject: Subject, key: str, change: _Change, controls: Mapping[str, Control], on_action: Action | None
) -> None:
    errors = take_values(subject, controls, change.values)
    message = " ".join(sentence for name, sentence in errors.items() if name not in controls)
    settles = change.is_final and not errors
    # Before the actions: one that fails must not be tried again at every run.
    before = desk(key)
    keep_desk(
        key,
        replace(
            before,
            seq=change.n,
            message=message,
            errors=errors,
            is_settled=before.is_settled or settles or bool(change.acts),
            has_code=True,
            epoch=before.epoch + bool(change.acts),
        ),
    )
    for act in change.acts:
        _perform(subject, act, on_action)
    if settles:
        subject.settle(change.values)


def take_values(subject: Subject, controls: Mapping[str, Control], values: Mapping[str, Any]) -> dict[str, str]:
    """Keep the values if all of them are good.

    Returns:
        A sentence for each field that is not; then nothing was changed.
    """
    errors = {
        field: sentence
        for field, value in values.items()
        if field in controls and (sentence := controls[field].refusal(value))
    }
    return errors if errors or not values else subject.take(values)


def _perform(subject: Subject, act: Any, on_action: Action | None) -> None:
    name = act.get("name") if isinstance(act, Mapping) else None
    details = act.get("details") if isinstance(act, Mapping) else None
    if not isinstance(name, str) or not isinstance(details, Mapping):
        return
    if name.startswith("live:"):
        if name.removeprefix("live:") in subject.steps():
            subject.step(name.removeprefix("live:"))
    elif on_action is not None:
        on_action(name, details)
