"""One process's work on one run: steps, orders, rows, evaluations and checkpoints, in an order that survives a kill.

The state to resume from is written last at the end of an epoch: whatever was written before it and is repeated after a
kill comes out the same, bit for bit.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import replace

import torch

from lab.data.image_set import load_image_set
from lab.errors import Code, RunError, TrainingError
from lab.files import remove_leftovers
from lab.training import run_status
from lab.training.checkpoint import ResumeState, forget_after, load_resume, save_resume, save_weights
from lab.training.device import device_title, resolve_device
from lab.training.engine import Engine, StepResult
from lab.training.environment import describe_environment, keep_environment
from lab.training.evaluation import forget_evaluations_after, write_evaluation
from lab.training.events import Ending, EpochEvent, Event, StepEvent
from lab.training.history import EpochRow, HistoryWriter, LrChange, StepRow, read_history
from lab.training.meter import CurveMeter, SpeedMeter
from lab.training.orders import Order, OrderBox
from lab.training.pulse import Heart
from lab.training.recipe import TrainSpec
from lab.training.run_folder import Run
from lab.training.run_status import Marker, Status
from lab.training.schedule import lr_at

# Most seconds of training that a kill can cost.
SAVE_INTERVAL_S = 30.0
# How often the losses are read from the device and written: live for the eye, and hardly a cost.
_READ_INTERVAL_S = 0.25
_PAUSE_POLL_S = 0.05


class Trainer:
    """Trains a run from where it stands.

    Args:
        spec: the recipe, equal to the run's.
        run: where everything is written; nobody else writes there.
        heart: gets the numbers of the pulse.
        give_way: asked while paused, whether to leave.
        save_interval_s: most seconds between two states to resume from.

    Raises:
        LabError: the images, the device or the checkpoints cannot be had.
    """

    def __init__(
        self, spec: TrainSpec, run: Run, heart: Heart, give_way: Callable[[], bool], save_interval_s: float
    ) -> None:
        if spec != run.spec():
            raise RunError(Code.RUN_STATE, "the recipe is not the one that this run was made for", where=run.id)
        self._spec, self._run, self._heart = spec, run, heart
        self._give_way, self._save_interval_s = give_way, save_interval_s
        self._orders, self._taken = OrderBox(run.path), deque[Order]()
        for folder in (run.path, *run.path.glob("*/")):
            remove_leftovers(folder)
        image_set = load_image_set(spec.data, home=run.home)
        self._engine = Engine(spec, image_set, resolve_device(spec.device))
        self._history = HistoryWriter(run.path)
        self._curve = CurveMeter(self._engine.n_steps, self._engine.steps_per_epoch)
        self.message = ""
        is_resumed = self._restore()
        keep_environment(run.path, describe_environment(self._engine, image_set), resuming=is_resumed)
        known = read_history(run.path)
        self._changes, self._rows = list(known.lr_changes), list(known.epochs)
        self._speed = SpeedMeter(len(self._engine.train_images))
        self._unread: list[tuple[StepResult, float]] = []
        self._last_loss: float | None = None
        self._is_between_steps = True
        self._epoch_began_at = self._saved_at = time.monotonic()
        self._read_at = -math.inf  # the first step is read at once: the curve begins where the learner can see it
        heart.set(n_steps=self._engine.n_steps, step=self._engine.step_number, device=device_title(self._engine.device))
        heart.beat()

    def events(self) -> Generator[Event, None, Ending]:
        """Train to the end, to a stop, or to a pause that gives way; returns how it ended."""
        at_epoch_end = self._engine.step_number % self._engine.steps_per_epoch == 0
        if at_epoch_end and all(row.epoch != self._n_epochs_done for row in self._rows):
            yield self._end_epoch()  # epoch 0, or an epoch that was cut off between its last step and its evaluation
            self._speed.skip()
        while self._engine.step_number < self._engine.n_steps:
            ending = self._stop_early() or self._follow_orders()
            if ending:
                return ending
            self._step()
            is_epoch_end = self._engine.step_number % self._engine.steps_per_epoch == 0
            if is_epoch_end or time.monotonic() - self._read_at >= _READ_INTERVAL_S:
                yield self._read()
                self._speed.skip()  # whoever asks for the events may take his time
            if is_epoch_end:
                yield self._end_epoch()
                self._speed.skip()
            elif time.monotonic() - self._saved_at >= self._save_interval_s:
                self.save()
        return "done", ""

    def save(self) -> None:
        """Save everything needed to go on from here, bit for bit."""
        if self._unread:
            self._read()
        step = self._engine.step_number
        save_resume(self._run.path, ResumeState(step, self._engine.state(), self._curve.numbers()))
        self._history.sync()
        self._saved_at = time.monotonic()
        self._speed.skip()

    def save_if_between_steps(self) -> None:
        """Save unless a step was cut off in the middle: then the last checkpoint stays the place to go on from."""
        if self._is_between_steps:
            self.save()

    @property
    def _n_epochs_done(self) -> int:
        return self._engine.step_number // self._engine.steps_per_epoch

    def _restore(self) -> bool:
        """Go to the last whole state; ``False`` when the run begins."""
        state, self.message = load_resume(self._run.path)
        step = state.step if state else 0
        epoch = step // self._engine.steps_per_epoch if state else -1
        forget_after(self._run.path, step=step, epoch=epoch)
        forget_evaluations_after(self._run.path, epoch)
        self._history.go_back_to(step, epoch)
        if state is None:
            return False
        self._engine.restore(state.tensors, step)
        self._curve.restore(state.numbers)
        return True

    def _step(self) -> None:
        lr = self._lr(self._engine.step_number)
        self._is_between_steps = False
        self._unread.append((self._engine.step(lr), lr))
        self._is_between_steps = True

    def _lr(self, step: int) -> float:
        return lr_at(self._spec.schedule, self._spec.lr, step, self._engine.n_steps, self._changes)

    def _read(self) -> StepEvent:
        """Fetch the losses of the steps since the last call, write their rows, renew the pulse."""
        unread, self._unread = self._unread, []
        losses = torch.stack([result.loss for result, _ in unread]).tolist()
        n_correct = torch.stack([result.n_correct for result, _ in unread]).tolist()
        rows: list[StepRow] = []
        for place, (result, lr) in enumerate(unread):
            step = self._engine.step_number - len(unread) + place + 1
            if not math.isfinite(losses[place]):
                self._history.add_steps(rows)
                raise self._diverged(f"the loss became {_in_a_word(losses[place])} at step {step}", lr)
            row = self._curve.add(step, losses[place], n_correct[place], result.n_images, lr)
            rows += [row] if row else []
            self._last_loss = losses[place]
        self._history.add_steps(rows)
        self._read_at = time.monotonic()
        self._speed.add(sum(result.n_images for result, _ in unread))
        return self._tell(losses[-1], unread[-1][1])

    def _tell(self, loss: float, lr: float) -> StepEvent:
        step, per_epoch = self._engine.step_number, self._engine.steps_per_epoch
        event = StepEvent(
            step=step,
            n_steps=self._engine.n_steps,
            epoch=(step - 1) // per_epoch + 1,
            loss=loss,
            lr=lr,
            images_per_s=self._speed.images_per_s,
            time_left_s=self._speed.time_left_s(self._spec.epochs - step / per_epoch),
        )
        self._heart.set(
            step=step,
            epoch=event.epoch,
            lr=lr,
            images_per_s=event.images_per_s,
            time_left_s=event.time_left_s,
            time_s=sum(row.time_s for row in self._rows) + time.monotonic() - self._epoch_began_at,
        )
        return event

    def _end_epoch(self) -> EpochEvent:
        """Evaluate, write, and save; the state to resume from comes last."""
        began_at, epoch, step = time.monotonic(), self._n_epochs_done, self._engine.step_number
        evaluation = self._engine.evaluate(epoch)
        lr = self._lr(max(0, step - 1))
        if not math.isfinite(evaluation.loss):
            raise self._diverged(f"the test loss became {_in_a_word(evaluation.loss)} after epoch {epoch}", lr)
        train_loss, train_accuracy = self._curve.end_epoch()
        write_evaluation(self._run.path, evaluation)
        now = time.monotonic()
        speed = self._speed.end_epoch()
        loss, accuracy = evaluation.loss, evaluation.accuracy
        time_s, self._epoch_began_at = now - self._epoch_began_at, now
        row = EpochRow(epoch, step, train_loss, train_accuracy, loss, accuracy, speed, lr, time_s)
        self._rows.append(row)
        best = max(self._rows, key=lambda row: row.test_accuracy).epoch
        save_weights(self._run.path, epoch, self._engine.weights(), keep={best})
        self._history.add_epoch(row)
        self.save()
        self._speed.set_between_epochs(time.monotonic() - began_at)
        return EpochEvent(row, self._spec.epochs)

    def _stop_early(self) -> Ending | None:
        patience = self._spec.early_stop_epochs
        if not patience or self._engine.step_number % self._engine.steps_per_epoch:
            return None
        best = min(self._rows, key=lambda row: row.test_loss).epoch
        if self._rows[-1].epoch - best < patience:
            return None
        return "done", f"Stopped early after epoch {self._rows[-1].epoch}: the test loss was lowest after epoch {best}."

    def _follow_orders(self) -> Ending | None:
        self._taken.extend(self._orders.take())
        while self._taken:
            order = self._taken.popleft()
            ending = self._pause() if order.name == "pause" else self._follow(order)
            if ending:
                return ending
        return None

    def _follow(self, order: Order) -> Ending | None:
        """Follow any order but a pause."""
        step = self._engine.step_number
        if order.name == "set_lr":
            change = LrChange(step, order.lr)
            self._history.add_lr_change(change)
            self._changes.append(change)
        if order.name == "stop":
            self.save()
            return "stopped", f"Stopped at step {step:,} of {self._engine.n_steps:,}. Resume goes on from here."
        if order.name == "interrupt":
            self.save()
            return "interrupted", f"Interrupted at step {step:,}. Resume goes on from here."
        return None

    def _pause(self) -> Ending | None:
        """Save and wait for the next order; leave when asked to give way."""
        self.save()
        before = run_status.read_marker(self._run.path) or Marker("running")
        paused_at = time.monotonic()
        self._set_status(before, "paused")
        while True:
            self._taken.extend(self._orders.take())
            order = self._taken.popleft() if self._taken else None
            if order and order.name == "resume":
                break
            if order and (ending := self._follow(order)):
                return ending
            if order is None and self._give_way():
                return "paused", "Paused; another run uses the device meanwhile."
            if order is None:
                time.sleep(_PAUSE_POLL_S)
        self._set_status(before, "running")
        self._epoch_began_at += time.monotonic() - paused_at
        self._speed.skip()
        return None

    def _set_status(self, before: Marker, status: Status) -> None:
        run_status.write_marker(self._run.path, replace(before, status=status, message="", code=""))

    def _diverged(self, what: str, lr: float) -> TrainingError:
        before = "" if self._last_loss is None else f", after {self._last_loss:.3g} the step before"
        return TrainingError(
            Code.TRAINING_DIVERGED,
            f"{what}{before}, at a learning rate of {lr:.3g}: the steps were too long and the weights grew too large",
            where=f"epoch {self._n_epochs_done + 1}",
            now=f"resume with a learning rate of {lr / 10:.2g} or less; training goes on from the last checkpoint",
        )


def _in_a_word(value: float) -> str:
    return "not a number (NaN)" if math.isnan(value) else "infinite"
