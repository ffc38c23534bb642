"""The list of all runs, with check boxes; while one of them goes on, it renews itself."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from lab.training.history import EpochRow
from lab.training.run_folder import RunInfo, list_runs, open_run
from pages.ui import run_files, state
from pages.ui.components.run_table import run_table, ticked_of
from pages.ui.runs.rows import table_row
from pages.ui.runs.state import MAX_CHOSEN, RunsState
from pages.ui.train.state import TrainState

_KEY = "_runs.table"
_DRAWN = "runs.drawn_choice"
ACTIVE = ("running", "queued", "paused")


def show_overview() -> list[RunInfo]:
    """Draw the table, or the invitation to train; return the runs."""
    runs = list_runs()
    if not runs:
        _invite()
        return runs
    _forget_deleted(runs)
    state.remember(_DRAWN, state.load(RunsState).chosen)
    goes_on = any(info.status in ACTIVE for info in runs)
    interval = 2 * run_files.poll_interval_s() if goes_on else None
    st.fragment(_table, run_every=interval)(_statuses(runs))
    return runs


def _statuses(runs: Sequence[RunInfo]) -> tuple[tuple[str, str], ...]:
    return tuple((info.id, info.status) for info in runs)


def _table(drawn: tuple[tuple[str, str], ...]) -> None:
    runs = list_runs()
    if _statuses(runs) != drawn:
        st.rerun()  # a run began, ended or went: what stands below the table changes too
    chosen = state.load(RunsState).chosen
    rows = [table_row(info, _epochs(info)) for info in runs]
    opened = run_table(rows, chosen=chosen, key=_KEY, on_chosen=partial(_keep, tuple(row["id"] for row in rows)))
    if opened:
        state.update(TrainState, run=opened, epoch=-1, cell=None)
        st.switch_page("pages/training/train.py")
    if chosen != state.recall(_DRAWN):
        st.rerun()  # another choice than the one that the page below the table was drawn for


def _keep(known: tuple[str, ...]) -> None:
    ticked = ticked_of(state.widget_value(_KEY), known)
    state.update(RunsState, chosen=ticked[:MAX_CHOSEN], detail="")


def _epochs(info: RunInfo) -> tuple[EpochRow, ...]:
    if info.spec is None:
        return ()
    return run_files.history_of(open_run(info.id)).epochs


def _forget_deleted(runs: Sequence[RunInfo]) -> None:
    known = {info.id for info in runs}
    chosen = state.load(RunsState).chosen
    if not set(chosen) <= known:
        state.update(RunsState, chosen=tuple(one for one in chosen if one in known), detail="")


def _invite() -> None:
    st.info(
        "There are no runs yet. Train a network, and it appears here with its curves.", icon=":material/model_training:"
    )
    st.page_link("pages/training/train.py", label="Train the first network", icon=":material/play_arrow:")
