"""The image set that comes with the lab, as plain arrays: a page shows some of it before torch has been imported."""

from __future__ import annotations

import io

import numpy as np

from lab.data.assets import assets, read_asset

BUNDLED_NAME = "fashion-mnist"
BUNDLED_FILE = "fashion-mnist.npz"


def read_bundled() -> dict[str, np.ndarray]:
    """Read ``train_images``, ``train_labels``, ``test_images`` and ``test_labels``.

    Returns:
        Images uint8 (N, C, H, W), labels uint8 (N,).

    Raises:
        DataError: DATA-DAMAGED, the file is missing or is not the one that was published.

    Examples:
        >>> read_bundled()["train_images"].shape
        (12000, 1, 28, 28)
    """
    with np.load(io.BytesIO(read_asset(BUNDLED_FILE)), allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    return {name: array[:, None] if name.endswith("_images") else array for name, array in arrays.items()}


def bundled_sha256() -> str:
    """SHA-256 of the file, as published in ``assets/SOURCES.md``."""
    return assets()[BUNDLED_FILE].sha256
