"""A network together with what it takes to show it a photo: preprocessing, class names, and what it is used to."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from lab.data.catalogue import data_set
from lab.data.image_set import fit_images, load_image_set
from lab.errors import Code, DataError, LabError, RunError
from lab.network.build import Network, build_network
from lab.network.memory import kept, memory_bytes
from lab.network.spec import NetworkSpec
from lab.network.summary import summarize
from lab.prediction.familiarity import Familiarity, affordable_images, describe, measure_familiarity
from lab.prediction.imagenet import MEAN, RESIZE_PX, STD, CatDog, cat_dog_totals, imagenet_classes, pretrained_network
from lab.prediction.preprocessing import DARK_MEAN, Preprocessing
from lab.training.checkpoint import weights_written_ns
from lab.training.run_folder import Run, open_run

Checkpoint = Literal["best", "last"] | int

CLASSIFIERS_IN_MEMORY = 8
UNSURE_BELOW = 0.2  # an ImageNet photo of one of its classes mostly gets far more for its first class


@dataclass(frozen=True)
class Classifier:
    """A network that can be shown a photo; shared by all who ask for it, so use it, never change it.

    Attributes:
        name: ``"imagenet"``, a run's id, or ``"untrained"``.
        title: for people.
        spec: the network.
        network: built and in eval mode, with weights.
        classes: class names in the order of the outputs.
        preprocessing: how a photo becomes its input.
        run: the run it comes from, if it does.
        epoch: epochs trained in that run; 0 is untrained.
    """

    name: str
    title: str
    spec: NetworkSpec
    network: Network
    classes: tuple[str, ...]
    preprocessing: Preprocessing
    run: Run | None = None
    epoch: int = 0

    @property
    def is_untrained(self) -> bool:
        """Whether its weights are still random numbers."""
        return self.name != "imagenet" and self.epoch == 0

    @cached_property
    def familiarity(self) -> Familiarity | None:
        """What it is used to, found out when first asked for; ``None`` without its images or for a huge network."""
        if self.run is None or self.is_untrained:
            return None
        n_train, n_test = affordable_images(self.network)
        if not n_train:
            return None
        try:
            image_set = load_image_set(self.run.spec().data, home=self.run.home, download=False)
        except DataError:
            return None
        return measure_familiarity(
            self.network,
            self._some(image_set.train_images, n_train),
            self._some(image_set.test_images, n_test),
        )

    def _some(self, images: Tensor, n_images: int) -> Tensor:
        """Images from all over the set, for some lie class by class, as the network takes them."""
        n_chosen = min(n_images, len(images))
        chosen = images[torch.arange(n_chosen) * len(images) // n_chosen]
        return self.preprocessing.normalised(fit_images(chosen, self.preprocessing.shape))


@dataclass(frozen=True)
class Prediction:
    """What a classifier makes of a photo.

    Attributes:
        classes: the most probable ones as (label, probability), best first.
        probabilities: of all classes, in the classifier's order; they add up to 1.
        warning: why not to trust it, or ``None``.
        cat_dog: totals for ImageNet's classes, else ``None``.
    """

    classes: tuple[tuple[str, float], ...]
    probabilities: tuple[float, ...]
    warning: str | None = None
    cat_dog: CatDog | None = None


def imagenet_classifier() -> Classifier:
    """Return EfficientNet-Lite0, trained on ImageNet's 1.28 million photos of 1,000 kinds of things.

    Raises:
        LabError: WEIGHTS-MISSING.
    """
    network = pretrained_network()
    return Classifier(
        name="imagenet",
        title="EfficientNet-Lite0, trained on ImageNet",
        spec=network.spec,
        network=network,
        classes=imagenet_classes(),
        preprocessing=Preprocessing(_picture_shape(network.spec), MEAN, STD, resize_px=RESIZE_PX),
    )


def untrained_classifier(spec: NetworkSpec, seed: int = 0) -> Classifier:
    """Return a network with random weights, to see what training changes.

    Raises:
        NetworkError: the layers do not fit together.
        LabError: NET-SHAPE, it takes no pictures or gives no class scores.
    """
    network = build_network(spec, seed=seed).eval()
    half = (0.5,) * spec.input[0]
    return Classifier(
        name="untrained",
        title=f"{spec.name}, not trained",
        spec=spec,
        network=network,
        classes=tuple(f"class {index}" for index in range(_n_outputs(network))),
        preprocessing=Preprocessing(_picture_shape(spec), half, half),
    )


def run_classifier(run_id: str, *, checkpoint: Checkpoint = "best", home: Path | None = None) -> Classifier:
    """Return a run's network as it was after some epoch; the last few are kept and handed out again.

    Args:
        run_id: the run.
        checkpoint: ``"best"`` (highest test accuracy), ``"last"``, or an epoch, 0 before training.
        home: the lab's folder; ``None`` takes ``$LAB_HOME``.

    Raises:
        RunError: RUN-UNKNOWN; RUN-STATE, no such checkpoint (yet); RUN-DAMAGED.
    """
    run = open_run(run_id, home)
    epoch = _choose_epoch(run, checkpoint)
    return _run_classifier(run, epoch, weights_written_ns(run.path, epoch))


def _choose_epoch(run: Run, checkpoint: Checkpoint) -> int:
    if isinstance(checkpoint, int):
        return checkpoint
    epoch = run.best_epoch() if checkpoint == "best" else max(run.checkpoints(), default=None)
    if epoch is None:
        raise RunError(
            Code.RUN_STATE, "this run has no checkpoint yet", where=run.id, now="wait until its first epoch is done"
        )
    return epoch


def _run_bytes(run: Run, epoch: int, written_ns: int) -> int:
    return memory_bytes(summarize(run.spec().network))


@kept(_run_bytes, n_small=CLASSIFIERS_IN_MEMORY)
def _run_classifier(run: Run, epoch: int, written_ns: int) -> Classifier:
    # When the weights were written is part of the key: a run that went back to an older state writes an epoch anew.
    spec = run.spec()
    network = build_network(spec.network).eval()
    try:
        network.load_state_dict(run.load_state(epoch))
    except RuntimeError:
        raise RunError(
            Code.RUN_DAMAGED, f"the weights of epoch {epoch} are not those of its network", where=run.id
        ) from None
    facts = _training_facts(run, spec.data)
    preprocessing = Preprocessing(
        _picture_shape(spec.network),
        facts.mean,
        facts.std,
        is_dark_ground=spec.network.input[0] == 1 and facts.mean[0] < DARK_MEAN,
    )
    return Classifier(
        name=run.id,
        title=f"{spec.network.name}, trained on {facts.title}, epoch {epoch}",
        spec=spec.network,
        network=network,
        classes=facts.classes,
        preprocessing=preprocessing,
        run=run,
        epoch=epoch,
    )


@dataclass(frozen=True)
class _TrainingFacts:
    """What a classifier must know of the images its network was trained on."""

    title: str
    classes: tuple[str, ...]
    mean: tuple[float, ...]
    std: tuple[float, ...]


def _training_facts(run: Run, data: str) -> _TrainingFacts:
    """Read them from the run itself, so that a run can be used where its images are not."""
    environment: Mapping[str, object] = run.environment()
    values = [environment.get(name) for name in ("classes", "mean", "std")]
    n_channels, n_classes = run.spec().network.input[0], _n_outputs_of(run)
    classes, mean, std = (tuple(value) if isinstance(value, list) else () for value in values)
    are_numbers = all(isinstance(value, float | int) for value in (*mean, *std))
    if (len(classes), len(mean), len(std)) != (n_classes, n_channels, n_channels) or not are_numbers:
        raise RunError(
            Code.RUN_DAMAGED, "its environment.json is missing or damaged", where=run.id, now="train it anew"
        )
    try:
        title = data_set(data, run.home).title
    except DataError:
        title = data
    return _TrainingFacts(title, tuple(map(str, classes)), tuple(map(float, mean)), tuple(map(float, std)))


def _n_outputs_of(run: Run) -> int:
    return math.prod(summarize(run.spec().network).output)


def _picture_shape(spec: NetworkSpec) -> tuple[int, int, int]:
    if spec.input[0] not in (1, 3):
        raise LabError(
            Code.NETWORK_SHAPE,
            f"the network takes {spec.input[0]} channels, but a photo has 1 (grey) or 3 (colour)",
            where="input",
            now="set the input to 1 or 3 channels",
        )
    return spec.input


def _n_outputs(network: Network) -> int:
    output = network.summary.output
    if len(output) != 1:
        raise LabError(
            Code.NETWORK_SHAPE,
            f"the network ends with maps of {' × '.join(map(str, output))}, not with one number a class",
            where=network.spec.layers[-1].id if network.spec.layers else network.spec.name,
            now="end it with Flatten and Linear",
        )
    return output[0]


def classify(classifier: Classifier, photo: np.ndarray, top: int = 5) -> Prediction:
    """Show a photo to a network.

    Args:
        classifier: which network.
        photo: uint8 (H, W, 3), as :func:`lab.data.photo.open_photo` gives it.
        top: how many classes to name.

    Returns:
        The classes with their probabilities, and a warning if the photo is unlike what the network knows.
    """
    image = classifier.preprocessing.tensor(photo)
    with torch.inference_mode():
        output = classifier.network(image)[0].float()
    probabilities = _probabilities(classifier.spec, output)
    best = probabilities.topk(min(top, len(probabilities)))
    classes = tuple((classifier.classes[index], value) for value, index in zip(*map(_listed, best), strict=True))
    values = tuple(probabilities.tolist())
    return Prediction(
        classes=classes,
        probabilities=values,
        warning=warning_of(classifier, image, classes),
        cat_dog=cat_dog_totals(values) if classifier.name == "imagenet" else None,
    )


def _probabilities(spec: NetworkSpec, output: Tensor) -> Tensor:
    """Turn the network's output into probabilities, unless it ends in a softmax of its own."""
    last = spec.layers[-1].kind if spec.layers else ""
    if last == "Softmax":
        return output
    return output.softmax(0)


def _listed(values: Tensor) -> list[float]:
    return values.tolist()


def warning_of(classifier: Classifier, image: Tensor, classes: tuple[tuple[str, float], ...]) -> str | None:
    """Say why an answer is not to be trusted.

    Args:
        classifier: the network that gave it.
        image: the picture as the network takes it, float32 (1, C, H, W).
        classes: the most probable classes as (label, probability), best first.

    Returns:
        One or two sentences, or ``None``. The first call for a run may take a second: it measures what is usual for it.
    """
    if classifier.is_untrained:
        return "This network has not been trained: its weights are random numbers, and so is its answer."
    if classifier.familiarity and classifier.familiarity.is_unfamiliar(describe(classifier.network, image)):
        return (
            "This photo is unlike the images that the network was trained on. It can only name one of their "
            f"{len(classifier.classes)} classes, so its answer means little."
        )
    if classifier.name == "imagenet" and classes[0][1] < UNSURE_BELOW:
        return (
            f"The network is unsure: none of its 1,000 classes gets more than {100 * classes[0][1]:.1f} %. "
            "The photo may show something that is none of them."
        )
    return None
