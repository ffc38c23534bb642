"""The logits that a run's network gives for one of its own test images: what a loss would be computed from."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from lab.data.image_set import fit_images, load_image_set
from lab.errors import Code, RunError
from lab.prediction.classifier import Classifier


@dataclass(frozen=True)
class ImageLogits:
    """One test image as the network sees it, class by class.

    Attributes:
        index: of the image in the test set.
        names: class names, one a logit; with many classes only those with the largest logits and the right one.
        logits: float32 values; of a network that ends in softmax the logarithms of its probabilities.
        target: place of the right class among them.
        n_left_out: classes that are not among them.
    """

    index: int
    names: tuple[str, ...]
    logits: tuple[float, ...]
    target: int
    n_left_out: int


def logits_of_test_image(classifier: Classifier, index: int, *, most: int = 10) -> ImageLogits:
    """Show a run's network one of its test images, in the form in which it was evaluated.

    Args:
        classifier: of a run.
        index: of the image; beyond the last one the last is taken.
        most: how many classes to keep: the largest logits, and the right class in any case.

    Raises:
        RunError: RUN-STATE, the classifier is not one of a run.
        DataError: the images are no longer on this machine.
    """
    if classifier.run is None:
        raise RunError(Code.RUN_STATE, "this network was not trained here, so it has no test images")
    images = load_image_set(classifier.run.spec().data, home=classifier.run.home, download=False)
    index = min(index, len(images.test_images) - 1)
    picture = fit_images(images.test_images[index : index + 1], classifier.preprocessing.shape)
    logits = _logits(classifier, classifier.preprocessing.normalised(picture))
    kept = _kept(logits, int(images.test_labels[index]), most)
    return ImageLogits(
        index=index,
        names=tuple(classifier.classes[place] for place in kept),
        logits=tuple(logits[torch.tensor(kept)].tolist()),
        target=kept.index(int(images.test_labels[index])),
        n_left_out=len(logits) - len(kept),
    )


def _logits(classifier: Classifier, image: Tensor) -> Tensor:
    with torch.inference_mode():
        output: Tensor = classifier.network(image)[0].float()
    ends_in_softmax = bool(classifier.spec.layers) and classifier.spec.layers[-1].kind == "Softmax"
    return output.clamp_min(1e-30).log() if ends_in_softmax else output


def _kept(logits: Tensor, target: int, most: int) -> list[int]:
    """Places of the largest logits and of the target, in the order of the classes."""
    largest: list[int] = logits.argsort(descending=True).tolist()
    others = [place for place in largest if place != target]
    return sorted([target, *others[: most - 1]])
