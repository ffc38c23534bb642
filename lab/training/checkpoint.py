"""Saved weights and saved states: safetensors, each with a manifest that holds its SHA-256.

Neither ``torch.load`` nor safetensors notices a flipped bit, so the digest is checked at every load. A checkpoint
exists when its manifest does, which is written last. Two kinds lie in ``checkpoints/``:

``epoch-0003``
    the network's weights after an epoch (0: before training), for looking at them later;
``resume-0000000282``
    everything needed to go on after so many steps; the last two are kept, so that a damaged one costs little.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from lab.errors import Code, RunError
from lab.files import sha256_hex, write_atomically, write_json

if TYPE_CHECKING:
    from collections.abc import Collection

    from torch import Tensor

FOLDER = "checkpoints"
_EPOCH, _RESUME = "epoch", "resume"
_N_RESUME_KEPT = 2
# student_cnn keeps about 150 epochs in this much, VGG-16 the smallest number below.
WEIGHTS_BUDGET_BYTES = 256 * 2**20
_MIN_EPOCHS_KEPT = 4
# The Python numbers of a state; a flipped bit in a manifest is noticed by its own digest.
_OWN_DIGEST = "manifest_sha256"


@dataclass(frozen=True)
class ResumeState:
    """Where a run stands.

    Attributes:
        step: steps taken.
        tensors: weights, optimizer memory, generator states and the epoch's order, by name.
        numbers: everything that is a Python number.
    """

    step: int
    tensors: dict[str, Tensor] = field(default_factory=dict)
    numbers: dict[str, float | int] = field(default_factory=dict)


def save_weights(run_folder: Path, epoch: int, tensors: dict[str, Tensor], *, keep: Collection[int] = ()) -> None:
    """Save the weights after ``epoch`` and thin out older ones if they outgrow their budget.

    Args:
        run_folder: the run's folder.
        epoch: epochs trained, 0 before training.
        tensors: the network's ``state_dict()``, on any device.
        keep: epochs that are never thinned out (the best one); the first and the latest never are.
    """
    _write(run_folder, f"{_EPOCH}-{epoch:04d}", tensors, {"epoch": epoch})
    size_bytes = (_folder(run_folder) / f"{_EPOCH}-{epoch:04d}.safetensors").stat().st_size
    _thin_out(run_folder, max(_MIN_EPOCHS_KEPT, WEIGHTS_BUDGET_BYTES // max(1, size_bytes)), {0, epoch, *keep})


def kept_epochs(run_folder: Path) -> tuple[int, ...]:
    """List the epochs whose weights are kept, ascending."""
    return tuple(_numbers_of(run_folder, _EPOCH))


def load_weights(run_folder: Path, epoch: int) -> dict[str, Tensor]:
    """Read the weights after ``epoch``.

    Raises:
        RunError: RUN-STATE, not kept; RUN-DAMAGED, missing, cut short or altered.
    """
    known = kept_epochs(run_folder)
    if epoch not in known:
        have = f"kept are {', '.join(map(str, known))}" if known else "there are none yet"
        what = f"there are no weights of epoch {epoch}; {have}"
        raise RunError(Code.RUN_STATE, what, where=run_folder.name)
    return _read(run_folder, f"{_EPOCH}-{epoch:04d}")[0]


def weights_written_ns(run_folder: Path, epoch: int) -> int:
    """Say when the weights of ``epoch`` were written, nanoseconds since 1970; 0 when they are not kept.

    For caches: a run that went back to an older state writes its epochs anew.
    """
    try:
        return (_folder(run_folder) / f"{_EPOCH}-{epoch:04d}.json").stat().st_mtime_ns
    except OSError:
        return 0


def save_resume(run_folder: Path, state: ResumeState) -> None:
    """Save where the run stands; of the older states only the one before stays."""
    _write(run_folder, f"{_RESUME}-{state.step:010d}", state.tensors, {"step": state.step, "numbers": state.numbers})
    for step in _numbers_of(run_folder, _RESUME)[:-_N_RESUME_KEPT]:
        _remove(run_folder, f"{_RESUME}-{step:010d}")


def load_resume(run_folder: Path) -> tuple[ResumeState | None, str]:
    """Read the newest state that is whole.

    Returns:
        The state, or ``None`` when there is none at all, and a sentence about what was passed over (mostly empty).

    Raises:
        RunError: RUN-DAMAGED, there are states and none is whole.
    """
    steps = _numbers_of(run_folder, _RESUME)
    problems = []
    for step in reversed(steps):
        try:
            tensors, manifest = _read(run_folder, f"{_RESUME}-{step:010d}")
        except RunError as error:
            problems.append(error.what)
            continue
        message = f"{'; '.join(problems)}; going on from the one at step {step} instead." if problems else ""
        return ResumeState(step, tensors, manifest["numbers"]), message
    if problems:
        now = "train it anew from its recipe; the curves and weights that can be read stay"
        raise RunError(Code.RUN_DAMAGED, "; ".join(problems), where=run_folder.name, now=now)
    return None, ""


def forget_after(run_folder: Path, *, step: int, epoch: int) -> None:
    """Remove what is later than ``step`` and ``epoch``, because it is about to be made again."""
    for later in _numbers_of(run_folder, _RESUME):
        if later > step:
            _remove(run_folder, f"{_RESUME}-{later:010d}")
    for later in _numbers_of(run_folder, _EPOCH):
        if later > epoch:
            _remove(run_folder, f"{_EPOCH}-{later:04d}")


def _write(run_folder: Path, name: str, tensors: dict[str, Tensor], facts: dict[str, object]) -> None:
    from safetensors.torch import save

    data = save({key: _plain(tensor) for key, tensor in tensors.items()})
    manifest = {"version": 1, "sha256": sha256_hex(data), "n_bytes": len(data), **facts}
    folder = _folder(run_folder)
    folder.mkdir(exist_ok=True)
    write_atomically(folder / f"{name}.safetensors", data)
    write_json(folder / f"{name}.json", manifest | {_OWN_DIGEST: _digest_of(manifest)})


def _plain(tensor: Tensor) -> Tensor:
    """Bring a tensor to the CPU in the one memory layout that safetensors writes, sharing memory with no other."""
    return tensor.detach().cpu().contiguous().clone()


def _read(run_folder: Path, name: str) -> tuple[dict[str, Tensor], dict[str, dict[str, float | int]]]:
    from safetensors import SafetensorError
    from safetensors.torch import load

    try:
        manifest = json.loads((_folder(run_folder) / f"{name}.json").read_bytes())
        own_digest = manifest.pop(_OWN_DIGEST)
        if own_digest != _digest_of(manifest):
            raise ValueError("the manifest was altered")
        data = (_folder(run_folder) / f"{name}.safetensors").read_bytes()
        if len(data) != manifest["n_bytes"]:
            raise ValueError(f"it has {len(data):,} of {manifest['n_bytes']:,} bytes")
        if sha256_hex(data) != manifest["sha256"]:
            raise ValueError("its bytes changed since they were written")
        return load(data), manifest
    except FileNotFoundError:
        reason = "a part of it is missing"
    except (OSError, KeyError, TypeError, AttributeError, RecursionError, SafetensorError):
        reason = "it cannot be read"
    except ValueError as error:  # json's errors are ValueErrors too
        reason = "its manifest cannot be read" if isinstance(error, json.JSONDecodeError) else str(error)
    raise RunError(Code.RUN_DAMAGED, f"the checkpoint {name} is damaged: {reason}", where=run_folder.name)


def _digest_of(manifest: dict[str, object]) -> str:
    return sha256_hex(json.dumps(manifest, sort_keys=True).encode())


def _thin_out(run_folder: Path, max_epochs: int, keep: set[int]) -> None:
    """Drop weights until at most ``max_epochs`` remain: every second one, then every fourth, and so on."""
    epochs = list(kept_epochs(run_folder))
    spacing = 1
    while len(epochs) > max_epochs and spacing <= max(epochs):
        spacing *= 2
        for epoch in [epoch for epoch in epochs if epoch % spacing and epoch not in keep]:
            _remove(run_folder, f"{_EPOCH}-{epoch:04d}")
            epochs.remove(epoch)


def _remove(run_folder: Path, name: str) -> None:
    # The manifest first: without it there is no checkpoint, only a leftover.
    for suffix in (".json", ".safetensors"):
        (_folder(run_folder) / f"{name}{suffix}").unlink(missing_ok=True)


def _numbers_of(run_folder: Path, kind: str) -> list[int]:
    names = [path.stem.removeprefix(f"{kind}-") for path in _folder(run_folder).glob(f"{kind}-*.json")]
    return sorted(int(name) for name in names if name.isdigit())


def _folder(run_folder: Path) -> Path:
    return run_folder / FOLDER
