"""A user's own image set, from a zip, a folder or the camera: every picture through the one door, then stored."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import torch

from lab.data.catalogue import DATA_SETS, DataSetRow
from lab.data.image_set import ImageSet, load_image_set
from lab.data.photo import open_photo
from lab.data.split import split_by_class
from lab.data.storage import is_stored, store_set
from lab.errors import Code, DataError, PhotoError

Part = Literal["train", "test"]

TEST_SHARE = 0.2
MAX_CLASSES = 200
MIN_SIZE_PX, MAX_SIZE_PX = 16, 224
MAX_SET_BYTES = 2_000_000_000  # held in memory while training
MAX_NAME = 60
MAX_REPORTED = 3  # broken pictures named in one sentence


@dataclass(frozen=True)
class OwnPicture:
    """One picture as it came: what the user calls it, its class, its bytes, and its part if the user decided that."""

    name: str
    label: str
    data: bytes
    part: Part | None = None


def store_own_set(
    pictures: Iterable[OwnPicture],
    n_pictures: int,
    name: str,
    home: Path | None = None,
    *,
    size_px: int = 64,
    seed: int = 2026,
    on_progress: Callable[[int, int], None] | None = None,
) -> ImageSet:
    """Decode pictures into squares, split them, store them as a new set.

    Each picture gives its largest centred square, shrunk to ``size_px``. If all are grey the set has one channel. Each
    part keeps the proportions of the classes. A name already taken gets a number, so that no run loses its data.

    Args:
        pictures: read one after another, so that only one file is in memory at a time.
        n_pictures: how many there will be.
        name: what the user calls the set.
        home: the lab's folder; ``None`` takes ``$LAB_HOME``.
        size_px: side of the squares, 16 to 224.
        seed: decides the split.
        on_progress: called with the number done and ``n_pictures``.

    Returns:
        The new set.

    Raises:
        DataError: ZIP-REFUSED, unreadable pictures (named), too few or too many classes or pictures; DISK-FULL.
    """
    _check_size(n_pictures, size_px)
    squares, labels, parts = _decode_all(pictures, n_pictures, size_px, on_progress)
    classes = _check_classes(labels)
    indices = np.array([classes.index(label) for label in labels])
    train, test = _split(indices, parts, classes, seed)
    images = _stack(squares)
    tensors = {
        "train_images": images[train],
        "train_labels": torch.from_numpy(indices[train]),
        "test_images": images[test],
        "test_labels": torch.from_numpy(indices[test]),
    }
    with _naming:
        row = _describe(name, classes, tensors, home)
        store_set(row, tensors, home)
    return load_image_set(row.name, home=home)


_naming = threading.Lock()  # two imports under one name at once must not take the same place


def _refused(what: str, *, where: str = "", now: str = "") -> DataError:
    return DataError(Code.ARCHIVE_REFUSED, what, where=where, now=now)


def _check_size(n_pictures: int, size_px: int) -> None:
    if not MIN_SIZE_PX <= size_px <= MAX_SIZE_PX:
        raise _refused(f"the size must be {MIN_SIZE_PX} to {MAX_SIZE_PX} px, not {size_px}")
    n_bytes = n_pictures * 3 * size_px**2
    if n_bytes > MAX_SET_BYTES:
        raise _refused(
            f"{n_pictures:,} pictures of {size_px} px need {n_bytes / 1e9:.1f} GB, more than {MAX_SET_BYTES / 1e9:.0f}",
            now="choose a smaller size or take fewer pictures",
        )


def _decode_all(
    pictures: Iterable[OwnPicture], n_pictures: int, size_px: int, on_progress: Callable[[int, int], None] | None
) -> tuple[list[np.ndarray], list[str], list[Part | None]]:
    """Decode everything and then report all that failed, rather than one at a time."""
    squares, labels, parts = [], [], []
    failures: list[PhotoError] = []
    for n_done, picture in enumerate(pictures, start=1):
        try:
            squares.append(centre_square(open_photo(picture.data, longest_side_px=4 * size_px), size_px))
            labels.append(class_name(picture.label))
            parts.append(picture.part)
        except PhotoError as error:
            failures.append(PhotoError(error.code, error.what, where=_readable(picture.name)))
        if on_progress:
            on_progress(n_done, n_pictures)
    if failures:
        named = "; ".join(f"{failure.where}: {failure.what}" for failure in failures[:MAX_REPORTED])
        more = f"; and {len(failures) - MAX_REPORTED:,} more" if len(failures) > MAX_REPORTED else ""
        raise _refused(f"{len(failures):,} of {n_pictures:,} files could not be read: {named}{more}", now="remove them")
    return squares, labels, parts


def centre_square(pixels: np.ndarray, size_px: int) -> np.ndarray:
    """Cut the largest centred square and resize it.

    Args:
        pixels: uint8 (H, W, 3).
        size_px: side of the result.

    Returns:
        uint8 (size_px, size_px, 3).
    """
    from PIL import Image

    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = Image.fromarray(pixels[top : top + side, left : left + side])
    return np.asarray(square.resize((size_px, size_px), Image.Resampling.BILINEAR))


def class_name(label: str) -> str:
    """Make a folder's name fit to be shown: printable, at most 60 characters."""
    return _readable(label).strip()[:MAX_NAME] or "?"


def _readable(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text[-200:])


def _check_classes(labels: Sequence[str]) -> tuple[str, ...]:
    classes = tuple(sorted(set(labels), key=_natural))
    if not 2 <= len(classes) <= MAX_CLASSES:
        raise _refused(
            f"there are {len(classes)} classes, and it takes 2 to {MAX_CLASSES}",
            now="put the pictures of each class in a folder of its own",
        )
    return classes


def _natural(text: str) -> list[tuple[int, str]]:
    """Order so that ``class 9`` comes before ``class 10``."""
    return [(int(part) if part.isascii() and part.isdigit() else 0, part) for part in re.split(r"([0-9]+)", text)]


def _split(
    indices: np.ndarray, parts: Sequence[Part | None], classes: tuple[str, ...], seed: int
) -> tuple[np.ndarray, np.ndarray]:
    for index, name in enumerate(classes):
        if (indices == index).sum() < 2:
            raise _refused("this class has only one picture", where=name, now="give it at least two")
    if None in parts:
        return split_by_class(indices.tolist(), test_share=TEST_SHARE, seed=seed)
    is_test = np.array([part == "test" for part in parts])
    random = np.random.default_rng(seed)
    train, test = (random.permutation(np.flatnonzero(chosen)) for chosen in (~is_test, is_test))
    for index, name in enumerate(classes):
        if index not in indices[train]:
            raise _refused("this class has no training picture", where=name, now="add it to the train folder")
    return train, test


def _stack(squares: list[np.ndarray]) -> torch.Tensor:
    """Put the squares into one uint8 (N, C, H, W), with one channel if no picture has a colour."""
    images = np.stack(squares)
    is_grey = all((square == square[..., :1]).all() for square in squares)
    return torch.from_numpy((images[..., :1] if is_grey else images).transpose(0, 3, 1, 2).copy())


def _describe(name: str, classes: tuple[str, ...], tensors: dict[str, torch.Tensor], home: Path | None) -> DataSetRow:
    n_channels, height, width = tensors["train_images"].shape[1:]
    title = class_name(name)
    return DataSetRow(
        name=_free_name(title, home),
        title=title,
        classes=classes,
        n_train=len(tensors["train_images"]),
        n_test=len(tensors["test_images"]),
        shape=(n_channels, height, width),
        licence="your own",
        licence_url="",
        source="Imported on this machine",
        bundled=True,
        download_bytes=0,
        sentence="Your own pictures, each cut to its centred square.",
    )


def _free_name(title: str, home: Path | None) -> str:
    """Make a name for the catalogue, of letters, digits and hyphens only, that nothing has yet."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:30].strip("-") or "own-set"
    numbered = (stem if number == 1 else f"{stem}-{number}" for number in range(1, 10_000))
    return next(name for name in numbered if name not in DATA_SETS and not is_stored(name, home))
