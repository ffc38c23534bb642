"""What a live stage shows and changes: a page's state as a rule, the learner's network on Build."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic import ValidationError

from pages.ui import history, state
from pages.ui.fields import facts
from pages.ui.live_controls import Model

Also = Callable[[Mapping[str, Any]], Mapping[str, Any]]


class Subject(Protocol):
    """Something with named values and a history, kept by ``state``."""

    def values(self) -> dict[str, Any]:
        """The values as JSON has them, by the names that controls have."""

    def take(self, values: Mapping[str, Any]) -> dict[str, str]:
        """Keep the values if all of them are good, but not yet in history or link.

        Returns:
            A sentence for each name whose value is not; then nothing was changed.
        """

    def settle(self, names: Iterable[str]) -> None:
        """Make one step of history, and the link, of all that moved; ``names`` is what the hand has let go of."""

    def steps(self) -> dict[str, bool]:
        """Those of ``undo``, ``redo`` and ``reset`` that it has, and whether each would change anything now."""

    def step(self, name: str) -> None:
        """Take one of these steps."""


@dataclass(frozen=True)
class PageSubject:
    """A page's state, through its own pydantic constructor.

    Args:
        model: the class of the state.
        also: called with changed values; what it returns changes with them.
    """

    model: Model
    also: Also | None = None

    def values(self) -> dict[str, Any]:
        """All fields."""
        return state.load(self.model).model_dump(mode="json")

    def take(self, values: Mapping[str, Any]) -> dict[str, str]:
        """Keep the values if the model takes them."""
        more = self.also(values) if self.also else {}
        try:
            state.keep(self.model.model_validate({**dict(state.load(self.model)), **values, **more}))
        except ValidationError as error:
            return {_field(row["loc"], values): _sentence(self.model, row) for row in error.errors()}
        return {}

    def settle(self, names: Iterable[str]) -> None:
        """Make a step of the page's history."""
        history.settle(self.model)

    def steps(self) -> dict[str, bool]:
        """All three."""
        past = history.of(self.model)
        return {"undo": bool(past.past), "redo": bool(past.future), "reset": state.load(self.model) != self.model()}

    def step(self, name: str) -> None:
        """Take it."""
        {"undo": history.undo, "redo": history.redo, "reset": history.reset}[name](self.model)


def _field(place: tuple[int | str, ...], values: Mapping[str, Any]) -> str:
    """The field that an error belongs to; for one of the whole state, the field that was changed."""
    return str(place[0]) if place else next(iter(values))


def _sentence(model: Model, row: Any) -> str:
    text = str(row["msg"]).removeprefix("Value error, ").rstrip(".")
    name = row["loc"][0] if row["loc"] else None
    if name not in model.model_fields or row["type"] == "value_error":
        return f"{text[:1].upper()}{text[1:]}."
    return f"{facts(model, str(name)).label}: {text[:1].lower()}{text[1:]}."
