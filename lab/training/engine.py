"""The arithmetic of training, without files: one network, its images on the device, one step at a time.

Everything random comes from the run's own generator and, for dropout, from torch's global one, whose state is a part of
this engine's state: a worker is a process of its own, so nobody else draws from it.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from lab.network.build import Network, build_network
from lab.network.summary import summarize
from lab.training.batches import BatchSource, channel_statistics_for, choose_training_images
from lab.training.device import amp_dtype
from lab.training.evaluation import Evaluation, evaluate
from lab.training.losses import make_loss
from lab.training.optimizers import make_optimizer, optimizer_tensors, restore_optimizer, take_step

if TYPE_CHECKING:
    from lab.data.image_set import ImageSet
    from lab.training.recipe import TrainSpec

# Test images at once: larger gains nothing on a CPU, and the activations of a small network stay within its cache.
_EVALUATION_BATCH = 500
_NETWORK = "network."


@dataclass(frozen=True)
class StepResult:
    """What one step found, still on the device, so that nobody waits for it.

    Attributes:
        loss: mean loss of the batch, a scalar.
        n_correct: images classified correctly before the step, a scalar.
        n_images: size of the batch.
    """

    loss: Tensor
    n_correct: Tensor
    n_images: int


class Engine:
    """A network in training.

    Args:
        spec: the recipe.
        image_set: its images.
        device: where to compute.
    """

    def __init__(self, spec: TrainSpec, image_set: ImageSet, device: torch.device) -> None:
        self.spec = spec
        self.device = device
        self.n_classes = len(image_set.classes)
        torch.manual_seed(spec.seed)
        self.generator = torch.Generator().manual_seed(spec.seed)
        self.network: Network = build_network(spec.network, seed=spec.seed)
        self.network.to(device).to(memory_format=torch.channels_last)
        self.optimizer = make_optimizer(spec, self.network.parameters())
        self.loss = make_loss(spec.loss)
        self._place_images(image_set)
        batch_macs = spec.batch_size * summarize(spec.network).n_macs
        self.amp_dtype = amp_dtype(device, spec.amp, batch_macs)
        self.steps_per_epoch = _count_batches(len(self.train_images), spec.batch_size, self._has_batch_norm())
        self.n_steps = self.steps_per_epoch * spec.epochs
        self.step_number = 0
        self._order = torch.empty(0, dtype=torch.int64)

    def step(self, lr: float) -> StepResult:
        """Take one step: the next batch forward, backward, and the weights moved at rate ``lr``."""
        place = self.step_number % self.steps_per_epoch
        if place == 0:
            self._shuffle()
        index = self._order[place * self.spec.batch_size : (place + 1) * self.spec.batch_size]
        images, labels = self.train_images.batch(index, self.spec.augment, self.generator)
        for group in self.optimizer.param_groups:
            group["lr"] = lr
        self.optimizer.zero_grad(set_to_none=True)
        logits = self._logits(images)
        loss = self.loss(logits, labels)
        loss.backward()  # type: ignore[no-untyped-call]
        take_step(self.optimizer)
        self.step_number += 1
        n_correct = (logits.detach().argmax(dim=1) == labels).sum()
        return StepResult(loss.detach(), n_correct, len(labels))

    def evaluate(self, epoch: int) -> Evaluation:
        """Look at the whole test set; the network's training mode is on again afterwards, whatever happens."""
        self.network.eval()
        try:
            return evaluate(
                lambda start, stop: self._logits(self.test_images.slice(start, stop)),
                self.loss,
                self.test_images.labels,
                epoch=epoch,
                n_classes=self.n_classes,
                batch_size=_EVALUATION_BATCH,
            )
        finally:
            self.network.train()

    def weights(self) -> dict[str, Tensor]:
        """Return the network's weights and running statistics by name, on the device and still in use."""
        return dict(self.network.state_dict())

    def state(self) -> dict[str, Tensor]:
        """Return everything that the next steps depend on, besides the recipe and the number of steps taken."""
        tensors = {_NETWORK + name: tensor for name, tensor in self.weights().items()}
        tensors |= optimizer_tensors(self.optimizer)
        tensors |= {"generator": self.generator.get_state(), "order": self._order, "dropout": torch.get_rng_state()}
        if self.device.type == "cuda":
            tensors["dropout_cuda"] = torch.cuda.get_rng_state(self.device)
        return tensors

    def restore(self, tensors: dict[str, Tensor], step_number: int) -> None:
        """Put back what :meth:`state` gave after ``step_number`` steps."""
        weights = {name.removeprefix(_NETWORK): t for name, t in tensors.items() if name.startswith(_NETWORK)}
        self.network.load_state_dict(weights)
        restore_optimizer(self.optimizer, tensors)
        self.generator.set_state(tensors["generator"])
        torch.set_rng_state(tensors["dropout"])
        if self.device.type == "cuda" and "dropout_cuda" in tensors:
            torch.cuda.set_rng_state(tensors["dropout_cuda"], self.device)
        self._order = tensors["order"].to(self.train_images.index_device)
        self.step_number = step_number

    def _place_images(self, image_set: ImageSet) -> None:
        shape = self.spec.network.input
        self.mean, self.std = channel_statistics_for(image_set, shape[0])
        chosen = choose_training_images(image_set.train_labels, self.spec.n_train, self.spec.seed)
        all_chosen = len(chosen) == len(image_set.train_labels)
        statistics = (shape, self.mean, self.std, self.device)
        self.train_images = BatchSource(
            image_set.train_images, image_set.train_labels, *statistics, None if all_chosen else chosen
        )
        self.test_images = BatchSource(image_set.test_images, image_set.test_labels, *statistics)

    def _shuffle(self) -> None:
        order = torch.randperm(len(self.train_images), generator=self.generator)
        self._order = order.to(self.train_images.index_device)

    def _logits(self, images: Tensor) -> Tensor:
        """Compute logits (n, K), float32, in half precision inside where that is fast."""
        if self.amp_dtype is None:
            half: contextlib.AbstractContextManager[object] = contextlib.nullcontext()
        else:
            half = torch.autocast(self.device.type, dtype=self.amp_dtype)
        with half:
            logits: Tensor = self.network(images)
        return logits.float()

    def _has_batch_norm(self) -> bool:
        return any(layer.kind.startswith("BatchNorm") for layer in self.spec.network.layers)


def _count_batches(n_images: int, batch_size: int, has_batch_norm: bool) -> int:
    """Count the batches of an epoch; the last may be smaller.

    A last batch of a single image is left out (until the next shuffle) when the network normalises over the batch: one
    image has no deviation.

    Examples:
        >>> _count_batches(130, 64, True), _count_batches(129, 64, False), _count_batches(129, 64, True)
        (3, 3, 2)
    """
    n_whole, rest = divmod(n_images, batch_size)
    leave_out = rest == 0 or (rest == 1 and n_whole > 0 and has_batch_norm)
    return n_whole if leave_out else n_whole + 1
