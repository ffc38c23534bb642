"""Runs: every training run so far, compared, continued, taken away or deleted."""

import streamlit as st

from pages.ui import state
from pages.ui.runs.comparison import show_comparison
from pages.ui.runs.detail import show_delete, show_detail
from pages.ui.runs.overview import show_overview
from pages.ui.runs.state import RunsState

st.title("Runs", anchor=False)
runs = show_overview()
ticked = state.load(RunsState).chosen
chosen = [info for info in runs if info.id in ticked]
readable = [info for info in chosen if info.spec is not None]
if chosen:
    show_delete(chosen)
if len(readable) > 1:
    show_comparison(readable)
if chosen:
    show_detail(chosen)
elif runs:
    st.caption("Tick a run for its card, export and deletion; tick two or more to compare them.")
