"""Training on the plane, one exact step at a time.

Everything random is drawn from the seed and the number of the epoch or step, never from where a generator happens to
stand. So N single steps are one play of N steps, bit for bit, and a trained state is a few kilobytes: weights,
optimizer, and three counters.
"""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Generator, Tensor, nn

from lab.errors import Code, TrainingError
from lab.theory.neurons.plane_data import make_data
from lab.theory.neurons.plane_features import make_features
from lab.theory.neurons.plane_loss import Score, output_loss, penalty, score
from lab.theory.neurons.plane_network import PlaneNetwork
from lab.theory.neurons.plane_spec import OptimizerName, PlaneSpec

NormPart = Literal["gamma", "beta"]

# An epoch of single points: 450 drawn and 300 of one's own, with some to spare.
MAX_STEPS_AT_ONCE = 1_000
MAX_WEIGHT = 1_000.0
MOMENTUM = 0.9
# Points of the curves; when there are more, every second is dropped and half as many are added from then on.
MAX_HISTORY = 240


@dataclass(frozen=True)
class Moment:
    """The scores after so many epochs (a fraction within an epoch)."""

    epoch: float
    train: Score
    test: Score


class PlaneTrainer:
    """A network on the plane and the state of its training.

    Args:
        spec: what is trained, on what and how.
    """

    def __init__(self, spec: PlaneSpec) -> None:
        self.spec = spec
        self.data = make_data(spec)
        self.network = PlaneNetwork(spec)
        self.optimizer = make_optimizer(spec, self.network)
        self.n_steps = 0
        self.n_epochs = 0
        self.n_seen = 0  # points of this epoch that were trained on
        self._order: Tensor | None = None
        self._features = make_features(self.data.train.points, spec.inputs)
        self.begin_history()

    def begin_history(self) -> None:
        """Begin the curves at this moment."""
        self.history: list[Moment] = [self.now()]
        self._history_stride = 1
        self._order = None

    def twin(self) -> PlaneTrainer:
        """Another trainer of the very same network and optimizer.

        To look at them under another spec (``adopt``) while this one stays as it is; only one of the two may go on.
        """
        twin = copy.copy(self)
        twin.history = list(self.history)
        return twin

    def adopt(self, spec: PlaneSpec) -> None:
        """Go on under a spec of the same shape: other points, rates, batches, penalties; the weights stay.

        Raises:
            ValueError: the shape is another one, which needs a new trainer.
        """
        if spec.shape != self.spec.shape:
            raise ValueError("another shape needs another trainer")
        before, self.spec = self.spec, spec
        self.data = make_data(spec)
        self._features = make_features(self.data.train.points, spec.inputs)
        self._order = None
        if spec.optimizer != before.optimizer:
            self.optimizer = make_optimizer(spec, self.network)

    def step(self, n: int = 1, *, limit_s: float = math.inf) -> int:
        """Train on the next ``n`` batches.

        Args:
            n: steps, 1 to ``MAX_STEPS_AT_ONCE``; more are cut, so that one visitor cannot keep the others waiting.
            limit_s: stop after the step in which this time ran out, seconds.

        Returns:
            The number of steps taken, at least 1.

        Raises:
            TrainingError: there is nothing to train on, or the loss stopped being a number.
        """
        self._check_trainable()
        for group in self.optimizer.param_groups:
            group["lr"] = self.spec.lr
        end = time.monotonic() + limit_s
        before = self.n_steps
        for _ in range(max(1, min(n, MAX_STEPS_AT_ONCE))):
            self._one_step()
            if time.monotonic() >= end:
                break
        self.check_finite()
        return self.n_steps - before

    def steps_to_epoch_end(self) -> int:
        """How many steps are left of this epoch, at least 1."""
        left = max(0, len(self.data.train) - self.n_seen)
        return max(1, math.ceil(left / self.spec.batch_size))

    def check_finite(self) -> None:
        """Say so when the weights have run away.

        Raises:
            TrainingError: a weight or bias is infinite or no number.
        """
        if not all(bool(value.isfinite().all()) for value in self.network.parameters()):
            raise TrainingError(
                Code.TRAINING_DIVERGED,
                f"after {self.n_steps} steps at a learning rate of {self.spec.lr:g} the weights are no longer numbers",
                now="lower the learning rate and reset",
            )

    def set_weight(self, layer: int, neuron: int, source: int, value: float) -> None:
        """Write one weight; ``layer`` counts from 0, the output is the last.

        Raises:
            TrainingError: there is no such weight, or the value is not a number within ±1000.
        """
        weight = self._layer(layer).weight
        if not (0 <= neuron < weight.shape[0] and 0 <= source < weight.shape[1]):
            raise TrainingError(Code.INPUT, f"there is no weight {source} into neuron {neuron} of layer {layer}")
        with torch.no_grad():
            weight[neuron, source] = _checked_number(value)

    def set_bias(self, layer: int, neuron: int, value: float) -> None:
        """Write one bias; ``layer`` counts from 0, the output is the last.

        Raises:
            TrainingError: there is no such bias, or the value is not a number within ±1000.
        """
        bias = self._layer(layer).bias
        if bias is None or not 0 <= neuron < len(bias):
            raise TrainingError(Code.INPUT, f"neuron {neuron} of layer {layer} has no bias", now="switch bias on")
        with torch.no_grad():
            bias[neuron] = _checked_number(value)

    def set_norm(self, part: NormPart, layer: int, neuron: int, value: float) -> None:
        """Write a neuron's gamma or beta of batch norm; ``layer`` counts from 0, the output has none.

        Raises:
            TrainingError: there is no such number, or the value is not a number within ±1000.
        """
        norm = self.network.norms[layer] if 0 <= layer < len(self.network.norms) else None
        if not isinstance(norm, nn.BatchNorm1d) or not 0 <= neuron < norm.num_features:
            raise TrainingError(
                Code.INPUT, f"neuron {neuron} of layer {layer} has no batch norm", now="switch batch norm on"
            )
        with torch.no_grad():
            (norm.weight if part == "gamma" else norm.bias)[neuron] = _checked_number(value)

    def now(self) -> Moment:
        """The scores at this moment."""
        within = self.n_seen / max(1, len(self.data.train))
        train, test = (score(self.spec, self.network, part) for part in (self.data.train, self.data.test))
        return Moment(self.n_epochs + min(within, 1.0), train, test)

    def _layer(self, layer: int) -> nn.Linear:
        if not 0 <= layer < len(self.network.linears):
            raise TrainingError(Code.INPUT, f"there is no layer {layer}")
        return self.network.linear(layer)

    def _check_trainable(self) -> None:
        if not len(self.data.train):
            raise TrainingError(Code.RECIPE, "there are no points to train on", now="click some into the picture")
        self.check_finite()
        if self.spec.batch_norm and min(self.spec.batch_size, len(self.data.train)) < 2:
            raise TrainingError(
                Code.RECIPE, "batch norm needs at least 2 points in a batch to find a variance",
                now="raise the batch size or switch batch norm off",
            )  # fmt: skip

    def _one_step(self) -> None:
        batch = self._next_batch()
        features, target = self._features[batch], self.data.train.target[batch]
        generator = Generator().manual_seed(_mixed(self.spec.seed, 2, self.n_steps)) if self.spec.dropout else None
        self.network.train()
        self.optimizer.zero_grad()
        output = self.network(features, self.spec.dropout, generator)
        loss = output_loss(self.spec, output, target)
        if self.spec.penalty != "none":
            loss = loss + penalty(self.spec, self.network)
        loss.backward()  # type: ignore[no-untyped-call]
        self.optimizer.step()
        self.n_steps += 1
        self.n_seen += len(batch)
        if self.n_seen >= len(self.data.train) or self._is_rest_too_small():
            self.n_epochs, self.n_seen, self._order = self.n_epochs + 1, 0, None
            self._note()

    def _next_batch(self) -> Tensor:
        n_train = len(self.data.train)
        if self.n_seen >= n_train or self._is_rest_too_small():  # points were taken away since the last step
            self.n_seen = 0
        if self._order is None:
            generator = Generator().manual_seed(_mixed(self.spec.seed, 1, self.n_epochs))
            self._order = torch.randperm(n_train, generator=generator)
        return self._order[self.n_seen : self.n_seen + self.spec.batch_size]

    def _is_rest_too_small(self) -> bool:
        """Batch norm cannot train on one point: a single point left over waits for the next epoch."""
        return self.spec.batch_norm and len(self.data.train) - self.n_seen == 1

    def _note(self) -> None:
        if self.n_epochs % self._history_stride == 0:
            self.history.append(self.now())
        if len(self.history) > MAX_HISTORY:
            self.history = self.history[::2]
            self._history_stride *= 2


def make_optimizer(spec: PlaneSpec, network: PlaneNetwork) -> torch.optim.Optimizer:
    """``torch.optim``'s own optimizer with the spec's learning rate and PyTorch's other defaults; momentum is 0.9."""
    made: dict[OptimizerName, Callable[..., torch.optim.Optimizer]] = {
        "sgd": torch.optim.SGD,
        "momentum": torch.optim.SGD,
        "rmsprop": torch.optim.RMSprop,
        "adam": torch.optim.Adam,
    }
    options: dict[str, float] = {"momentum": MOMENTUM} if spec.optimizer == "momentum" else {}
    # One fused pass costs less than the steps of a dozen tiny tensors; RMSprop has none.
    is_fused = {} if spec.optimizer == "rmsprop" else {"fused": True}
    return made[spec.optimizer](network.parameters(), lr=spec.lr, **options, **is_fused)


def _mixed(seed: int, purpose: int, number: int) -> int:
    """A seed for one epoch's order (purpose 1) or one step's dropout (2), different for each."""
    return (seed * 1_000_003 + number) * 4 + purpose


def _checked_number(value: float) -> float:
    number = float(value)
    if not math.isfinite(number) or abs(number) > MAX_WEIGHT:
        raise TrainingError(Code.INPUT, f"{number:g} cannot be a weight", now=f"give a number within ±{MAX_WEIGHT:g}")
    return number
