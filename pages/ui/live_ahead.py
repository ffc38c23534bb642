"""Sending ahead: what a stage shows at the next positions of a control, computed before the hand gets there.

The browser asks for positions around the present one as soon as a control is pointed at, focused or grasped. The
stage's own function is run once for each of them, on trial: the value goes the way of every change (bounds, pydantic,
what follows from it), ``show`` takes what would be drawn, and nothing is kept, linked or emitted. The browser draws
such an answer only while the rest of the state and the stage's epoch are those it was computed for. It sends the value
all the same, and what the server then answers is what stays.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

from pages.ui import state
from pages.ui.live_change import Desk, Wish, desk, keep_desk
from pages.ui.live_json import encoded, with_part
from pages.ui.live_patch import difference

Take = Callable[[Mapping[str, Any]], Mapping[str, str]]
Prepare = Callable[[Sequence[Mapping[str, Any]]], None]
Answer = dict[str, Any]

# Of processor time; one picture is a few to a few tens of milliseconds.
BUDGET_S = 0.12
# The picture of a change travels with them, and waits for them.
BUDGET_BESIDE_CHANGES_S = 0.008
MAX_ANSWER_CHARS = 600_000
# Positions that are prepared at once: by eight the most is gained, and the first answer does not wait for long.
AT_ONCE = 8


@dataclass(frozen=True)
class _Running:
    """The function that draws a stage, while it runs; on trial, ``show`` stops it."""

    stage: object
    again: Callable[[], None]
    is_trial: bool = False
    began_s: float = field(default_factory=time.thread_time)


class _Stopped(BaseException):
    """Carries what would have been shown out of the function; no ``except Exception`` of a page holds it up."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


_running: ContextVar[_Running | None] = ContextVar("running", default=None)


@contextmanager
def _run(running: _Running) -> Iterator[None]:
    token = _running.set(running)
    try:
        yield
    finally:
        _running.reset(token)


def repeatable(stage: object, function: Callable[[], None]) -> Any:
    """A context in which ``function`` draws the stage and may be run again for other values."""
    return _run(_Running(stage, function))


def stop_at(stage: object, shown: Answer) -> None:
    """End the function here when it is on trial, with what it would have shown."""
    running = _running.get()
    if running is not None and running.is_trial and running.stage is stage:
        raise _Stopped(shown)


def new_epoch(key: str) -> Desk:
    """The stage's desk; a run of the whole page may have changed what the picture depends on, besides its state."""
    kept, context = desk(key), get_script_run_ctx()
    if context is None or context.fragment_ids_this_run:
        return kept
    keep_desk(key, replace(kept, epoch=kept.epoch + 1))
    return desk(key)


def prepare(
    together: Callable[[Sequence[Any]], None], take: Take, load: Callable[[], Any], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Have what several positions show computed at once.

    Args:
        together: computes it for several states, and keeps it.
        take: keeps changed values, or says what is wrong with them.
        load: the state that has come of them.
        rows: the changed values of each position.
    """
    states = []
    for values in rows:
        with state.on_trial():
            if not take(values):
                states.append(load())
    with suppress(Exception):  # each position is tried on its own after this, and then left out where it fails
        together(states)


def sent_ahead(
    stage: object, key: str, take: Take, shown: Answer, prepare: Prepare | None = None
) -> tuple[dict[str, Any], str | None]:
    """What goes to the browser besides the picture: the epoch, and the answers that it wished for.

    The number of the last wish that was worked on goes along every time: Streamlit keeps only the last of the messages
    that wait, so an answer may be overtaken by the next one, and the browser wishes again.

    Args:
        stage: whose function is running.
        key: the stage's key.
        take: keeps changed values, or says what is wrong with them.
        shown: what is shown now; of another position only what is different there travels.
        prepare: called with the changed values of several positions before each is tried.

    Returns:
        Parts of the answer, and the pictures sent ahead as JSON, where there are any to send.
    """
    running, kept = _running.get(), desk(key)
    if running is None or running.stage is not stage:
        return {}, None
    told = {"epoch": kept.epoch, "wished": kept.wished}
    if kept.wish is None:
        return told, None
    keep_desk(key, replace(kept, wish=None))
    answers = _answers(running, kept.wish, take, shown, prepare)
    head = encoded({"n": kept.wish.n, "field": kept.wish.field})
    return told, with_part(head, "answers", f"[{','.join(answers)}]")


def _answers(running: _Running, wish: Wish, take: Take, shown: Answer, prepare: Prepare | None) -> list[str]:
    """As many positions, in the order of the wish, as time and size allow; ``None`` for one that has no picture.

    Each is JSON: its value, and its difference to what is shown, except the message, which may stand for something
    else now.
    """
    began = time.thread_time()
    budget = BUDGET_BESIDE_CHANGES_S if wish.is_beside_changes else BUDGET_S
    size, found = 0, list[str]()
    if began - running.began_s > budget:  # one picture costs more than there is to spend
        return []
    for i, value in enumerate(wish.values):
        if time.thread_time() - began > budget or size > MAX_ANSWER_CHARS or _is_waited_for():
            break
        if prepare and not wish.is_beside_changes and i % AT_ONCE == 0:
            prepare([{wish.field: one} for one in wish.values[i : i + AT_ONCE]])
        answer = _answer(running, {wish.field: value}, take)
        change = None if answer is None else difference({**shown, "message": None}, answer)
        found.append(encoded((value, change)))
        size += len(found[-1])
    return found


def _answer(running: _Running, values: Mapping[str, Any], take: Take) -> Answer | None:
    """What the stage shows for these values; ``None`` where they are refused or fail."""
    with state.on_trial(), _run(replace(running, is_trial=True)):
        try:
            if not take(values):
                running.again()
        except _Stopped as stopped:
            return stopped.answer
        except Exception:  # whatever it is, it is said when the hand really goes there
            return None
    return None


def _is_waited_for() -> bool:
    """Whether the browser has sent something since this run began: a change goes first."""
    context = get_script_run_ctx()
    requests = None if context is None else context.script_requests
    # Streamlit has no public way to look, and a fragment's run is not interrupted for another.
    return requests is not None and requests._state is not ScriptRequestType.CONTINUE
