"""One download of a set at a time: who fetches it, how far it is, and how it is called off.

All of it stands in ``$LAB_HOME/fetching/<name>/``, so that all sessions of the pages, a training process and the
command line share one download: ``lock`` is held by the process that fetches, and the system lets go of it when that
ends, however it ends; ``progress.json`` says how far it is; a file ``cancel`` calls it off; ``raw`` is for the files.
"""

from __future__ import annotations

import json
import math
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from lab.data import transfer
from lab.data.catalogue import DataSetRow
from lab.data.storage import is_stored, set_folder
from lab.errors import Code, DataError
from lab.files import disk_errors_in_words, hold_alone, lab_home, write_json

FOLDER = "fetching"
LOCK, PROGRESS, CANCEL, RAW = "lock", "progress.json", "cancel", "raw"
TELL_INTERVAL_S = 0.2
_POLL_S = 0.2


@dataclass(frozen=True)
class FetchProgress:
    """How far a download is.

    Attributes:
        n_bytes: what has arrived.
        n_total: what the set costs, as the catalogue has it.
        is_ending: somebody has called it off, and it ends in a moment.
    """

    n_bytes: int
    n_total: int
    is_ending: bool = False

    @property
    def share(self) -> float:
        """How much has arrived, 0 .. 1."""
        return min(1.0, self.n_bytes / self.n_total) if self.n_total else 1.0

    @property
    def is_here(self) -> bool:
        """All has arrived; it is being unpacked and checked."""
        return self.n_bytes >= self.n_total


OnProgress = Callable[[FetchProgress], None]


class FetchCancelledError(DataError):
    """Somebody called the download off."""

    def __init__(self, name: str) -> None:
        super().__init__(
            Code.DATA_DOWNLOAD, "the download was cancelled; nothing of it was kept", where=name, now="start it again"
        )


def fetch_once(row: DataSetRow, home: Path | None = None, on_progress: OnProgress | None = None) -> None:
    """Have a set on this machine: fetch it, or wait for whoever does so already.

    Args:
        row: a row of the catalogue that is not bundled.
        home: the lab's folder; ``None`` takes ``$LAB_HOME``.
        on_progress: called a few times a second.

    Raises:
        DataError: DATA-DOWNLOAD, it could not be fetched.
        FetchCancelledError: somebody called it off.
        LabError: DISK-FULL or DISK-REFUSED, it could not be stored.
    """
    place, tell = _place(row.name, home), on_progress or (lambda _: None)
    with disk_errors_in_words(row.name):
        place.mkdir(parents=True, exist_ok=True)
    has_waited = False
    while True:
        with hold_alone(place / LOCK) as is_ours:
            if is_ours and not is_stored(row.name, home):
                if has_waited:
                    raise _ended_without(row.name)
                _fetch(row, home, place, tell)
            if is_ours:
                return
        progress = _read(place)
        if progress is not None:
            has_waited = True
            tell(progress)
        time.sleep(_POLL_S)


def progress_of(name: str, home: Path | None = None) -> FetchProgress | None:
    """Say how far the download of a set is; ``None`` when nobody fetches it.

    What a download left behind whose process was killed is cleared away.
    """
    place = _place(name, home)
    if not (place / PROGRESS).is_file():
        return None
    with hold_alone(place / LOCK) as is_abandoned:
        if is_abandoned:
            _clear(place)
    return None if is_abandoned else _read(place)


def cancel(name: str, home: Path | None = None) -> None:
    """Call a download off, whoever began it; without one, nothing happens."""
    place = _place(name, home)
    if (place / PROGRESS).is_file():
        with disk_errors_in_words(name):
            (place / CANCEL).touch()


def _place(name: str, home: Path | None) -> Path:
    return lab_home(home) / FOLDER / set_folder(name, home).name


def _ended_without(name: str) -> DataError:
    what = "the download that was under way has ended without the set"
    return DataError(Code.DATA_DOWNLOAD, what, where=name, now="start it again")


def _fetch(row: DataSetRow, home: Path | None, place: Path, on_progress: OnProgress) -> None:
    """Fetch it, holding the lock."""
    from lab.data.download import fetch_set

    for other in place.parent.iterdir():
        if other != place and other.is_dir():
            progress_of(other.name, home)  # clears away what a killed process left
    _clear(place)
    teller = _Teller(row, place, on_progress)
    try:
        with disk_errors_in_words(row.name):
            (place / RAW).mkdir()
        teller(0, True)
        with transfer.watched(teller, silence_s=transfer.SILENCE_S) as watched, _hanging_up(watched, place):
            fetch_set(row, place / RAW, home)
    except DataError:
        if (place / CANCEL).exists():  # torchvision saw a connection that broke off
            raise FetchCancelledError(row.name) from None
        raise
    finally:
        _clear(place)


@contextmanager
def _hanging_up(watched: transfer.Transfer, place: Path) -> Iterator[None]:
    """Have a thread see that a download is called off, also while its server says nothing."""
    is_over = threading.Event()

    def watch() -> None:
        while not is_over.wait(_POLL_S):
            if (place / CANCEL).exists():
                watched.hang_up()

    thread = threading.Thread(target=watch, name="lab-fetch-cancel", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


class _Teller:
    """Writes down how far it is, not too often, and ends the transfer when it was called off."""

    def __init__(self, row: DataSetRow, place: Path, on_progress: OnProgress) -> None:
        self._row, self._place, self._on_progress = row, place, on_progress
        self._told_at = -math.inf

    def __call__(self, n_bytes: int, at_once: bool) -> None:
        now = time.monotonic()
        if not at_once and now - self._told_at < TELL_INTERVAL_S:
            return
        self._told_at = now
        if (self._place / CANCEL).exists():
            raise FetchCancelledError(self._row.name)
        progress = FetchProgress(n_bytes, self._row.download_bytes)
        write_json(self._place / PROGRESS, asdict(progress), durable=False)
        self._on_progress(progress)


def _read(place: Path) -> FetchProgress | None:
    try:
        told = json.loads((place / PROGRESS).read_bytes())
        return FetchProgress(int(told["n_bytes"]), int(told["n_total"]), (place / CANCEL).exists())
    except (OSError, ValueError, TypeError, KeyError):  # just ended, or not ours
        return None


def _clear(place: Path) -> None:
    for name in (PROGRESS, CANCEL):
        (place / name).unlink(missing_ok=True)
    shutil.rmtree(place / RAW, ignore_errors=True)
