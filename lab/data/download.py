"""Sets fetched on demand through torchvision, then kept in our own format like any other stored set.

torchvision doubles the import time of torch, so it is imported only here, inside the functions that fetch.
"""

from __future__ import annotations

import http.client
import pickle  # only for the error that torchvision lets through when an archive is damaged
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError

from PIL import UnidentifiedImageError

from lab.data import transfer
from lab.data.catalogue import DataSetRow
from lab.data.idx import DEBIAN_FASHION_MNIST, read_idx_set
from lab.data.storage import store_set
from lab.errors import Code, DataError
from lab.files import disk_errors_in_words

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

PETS_SIZE_PX = 64
SEED = 2026  # of the orders that are ours: EuroSAT has no test part of its own, the pets come breed by breed

Fetcher = Callable[[Path], "dict[str, Tensor]"]


def fetch_set(row: DataSetRow, raw: Path, home: Path | None = None) -> None:
    """Fetch one set and store it, whole or not at all; :func:`lab.data.fetching.fetch_once` is the way here.

    Args:
        row: a row of the catalogue that is not bundled.
        raw: an empty folder for what is fetched; the caller removes it.
        home: the lab's folder; ``None`` takes ``$LAB_HOME``.

    Raises:
        DataError: DATA-DOWNLOAD, it could not be fetched.
        LabError: DISK-FULL or DISK-REFUSED, it could not be stored.
    """
    try:
        with disk_errors_in_words(row.name):
            tensors = FETCHERS[row.name](raw)
            _check_arrived(row, tensors)
            transfer.heed()
            store_set(row, tensors, home)
    except _FAILURES as error:
        raise DataError(
            Code.DATA_DOWNLOAD,
            f"the set could not be fetched ({_plain_reason(error)})",
            where=row.name,
            now="check the network connection and try again, or take a bundled set: fashion-mnist, shapes",
        ) from None


# What torchvision lets through: urllib's errors are OSErrors, a wrong checksum is a RuntimeError; an answer that is no
# HTTP, an archive that is none and files with other contents have errors of their own.
_FAILURES = (
    OSError,
    RuntimeError,
    EOFError,
    ValueError,
    LookupError,
    ImportError,
    http.client.HTTPException,
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    pickle.UnpicklingError,
)
_NO_ANSWER = f"the server did not answer within {transfer.SILENCE_S:.0f} s"


def _plain_reason(error: Exception) -> str:
    reason = getattr(error, "reason", None)
    # For the MNIST family torchvision makes one RuntimeError of what every mirror said.
    told = str(error) if str(error).startswith("Error downloading") else ""
    if isinstance(error, ImportError):
        return "torchvision is not installed"
    if isinstance(error, TimeoutError) or isinstance(reason, TimeoutError) or "timed out" in told:
        return _NO_ANSWER
    if isinstance(error, HTTPError):
        return f"the server answered {error.code}"
    if answered := re.search(r"HTTP Error (\d+)", told):
        return f"the server answered {answered[1]}"
    if reason == transfer.BROKE_OFF or transfer.BROKE_OFF in told:
        return transfer.BROKE_OFF
    if isinstance(error, URLError) or "urlopen error" in told:
        return "no connection to the server"
    if isinstance(error, OSError | http.client.HTTPException) and not isinstance(error, UnidentifiedImageError):
        return transfer.BROKE_OFF
    return "what arrived is not what was published"


def _check_arrived(row: DataSetRow, tensors: dict[str, Tensor]) -> None:
    """Compare with the catalogue before anything is stored: a set that does not fit its row could never be read."""
    for part, n_images in (("train", row.n_train), ("test", row.n_test)):
        images, labels = tensors[f"{part}_images"], tensors[f"{part}_labels"]
        if tuple(images.shape) != (n_images, *row.shape) or len(labels) != n_images:
            raise ValueError("another number or size of images")
        if not 0 <= int(labels.min()) <= int(labels.max()) < len(row.classes):
            raise ValueError("labels without a class")


def _fetch_fashion_mnist(raw: Path) -> dict[str, Tensor]:
    if DEBIAN_FASHION_MNIST.is_dir():
        return _tensors(read_idx_set(DEBIAN_FASHION_MNIST))
    return _fetch_mnist_like("FashionMNIST")(raw)


def _fetch_mnist_like(class_name: str) -> Fetcher:
    def fetch(raw: Path) -> dict[str, Tensor]:
        parts = _parts(class_name, raw, train=(True, False))
        return _tensors(
            {f"{part}_images": data.data.numpy() for part, data in parts.items()}
            | {f"{part}_labels": data.targets.numpy() for part, data in parts.items()}
        )

    return fetch


def _fetch_cifar10(raw: Path) -> dict[str, Tensor]:
    import numpy as np

    parts = _parts("CIFAR10", raw, train=(True, False))
    return _tensors(
        {f"{part}_images": data.data for part, data in parts.items()}
        | {f"{part}_labels": np.array(data.targets) for part, data in parts.items()}
    )


def _fetch_pets(raw: Path) -> dict[str, Tensor]:
    parts = _parts("OxfordIIITPet", raw, split=("trainval", "test"), target_types="binary-category")
    arrays = {}
    for part, data in parts.items():
        arrays[f"{part}_images"], arrays[f"{part}_labels"] = _mixed(*_decode(data, size_px=PETS_SIZE_PX))
    return _tensors(arrays)


def _mixed(images: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Put them in a mixed order: whoever looks at the first pictures only should see some of every kind."""
    import numpy as np

    order = np.random.default_rng(SEED).permutation(len(labels))
    return images[order], labels[order]


def _fetch_eurosat(raw: Path) -> dict[str, Tensor]:
    from lab.data.split import split_by_class

    images, labels = _decode(_torchvision_set("EuroSAT", raw))
    train, test = split_by_class(labels.tolist(), test_share=0.2, seed=SEED)
    return _tensors(
        {
            "train_images": images[train],
            "train_labels": labels[train],
            "test_images": images[test],
            "test_labels": labels[test],
        }
    )


FETCHERS: dict[str, Fetcher] = {
    "fashion-mnist-full": _fetch_fashion_mnist,
    "mnist": _fetch_mnist_like("MNIST"),
    "kmnist": _fetch_mnist_like("KMNIST"),
    "cifar10": _fetch_cifar10,
    "pets": _fetch_pets,
    "eurosat": _fetch_eurosat,
}


def _torchvision_set(class_name: str, raw: Path, **options: object) -> Any:
    """Make one torchvision data set, fetching it; the only line that reaches the network."""
    import torchvision.datasets

    return getattr(torchvision.datasets, class_name)(raw, download=True, **options)


def _parts(class_name: str, raw: Path, **options: object) -> dict[str, Any]:
    """Make the training and the test part; an option given as a pair differs between them."""
    return {
        part: _torchvision_set(
            class_name,
            raw,
            **{key: value[index] if isinstance(value, tuple) else value for key, value in options.items()},
        )
        for index, part in enumerate(("train", "test"))
    }


def _decode(pairs: Any, size_px: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Decode (Pillow image, label) pairs to uint8 (N, H, W, 3), stretched to squares if a size is given."""
    import numpy as np
    from PIL import Image

    images, labels = [], []
    for picture, label in pairs:
        transfer.heed()
        colour = picture.convert("RGB")
        if size_px is not None:
            colour = colour.resize((size_px, size_px), Image.Resampling.BILINEAR)
        images.append(np.asarray(colour))
        labels.append(int(label))
    return np.stack(images), np.array(labels)


def _tensors(arrays: dict[str, np.ndarray]) -> dict[str, Tensor]:
    """Turn (N, H, W) or (N, H, W, C) arrays into (N, C, H, W) tensors, labels into int64."""
    import numpy as np
    import torch

    tensors = {}
    for name, array in arrays.items():
        if name.endswith("labels"):
            tensors[name] = torch.from_numpy(array.astype(np.int64))
        else:
            channels_last = array if array.ndim == 4 else array[..., None]
            tensors[name] = torch.from_numpy(channels_last.transpose(0, 3, 1, 2).copy())
    return tensors
