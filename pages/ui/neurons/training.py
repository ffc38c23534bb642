"""This session's training: kept between requests, and rebuilt exactly from the page's state whenever they differ.

The page's state holds the trained state as text, so it is the truth: undo, redo, a link and a lost session all come
back to it bit for bit. What is kept here only saves the work of reading it again, and the curves.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

from lab.errors import Code, LabError, TrainingError
from lab.theory.neurons.plane_spec import HALF_WIDTH, MAX_SEED, PlaneSpec
from pages.ui import history, messages, state
from pages.ui.neurons.state import NeuronsState, spec_of

if TYPE_CHECKING:
    from lab.theory.neurons.plane_training import NormPart, PlaneTrainer

_KEPT = "neurons.kept"
_SENTENCE = "neurons.sentence"
_PROBE = "neurons.probe"
_ANEW = "neurons.anew"
_FRAMES = "neurons.frames"
_PUBLISHED = "neurons.published"
# A play is answered with a few pictures at a time: what an answer costs besides is shared by them.
MAX_FRAMES = 4
MAX_FRAMES_LARGE = 2
LARGE_NEURONS = 24
# Work on one of them: long enough for a hundred steps, short enough for other visitors.
LIMIT_S = 0.03
# How often the link follows a play: a reload in the middle of one loses no more training than that.
PUBLISH_S = 1.0


@dataclass(frozen=True, eq=False)
class Kept:
    """A trainer, and the trained state that it is in, as text (empty: the first weights)."""

    trainer: PlaneTrainer
    trained: str


def trainer_for(chosen: NeuronsState) -> PlaneTrainer:
    """The trainer in exactly the state that was chosen."""
    kept = state.recall(_KEPT)
    spec = spec_of(chosen)
    if isinstance(kept, Kept) and kept.trained == chosen.trained:
        known = kept.trainer.spec
        if known == spec:
            return kept.trainer
        if known.shape == spec.shape and known.seed == spec.seed:
            return _adopted(kept, spec)
        _note_anew(kept, spec)
    return _rebuilt(chosen)


def _note_anew(kept: Kept, spec: PlaneSpec) -> None:
    """Note that a trained network gave way to one of another shape, also by way of several changes."""
    from lab.theory.neurons.plane_state import belongs

    known = kept.trainer.spec
    was_trained = bool(kept.trained) and (belongs(known, kept.trained) or state.recall(_ANEW) == known)
    if was_trained and not belongs(spec, kept.trained):
        state.remember(_ANEW, spec)


def anew_sentence(chosen: NeuronsState) -> str:
    """What to say where a change took the trained weights away: until the next change, step or pause."""
    if state.recall(_ANEW) != spec_of(chosen):
        return ""
    return "Weights start anew. Undo brings back the trained ones."


def _adopted(kept: Kept, spec: PlaneSpec) -> PlaneTrainer:
    """The same weights under other settings; on trial, for a picture sent ahead, the kept trainer stays as it is."""
    trainer = kept.trainer.twin()
    trainer.adopt(spec)
    state.remember(_KEPT, Kept(trainer, kept.trained))
    return trainer


def _rebuilt(chosen: NeuronsState) -> PlaneTrainer:
    from lab.theory.neurons.plane_state import belongs, read_state
    from lab.theory.neurons.plane_training import PlaneTrainer

    trainer = PlaneTrainer(spec_of(chosen))
    # After a change of layers or seed the text still tells of the network before: the new one begins untrained.
    if chosen.trained and belongs(trainer.spec, chosen.trained):
        try:
            read_state(trainer, chosen.trained)
        except LabError as error:
            state.notify(error.sentence)
    state.remember(_KEPT, Kept(trainer, chosen.trained))
    return trainer


def follow(name: str, details: Mapping[str, Any]) -> None:
    """Do what a button, a clock or a weight's slider of the stage asks for; all of it comes from a browser."""
    if name not in _ACTIONS:
        return
    chosen = state.load(NeuronsState)
    try:
        _ACTIONS[name](chosen, details)
    except LabError as error:
        state.remember(_SENTENCE, (chosen, messages.without_code(error.sentence)))
    if details.get("final") is True:
        state.forget(_ANEW)
        history.settle(NeuronsState)


def sentence() -> str:
    """What went wrong in the last action, as long as nothing has changed since."""
    then, told = state.recall(_SENTENCE, (None, ""))
    return told if then == state.load(NeuronsState) else ""


def frames() -> list[dict[str, Any]]:
    """What the network looked like on the way to where it is now, told once."""
    kept: list[dict[str, Any]] = state.recall(_FRAMES, [])
    state.forget(_FRAMES)
    return kept


def _train(chosen: NeuronsState, details: Mapping[str, Any]) -> None:
    """Some steps: a number of batches, or to the end of this epoch; several times over, with a picture of each."""
    from pages.ui.neurons.picture import moment_of

    trainer, seen = trainer_for(chosen), []
    n_frames = min(_whole(details, "frames", least=1), _most_frames(chosen)) if "frames" in details else 1
    for frame in range(1, n_frames + 1):
        n = trainer.steps_to_epoch_end() if details.get("to_epoch_end") is True else _whole(details, "n", least=1)
        # A single step, of a batch or an epoch, is exact; a play takes what fits, and the next goes on from there.
        trainer.step(n, limit_s=math.inf if details.get("final") is True else LIMIT_S)
        if frame < n_frames:
            seen.append(moment_of(chosen.model_copy(update={"probe": probe_of(chosen)}), trainer))
    state.remember(_FRAMES, seen)
    _write(chosen, trainer)
    _publish_now_and_then()


def _publish_now_and_then() -> None:
    """Bring a play into the link, but make no step of the history of it: that is the pause's."""
    now = monotonic()
    if now - state.recall(_PUBLISHED, -math.inf) >= PUBLISH_S:
        state.remember(_PUBLISHED, now)
        state.publish_link()


def _most_frames(chosen: NeuronsState) -> int:
    return MAX_FRAMES if sum(layer.n_neurons for layer in chosen.layers) <= LARGE_NEURONS else MAX_FRAMES_LARGE


def _settle(chosen: NeuronsState, details: Mapping[str, Any]) -> None:
    """Nothing but what every final action does: link and history follow."""


def _restart(chosen: NeuronsState, details: Mapping[str, Any]) -> None:
    """Back to the same first weights."""
    state.forget(_KEPT)
    state.keep(chosen.model_copy(update={"trained": ""}))


def _new_seed(chosen: NeuronsState, details: Mapping[str, Any]) -> None:
    """Other first weights, or other points."""
    field = "data_seed" if details.get("of") == "data" else "seed"
    changes = {field: (getattr(chosen, field) + 1) % (MAX_SEED + 1)}
    state.keep(chosen.model_copy(update=changes))


def _probe(chosen: NeuronsState, details: Mapping[str, Any]) -> None:
    """The mouse or an arrow key moves over the plane: remembered, but no step of the history and not in the link."""
    place = [_number(details, name) for name in ("x1", "x2")]
    if all(map(math.isfinite, place)):
        x1, x2 = (max(-HALF_WIDTH, min(HALF_WIDTH, value)) for value in place)
        state.remember(_PROBE, (chosen.probe, (x1, x2)))


def probe_of(chosen: NeuronsState) -> tuple[float, float]:
    """The point that is worked out: where the mouse was last, until another one is settled on."""
    settled, moved = state.recall(_PROBE, (None, None))
    return moved if settled == chosen.probe else chosen.probe


def _weight(chosen: NeuronsState, details: Mapping[str, Any]) -> None:
    place = [_whole(details, part) for part in ("layer", "neuron", "source")]
    trainer = trainer_for(chosen)
    trainer.set_weight(place[0], place[1], place[2], _number(details, "value"))
    _write(chosen, trainer)


def _bias(chosen: NeuronsState, details: Mapping[str, Any]) -> None:
    trainer = trainer_for(chosen)
    trainer.set_bias(_whole(details, "layer"), _whole(details, "neuron"), _number(details, "value"))
    _write(chosen, trainer)


def _norm(part: NormPart, chosen: NeuronsState, details: Mapping[str, Any]) -> None:
    trainer = trainer_for(chosen)
    trainer.set_norm(part, _whole(details, "layer"), _whole(details, "neuron"), _number(details, "value"))
    _write(chosen, trainer)


_ACTIONS: Mapping[str, Callable[[NeuronsState, Mapping[str, Any]], None]] = {
    "train": _train,
    "settle": _settle,
    "restart": _restart,
    "new_seed": _new_seed,
    "probe": _probe,
    "weight": _weight,
    "bias": _bias,
    "gamma": partial(_norm, "gamma"),
    "beta": partial(_norm, "beta"),
}


def _write(chosen: NeuronsState, trainer: PlaneTrainer) -> None:
    """Make the trainer's state the page's; not yet in the link, which follows now and then, and what is settled."""
    from lab.theory.neurons.plane_state import written_state

    text = written_state(trainer)
    state.keep(chosen.model_copy(update={"trained": text}))
    state.remember(_KEPT, Kept(trainer, text))


def _whole(details: Mapping[str, Any], name: str, *, least: int = 0) -> int:
    value = details.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise TrainingError(Code.INPUT, f"{name} is no whole number of at least {least}")
    return value


def _number(details: Mapping[str, Any], name: str) -> float:
    value = details.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise TrainingError(Code.INPUT, "a weight takes a number", now="the last good one stays")
    return float(value)
