"""Undo, redo and reset of one page's state: what the visitor settled on, not every position of a slider on its way.

A live stage changes the state many times a second with ``state.keep``; ``settle`` is called when the hand is lifted and
makes one step of history and the link out of all that moved since.
"""

from __future__ import annotations

from dataclasses import dataclass

from pages.ui import state
from pages.ui.state import PageState

# Steps kept a page; a state is a few hundred bytes.
MAX_STEPS = 100


@dataclass(frozen=True)
class History:
    """The value that the visitor last settled on, and those before and after it."""

    settled: PageState
    past: tuple[PageState, ...] = ()
    future: tuple[PageState, ...] = ()


def of(model: type[PageState]) -> History:
    """This session's history of a page; it begins with the value at the first call."""
    kept = state.recall(_name(model))
    if isinstance(kept, History) and isinstance(kept.settled, model):
        return kept
    return _keep(History(state.load(model)))


def settle(model: type[PageState]) -> None:
    """Make the present value a step of the history, if it differs from the last, and publish the link."""
    with state.uninterrupted():
        history, now = of(model), state.load(model)
        if now != history.settled:
            _keep(History(now, (*history.past, history.settled)[-MAX_STEPS:]))
        state.save(now)


def undo(model: type[PageState]) -> None:
    """Go back to the value before; does nothing at the start of the history."""
    with state.uninterrupted():
        settle(model)  # what moved without having been settled is a step, too
        history = of(model)
        if history.past:
            _go(History(history.past[-1], history.past[:-1], (history.settled, *history.future)))


def redo(model: type[PageState]) -> None:
    """Take back the last undo; does nothing at the end of the history."""
    with state.uninterrupted():
        history = of(model)
        if history.future and state.load(model) == history.settled:
            _go(History(history.future[0], (*history.past, history.settled), history.future[1:]))


def reset(model: type[PageState]) -> None:
    """Go to the value that a new visitor finds, as a step that can be taken back."""
    with state.uninterrupted():
        settle(model)
        state.keep(model())
        settle(model)


def _go(history: History) -> None:
    _keep(history)
    state.save(history.settled)


def _keep(history: History) -> History:
    state.remember(_name(type(history.settled)), history)
    return history


def _name(model: type[PageState]) -> str:
    return f"history.{model.page}"
