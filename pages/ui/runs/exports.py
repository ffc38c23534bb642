"""A run as files to take away: code, weights, ONNX, spec, or the whole folder with its card."""

from __future__ import annotations

import secrets
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from lab.errors import Code, RunError
from lab.files import disk_errors_in_words
from lab.training.run_folder import Run
from pages.ui import cached
from pages.ui.runs.card import card_facts, card_text
from pages.ui.runs.packed import PACKED, forget_old
from pages.ui.runs.state import ExportFormat

# What lies in a run's folder for its worker only.
_NOT_EXPORTED = frozenset({"orders", "worker.json", "lock"})
GONE = "the prepared file has waited for an hour and was cleared away"
PREPARE_AGAIN = "prepare it again"


@dataclass(frozen=True)
class Export:
    """A file ready to be downloaded: its bytes, or where it lies on the disk when it may be large."""

    name: str
    mime: str
    data: bytes | Path

    @property
    def n_bytes(self) -> int:
        """Its size; 0 when it is not on the disk any more."""
        if isinstance(self.data, bytes):
            return len(self.data)
        return self.data.stat().st_size if self.data.is_file() else 0

    def read(self) -> bytes:
        """The file's bytes, read when they are asked for.

        Raises:
            RunError: RUN-STATE, it is not on the disk any more.
        """
        if isinstance(self.data, bytes):
            return self.data
        try:
            return self.data.read_bytes()
        except FileNotFoundError:
            raise RunError(Code.RUN_STATE, GONE, where=self.name, now=PREPARE_AGAIN) from None


@dataclass(frozen=True)
class Format:
    """One way out: its name in the menu, what it is good for, and how it is made."""

    title: str
    sentence: str
    make: Callable[[Run], Export]


def best_epoch(run: Run) -> int:
    """The epoch whose weights are exported: the one with the highest test accuracy.

    Raises:
        RunError: RUN-STATE, there are no weights yet.
    """
    epoch = run.best_epoch()
    if epoch is None:
        raise RunError(Code.RUN_STATE, "there are no weights yet", where=run.id, now="wait for the first epoch")
    return epoch


def pytorch(run: Run) -> Export:
    """The network as a Python file for PyTorch."""
    return Export(f"{run.id}.py", "text/x-python", cached.pytorch_code(run.spec().network).encode())


def keras(run: Run) -> Export:
    """The network as a Python file for Keras 3."""
    return Export(f"{run.id}_keras.py", "text/x-python", cached.keras_code(run.spec().network).encode())


def onnx(run: Run) -> Export:
    """The trained network as ONNX."""
    from lab.network.onnx_export import onnx_bytes

    data = onnx_bytes(run.spec().network, run.load_state(best_epoch(run)))
    return Export(f"{run.id}.onnx", "application/octet-stream", data)


def spec(run: Run) -> Export:
    """Network and recipe as JSON."""
    return Export(f"{run.id}.json", "application/json", run.spec().to_json().encode())


def weights(run: Run) -> Export:
    """The weights of the best epoch as safetensors."""
    from safetensors.torch import save

    epoch = best_epoch(run)
    tensors = {name: tensor.contiguous() for name, tensor in run.load_state(epoch).items()}
    return Export(f"{run.id}-epoch{epoch}.safetensors", "application/octet-stream", save(tensors))


def archive(run: Run) -> Export:
    """The whole run folder as a zip, with its reproducibility card; packed on the disk, never whole in memory.

    Raises:
        LabError: DISK-FULL or DISK-REFUSED.
    """
    folder = run.home / PACKED
    with disk_errors_in_words(f"{run.id}.zip"):
        folder.mkdir(parents=True, exist_ok=True)
        forget_old(run.home)
        path = folder / f"{run.id}-{secrets.token_hex(4)}.zip"
        try:
            _pack(run, path)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    return Export(f"{run.id}.zip", "application/zip", path)


def _pack(run: Run, path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as zipped:
        zipped.writestr(f"{run.id}/CARD.md", card_text(card_facts(run)))
        for file in _exported_files(run):
            with suppress(FileNotFoundError):  # a run under way replaces its files
                zipped.write(file, f"{run.id}/{file.relative_to(run.path).as_posix()}")


def folder_bytes(run: Run) -> int:
    """Size of what the archive will hold, before it is packed; weights hardly shrink."""
    total = 0
    for path in _exported_files(run):
        with suppress(FileNotFoundError):  # a run under way replaces its files
            total += path.stat().st_size
    return total


def _exported_files(run: Run) -> list[Path]:
    found = sorted(path for path in run.path.rglob("*") if path.is_file() and not path.name.startswith("."))
    return [path for path in found if path.relative_to(run.path).parts[0] not in _NOT_EXPORTED]


FORMATS: dict[ExportFormat, Format] = {
    "pytorch": Format("PyTorch code", "A Python file that builds this network.", pytorch),
    "keras": Format("Keras code", "The same network for Keras 3.", keras),
    "onnx": Format("ONNX", "The trained network for ONNX Runtime, phones and the web; best epoch.", onnx),
    "spec": Format("Spec (JSON)", "Network and recipe as this lab reads them.", spec),
    "weights": Format("Weights (safetensors)", "The weights of the best epoch by layer name.", weights),
    "zip": Format("Whole run (zip)", "Recipe, curves, evaluations, weights, log and its card.", archive),
}
