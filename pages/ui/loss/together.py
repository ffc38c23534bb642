"""The three stages share one state and one history: a step back at one of them may change another."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.ui import state
from pages.ui.loss.state import LossState

_DRAWN = "loss.drawn"
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


def keep_together(stage: str) -> None:
    """Note what this stage has just drawn; run the whole page if another one shows what is no longer so."""
    drawn: dict[str, dict[str, Any]] = dict(state.recall(_DRAWN, {}))
    now = dict(state.load(LossState))
    is_stale = any(
        any(now[field] != value for field, value in values.items()) for name, values in drawn.items() if name != stage
    )
    drawn[stage] = {field: now[field] for field in FIELDS[stage]}
    state.remember(_DRAWN, drawn)
    if is_stale:
        st.rerun()
