"""An image set, and the one way to get it: bundled, generated, fetched or the user's own, by name."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import torch
from torch import Tensor

from lab.data.bundled import BUNDLED_NAME, bundled_sha256, read_bundled
from lab.data.catalogue import DataSetRow, data_set
from lab.data.fetching import OnProgress, fetch_once
from lab.data.storage import TENSORS, is_stored, read_set, stored_at_ns
from lab.errors import Code, DataError
from lab.files import lab_home

SETS_IN_MEMORY = 3  # shared by all sessions; CIFAR-10 is 184 MB, the bundled set 11 MB
RESIZE_CHUNK = 1024  # images resized at a time: floats are four times as large as the bytes they come from
# Rec. ITU-R BT.601-7, luma of red, green and blue; also what Pillow's convert("L") uses.
LUMA = (0.299, 0.587, 0.114)


@dataclass(frozen=True)
class ImageSet:
    """Images and labels, as bytes, shared by all who asked: read, never write.

    Attributes:
        name: as in the catalogue.
        classes: class names in label order.
        train_images, test_images: uint8 (N, C, H, W); where memory is short, a view of the file.
        train_labels, test_labels: int64 (N,).
        mean, std: of the training images per channel, pixels scaled to 0..1.
        sha256: of the file the images came from, or of the generated pixels.
        licence: under what terms they come.
    """

    name: str
    classes: tuple[str, ...]
    train_images: Tensor
    train_labels: Tensor
    test_images: Tensor
    test_labels: Tensor
    mean: tuple[float, ...]
    std: tuple[float, ...]
    sha256: str
    licence: str

    @property
    def shape(self) -> tuple[int, int, int]:
        """Shape of one image, (C, H, W)."""
        channels, height, width = self.train_images.shape[1:]
        return channels, height, width


def load_image_set(
    name: str, *, home: Path | None = None, download: bool = True, on_progress: OnProgress | None = None
) -> ImageSet:
    """Load a set by name; the last few stay in memory and are handed out again.

    Args:
        name: a name of :func:`lab.data.catalogue.data_sets`.
        home: the lab's folder; ``None`` takes ``$LAB_HOME``.
        download: fetch a set that is not on this machine; ``False`` raises instead.
        on_progress: called a few times a second while it is fetched.

    Raises:
        DataError: DATA-UNKNOWN, no such set; DATA-DOWNLOAD, it cannot be fetched; DATA-DAMAGED, its files changed.
    """
    row = data_set(name, home)
    if not row.bundled and not is_stored(name, home):
        _fetch(row, home, download, on_progress)
    with _loading:
        return _load(name, lab_home(home).resolve(), stored_at_ns(name, home))


# Two sessions that ask at once load once.
_loading = threading.Lock()


def _fetch(row: DataSetRow, home: Path | None, download: bool, on_progress: OnProgress | None) -> None:
    if not download:
        raise DataError(Code.DATA_DOWNLOAD, "this set is not on this machine yet", where=row.name, now="fetch it first")
    fetch_once(row, home, on_progress)


@lru_cache(maxsize=SETS_IN_MEMORY)
def _load(name: str, home: Path, _stored_at_ns: int) -> ImageSet:
    if name in _BUILT_IN:
        row, (tensors, sha256) = data_set(name, home), _BUILT_IN[name]()
    else:
        row, tensors, sha256 = read_set(name, home)
    mean, std = channel_statistics(tensors["train_images"])
    return ImageSet(name=name, classes=row.classes, mean=mean, std=std, sha256=sha256, licence=row.licence, **tensors)


def forget_loaded_sets() -> None:
    """Let go of all sets in memory, for example after one was deleted."""
    _load.cache_clear()


def _read_bundled() -> tuple[dict[str, Tensor], str]:
    tensors = {name: torch.from_numpy(array) for name, array in read_bundled().items()}
    return {name: each.long() if "labels" in name else each for name, each in tensors.items()}, bundled_sha256()


def _generate_shapes() -> tuple[dict[str, Tensor], str]:
    from lab.data.shapes import DEFAULT_SEED, N_TEST, N_TRAIN, generate_shapes

    tensors = {}
    for part, n_images, seed in (("train", N_TRAIN, DEFAULT_SEED), ("test", N_TEST, DEFAULT_SEED + 1)):
        tensors[f"{part}_images"], tensors[f"{part}_labels"] = generate_shapes(n_images, seed=seed)
    return tensors, pixels_sha256(tensors)


_BUILT_IN: dict[str, Callable[[], tuple[dict[str, Tensor], str]]] = {
    BUNDLED_NAME: _read_bundled,
    "shapes": _generate_shapes,
}


def pixels_sha256(tensors: dict[str, Tensor]) -> str:
    """SHA-256 over the bytes of the four tensors, in the order of ``TENSORS``."""
    digest = hashlib.sha256()
    for name in TENSORS:
        digest.update(tensors[name].contiguous().numpy().data)
    return digest.hexdigest()


def channel_statistics(images: Tensor) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and standard deviation of each channel, pixels scaled to 0..1, exact by counting the 256 values.

    Args:
        images: uint8 (N, C, H, W).

    Returns:
        Means and (population) standard deviations, one a channel.

    Examples:
        >>> channel_statistics(torch.tensor([0, 255], dtype=torch.uint8).view(2, 1, 1, 1))
        ((0.5,), (0.5,))
    """
    counts = torch.zeros(images.shape[1], 256, dtype=torch.int64)
    for chunk in _chunks(images):  # a set larger than the memory passes through it
        counts += torch.stack([channel.flatten().bincount(minlength=256) for channel in chunk.unbind(1)])
    values = torch.arange(256, dtype=torch.float64) / 255
    means, deviations = [], []
    for count in counts:
        share = count.double() / count.sum()
        mean = (share * values).sum()
        means.append(mean.item())
        deviations.append((share * (values - mean) ** 2).sum().sqrt().item())
    return tuple(means), tuple(deviations)


def fit_images(images: Tensor, shape: tuple[int, int, int]) -> Tensor:
    """Turn images into the shape a network takes, so that any network can see any set.

    Colour becomes grey by luma (0.299 R + 0.587 G + 0.114 B), grey becomes colour by repetition; the picture is then
    stretched to the new size (antialiased, so that shrinking does not drop thin lines).

    Args:
        images: uint8 (N, C, H, W), C is 1 or 3.
        shape: (C, H, W), C is 1 or 3.

    Returns:
        uint8 (N, *shape); the same tensor if nothing had to change.

    Raises:
        DataError: TRAIN-RECIPE, a number of channels that pictures do not have.

    Examples:
        >>> fit_images(torch.full((1, 3, 4, 4), 7, dtype=torch.uint8), (1, 2, 2)).tolist()
        [[[[7, 7], [7, 7]]]]
    """
    if tuple(images.shape[1:]) == tuple(shape):
        return images
    return torch.cat([_fit_chunk(chunk, shape) for chunk in _chunks(images)])


def _chunks(images: Tensor) -> Iterator[Tensor]:
    for start in range(0, len(images), RESIZE_CHUNK):
        yield images[start : start + RESIZE_CHUNK]


def _fit_chunk(images: Tensor, shape: tuple[int, int, int]) -> Tensor:
    images = _fit_channels(images, shape[0])
    return images if tuple(images.shape[2:]) == tuple(shape[1:]) else _resize(images, shape[1:])


def _fit_channels(images: Tensor, n_channels: int) -> Tensor:
    given = images.shape[1]
    if given == n_channels:
        return images
    if (given, n_channels) == (1, 3):
        return images.expand(-1, 3, -1, -1)
    if (given, n_channels) == (3, 1):
        luma = torch.tensor(LUMA, device=images.device).view(1, 3, 1, 1)
        return (images * luma).sum(1, keepdim=True).round_().to(torch.uint8)
    raise DataError(
        Code.RECIPE,
        f"the network takes {n_channels} channels but the images have {given}",
        now="set the network's input to 1 channel (grey) or 3 (colour)",
    )


def _resize(images: Tensor, size: tuple[int, int]) -> Tensor:
    resized = torch.nn.functional.interpolate(
        images.float(), size=size, mode="bilinear", antialias=True, align_corners=False
    )
    return resized.round_().clamp_(0, 255).to(torch.uint8)
