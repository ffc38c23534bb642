"""The three stages share one state and one history: a step back at one of them may change another."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.ui import state
from pages.ui.loss.state import LossState

_DRAWN, _MOVED = "loss.drawn", "loss.moved"
_NUMBER = frozenset({"prediction", "truth", "number_lr", "number_delta", "wild_x", "wild_y"})
_WALK = frozenset(
    {"surface", "start_x", "start_y", "walkers", "walk_lr", "walk_adaptive_lr", "momentum", "nesterov"}
    | {"alpha", "beta1", "beta2", "n_steps", "batch_size"}
)
_RUN = frozenset({"run", "image"})
FIELDS: dict[str, frozenset[str]] = {
    "prediction": frozenset(LossState.model_fields) - _NUMBER - _WALK - _RUN,
    "number": _NUMBER,
    "walk": _WALK,
}


def begin() -> None:
    """Forget what is on the screen: the whole page is drawn now."""
    state.forget(_DRAWN)


def moving(stage: str) -> str:
    """The field of this stage that the hand is at: the only one that is not as it was drawn last.

    Where all is as it was, the one that moved before; empty where none did, or several at once.
    """
    drawn = state.recall(_DRAWN, {}).get(stage, {})
    now = state.load(LossState)
    moved = [field for field, value in drawn.items() if getattr(now, field) != value]
    if not moved:
        return str(state.recall(f"{_MOVED}.{stage}", ""))
    return moved[0] if len(moved) == 1 else ""


def keep_together(stage: str) -> None:
    """Note what this stage has just drawn; run the whole page if another one shows what is no longer so."""
    state.remember(f"{_MOVED}.{stage}", moving(stage))
    drawn: dict[str, dict[str, Any]] = dict(state.recall(_DRAWN, {}))
    now = dict(state.load(LossState))
    is_stale = any(
        any(now[field] != value for field, value in values.items()) for name, values in drawn.items() if name != stage
    )
    drawn[stage] = {field: now[field] for field in FIELDS[stage]}
    state.remember(_DRAWN, drawn)
    if is_stale:
        st.rerun()
