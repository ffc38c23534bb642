"""The recipe of a run: everything that decides what comes out, as one frozen object.

The sliders take their bounds and hints from these fields, the run folder keeps the object, a share link carries it.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lab.data.augment import AugmentSpec
from lab.data.catalogue import data_set
from lab.errors import Code, Fix, InsertLayer, RemoveLayer, SetField, TrainingError
from lab.network.layers.explain import brief, plain_sentence
from lab.network.spec import NetworkSpec
from lab.network.summary import NetworkSummary, summarize

OptimizerName = Literal["SGD", "Adam", "AdamW", "RMSprop"]
ScheduleName = Literal["constant", "step", "cosine", "one-cycle"]
LossName = Literal["cross-entropy", "label-smoothing", "focal", "multi-margin", "one-vs-rest", "mse", "smooth-l1"]
DeviceName = Literal["auto", "cpu", "cuda"]

# A recipe holds at most a network of some hundred layers; more text than this was not written by the lab.
MAX_RECIPE_BYTES = 2_000_000


class TrainSpec(BaseModel):
    """What to train on what and how; the same spec and seed give the same history, bit for bit on a CPU."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    version: Literal[1] = 1
    network: NetworkSpec = Field(description="The network, layer by layer.")
    data: str = Field(
        default="fashion-mnist",
        pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$",
        description="The images to learn from. Pictures of another size are resized to the network's input.",
    )
    epochs: int = Field(
        default=5, ge=1, le=1000, description="How often the network sees every training image. More is slower."
    )
    batch_size: int = Field(
        default=64,
        ge=1,
        le=4096,
        description="Images per step. Small batches: more, noisier steps. Large ones: fewer and smoother, more memory.",
    )
    optimizer: OptimizerName = Field(
        default="SGD",
        description="The rule that turns gradients into steps. SGD has Nesterov momentum; Adam scales each weight.",
    )
    lr: float = Field(
        default=0.08,
        gt=0,
        le=10,
        description="Learning rate: how far each step goes. Too small learns slowly, too large diverges. "
        "Usual: 0.01 to 0.1 for SGD, 0.0005 to 0.005 for the others.",
    )
    momentum: float = Field(
        default=0.9, ge=0, le=0.999, description="How much of the previous step is kept (SGD and RMSprop only)."
    )
    weight_decay: float = Field(
        default=5e-4,
        ge=0,
        le=1,
        description="Pulls every weight a little towards zero at each step; against overfitting.",
    )
    schedule: ScheduleName = Field(
        default="one-cycle",
        description="How the learning rate moves: it stays, drops to a tenth twice, falls along a cosine, "
        "or rises for a fifth of the run and then falls to zero.",
    )
    loss: LossName = Field(default="cross-entropy", description="What counts as wrong, and how much.")
    augment: AugmentSpec = Field(
        default_factory=AugmentSpec, description="Random changes of the training images that keep their class."
    )
    seed: int = Field(
        default=0, ge=0, le=2**31 - 1, description="Start of the random numbers: first weights, order, augmentation."
    )
    device: DeviceName = Field(default="auto", description="Where to compute; auto takes the GPU when there is one.")
    amp: Literal["auto", "off"] = Field(
        default="auto",
        description="auto multiplies in bfloat16 where the processor does that fast: about twice as fast, equally "
        "accurate. off computes everything in float32.",
    )
    early_stop_epochs: int = Field(
        default=0,
        ge=0,
        le=100,
        description="Stop when the test loss has not improved for so many epochs; 0 never stops early. "
        "The test set then had a say in the result, so expect slightly less on new images.",
    )
    n_train: int = Field(
        default=0,
        ge=0,
        le=10_000_000,
        description="Train on so many images only, the same share of each class; 0: all.",
    )

    def to_json(self) -> str:
        """Write the recipe as JSON; :meth:`from_json` reads it back as an equal object."""
        return self.model_dump_json(indent=1)

    @classmethod
    def from_json(cls, text: str | bytes) -> TrainSpec:
        """Read a recipe that came from outside.

        Raises:
            TrainingError: TRAIN-RECIPE, naming the first field that cannot be used, and its value.
            NetworkError: NET-SPEC, its network is not a valid one.
        """
        if len(text) > MAX_RECIPE_BYTES:
            what = f"the recipe has {len(text):,} characters, more than the {MAX_RECIPE_BYTES:,} that are read"
            raise TrainingError(Code.RECIPE, what)
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise _in_words(error) from None


def default_recipe(network: NetworkSpec, data: str = "fashion-mnist") -> TrainSpec:
    """Return the recipe that the pages and the command line start from."""
    return TrainSpec(network=network, data=data)


@lru_cache(maxsize=64)
def _summary(network: NetworkSpec) -> NetworkSummary:
    """Compute the table once: the page asks again at every move of a slider, which never changes the network."""
    return summarize(network)


def check_recipe(spec: TrainSpec, *, home: Path | None = None) -> None:
    """Make sure that this network can be trained on these images, before anything is started.

    Args:
        spec: the recipe.
        home: the lab's folder, where a learner's own image sets are; default as everywhere.

    Raises:
        DataError: DATA-UNKNOWN, no such image set.
        NetworkError: the layers do not fit together.
        TrainingError: TRAIN-RECIPE, the network's output cannot name the data set's classes; with fixes.
    """
    row = data_set(spec.data, home)
    summary = _summary(spec.network)
    output = summary.output
    n_classes = len(row.classes)
    if spec.network.input[0] not in (1, 3):
        what = f"pictures have 1 channel (grey) or 3 (colour), but the network takes {spec.network.input[0]}"
        raise TrainingError(Code.RECIPE, what, where="input", fixes=(_set_channels(spec.network, row.shape[0]),))
    if not spec.network.layers:
        what = "the network has no layers yet"
        raise TrainingError(Code.RECIPE, what, where=spec.network.name, fixes=(_add_classifier(n_classes),))
    last = spec.network.layers[-1]
    if summary.n_params == 0:
        what = "the network has no weights, so there is nothing to train"
        raise TrainingError(Code.RECIPE, what, where=last.id, fixes=(_add_classifier(n_classes),))
    if len(output) != 1:
        raise TrainingError(
            Code.RECIPE,
            f"the network ends with maps of {' × '.join(map(str, output))}, but an image needs one number per class",
            where=last.id,
            fixes=(_add_classifier(n_classes),),
        )
    if last.kind in ("Softmax", "LogSoftmax"):
        raise TrainingError(
            Code.RECIPE,
            "the loss applies softmax itself, and a second softmax makes every gradient small",
            where=last.id,
            fixes=(Fix(f"Remove {last.id}", (RemoveLayer(last.id),)),),
        )
    if output[0] != n_classes:
        raise TrainingError(
            Code.RECIPE,
            f"the network gives {output[0]} numbers, but {row.title} has {n_classes} classes",
            where=last.id,
            fixes=(_set_classes(spec.network, n_classes),),
        )
    if spec.n_train > row.n_train:
        what = f"n_train is {spec.n_train:,}, but {row.title} has {row.n_train:,} training images"
        raise TrainingError(Code.RECIPE, what, where="n_train", now="choose fewer, or 0 for all")
    if 0 < spec.n_train < n_classes:
        what = f"n_train is {spec.n_train}, fewer than the {n_classes} classes of {row.title}"
        raise TrainingError(Code.RECIPE, what, where="n_train", now="choose at least one image per class")


def _set_channels(network: NetworkSpec, n_channels: int) -> Fix:
    shape = (n_channels, *network.input[1:])
    return Fix(f"Set the input to {' × '.join(map(str, shape))}", (SetField("input", "shape", shape),))


def _set_classes(network: NetworkSpec, n_classes: int) -> Fix:
    """Change the last Linear layer when nothing but activations follow it, else append one."""
    for layer in reversed(network.layers):
        if layer.kind == "Linear":
            return Fix(f"Set {layer.id}.out_features to {n_classes}", (SetField(layer.id, "out_features", n_classes),))
        if layer.group not in ("Activation", "Normalisation"):
            break
    return Fix(f"Add a Linear layer with {n_classes} outputs", (_linear(n_classes),))


def _add_classifier(n_classes: int) -> Fix:
    return Fix(f"Add Flatten and a Linear layer with {n_classes} outputs", (InsertLayer("Flatten"), _linear(n_classes)))


def _linear(n_classes: int) -> InsertLayer:
    return InsertLayer("Linear", params=(("out_features", n_classes),))


def _in_words(error: ValidationError) -> TrainingError:
    first = error.errors(include_url=False)[0]
    place = [str(part) for part in first["loc"]]
    model = AugmentSpec if place[0:1] == ["augment"] else TrainSpec
    if first["type"] == "json_invalid":
        what = "it is not JSON"
    elif first["type"] == "string_pattern_mismatch":
        what = f"{brief(first['input'])} is not the name of an image set"
    else:
        names_itself = first["type"] in ("extra_forbidden", "missing")
        what = plain_sentence(model, place[-1] if names_itself else "", first)
        place = place[:-1] if names_itself else place
    return TrainingError(Code.RECIPE, what, where=".".join(place)[:80] or "recipe")
