"""A trained state as text for a link: weights, optimizer and counters, bit for bit.

Layout before base64, little-endian: a 32-bit mark of the network it belongs to, the optimizer's number (one byte),
three 32-bit counters (steps, epochs, points seen of this epoch), then float32 numbers: the network's parameters and
batch-norm statistics in the order of ``state_dict``, then the optimizer's, parameter by parameter. The largest network
here (6 layers of 8) with Adam takes 8 KB of text.
"""

from __future__ import annotations

import base64
import binascii
import struct
import zlib
from typing import get_args

import torch
from torch import Tensor

from lab.errors import Code, TrainingError
from lab.theory.neurons.plane_spec import MAX_STATE_CHARS, OptimizerName, PlaneSpec
from lab.theory.neurons.plane_training import PlaneTrainer, make_optimizer

_HEAD = struct.Struct("<IB3I")
_OPTIMIZERS = get_args(OptimizerName)


def written_state(trainer: PlaneTrainer) -> str:
    """Write the state of a training; empty when a number is not finite.

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
    optimizer = _OPTIMIZERS.index(trainer.spec.optimizer)
    head = _HEAD.pack(_mark(trainer.spec), optimizer, trainer.n_steps, trainer.n_epochs, trainer.n_seen)
    return base64.urlsafe_b64encode(head + numbers.numpy().astype("<f4").tobytes()).decode().rstrip("=")


def read_state(trainer: PlaneTrainer, text: str) -> None:
    """Put a trainer into a written state; its curves begin there.

    Under another optimizer than the written one, that one begins afresh.

    Raises:
        TrainingError: the text is damaged, belongs to another network, or holds numbers that are none. The trainer is
            left as it was.
    """
    (mark, optimizer, *counters), numbers = _unpacked(text)
    is_same_optimizer = optimizer == _OPTIMIZERS.index(trainer.spec.optimizer)
    targets = _network_tensors(trainer)
    if is_same_optimizer:
        _prepare_optimizer(trainer)
        targets = _tensors(trainer)
    size = sum(target.numel() for target in targets)
    is_size = len(numbers) == size if is_same_optimizer else len(numbers) >= size
    if mark != _mark(trainer.spec) or not is_size or not bool(numbers.isfinite().all()):
        trainer.optimizer = make_optimizer(trainer.spec, trainer.network)
        raise _damaged("they belong to another network")
    trainer.n_steps, trainer.n_epochs, trainer.n_seen = counters
    numbers = numbers[:size]
    with torch.no_grad():
        for target, values in zip(targets, torch.split(numbers, [t.numel() for t in targets]), strict=True):
            target.copy_(values.reshape(target.shape))
    trainer.begin_history()


def belongs(spec: PlaneSpec, text: str) -> bool:
    """Whether a text says that it is a state of this spec's network, first weights included."""
    try:
        (mark, *_), _ = _unpacked(text)
    except TrainingError:
        return False
    return mark == _mark(spec)


def _mark(spec: PlaneSpec) -> int:
    """A number for a network's shape and first weights."""
    sizes = ",".join(f"{layer.n_neurons}{layer.activation}" for layer in spec.layers)
    rest = (spec.bias, spec.batch_norm, spec.n_outputs, spec.is_regression, spec.seed)
    return zlib.crc32(f"{','.join(spec.inputs)}|{sizes}|{rest}".encode())


def _unpacked(text: str) -> tuple[tuple[int, ...], Tensor]:
    if len(text) > MAX_STATE_CHARS:
        raise _damaged(f"they take {len(text):,} characters and {MAX_STATE_CHARS:,} are allowed")
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        head = _HEAD.unpack_from(raw)
        numbers = torch.frombuffer(bytearray(raw[_HEAD.size :]), dtype=torch.float32)
    except (binascii.Error, ValueError, struct.error):
        raise _damaged("they were cut or altered on the way") from None
    return head, numbers


def _damaged(why: str) -> TrainingError:
    return TrainingError(
        Code.LINK_DAMAGED, f"the trained weights cannot be read: {why}", now="the first weights are shown instead"
    )


def _tensors(trainer: PlaneTrainer) -> list[Tensor]:
    """All that a training consists of, in a fixed order."""
    states = [trainer.optimizer.state.get(parameter, {}) for parameter in trainer.network.parameters()]
    kept = [state[name] for state in states for name in sorted(state) if isinstance(state[name], Tensor)]
    return _network_tensors(trainer) + kept


def _network_tensors(trainer: PlaneTrainer) -> list[Tensor]:
    """Parameters and statistics; batch norm's counters are left out, nothing reads them."""
    return [value for name, value in trainer.network.state_dict().items() if not name.endswith("num_batches_tracked")]


def _prepare_optimizer(trainer: PlaneTrainer) -> None:
    """Have the optimizer make its state, which it does at the first step: one step of length 0 with no gradient."""
    if trainer.spec.optimizer == "sgd":
        return
    for group in trainer.optimizer.param_groups:
        group["lr"] = 0.0
    for parameter in trainer.network.parameters():
        parameter.grad = torch.zeros_like(parameter)
    trainer.optimizer.step()
    for group in trainer.optimizer.param_groups:
        group["lr"] = trainer.spec.lr
