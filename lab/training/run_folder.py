"""A run as pages and the command line know it: a folder under ``$LAB_HOME/runs/<id>/``.

Everything here reads what a worker wrote, or leaves an order for it; nothing here trains, and torch is imported only
where tensors are asked for::

    spec.json          the recipe, written once
    status.json        the last thing that happened, replaced whole
    worker.json        the worker's sign of life
    environment.json   versions, device, data hash, threads
    steps.jsonl epochs.jsonl lr_changes.jsonl
    evaluations/       one look at the test set per epoch
    checkpoints/       weights per epoch, and the state to resume from
    orders/            what a page asked for and the worker has not taken yet
    log.txt            what the worker said
"""

from __future__ import annotations

import re
import secrets
import shutil
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from lab.errors import Code, LabError, RunError
from lab.files import disk_errors_in_words, lab_home, write_atomically
from lab.training import run_status
from lab.training.environment import read_environment
from lab.training.evaluation import Evaluation, read_evaluation
from lab.training.history import MAX_CURVE_POINTS, History, read_epochs, read_history
from lab.training.orders import Order, OrderBox
from lab.training.recipe import TrainSpec, check_recipe
from lab.training.run_status import Marker, RunStatus, Status

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["Run", "RunInfo", "create_run", "delete_run", "list_runs", "open_run", "runs_folder"]

SPEC_FILE = "spec.json"
LOG_FILE = "log.txt"
# Checked before an id from a link or the command line touches a path.
RUN_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{2,62}[a-z0-9])")


@dataclass(frozen=True)
class Run:
    """One run.

    Attributes:
        id: its name, unique in its lab home.
        path: its folder.
    """

    id: str
    path: Path

    @property
    def home(self) -> Path:
        """The lab's folder that this run lies in."""
        return self.path.parent.parent

    def spec(self) -> TrainSpec:
        """Read the recipe.

        Raises:
            RunError: RUN-DAMAGED, the file is missing or was altered.
        """
        try:
            return TrainSpec.from_json((self.path / SPEC_FILE).read_bytes())
        except FileNotFoundError:
            raise self._damaged("its recipe (spec.json) is missing") from None
        except (OSError, LabError) as error:
            reason = error.what if isinstance(error, LabError) else "the file cannot be opened"
            raise self._damaged(f"its recipe (spec.json) cannot be read: {reason}") from error

    def status(self) -> RunStatus:
        """Tell how it is doing; a damaged folder is a status too, never an error."""
        marker = run_status.current_marker(self.path)
        try:
            n_epochs = self.spec().epochs
            if marker is None:
                raise self._damaged("its status (status.json) is missing or cannot be read")
        except RunError as error:
            return RunStatus("damaged", message=error.sentence, code=error.code.value)
        return self._with_pulse(marker, n_epochs)

    def history(self, *, max_points: int = MAX_CURVE_POINTS) -> History:
        """Read the curves, thinned out to at most ``max_points`` points."""
        return read_history(self.path, max_points=max_points)

    def evaluation(self, epoch: int | None = None) -> Evaluation:
        """Read how it did on the test set after ``epoch`` (0: before training), by default the latest.

        Raises:
            RunError: RUN-STATE, there is none; RUN-DAMAGED, it cannot be read.
        """
        return read_evaluation(self.path, epoch)

    def checkpoints(self) -> tuple[int, ...]:
        """List the epochs whose weights are kept, ascending; 0 is the untrained network."""
        from lab.training.checkpoint import kept_epochs

        return kept_epochs(self.path)

    def load_state(self, epoch: int) -> dict[str, Tensor]:
        """Read the weights after ``epoch`` by name, checked against their SHA-256.

        Raises:
            RunError: RUN-STATE, not kept; RUN-DAMAGED, missing, cut short or altered.
        """
        from lab.training.checkpoint import load_weights

        return load_weights(self.path, epoch)

    def best_epoch(self) -> int | None:
        """Return the kept epoch with the highest test accuracy, the earliest of equals; ``None`` before the first."""
        kept = set(self.checkpoints())
        rows = [row for row in read_epochs(self.path) if row.epoch in kept]
        return max(rows, key=lambda row: row.test_accuracy).epoch if rows else None

    def environment(self) -> dict[str, object]:
        """Read versions, device, seed, data hash and threads; empty before the worker has started."""
        return read_environment(self.path)

    def log(self, n_lines: int = 50) -> str:
        """Read the end of what the worker said."""
        path = self.path / LOG_FILE
        text = path.read_text(errors="replace") if path.is_file() else ""
        return "\n".join(text.splitlines()[-n_lines:])

    def pause(self) -> None:
        """Ask the worker to save and wait.

        Raises:
            RunError: RUN-STATE, it does not run.
        """
        self._require("running", doing="paused")
        OrderBox(self.path).put(Order("pause"))

    def resume(self) -> None:
        """Go on: at once where a worker waits, else from the last checkpoint as soon as it is this run's turn.

        Raises:
            RunError: RUN-STATE, it runs already or is finished.
        """
        status = self._require("paused", "interrupted", "stopped", "failed", doing="resumed")
        if status == "paused" and run_status.has_live_worker(self.path):
            OrderBox(self.path).put(Order("resume"))
            return
        from lab.training.queue import submit

        submit(self)

    def stop(self) -> None:
        """End it where it is, keeping everything; it can be resumed later.

        Raises:
            RunError: RUN-STATE, it has ended already.
        """
        from lab.training.queue import withdraw

        status = self._require("queued", "running", "paused", doing="stopped")
        if (status == "queued" and withdraw(self)) or not self._is_held(status):
            message = "Stopped while it waited." if status == "queued" else "Stopped while paused."
            run_status.write_marker(self.path, Marker("stopped", f"{message} Resume goes on from there."))
        else:
            OrderBox(self.path).put(Order("stop"))

    def set_lr(self, lr: float | None) -> None:
        """Use the learning rate ``lr`` from the next step on; ``None`` goes back to the schedule.

        Raises:
            RunError: RUN-STATE, it is finished; INPUT, not a rate. In a run that does not run now the rate waits for
                it to be resumed, which helps a run that diverged.
        """
        if lr is not None and not 0 < lr <= 10:
            raise RunError(Code.INPUT, f"a learning rate of {lr:g} is not above 0 and at most 10", where=self.id)
        unfinished: tuple[Status, ...] = ("queued", "running", "paused", "interrupted", "stopped", "failed")
        self._require(*unfinished, doing="given another learning rate")
        OrderBox(self.path).put(Order("set_lr", lr))

    def _is_held(self, status: Status) -> bool:
        return status in ("running", "queued") or run_status.has_live_worker(self.path)

    def _require(self, *allowed: Status, doing: str) -> Status:
        status = self.status().status
        if status not in allowed:
            raise RunError(Code.RUN_STATE, f"a run that is {status} cannot be {doing}", where=self.id)
        return status

    def _damaged(self, what: str) -> RunError:
        return RunError(Code.RUN_DAMAGED, what, where=self.id, now="delete the run, or put the file back from a copy")

    def _with_pulse(self, marker: Marker, n_epochs: int) -> RunStatus:
        from lab.training.queue import place_in_line

        pulse = run_status.read_pulse(self.path)
        status = RunStatus(
            marker.status,
            place_in_line=place_in_line(self) if marker.status == "queued" else 0,
            message=marker.message,
            n_epochs=n_epochs,
            device=marker.device,
            code=marker.code,
            changed_at=marker.changed_at,
        )
        if pulse is None:
            return status
        runs = marker.status == "running"
        return replace(
            status,
            epoch=pulse.epoch,
            step=pulse.step,
            n_steps=pulse.n_steps,
            lr=pulse.lr,
            images_per_s=pulse.images_per_s if runs else 0.0,
            time_left_s=pulse.time_left_s if runs else None,
            device=pulse.device or marker.device,
            heartbeat=pulse.heartbeat,
            time_s=pulse.time_s,
        )


@dataclass(frozen=True)
class RunInfo:
    """A run in a list.

    Attributes:
        id: of the run.
        status: as in :class:`RunStatus`.
        message: one sentence, possibly empty; what is wrong with a damaged one.
        network, data: names of what is trained on what; empty when damaged.
        epoch, n_epochs: finished and planned epochs.
        test_accuracy: after the latest epoch, 0..1; ``None`` before the first.
        best_test_accuracy: the highest so far.
        created_at: seconds since 1970.
        spec: the recipe; ``None`` when damaged.
    """

    id: str
    status: Status
    message: str
    network: str
    data: str
    epoch: int
    n_epochs: int
    test_accuracy: float | None
    best_test_accuracy: float | None
    created_at: float
    spec: TrainSpec | None


def runs_folder(home: Path | None = None) -> Path:
    """Return the folder of all runs."""
    return lab_home(home).absolute() / "runs"


def create_run(spec: TrainSpec, home: Path | None = None) -> Run:
    """Make the folder of a new run; :func:`lab.training.queue.submit` then lets it be trained.

    Raises:
        LabError: the recipe does not fit its network or data (see :func:`check_recipe`), or the disk is full or
            read-only.
    """
    check_recipe(spec, home=home)
    folder = runs_folder(home)
    run = Run(run_id := _new_id(spec), folder / run_id)
    with disk_errors_in_words("the folder of runs"):
        run.path.mkdir(parents=True)
    try:
        write_atomically(run.path / SPEC_FILE, spec.to_json().encode())
        run_status.write_marker(run.path, Marker("stopped", "Not started yet."))
    except LabError:
        shutil.rmtree(run.path, ignore_errors=True)
        raise
    return run


def open_run(run_id: str, home: Path | None = None) -> Run:
    """Find a run by its id.

    Raises:
        RunError: RUN-UNKNOWN; an id that is not of a run's form never touches the disk.
    """
    path = runs_folder(home) / run_id if RUN_ID.fullmatch(run_id) else None
    if path is None or path.is_symlink() or not path.is_dir():
        raise RunError(Code.RUN_UNKNOWN, f"there is no run {run_id[:70]!r}", now="see the list of runs")
    return Run(run_id, path)


def list_runs(home: Path | None = None) -> list[RunInfo]:
    """List all runs, newest first; a damaged one is a row with a sentence, never an error."""
    folder = runs_folder(home)
    try:
        names = [path.name for path in folder.iterdir() if path.is_dir() and RUN_ID.fullmatch(path.name)]
    except OSError:
        return []
    rows = [_info(Run(name, folder / name)) for name in names]
    return sorted(rows, key=lambda row: (row.created_at, row.id), reverse=True)


def delete_run(run: Run) -> None:
    """Delete a run and everything it learned.

    Raises:
        RunError: RUN-STATE, a worker is busy with it.
    """
    from lab.training.queue import withdraw

    status = run.status().status
    if status == "queued":
        withdraw(run)
    if status in ("running", "paused", "queued") and run_status.has_live_worker(run.path):
        raise RunError(Code.RUN_STATE, "a worker is busy with this run", where=run.id, now="stop it first")
    # Renamed first, so that a kill in the middle leaves no run that is half there.
    grave = run.path.with_name(f".deleted-{run.id}-{secrets.token_hex(4)}")
    with disk_errors_in_words(run.id):
        run.path.rename(grave)
    shutil.rmtree(grave, ignore_errors=True)


def _new_id(spec: TrainSpec) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", spec.network.name.lower()).strip("-")[:24].strip("-") or "network"
    return f"{time.strftime('%Y%m%d-%H%M%S')}-{slug}-{secrets.token_hex(2)}"


def _info(run: Run) -> RunInfo:
    try:
        status, spec = run.status(), run.spec()
        rows = read_epochs(run.path)
        created_at = (run.path / SPEC_FILE).stat().st_mtime
    except (LabError, OSError) as error:
        reason = error.sentence if isinstance(error, LabError) else f"{run.id}: the folder cannot be read"
        return RunInfo(run.id, "damaged", reason, "", "", 0, 0, None, None, _created_at(run), None)
    return RunInfo(
        id=run.id,
        status=status.status,
        message=status.message,
        network=spec.network.name,
        data=spec.data,
        epoch=rows[-1].epoch if rows else 0,
        n_epochs=spec.epochs,
        test_accuracy=rows[-1].test_accuracy if rows else None,
        best_test_accuracy=max((row.test_accuracy for row in rows), default=None),
        created_at=created_at,
        spec=spec,
    )


def _created_at(run: Run) -> float:
    try:
        return run.path.stat().st_mtime
    except OSError:
        return 0.0
