"""The first page: one sentence, the things to do, something that moves, the latest runs, the machine."""

from __future__ import annotations

import streamlit as st

from lab.data.photo import sample_photos
from lab.training.run_folder import RunInfo, list_runs
from pages.ui import state, units
from pages.ui.components.action_cards import action_cards
from pages.ui.components.kernel_walk import kernel_walk
from pages.ui.components.latest_runs import LatestRun, latest_runs
from pages.ui.data_title import data_title
from pages.ui.home.cards import cards
from pages.ui.home.machine import this_machine
from pages.ui.messages import escape
from pages.ui.places import PLACES, place
from pages.ui.train.words import WORDS

N_RECENT_RUNS = 5


def show_walk() -> None:
    """A kernel at work on a photo."""
    st.header("One kernel at work", anchor=False)
    kernel_walk(str(sample_photos()[0].path), key="_start.walk")
    there = place("convolution")
    st.page_link(there.file, label="Change its numbers, stride and padding", icon=there.icon)


def show_cards(runs: list[RunInfo]) -> None:
    """The things to do; a click goes there."""
    chosen = action_cards(cards(state.workbench().network, runs), key="_start.cards", on_chosen=lambda: None)
    if chosen in {row.url_path for row in PLACES}:
        st.switch_page(place(chosen).file)


def recent_runs() -> list[RunInfo]:
    """The latest runs, newest first."""
    return list_runs()[:N_RECENT_RUNS]


def show_runs(runs: list[RunInfo]) -> None:
    """The latest runs as a small table, or how to get one."""
    st.header("Latest runs", anchor=False)
    if not runs:
        st.caption("None yet. Training student_cnn on the included Fashion-MNIST takes about a minute on a processor.")
        return
    latest_runs([run_line(run) for run in runs], key="_start.runs")
    st.page_link(place("runs").file, label="All runs", icon=place("runs").icon)


def run_line(run: RunInfo) -> LatestRun:
    """One run as the table takes it."""
    word = WORDS[run.status]
    return LatestRun(
        title=run.network or run.id,
        data=data_title(run.data),
        status=word.word,
        sign=word.sign,
        tone=word.tone,
        epochs=f"{run.epoch} of {run.n_epochs}",
        accuracy=units.percent(run.best_test_accuracy) if run.best_test_accuracy is not None else "",
    )


def show_machine() -> None:
    """What this machine has."""
    st.header("This machine", anchor=False)
    st.caption(escape(this_machine().sentence) + ".")
