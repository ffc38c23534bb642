"""Getting a set onto this machine: its terms, the button, how far it is, and the way to call it off.

The download runs in a thread of the server, for all sessions together; where it stands is read from the lab's folder,
so that a set which a training process or the command line fetches shows here, too.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from pathlib import Path

import streamlit as st

from lab.data import fetching
from lab.data.catalogue import DataSetRow
from lab.data.fetching import FetchCancelledError, FetchProgress
from lab.errors import Code, LabError
from lab.files import lab_home
from pages.ui import messages, run_files, state, units

LEAST_INTERVAL_S = 0.5
FIRST_WORD_S = 5.0  # another process may hold the set's lock and say nothing yet
LAST_STEPS_S = 2.0  # what was fetched is cleared away before the thread says how it ended
UNEXPECTED = "the download failed in a way that the lab did not expect; the lab's log says what happened"
_SEEN = "train.downloads"  # the sets whose downloads this session has seen


@dataclass
class Downloads:
    """The downloads of this server, by the lab's folder and the set; shared by all sessions."""

    threads: dict[tuple[Path, str], threading.Thread] = field(default_factory=dict)
    errors: dict[tuple[Path, str], LabError] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, row: DataSetRow) -> None:
        """Begin, unless it is under way, and return when its progress can be read, or soon after."""
        home, begun = lab_home().absolute(), threading.Event()
        with self.lock:
            thread = self.threads.get((home, row.name))
            if thread is not None and thread.is_alive():
                return
            self.errors.pop((home, row.name), None)
            thread = threading.Thread(target=self._fetch, args=(row, home, begun), name="lab-fetch", daemon=True)
            self.threads[home, row.name] = thread
            thread.start()
        begun.wait(FIRST_WORD_S)

    def _fetch(self, row: DataSetRow, home: Path, begun: threading.Event) -> None:
        try:
            fetching.fetch_once(row, home, lambda _: begun.set())
        except LabError as error:
            self.errors[home, row.name] = error
        except Exception:
            logging.getLogger(__name__).exception("a download failed")
            self.errors[home, row.name] = LabError(Code.DATA_DOWNLOAD, UNEXPECTED, where=row.name)
        finally:
            begun.set()

    def error(self, name: str) -> LabError | None:
        """How the last download of a set ended, if not well."""
        key = (lab_home().absolute(), name)
        if key in self.threads:
            self.threads[key].join(LAST_STEPS_S)
        return self.errors.get(key)


@st.cache_resource(show_spinner=False)
def downloads() -> Downloads:
    """The server's downloads."""
    return Downloads()


def show_download(row: DataSetRow) -> None:
    """Offer a set that is not on this machine, or show how far its download is."""
    if fetching.progress_of(row.name) is None:
        _say_how_it_ended(row.name)
        _offer(row)
        return
    state.remember(_SEEN, _seen() | {row.name})
    st.fragment(_panel, run_every=run_files.poll_interval_s(LEAST_INTERVAL_S))(row)


def _offer(row: DataSetRow) -> None:
    """Show the terms first, then fetch on a click."""
    st.info(
        messages.escape(f"{row.title} is not on this machine yet. {licence_line(row)}"),
        icon=":material/cloud_download:",
    )
    if row.licence_url:
        st.markdown(f"[Read the licence]({row.licence_url})")
    label = f"Download {units.size(row.download_bytes)}"
    if st.button(label, key="_train.download", icon=":material/download:"):
        state.remember(_SEEN, _seen() | {row.name})
        downloads().start(row)
        st.rerun()


def licence_line(row: DataSetRow) -> str:
    """Say in one line how many images there are and under what terms."""
    size = f"{units.count(row.n_train)} training and {units.count(row.n_test)} test images, {units.shape(row.shape)}"
    return f"{size}. Licence: {row.licence}. {row.source}."


def _say_how_it_ended(name: str) -> None:
    """Say it to whoever saw it going on, until it is begun again."""
    error = downloads().error(name) if name in _seen() else None
    if isinstance(error, FetchCancelledError):
        st.info("The download was cancelled; nothing of it was kept.", icon=":material/info:")
    elif error is not None:
        messages.show_error(error)


def _seen() -> frozenset[str]:
    seen: frozenset[str] = state.recall(_SEEN, frozenset())
    return seen


def _panel(row: DataSetRow) -> None:
    progress = fetching.progress_of(row.name)
    if progress is None:
        st.rerun()
    st.markdown(f"**{messages.escape(row.title)}** is on its way to this machine. The lab goes on working meanwhile.")
    show_progress(row.name, progress)
    st.caption(messages.escape(licence_line(row)))


def show_progress(name: str, progress: FetchProgress) -> None:
    """Draw the bar of a download and the button that calls it off."""
    st.progress(progress.share, text=progress_text(progress))
    st.button(
        "Cancel the download",
        key="_train.cancel_download",
        icon=":material/close:",
        disabled=progress.is_ending,
        on_click=_cancel,
        args=(name,),
    )


def _cancel(name: str) -> None:
    try:
        fetching.cancel(name)
    except LabError as error:
        state.notify(error.sentence)


def progress_text(progress: FetchProgress) -> str:
    """Say how far a download is.

    Examples:
        >>> progress_text(FetchProgress(34 * 2**20, 170_498_071))
        'Fetching the images: 34 MiB of 163 MiB, 20.9 %'
        >>> progress_text(FetchProgress(11_594_722, 11_594_722))
        'All 11 MiB are here: unpacking and checking the images'
        >>> progress_text(FetchProgress(5, 10, is_ending=True))
        'Ending the download'
    """
    if progress.is_ending:
        return "Ending the download"
    if progress.is_here:
        return f"All {units.size(progress.n_total)} are here: unpacking and checking the images"
    done, total = units.size(progress.n_bytes), units.size(progress.n_total)
    return f"Fetching the images: {done} of {total}, {units.percent(progress.share)}"
