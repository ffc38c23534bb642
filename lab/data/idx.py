"""The IDX files that MNIST and its successors come in: a short header, then bytes."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np

from lab.errors import Code, DataError

# Where Debian's package dataset-fashion-mnist puts its files; with it the full set needs no network.
DEBIAN_FASHION_MNIST = Path("/usr/share/datasets/fashion-mnist")


def read_idx(path: Path) -> np.ndarray:
    """Read a gzipped IDX file of bytes.

    The header is two zero bytes, the type (8: unsigned byte), the number of axes, then each axis' length as a
    big-endian 32-bit integer.

    Returns:
        uint8 array of the shape the header says.

    Raises:
        DataError: DATA-DAMAGED, it is not such a file or has another length than its header says.

    Source:
        Y. LeCun, "The MNIST database", section "FILE FORMATS".
    """
    try:
        data = gzip.decompress(path.read_bytes())
        if data[:3] != b"\x00\x00\x08":
            raise ValueError("not an IDX file of bytes")
        n_axes = data[3]
        shape = np.frombuffer(data, ">u4", n_axes, offset=4).astype(int)
        return np.frombuffer(data, np.uint8, offset=4 + 4 * n_axes).reshape(shape)
    except (OSError, EOFError, ValueError, IndexError):
        raise DataError(Code.DATA_DAMAGED, "not a complete IDX file", where=path.name) from None


def read_idx_set(folder: Path) -> dict[str, np.ndarray]:
    """Read the four files of an MNIST-like set: train and test images (N, H, W) and labels (N,), all uint8."""
    return {
        f"{part}_{kind}": read_idx(folder / f"{prefix}-{kind}-idx{n_axes}-ubyte.gz")
        for part, prefix in (("train", "train"), ("test", "t10k"))
        for kind, n_axes in (("images", 3), ("labels", 1))
    }
