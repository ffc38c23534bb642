"""A pulse on every page: the queue of runs is tended, and a tab left open heals after a restart of the server."""

from __future__ import annotations

import time

import streamlit as st

from pages.ui import messages, state
from pages.ui.pace import Pace

PULSE_S = 5.0


@st.cache_resource(show_spinner=False)
def _pulse() -> Pace:
    return Pace(0.8 * PULSE_S)


@st.fragment(run_every=PULSE_S)
def beat() -> None:
    """Tend the queue of runs every few seconds while any page is open, and clear up behind their downloads."""
    state.settle()  # for fragments that do not do it themselves
    if not _pulse().due(time.monotonic()):
        return
    # Not needed for the first page of a server, which they would hold up.
    from lab.training import queue
    from pages.ui.runs import packed

    with messages.surviving():
        queue.tend()
        packed.forget_old()
