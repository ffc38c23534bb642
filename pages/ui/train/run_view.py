"""One run on the Train page: what to do with it, live, and what came out."""

from __future__ import annotations

import streamlit as st

from lab.errors import LabError
from lab.training.recipe import TrainSpec
from lab.training.run_folder import open_run
from pages.ui import messages, run_files, state
from pages.ui.train.live import show_live
from pages.ui.train.onward import show_onward
from pages.ui.train.results import show_results
from pages.ui.train.state import TrainState, choices_of


def show_run(run_id: str) -> None:
    """Show a run, or say that it is not there any more and offer what works without it."""
    try:
        run = open_run(run_id)
        spec = run.spec()
    except LabError as error:
        _show_ways_back(None)
        messages.show_error(error)
        return
    _show_ways_back(spec)
    show_live(run)
    if run.checkpoints():
        show_onward(run)
    show_results(run)


def _show_ways_back(spec: TrainSpec | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Train another", key="_train.another", icon=":material/add:"):
            run_files.recent_runs.clear()
            state.update(TrainState, run="", epoch=-1, cell=None)
            st.rerun()
        if spec and st.button(
            "Use these settings again",
            key="_train.again",
            icon=":material/replay:",
            help="Takes this run's network and recipe to the first screen, to change something or to repeat it.",
        ):
            take_settings(spec)
            st.rerun()
        st.page_link("pages/training/runs.py", label="All runs", icon=":material/stacked_line_chart:")


def take_settings(spec: TrainSpec) -> None:
    """Make a run's network and recipe the current ones."""
    state.set_network(spec.network)
    state.update(TrainState, run="", epoch=-1, cell=None, **choices_of(spec))
