"""What a run was computed with: enough to say why two results differ."""

from __future__ import annotations

import json
import platform
import time
from pathlib import Path
from typing import TYPE_CHECKING

from lab.errors import Code, RunError
from lab.files import write_json
from lab.training.device import device_title, n_cores

if TYPE_CHECKING:
    from lab.data.image_set import ImageSet
    from lab.training.engine import Engine

FILE = "environment.json"


def describe_environment(engine: Engine, image_set: ImageSet) -> dict[str, object]:
    """Collect versions, device, threads, precision, seed and what the images were."""
    import torch

    return {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "system": f"{platform.system()} {platform.machine()}",
        "device": device_title(engine.device),
        "device_kind": engine.device.type,
        "n_threads": torch.get_num_threads(),
        "n_cores": n_cores(),
        "precision": "float32" if engine.amp_dtype is None else f"{engine.amp_dtype}".removeprefix("torch."),
        "seed": engine.spec.seed,
        "data": image_set.name,
        "data_sha256": image_set.sha256,
        "classes": list(image_set.classes),
        "mean": list(engine.mean),
        "std": list(engine.std),
        "n_train": len(engine.train_images),
        "n_test": len(engine.test_images),
        "steps_per_epoch": engine.steps_per_epoch,
        "started_at": time.time(),
    }


def read_environment(run_folder: Path) -> dict[str, object]:
    """Read it back; empty where there is none yet, or none that can be read."""
    try:
        environment = json.loads((run_folder / FILE).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return environment if isinstance(environment, dict) else {}


def keep_environment(run_folder: Path, environment: dict[str, object], *, resuming: bool) -> None:
    """Write the environment of a run that begins; of one that goes on, check that its images are the same.

    Raises:
        RunError: DATA-DAMAGED, the run began with other images.
    """
    before = read_environment(run_folder)
    if resuming and before.get("data_sha256", environment["data_sha256"]) != environment["data_sha256"]:
        raise RunError(
            Code.DATA_DAMAGED,
            f"the images of {environment['data']} have changed since this run began",
            where=run_folder.name,
            now="train its recipe anew",
        )
    if not resuming or not before:
        write_json(run_folder / FILE, environment)
