"""A trained state as text for a link: weights, optimiser and counters, bit for bit.

Layout before base64: three little-endian unsigned 32-bit counters (steps, epochs, points seen of this epoch), then
float32 numbers: the network's parameters and batch-norm statistics in the order of ``state_dict``, then the
optimiser's, parameter by parameter. The largest network here (6 layers of 8) with Adam takes 6 KB of text.
"""

from __future__ import annotations

import base64
import binascii
import struct

import torch
from torch import Tensor

from lab.errors import Code, TrainingError
from lab.theory.neurons.plane_training import PlaneTrainer, make_optimizer

MAX_TEXT = 12_000
_COUNTERS = struct.Struct("<3I")


def written_state(trainer: PlaneTrainer) -> str:
    """Write the state of a training; empty before the first change, and when a number is not finite.

    Examples:
        >>> from lab.theory.neurons.plane_spec import PlaneSpec
        >>> trainer = PlaneTrainer(PlaneSpec())
        >>> taken = trainer.step(5)
        >>> twin = PlaneTrainer(PlaneSpec())
        >>> read_state(twin, written_state(trainer))
        >>> torch.equal(twin.network.weights[0], trainer.network.weights[0])
        True
    """
    numbers = torch.cat([value.detach().flatten().float() for value in _tensors(trainer)])
    if not bool(numbers.isfinite().all()):
        return ""
    counters = _COUNTERS.pack(trainer.n_steps, trainer.n_epochs, trainer.n_seen)
    return base64.urlsafe_b64encode(counters + numbers.numpy().astype("<f4").tobytes()).decode().rstrip("=")


def read_state(trainer: PlaneTrainer, text: str) -> None:
    """Put a trainer of the same spec into a written state; its curves begin there.

    Raises:
        TrainingError: the text is damaged, belongs to another network, or holds numbers that are none. The trainer is
            left as it was.
    """
    counters, numbers = _unpacked(text)
    _prepare_optimizer(trainer)
    targets = _tensors(trainer)
    if sum(target.numel() for target in targets) != len(numbers) or not bool(numbers.isfinite().all()):
        trainer.optimizer = make_optimizer(trainer.spec, trainer.network)
        raise _damaged("they belong to another network")
    trainer.n_steps, trainer.n_epochs, trainer.n_seen = counters
    with torch.no_grad():
        for target, values in zip(targets, torch.split(numbers, [t.numel() for t in targets]), strict=True):
            target.copy_(values.reshape(target.shape))
    trainer.begin_history()


def _unpacked(text: str) -> tuple[tuple[int, int, int], Tensor]:
    if len(text) > MAX_TEXT:
        raise _damaged(f"they take {len(text):,} characters and {MAX_TEXT:,} are allowed")
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        n_steps, n_epochs, n_seen = _COUNTERS.unpack_from(raw)
        numbers = torch.frombuffer(bytearray(raw[_COUNTERS.size :]), dtype=torch.float32)
    except (binascii.Error, ValueError, struct.error):
        raise _damaged("they were cut or altered on the way") from None
    return (n_steps, n_epochs, n_seen), numbers


def _damaged(why: str) -> TrainingError:
    return TrainingError(
        Code.LINK_DAMAGED, f"the trained weights cannot be read: {why}", now="the first weights are shown instead"
    )


def _tensors(trainer: PlaneTrainer) -> list[Tensor]:
    """All that a training consists of, in a fixed order; counters of batch norm are left out, nothing reads them."""
    own = [value for name, value in trainer.network.state_dict().items() if not name.endswith("num_batches_tracked")]
    states = [trainer.optimizer.state.get(parameter, {}) for parameter in trainer.network.parameters()]
    kept = [state[name] for state in states for name in sorted(state) if isinstance(state[name], Tensor)]
    return own + kept


def _prepare_optimizer(trainer: PlaneTrainer) -> None:
    """Have the optimiser make its state, which it does at the first step: one step of length 0 with no gradient."""
    if trainer.spec.optimizer == "sgd":
        return
    for group in trainer.optimizer.param_groups:
        group["lr"] = 0.0
    for parameter in trainer.network.parameters():
        parameter.grad = torch.zeros_like(parameter)
    trainer.optimizer.step()
    for group in trainer.optimizer.param_groups:
        group["lr"] = trainer.spec.lr
