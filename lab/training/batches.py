"""Training images and the way from where they live to what a network takes: gathered by index, fitted, normalised."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lab.data.augment import AugmentSpec, augment_batch
from lab.data.placement import has_room

# Up to here images are resized once and kept; beyond, the smaller originals are kept and each batch is resized.
_MAX_RESIZED_BYTES = 2**30

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from lab.data.image_set import ImageSet


class BatchSource:
    """Images and labels, whole on the device where there is room for them.

    Without room the images stay where the set has them, in host memory or in its file, and only what a batch needs
    comes to the device. The batches are the same, bit for bit.

    Args:
        images: uint8 (N, C, H, W) as the set has them.
        labels: int64 (N,).
        shape: (C, H, W) that the network takes.
        mean, std: per channel of the *training* images, pixels scaled to 0..1; one value serves all channels.
        device: where batches are wanted.
        chosen: int64 (n,), positions of the images to use; ``None`` uses all.
    """

    def __init__(
        self,
        images: Tensor,
        labels: Tensor,
        shape: tuple[int, int, int],
        mean: tuple[float, ...],
        std: tuple[float, ...],
        device: torch.device,
        chosen: Tensor | None = None,
    ) -> None:
        import torch

        self._shape, self._device = shape, device
        self.labels = (labels if chosen is None else labels[chosen]).to(device)
        self._place(images, chosen)
        # x = (pixel / 255 - mean) / std as one multiplication and one addition.
        std_values = torch.tensor(std, device=device).clamp_min(1e-3).view(1, -1, 1, 1)
        self._scale = 1.0 / (255.0 * std_values)
        self._shift = -torch.tensor(mean, device=device).view(1, -1, 1, 1) / std_values

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def index_device(self) -> torch.device:
        """Where the positions given to :meth:`batch` are best: beside the images."""
        return self.images.device

    def slice(self, start: int, stop: int) -> Tensor:
        """Return the images ``start`` to ``stop - 1``, float32, normalised, not augmented."""
        images = self.images[start:stop] if self._chosen is None else self._gathered(self._chosen[start:stop])
        return self._normalised(self._fitted(images))

    def batch(self, index: Tensor, augment: AugmentSpec, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Gather a training batch.

        Args:
            index: int64 (n,), which images, 0 to ``len(self) - 1``, on :attr:`index_device`.
            augment: what may happen to the images.
            generator: the run's own.

        Returns:
            Images float32 (n, C, H, W), normalised, and labels int64 (n,), on the device.
        """
        rows = index if self._chosen is None else self._chosen.index_select(0, index)
        images = augment_batch(self._fitted(self._gathered(rows)), augment, generator)
        return self._normalised(images), self.labels.index_select(0, index.to(self._device, non_blocking=True))

    def _place(self, images: Tensor, chosen: Tensor | None) -> None:
        """Fitted and on the device, as they are on the device, or where they are: the first that there is room for."""
        from lab.data.image_set import fit_images

        n_own = len(self) * math.prod(images.shape[1:])
        n_fitted = len(self) * math.prod(self._shape)
        fits_fitted = n_fitted <= max(_MAX_RESIZED_BYTES, n_own) and has_room(n_own + n_fitted, self._device)
        self._chosen = None
        if fits_fitted or has_room(n_own, self._device):
            used = images if chosen is None else images.index_select(0, chosen)
            self.images = fit_images(used.to(self._device), self._shape) if fits_fitted else used.to(self._device)
        else:
            self.images, self._chosen = images, chosen

    def _gathered(self, rows: Tensor) -> Tensor:
        """Pick images where they are; into pinned memory if a GPU is to fetch them from there."""
        import torch

        crosses = self.images.device.type != self._device.type
        shape = (len(rows), *self.images.shape[1:])
        out = torch.empty(shape, dtype=torch.uint8, device=self.images.device, pin_memory=crosses)
        return torch.index_select(self.images, 0, rows, out=out)

    def _fitted(self, images: Tensor) -> Tensor:
        from lab.data.image_set import fit_images

        return fit_images(images.to(self._device, non_blocking=True), self._shape)

    def _normalised(self, images: Tensor) -> Tensor:
        """Turn bytes (n, C, H, W) into what the network takes: float32, mean 0, deviation 1, channels last."""
        import torch

        floats = images.to(torch.float32, memory_format=torch.channels_last)
        return floats.mul_(self._scale).add_(self._shift)


def channel_statistics_for(image_set: ImageSet, n_channels: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Return mean and deviation for a network that takes another number of channels than the set has.

    Grey shown in colour repeats its one value; colour shown in grey takes the mean of the three.
    """
    mean, std = image_set.mean, image_set.std
    if len(mean) == n_channels:
        return mean, std
    return (sum(mean) / len(mean),) * n_channels, (sum(std) / len(std),) * n_channels


def choose_training_images(labels: Tensor, n_images: int, seed: int) -> Tensor:
    """Choose ``n_images`` with the same share of each class as the whole, as nearly as whole images allow.

    Args:
        labels: int64 (N,), on the CPU.
        n_images: how many; 0 or at least N takes all.
        seed: which ones.

    Returns:
        int64 positions, ascending. A larger choice with the same seed contains the smaller one.
    """
    import torch

    if n_images <= 0 or n_images >= len(labels):
        return torch.arange(len(labels))
    shuffled = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed))
    # Each image's place within its class, as a share of the class: taking the smallest shares takes equally from all.
    share = torch.empty(len(labels), dtype=torch.float64)
    for label in sorted(set(labels.tolist())):
        members = shuffled[labels[shuffled] == label]
        share[members] = torch.arange(len(members), dtype=torch.float64) / len(members)
    return share.argsort(stable=True)[:n_images].sort().values
