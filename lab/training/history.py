"""The curves of a run: append-only lines of JSON, so that a kill costs at most the line being written.

Three files, each one row a line: ``steps.jsonl`` (the training loss), ``epochs.jsonl`` (a row after each pass over the
training images) and ``lr_changes.jsonl`` (learning rates that somebody set by hand). Reading tolerates a half-written
last line; writing cuts it off first.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from lab.files import disk_errors_in_words, write_atomically
from lab.training.saved import read_saved, saved

STEPS_FILE = "steps.jsonl"
EPOCHS_FILE = "epochs.jsonl"
LR_CHANGES_FILE = "lr_changes.jsonl"
# A curve on the screen is some 600 px wide; more points cost time in the browser and show nothing.
MAX_CURVE_POINTS = 200
# Rows on disk: enough to see every wiggle of a short run, and a few milliseconds to read for a long one.
MAX_STORED_STEPS = 4000


@saved
@dataclass(frozen=True)
class StepRow:
    """One point of the training curve: the mean over the steps since the row before.

    Attributes:
        step: number of steps taken, from 1, over the whole run.
        epoch: the epoch it belongs to, from 1.
        loss: mean training loss.
        lr: learning rate of the last of these steps.
        accuracy: share of the training images of these steps that were classified correctly, 0..1.
    """

    step: int
    epoch: int
    loss: float
    lr: float
    accuracy: float


@saved
@dataclass(frozen=True)
class EpochRow:
    """What one epoch brought; row 0 is the network before training (its ``train_*`` and speed are ``None``).

    Attributes:
        epoch: 0 before training, then from 1.
        step: steps taken so far.
        train_loss, train_accuracy: means over the epoch's batches, while the weights were still moving.
        test_loss, test_accuracy: on the whole test set after the epoch, in evaluation mode.
        images_per_s: training images per second, evaluation and saving not counted.
        lr: learning rate of the epoch's last step.
        time_s: seconds that this epoch took, evaluation and saving included.
    """

    epoch: int
    step: int
    train_loss: float | None
    train_accuracy: float | None
    test_loss: float
    test_accuracy: float
    images_per_s: float | None
    lr: float
    time_s: float


@saved
@dataclass(frozen=True)
class LrChange:
    """From the step after ``step`` on, the learning rate is ``lr``; ``None`` goes back to the schedule."""

    step: int
    lr: float | None


@dataclass(frozen=True)
class History:
    """The curves of a run as they are now.

    Attributes:
        steps: the training curve, at most as many points as were asked for.
        epochs: a row per finished epoch, the one before training first.
        lr_changes: learning rates set by hand, oldest first.
        n_damaged_lines: lines that could not be read and were left out; a half-written last line does not count.
    """

    steps: tuple[StepRow, ...] = ()
    epochs: tuple[EpochRow, ...] = ()
    lr_changes: tuple[LrChange, ...] = ()
    n_damaged_lines: int = 0


Row = TypeVar("Row", StepRow, EpochRow, LrChange)


def read_history(folder: Path, *, max_points: int = MAX_CURVE_POINTS) -> History:
    """Read the curves of the run in ``folder``; missing files are empty curves, damaged lines are left out.

    Args:
        folder: the run's folder.
        max_points: most points of the step curve that are wanted, at least 1; neighbours are averaged.
    """
    steps, n_bad_steps = _read_rows(folder / STEPS_FILE, StepRow)
    epochs, n_bad_epochs = _read_rows(folder / EPOCHS_FILE, EpochRow)
    changes, n_bad_changes = _read_rows(folder / LR_CHANGES_FILE, LrChange)
    n_damaged = n_bad_steps + n_bad_epochs + n_bad_changes
    return History(thin_out(steps, max_points), tuple(epochs), tuple(changes), n_damaged)


def read_epochs(folder: Path) -> tuple[EpochRow, ...]:
    """Read the epochs' rows only, without the many steps."""
    return tuple(_read_rows(folder / EPOCHS_FILE, EpochRow)[0])


def thin_out(rows: Sequence[StepRow], max_points: int) -> tuple[StepRow, ...]:
    """Average neighbouring rows until at most ``max_points`` are left; the last step stays the last.

    Examples:
        >>> rows = [StepRow(step, 1, float(step), 0.1, 0.5) for step in range(1, 7)]
        >>> [(row.step, row.loss) for row in thin_out(rows, 3)]
        [(2, 1.5), (4, 3.5), (6, 5.5)]
    """
    width = -(-len(rows) // max_points)
    return tuple(_mean_row(rows[start : start + width]) for start in range(0, len(rows), width or 1))


class HistoryWriter:
    """Appends rows to a run's history; the only writer of these three files.

    Args:
        folder: the run's folder; half-written last lines left by a kill are cut off at once.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        for name in (STEPS_FILE, EPOCHS_FILE, LR_CHANGES_FILE):
            _cut_half_line(folder / name)

    def add_steps(self, rows: Iterable[StepRow]) -> None:
        """Append points of the training curve."""
        self._append(STEPS_FILE, rows)

    def add_epoch(self, row: EpochRow) -> None:
        """Append an epoch's row."""
        self._append(EPOCHS_FILE, [row])

    def add_lr_change(self, change: LrChange) -> None:
        """Append a learning rate set by hand, and force it to the disk before it takes effect."""
        self._append(LR_CHANGES_FILE, [change])
        self.sync()

    def sync(self) -> None:
        """Force everything appended so far to the disk (a kill loses nothing without it, a power cut would)."""
        for name in (STEPS_FILE, EPOCHS_FILE, LR_CHANGES_FILE):
            path = self._folder / name
            if path.exists():
                with disk_errors_in_words(name), path.open("ab") as file:
                    os.fsync(file.fileno())

    def go_back_to(self, step: int, epoch: int) -> None:
        """Forget what came after a checkpoint, because it is about to happen again.

        Learning rates set by hand stay: the repeated steps get them at the same step as before.

        Args:
            step: steps taken at the checkpoint.
            epoch: epochs finished at the checkpoint.
        """
        _keep_rows(self._folder / STEPS_FILE, StepRow, lambda row: row.step <= step)
        _keep_rows(self._folder / EPOCHS_FILE, EpochRow, lambda row: row.epoch <= epoch)

    def _append(self, name: str, rows: Iterable[StepRow] | Iterable[EpochRow] | Iterable[LrChange]) -> None:
        text = "".join(_line(row) for row in rows)
        if text:
            # Unbuffered: one write call per batch of rows, and nothing left to write while the file is closed.
            with disk_errors_in_words(name), (self._folder / name).open("ab", buffering=0) as file:
                file.write(text.encode())


def _line(row: StepRow | EpochRow | LrChange) -> str:
    return json.dumps(vars(row), allow_nan=False) + "\n"


def _read_rows(path: Path, row_type: type[Row]) -> tuple[list[Row], int]:
    if not path.is_file():
        return [], 0
    # What follows the last line break is either nothing or a line still being written.
    lines = path.read_bytes().split(b"\n")[:-1]
    rows = [row for line in lines if (row := _parse(line, row_type)) is not None]
    return rows, len(lines) - len(rows)


def _parse(line: bytes, row_type: type[Row]) -> Row | None:
    try:
        return read_saved(row_type, line)
    except ValueError:
        return None


def _keep_rows(path: Path, row_type: type[Row], wanted: Callable[[Row], bool]) -> None:
    rows, _ = _read_rows(path, row_type)
    kept = [row for row in rows if wanted(row)]
    if path.is_file() and len(kept) < len(rows):
        write_atomically(path, "".join(_line(row) for row in kept).encode())


def _cut_half_line(path: Path) -> None:
    if path.is_file():
        content = path.read_bytes()
        n_whole_bytes = content.rfind(b"\n") + 1
        if n_whole_bytes < len(content):
            os.truncate(path, n_whole_bytes)


def _mean_row(rows: Sequence[StepRow]) -> StepRow:
    last = rows[-1]
    loss = sum(row.loss for row in rows) / len(rows)
    accuracy = sum(row.accuracy for row in rows) / len(rows)
    return StepRow(last.step, last.epoch, loss, last.lr, accuracy)
