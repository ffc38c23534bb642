"""Adding up what the steps found: rows of the training curve, means of an epoch, speed and time left."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass

from lab.training.history import MAX_STORED_STEPS, StepRow


@dataclass
class _Sums:
    loss: float = 0.0
    n_correct: int = 0
    n_images: int = 0
    n_steps: int = 0

    def add(self, loss: float, n_correct: int, n_images: int) -> None:
        self.loss += loss * n_images
        self.n_correct += n_correct
        self.n_images += n_images
        self.n_steps += 1


class CurveMeter:
    """Turns steps into rows: one row per ``stride`` steps, and never across the end of an epoch.

    What it holds is a part of a checkpoint, so that a resumed run writes the same rows as one that was not interrupted.

    Args:
        n_steps: steps of the whole run; decides the stride, so that a run stores at most about 4,000 rows.
        steps_per_epoch: steps of an epoch.
    """

    def __init__(self, n_steps: int, steps_per_epoch: int) -> None:
        self._stride = -(-n_steps // MAX_STORED_STEPS)
        self._steps_per_epoch = steps_per_epoch
        self._row = _Sums()
        self._epoch = _Sums()

    def add(self, step: int, loss: float, n_correct: int, n_images: int, lr: float) -> StepRow | None:
        """Count step number ``step`` (from 1); returns a row when one is complete."""
        self._row.add(loss, n_correct, n_images)
        self._epoch.add(loss, n_correct, n_images)
        if self._row.n_steps < self._stride and step % self._steps_per_epoch:
            return None
        row, self._row = self._row, _Sums()
        epoch = (step - 1) // self._steps_per_epoch + 1
        return StepRow(step, epoch, row.loss / row.n_images, lr, row.n_correct / row.n_images)

    def end_epoch(self) -> tuple[float | None, float | None]:
        """Return mean loss and accuracy since the last call (``None`` without steps), and begin anew."""
        epoch, self._epoch = self._epoch, _Sums()
        if not epoch.n_images:
            return None, None
        return epoch.loss / epoch.n_images, epoch.n_correct / epoch.n_images

    def numbers(self) -> dict[str, float | int]:
        """Return what it holds as plain numbers."""
        named = {"row": asdict(self._row), "epoch": asdict(self._epoch)}
        return {f"{part}.{name}": value for part, sums in named.items() for name, value in sums.items()}

    def restore(self, numbers: dict[str, float | int]) -> None:
        """Put back what :meth:`numbers` gave."""
        for part, sums in (("row", self._row), ("epoch", self._epoch)):
            for name in asdict(sums):
                setattr(sums, name, numbers[f"{part}.{name}"])


class SpeedMeter:
    """Measures images per second while steps are taken, and estimates the time left.

    Args:
        images_per_epoch: training images of an epoch.
    """

    # Weight of the newest measurement: a change is visible within a second and a single slow step is not.
    _SMOOTHING = 0.3

    def __init__(self, images_per_epoch: int) -> None:
        self._images_per_epoch = images_per_epoch
        self._since = time.perf_counter()
        self._epoch_images = 0
        self._epoch_s = 0.0
        self._between_epochs_s = 0.0
        self.images_per_s = 0.0

    def skip(self) -> None:
        """Leave out the time since the last call: it was not spent on steps."""
        self._since = time.perf_counter()

    def add(self, n_images: int) -> None:
        """Count images whose steps were taken since the last call."""
        now = time.perf_counter()
        spent_s, self._since = max(now - self._since, 1e-9), now
        self._epoch_images += n_images
        self._epoch_s += spent_s
        speed = n_images / spent_s
        old = self.images_per_s
        self.images_per_s = speed if old == 0 else old + self._SMOOTHING * (speed - old)

    def end_epoch(self) -> float | None:
        """Return the epoch's mean speed (``None`` without steps), and begin anew."""
        speed = self._epoch_images / self._epoch_s if self._epoch_s else None
        self._epoch_images, self._epoch_s = 0, 0.0
        return speed

    def set_between_epochs(self, time_s: float) -> None:
        """Say how long evaluating and saving takes at the end of an epoch."""
        self._between_epochs_s = time_s

    def time_left_s(self, n_epochs_left: float) -> float | None:
        """Estimate the seconds for that many epochs; ``None`` before anything was measured."""
        if not self.images_per_s:
            return None
        return n_epochs_left * (self._images_per_epoch / self.images_per_s + self._between_epochs_s)
