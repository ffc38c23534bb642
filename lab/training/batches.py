"""Training images as they lie on the device: uint8, whole, and gathered into batches by index."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lab.data.augment import AugmentSpec, augment_batch

# Up to here images are resized once and kept; beyond, the smaller originals are kept and each batch is resized.
_MAX_RESIZED_BYTES = 2**30

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from lab.data.image_set import ImageSet


class ResidentImages:
    """Images and labels on the device, and the way from bytes to what a network takes.

    Args:
        images: uint8 (N, C, H, W) as the set has them.
        labels: int64 (N,).
        shape: (C, H, W) that the network takes.
        mean, std: per channel of the *training* images, pixels scaled to 0..1; one value serves all channels.
        device: where they are to lie.
    """

    def __init__(
        self,
        images: Tensor,
        labels: Tensor,
        shape: tuple[int, int, int],
        mean: tuple[float, ...],
        std: tuple[float, ...],
        device: torch.device,
    ) -> None:
        import torch

        from lab.data.image_set import fit_images

        self._shape = shape
        is_small = len(images) * math.prod(shape) <= max(_MAX_RESIZED_BYTES, images.numel())
        self.images = (fit_images(images, shape) if is_small else images).to(device)
        self.labels = labels.to(device)
        # x = (pixel / 255 - mean) / std as one multiplication and one addition.
        std_values = torch.tensor(std, device=device).clamp_min(1e-3).view(1, -1, 1, 1)
        self._scale = 1.0 / (255.0 * std_values)
        self._shift = -torch.tensor(mean, device=device).view(1, -1, 1, 1) / std_values

    def __len__(self) -> int:
        return len(self.images)

    def slice(self, start: int, stop: int) -> Tensor:
        """Return the images ``start`` to ``stop - 1``, float32, normalised, not augmented."""
        return self.normalised(self.images[start:stop])

    def batch(self, index: Tensor, augment: AugmentSpec, generator: torch.Generator) -> tuple[Tensor, Tensor]:
        """Gather a training batch.

        Args:
            index: int64 (n,), positions in the set, on the device.
            augment: what may happen to the images.
            generator: the run's own.

        Returns:
            Images float32 (n, C, H, W), normalised, and labels int64 (n,).
        """
        images = augment_batch(self.images.index_select(0, index), augment, generator)
        return self.normalised(images), self.labels.index_select(0, index)

    def normalised(self, images: Tensor) -> Tensor:
        """Turn bytes (n, C, H, W) into what the network takes: float32, mean 0, deviation 1, channels last."""
        import torch

        from lab.data.image_set import fit_images

        floats = fit_images(images, self._shape).to(torch.float32, memory_format=torch.channels_last)
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
