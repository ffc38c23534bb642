"""What a learner asks of a run: pause, resume, stop, and a smaller learning rate where it diverged."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from lab.errors import Code
from lab.training.recipe import TrainSpec
from lab.training.run_folder import Run
from lab.training.run_status import RunStatus
from pages.ui import messages
from pages.ui.train.recipe_panel import LEAST_RATE, rate_text
from pages.ui.train.setup import start


def show_orders(run: Run, status: RunStatus) -> None:
    """Draw the buttons that this status allows."""
    if status.status == "running":
        give_order("Pause", "pause", ":material/pause:", run.pause)
    if status.status in ("paused", "interrupted", "stopped", "failed"):
        diverged = status.code == Code.TRAINING_DIVERGED.value  # the same rate would only diverge again
        wakes = not status.is_active
        give_order("Resume", "resume", ":material/play_arrow:", run.resume, primary=not diverged, wakes=wakes)
    if status.is_active:
        give_order("Stop", "stop", ":material/stop:", run.stop)


def offer_smaller_rate(run: Run, spec: TrainSpec, status: RunStatus) -> None:
    """Offer what the message advises: a tenth of the rate, from the start or from the last checkpoint."""
    with st.container(horizontal=True):
        if (rate := spec.lr / 10) >= LEAST_RATE:
            label = f"Train again with learning rate {rate_text(rate)}"
            if st.button(label, key="_train.smaller_rate", icon=":material/replay:", type="primary"):
                start(spec.model_copy(update={"lr": rate}))
        if (rate := (status.lr or spec.lr) / 10) >= LEAST_RATE:
            label, said = f"Resume with learning rate {rate:.2g}", f"It goes on with learning rate {rate:.2g}."
            go_on = partial(_resume_with, run, rate)
            give_order(label, "resume_slower", ":material/play_arrow:", go_on, wakes=True, said=said)


def _resume_with(run: Run, rate: float) -> None:
    run.set_lr(rate)
    run.resume()


def give_order(
    label: str,
    name: str,
    icon: str,
    give: Callable[[], None],
    *,
    primary: bool = False,
    wakes: bool = False,
    said: str = "",
) -> None:
    """Draw the button of an order; one that wakes a run has the page drawn anew, for it had stopped looking."""
    key = f"_train.{name}"
    if st.button(label, key=key, icon=icon, type="primary" if primary else "secondary"):
        with messages.guarded():
            give()
            st.toast(said or f"{label}: the training process has been told.", icon=icon)
            if wakes:
                st.rerun()
