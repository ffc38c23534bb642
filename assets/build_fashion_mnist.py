"""Cut the bundled part out of Fashion-MNIST: every class equally often, chosen by a seed.

Run from the repository with Debian's package dataset-fashion-mnist installed, or with the folder of the four original
files as argument::

    python -m assets.build_fashion_mnist [FOLDER]
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import numpy as np

from lab.data.idx import DEBIAN_FASHION_MNIST, read_idx_set

SEED = 2026
PER_CLASS = {"train": 1_200, "test": 200}
TARGET = Path(__file__).with_name("fashion-mnist.npz")


def choose(labels: np.ndarray, per_class: int, random: np.random.Generator) -> np.ndarray:
    """Draw the same number of indices from every class and mix them."""
    chosen = [random.choice(np.flatnonzero(labels == label), per_class, replace=False) for label in np.unique(labels)]
    return random.permutation(np.concatenate(chosen))


def build(folder: Path) -> None:
    """Write the bundled file; training images come from the original training part, test images from its test part."""
    full = read_idx_set(folder)
    random = np.random.default_rng(SEED)
    arrays = {}
    for part, per_class in PER_CLASS.items():
        indices = choose(full[f"{part}_labels"], per_class, random)
        arrays |= {f"{part}_{kind}": full[f"{part}_{kind}"][indices] for kind in ("images", "labels")}
    np.savez_compressed(TARGET, **arrays)


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else DEBIAN_FASHION_MNIST)
    print(TARGET.name, TARGET.stat().st_size, hashlib.sha256(TARGET.read_bytes()).hexdigest())
