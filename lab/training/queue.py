"""Whose turn it is: one worker per device at a time, the others wait in line.

The line is a small SQLite database beside the runs. It is only an index: every run's marker says whether it waits, and
the database is rebuilt from the markers when it is missing or damaged. A job is claimed inside a write transaction, so
two servers never start the same run.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from lab.errors import Code, LabError
from lab.training import launch, run_status
from lab.training.device import device_line
from lab.training.orders import OrderBox
from lab.training.process import ProcessId, is_alive, this_process
from lab.training.run_folder import Run, open_run, runs_folder
from lab.training.run_status import Marker

DATABASE_FILE = "queue.sqlite"
# How long a claimed job may be without a process: the claimer died between the claim and the start.
_START_TIMEOUT_S = 30.0
# How often the folders are compared with the index, in case somebody was killed between writing one and the other.
_REBUILD_INTERVAL_S = 60.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    run_id TEXT PRIMARY KEY, device TEXT NOT NULL, queued_at REAL NOT NULL,
    claimed_at REAL, process TEXT
);
CREATE TABLE IF NOT EXISTS rebuilt (at REAL NOT NULL);
"""


def submit(run: Run) -> None:
    """Put a run at the end of its device's line and start whatever can start.

    Raises:
        RunError: RUN-DAMAGED, the run has no readable recipe.
        LabError: DISK-FULL.
    """
    line = device_line(run.spec().device)
    queued_at = time.time()
    OrderBox(run.path).forget_all_but_rates()
    with _transaction(run.path.parent) as database:
        database.execute("INSERT OR REPLACE INTO jobs VALUES (?, ?, ?, NULL, NULL)", (run.id, line, queued_at))
        # Inside the transaction, so that no worker can be running before the marker says "queued".
        run_status.write_marker(run.path, Marker("queued", queued_at=queued_at, device=line))
    tend(run.home)


def withdraw(run: Run) -> bool:
    """Take a waiting run out of the line; ``False`` when it does not wait (any more)."""
    with _transaction(run.path.parent) as database:
        removed = database.execute("DELETE FROM jobs WHERE run_id = ? AND claimed_at IS NULL", (run.id,))
        return removed.rowcount > 0


def place_in_line(run: Run) -> int:
    """Count the runs to be started up to this one: 1 is next, 0 does not wait, is just being started, or is unknown."""
    try:
        with _transaction(run.path.parent, write=False) as database:
            waiting = database.execute(
                "SELECT run_id FROM jobs WHERE claimed_at IS NULL AND device = "
                "(SELECT device FROM jobs WHERE run_id = ?) ORDER BY queued_at, run_id",
                (run.id,),
            ).fetchall()
    except LabError:  # a folder that can only be read still shows its runs
        return 0
    ids = [row[0] for row in waiting]
    return ids.index(run.id) + 1 if run.id in ids else 0


def somebody_waits(run: Run) -> bool:
    """Whether another run waits for the device that this one holds."""
    with _transaction(run.path.parent, write=False) as database:
        query = "SELECT 1 FROM jobs WHERE claimed_at IS NULL AND run_id != ? AND device = ? LIMIT 1"
        return database.execute(query, (run.id, device_line(run.spec().device))).fetchone() is not None


def tend(home: Path | None = None) -> None:
    """Mark runs whose worker vanished as interrupted, and start the next run of every free device.

    Cheap when there is nothing to do, so that every page's heartbeat may call it.
    """
    folder = runs_folder(home)
    if not folder.is_dir():
        return
    with _transaction(folder, write=False) as database:
        has_jobs = database.execute("SELECT 1 FROM jobs LIMIT 1").fetchone() is not None
        is_fresh = _is_fresh(database)
    if has_jobs or not is_fresh:
        _tend_now(folder)


def get_ready(home: Path | None = None) -> None:
    """Keep a worker ready for the next run, if nothing runs now: its curve then begins within a second of the click.

    For a page on which a run is likely to be started; costs nothing when a worker is ready already.
    """
    folder = runs_folder(home)
    if folder.is_dir():
        with _transaction(folder, write=False) as database:
            if database.execute("SELECT 1 FROM jobs LIMIT 1").fetchone() is not None:
                return
    launch.keep_spare(folder.parent)


def begin(run: Run) -> None:
    """Called by a worker that takes its run: the claim is now its own."""
    with _transaction(run.path.parent) as database:
        _record_process(database, run.id, this_process())


def finish(run: Run) -> None:
    """Called by a worker that is done with its run: frees the device and starts the next in line."""
    with _transaction(run.path.parent) as database:
        # Only its own claim: somebody may have put the run in line again already.
        job = (run.id, _as_text(this_process()))
        database.execute("DELETE FROM jobs WHERE run_id = ? AND process = ?", job)
    if OrderBox(run.path).has("resume"):
        submit(run)  # asked for while this worker was leaving
    tend(run.home)


def _tend_now(folder: Path) -> None:
    with _transaction(folder) as database:
        if not _is_fresh(database):
            _adopt_from_folders(database, folder)
        _release_vanished(database, folder)
        claimed = _claim_next(database)
    for run_id in claimed:
        _start(folder, run_id)


def _start(folder: Path, run_id: str) -> None:
    try:
        process = launch.start_worker(open_run(run_id, folder.parent).path)
    except (LabError, OSError):
        # Deleted meanwhile, or the system starts no process now: out of the line, the folder keeps its marker.
        with _transaction(folder) as database:
            database.execute("DELETE FROM jobs WHERE run_id = ?", (run_id,))
        return
    with _transaction(folder) as database:
        _record_process(database, run_id, process)


def _record_process(database: sqlite3.Connection, run_id: str, process: ProcessId) -> None:
    job = (_as_text(process), run_id)
    database.execute("UPDATE jobs SET process = ? WHERE run_id = ? AND claimed_at IS NOT NULL", job)


def _as_text(process: ProcessId) -> str:
    return json.dumps(asdict(process))


def _claim_next(database: sqlite3.Connection) -> list[str]:
    """Claim the first waiting job of every device that has no claimed one."""
    rows = database.execute(
        "SELECT run_id, device FROM jobs WHERE claimed_at IS NULL AND device NOT IN "
        "(SELECT device FROM jobs WHERE claimed_at IS NOT NULL) ORDER BY queued_at DESC, run_id DESC"
    ).fetchall()
    first = {device: run_id for run_id, device in rows}  # the earliest comes last and wins
    for run_id in first.values():
        database.execute("UPDATE jobs SET claimed_at = ? WHERE run_id = ?", (time.time(), run_id))
    return list(first.values())


def _release_vanished(database: sqlite3.Connection, folder: Path) -> None:
    rows = database.execute("SELECT run_id, claimed_at, process FROM jobs WHERE claimed_at IS NOT NULL").fetchall()
    for run_id, claimed_at, process in rows:
        if process is None:
            if time.time() - claimed_at > _START_TIMEOUT_S:
                database.execute("UPDATE jobs SET claimed_at = NULL WHERE run_id = ?", (run_id,))
        elif not is_alive(ProcessId(**json.loads(process)), _last_sign(folder / run_id, claimed_at)):
            database.execute("DELETE FROM jobs WHERE run_id = ?", (run_id,))
            _mark_vanished(folder / run_id)


def _mark_vanished(run_folder: Path) -> None:
    marker = run_status.read_marker(run_folder)
    if marker is None:
        return
    if marker.status == "running":
        run_status.write_marker(run_folder, Marker("interrupted", run_status.INTERRUPTED_MESSAGE, device=marker.device))
    elif marker.status == "queued":
        message = "The training process ended before it could begin; the log says more. Resume tries again."
        run_status.write_marker(run_folder, Marker("failed", message, device=marker.device))


def _last_sign(run_folder: Path, claimed_at: float) -> float:
    pulse = run_status.read_pulse(run_folder)
    return max(claimed_at, pulse.heartbeat if pulse else 0.0)


def _is_fresh(database: sqlite3.Connection) -> bool:
    row = database.execute("SELECT max(at) FROM rebuilt").fetchone()
    return row[0] is not None and 0 <= time.time() - row[0] < _REBUILD_INTERVAL_S


def _adopt_from_folders(database: sqlite3.Connection, folder: Path) -> None:
    """Take into the index what the markers say and the index does not know."""
    for path in folder.iterdir():
        marker = run_status.read_marker(path) if path.is_dir() and not path.name.startswith(".") else None
        if marker is None:
            continue
        job = (path.name, marker.device or "cpu", marker.queued_at)
        if marker.status == "queued":
            database.execute("INSERT OR IGNORE INTO jobs VALUES (?, ?, ?, NULL, NULL)", job)
        # A run without a time in line is trained by somebody in the foreground and takes no place here.
        elif marker.status == "running" and marker.queued_at and (pulse := run_status.read_pulse(path)):
            claim = (marker.changed_at, _as_text(pulse.process))
            database.execute("INSERT OR IGNORE INTO jobs VALUES (?, ?, ?, ?, ?)", job + claim)
    database.execute("DELETE FROM rebuilt")
    database.execute("INSERT INTO rebuilt VALUES (?)", (time.time(),))


@contextlib.contextmanager
def _transaction(folder: Path, *, write: bool = True) -> Iterator[sqlite3.Connection]:
    """Open the index, begin, and commit at the end; a damaged index is put aside and begun anew."""
    with _database_errors_in_words(), contextlib.closing(_open(folder)) as database:
        database.execute("BEGIN IMMEDIATE" if write else "BEGIN")
        try:
            yield database
        except BaseException:
            database.execute("ROLLBACK")
            raise
        database.execute("COMMIT")


def _open(folder: Path) -> sqlite3.Connection:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / DATABASE_FILE
    try:
        return _connect(path)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    return _connect(path)


def _connect(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=10, isolation_level=None)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.executescript(_SCHEMA)
    except BaseException:
        database.close()
        raise
    return database


@contextlib.contextmanager
def _database_errors_in_words() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_FULL:
            what = f"the line of waiting runs cannot be used ({error})"
            now = "let the lab write to its folder, or set LAB_HOME to another one"
            raise LabError(Code.DISK_REFUSED, what, now=now) from error
        what = "there is no space left on the disk to put the run in line"
        raise LabError(Code.DISK_FULL, what, now="free some space and try again") from error
