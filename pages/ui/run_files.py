"""Reading run folders for the screen: once per change of a file for all sessions together, and not too often.

What a worker wrote is kept under the path, the time and the size of the file it came from, so thirty visitors who watch
one run read each file once.
"""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import streamlit as st

from lab.training.evaluation import Evaluation, evaluated_epochs, evaluation_path
from lab.training.history import EPOCHS_FILE, LR_CHANGES_FILE, STEPS_FILE, History
from lab.training.run_folder import Run, RunInfo, list_runs
from pages.ui import state

Stamp = tuple[int, int]
# Two charts of 200 points for 30 sessions every 2 s kept the 95th percentile of an interaction at 0.24-0.39 s.
LEAST_INTERVAL_S = 1.0
SESSIONS_PER_SECOND = 15
WATCHER_FORGOTTEN_S = 20.0


def history_of(run: Run) -> History:
    """The run's curves, thinned out."""
    return _history(run, *(_stamp(run.path / name) for name in (STEPS_FILE, EPOCHS_FILE, LR_CHANGES_FILE)))


@lru_cache(maxsize=64)
def _history(run: Run, *_files: Stamp) -> History:
    return run.history()


def evaluation_of(run: Run, epoch: int) -> Evaluation:
    """One look at the test set.

    Raises:
        RunError: it is not there or cannot be read.
    """
    return _evaluation(run, epoch, _stamp(evaluation_path(run.path, epoch)))


@lru_cache(maxsize=32)
def _evaluation(run: Run, epoch: int, _file: Stamp) -> Evaluation:
    return run.evaluation(epoch)


def epochs_seen(run: Run) -> tuple[int, ...]:
    """The epochs after which the test set was looked at."""
    return evaluated_epochs(run.path)


@st.cache_resource(ttl=15, max_entries=4, show_spinner=False)
def recent_runs(home: Path) -> tuple[RunInfo, ...]:
    """All runs, at most 15 seconds old: for hints, not for the list itself; frozen, so all sessions share it."""
    return tuple(list_runs(home))


def _stamp(path: Path) -> Stamp:
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)


@dataclass
class _Watchers:
    """Who has a live panel open, by session, and when it last asked."""

    seen: dict[str, float]
    lock: threading.Lock

    def note(self, session: str, now_s: float) -> int:
        """Write down that a session asked, and count those who asked lately."""
        with self.lock:
            self.seen[session] = now_s
            for gone in [name for name, at in self.seen.items() if now_s - at > WATCHER_FORGOTTEN_S]:
                del self.seen[gone]
            return len(self.seen)


@st.cache_resource(show_spinner=False)
def _watchers() -> _Watchers:
    return _Watchers({}, threading.Lock())


def poll_interval_s(least_s: float = LEAST_INTERVAL_S) -> float:
    """How often this session's live panel may ask: every second for a few visitors, more seldom for a class."""
    session = state.recall("run_files.session") or secrets.token_hex(8)
    state.remember("run_files.session", session)
    return interval_s(_watchers().note(session, time.monotonic()), least_s)


def interval_s(n_sessions: int, least_s: float = LEAST_INTERVAL_S) -> float:
    """Seconds between two looks, for so many sessions.

    Examples:
        >>> interval_s(1), interval_s(30), interval_s(90)
        (1.0, 2.0, 6.0)
    """
    return max(least_s, n_sessions / SESSIONS_PER_SECOND)
