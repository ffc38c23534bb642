"""Is this photo like the images a network was trained on? A network itself never says: it always names a class.

A picture is described by what the network's convolutions make of it: mean and spread of every channel of every
convolution's output, and of the picture itself and its edges. How far this description lies from those of training
images, compared with how far test images lie, says how unusual the picture is.

Why not by what reaches the last layer, as is usual? A small network has learned to see nothing there but its own
classes. Measured so with student_cnn trained on Fashion-MNIST, 3 of our 10 sample photos passed as usual, measured as
here one or none; trained on Shapes-RGB, 10 and 3, and of Fashion-MNIST's images 99 % and none. Of a set's own test
images 99 % pass either way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    from lab.network.build import Network

NEIGHBOURS = 5
MOST_IMAGES, FEWEST_IMAGES = 900, 100  # two thirds training, one third test images; fewer say too little
BUDGET_MACS = 20_000_000_000  # about a second on one core; vgg_small gets 600 images, mobilenet_v2 none
USUAL_SHARE = 0.99  # of test images pass as usual
BATCH = 100
MIN_SCALE = 1e-3  # of the largest spread: a channel that is dead on training images must not decide alone


@dataclass(frozen=True)
class Familiarity:
    """What is usual for one trained network.

    Attributes:
        reference: descriptions of training images, standardised, float32 (N, F).
        mean, scale: what standardises a description, (F,) each.
        limit: distance that 99 % of test images stay within.
    """

    reference: Tensor
    mean: Tensor
    scale: Tensor
    limit: float

    def distances(self, descriptions: Tensor) -> Tensor:
        """Distance of each picture's description, (N, F), to its fifth-nearest training image: (N,)."""
        return neighbour_distances((descriptions - self.mean) / self.scale, self.reference)

    def is_unfamiliar(self, description: Tensor) -> bool:
        """Tell whether a picture, described by (1, F), lies further off than 99 % of the test images."""
        return bool(self.distances(description)[0] > self.limit)


def affordable_images(network: Network) -> tuple[int, int]:
    """How many training and test images a visitor can wait for; (0, 0) for a network too large for it.

    Examples:
        >>> from lab.network.build import build_network
        >>> from lab.network.presets import preset
        >>> affordable_images(build_network(preset("student_cnn")))
        (600, 300)
    """
    n_images = min(BUDGET_MACS // max(network.summary.n_macs, 1), MOST_IMAGES)
    return (n_images * 2 // 3, n_images // 3) if n_images >= FEWEST_IMAGES else (0, 0)


def measure_familiarity(network: Network, train_images: Tensor, test_images: Tensor) -> Familiarity:
    """Find out what is usual.

    Args:
        network: trained, in eval mode.
        train_images, test_images: as the network takes them, float32 (N, C, H, W).

    Source:
        Sun et al., "Out-of-Distribution Detection with Deep Nearest Neighbors", arXiv:2204.06507: distance to the
        k-th neighbour; the description by channel means and spreads is that of style losses (Huang & Belongie,
        arXiv:1703.06868).
    """
    train = describe(network, train_images)
    mean, spread = train.mean(0), train.std(0)
    scale = spread + MIN_SCALE * spread.max()
    reference = (train - mean) / scale
    test = (describe(network, test_images) - mean) / scale
    limit = neighbour_distances(test, reference).quantile(USUAL_SHARE)
    return Familiarity(reference, mean, scale, float(limit))


def neighbour_distances(descriptions: Tensor, reference: Tensor) -> Tensor:
    """Distance of each row to its fifth-nearest row of the reference: (N,)."""
    n_neighbours = min(NEIGHBOURS, len(reference))
    return torch.cdist(descriptions, reference).kthvalue(n_neighbours, dim=1).values


def describe(network: Network, images: Tensor) -> Tensor:
    """Describe pictures by mean and spread of channels.

    Args:
        network: in eval mode.
        images: as the network takes them, float32 (N, C, H, W).

    Returns:
        float32 (N, F).
    """
    with torch.inference_mode():
        return torch.cat([_describe_batch(network, images[i : i + BATCH]) for i in range(0, len(images), BATCH)])


def _describe_batch(network: Network, images: Tensor) -> Tensor:
    kinds = {layer.id: layer.kind for layer in network.spec.layers}
    traced = network.trace(images)
    maps = [images, images.diff(dim=2), images.diff(dim=3)]
    maps += [output for name, output in traced.items() if kinds.get(name) == "Conv2d"]
    moments = [part for m in maps if m[0, 0].numel() for part in (m.mean((2, 3)), m.std((2, 3), correction=0))]
    return torch.cat(moments, 1).float()
