"""What the stage's JavaScript draws: every number and every picture of it comes from ``lab``."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import asdict
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from lab.network.catalogue import CATALOGUE
from lab.theory.neurons.plane_spec import (
    ACTIVATIONS,
    FEATURES,
    HALF_WIDTH,
    MAX_LAYERS,
    MAX_NEURONS,
    ActivationName,
    DataName,
    FeatureName,
    PlaneSpec,
)
from pages.ui.neurons.state import NeuronsState

if TYPE_CHECKING:
    from lab.theory.neurons.plane_data import PlanePoints
    from lab.theory.neurons.plane_loss import Score
    from lab.theory.neurons.plane_responses import Picture
    from lab.theory.neurons.plane_training import Moment, PlaneTrainer

FEATURE_TEXT: dict[FeatureName, str] = {
    "x1": "x₁", "x2": "x₂", "x1_squared": "x₁²", "x2_squared": "x₂²", "x1_x2": "x₁x₂", "sin_x1": "sin x₁",
    "sin_x2": "sin x₂",
}  # fmt: skip
DATA_TEXT: dict[DataName, str] = {
    "circle": "Circle", "xor": "Exclusive or", "gauss": "Two blobs", "spiral": "Spiral", "moons": "Moons",
    "three_blobs": "Three blobs", "three_spirals": "Three arms", "plane": "Plane", "hills": "Hills",
    "own": "Your own",
}  # fmt: skip
CLASS_NAMES = ("A", "B", "C")
# Pixels of an input's picture, which is as smooth as its formula.
FEATURE_SIDE = 18
# Points of the little pictures on the data buttons.
N_SMALL = 60


def activation_text(name: ActivationName) -> str:
    """What the lab calls an activation everywhere: the catalogue's title."""
    return "None (linear)" if name == "Identity" else CATALOGUE[name].title


def picture_of(chosen: NeuronsState, trainer: PlaneTrainer, problem: str) -> dict[str, Any]:
    """Everything that the stage shows now; with a problem the browser stops asking for more steps."""
    from lab.theory.neurons.plane_responses import feature_pictures

    spec = trainer.spec
    return {
        **moment_of(chosen, trainer),
        "features": [
            {"name": name, "text": FEATURE_TEXT[name], "on": name in spec.inputs, "picture": _picture(picture)}
            for name, picture in zip(FEATURES, feature_pictures(FEATURE_SIDE), strict=True)
        ],
        "inputs": [FEATURE_TEXT[name] for name in spec.inputs],
        "names": neuron_names(spec),
        "task": _task(spec),
        "train": _points(trainer.data.train),
        "test": _points(trainer.data.test) if chosen.show_test else None,
        "steps_an_epoch": max(1, -(-len(trainer.data.train) // spec.batch_size)),
        "history": [_moment(moment) for moment in trainer.history],
        "data": _data_buttons(),
        "activations": [{"name": name, "text": activation_text(name)} for name in ACTIVATIONS],
        "most": {"neurons": MAX_NEURONS, "layers": MAX_LAYERS},
        "is_first_view": chosen == NeuronsState(),
        "problem": problem,
    }


def moment_of(chosen: NeuronsState, trainer: PlaneTrainer) -> dict[str, Any]:
    """The part of the picture that training moves."""
    from lab.theory.neurons.plane_responses import responses

    spec = trainer.spec
    shown = responses(spec, trainer.network, hard=chosen.hard)
    return {
        "layers": [
            {"activation": activation_text(layer.activation), "neurons": [_picture(one) for one in pictures]}
            for layer, pictures in zip(spec.layers, shown.hidden, strict=True)
        ],
        "outputs": [_picture(picture) for picture in shown.outputs],
        "answer": _picture(shown.answer),
        "sureness": b64encode(shown.sureness).decode(),
        "weights": [linear.tolist() for linear in (weight.detach() for weight in trainer.network.weights)],
        "biases": [_bias(trainer, layer) for layer in range(len(spec.layers) + 1)],
        "steps": trainer.n_steps,
        "epoch": trainer.n_epochs,
        "now": _moment(trainer.now()),
        "sum": _sum(chosen, trainer),
    }


def _task(spec: PlaneSpec) -> dict[str, Any]:
    if spec.is_regression:
        loss = "mean squared error"
    else:
        loss = "cross-entropy" if spec.n_classes > 2 else "binary cross-entropy"
    return {"classes": spec.n_classes, "loss": loss, "half_width": HALF_WIDTH}


def _picture(picture: Picture) -> dict[str, Any]:
    return {"bytes": b64encode(picture.values).decode(), "limit": picture.limit}


def _bias(trainer: PlaneTrainer, layer: int) -> list[float] | None:
    bias = trainer.network.linear(layer).bias
    return None if bias is None else bias.detach().tolist()


def _points(points: PlanePoints) -> dict[str, Any]:
    """Places in hundredths, to send little."""
    places = (points.points * 100).round().int().flatten().tolist()
    return {"places": places, "targets": [round(value, 2) for value in points.target.tolist()]}


def _moment(moment: Moment) -> dict[str, Any]:
    return {"epoch": round(moment.epoch, 3), "train": _score(moment.train), "test": _score(moment.test)}


def _score(score: Score) -> list[float | None]:
    """Six digits are more than a curve shows; they are sent with every picture."""
    return [None if value is None else float(f"{value:.6g}") for value in (score.loss, score.accuracy)]


def looked_at(chosen: NeuronsState) -> tuple[int, int]:
    """The neuron that is worked out: the chosen one, or the nearest that there is."""
    layer = min(chosen.neuron[0], len(chosen.layers))
    size = chosen.n_outputs if layer == len(chosen.layers) else chosen.layers[layer].n_neurons
    return layer, min(chosen.neuron[1], size - 1)


def _sum(chosen: NeuronsState, trainer: PlaneTrainer) -> dict[str, Any]:
    from lab.theory.neurons.plane_sum import neuron_sum

    layer, neuron = looked_at(chosen)
    told = neuron_sum(trainer.spec, trainer.network, layer, neuron, chosen.probe)
    is_output = layer == len(chosen.layers)
    return {
        "layer": layer,
        "neuron": neuron,
        "name": neuron_names(trainer.spec)[layer][neuron],
        "point": list(chosen.probe),
        "sources": _sources(chosen, layer),
        "inputs": list(told.inputs),
        "weights": list(told.weights),
        "products": list(told.products),
        "bias": told.bias,
        "total": told.total,
        "norm": None if told.norm is None else asdict(told.norm),
        "function": _last_function(chosen) if is_output else activation_text(chosen.layers[layer].activation),
        "value": told.value,
        "meaning": _meaning(chosen, neuron) if is_output else "",
    }


def neuron_names(spec: PlaneSpec) -> list[list[str]]:
    """What the neurons are called, layer by layer; the last are the outputs.

    Examples:
        >>> neuron_names(PlaneSpec(layers=({"n_neurons": 2},), data="three_blobs"))
        [['Neuron 1 of layer 1', 'Neuron 2 of layer 1'], ['Output A', 'Output B', 'Output C']]
    """
    hidden = [
        [f"Neuron {neuron} of layer {number}" for neuron in range(1, layer.n_neurons + 1)]
        for number, layer in enumerate(spec.layers, start=1)
    ]
    outputs = [f"Output {name}" for name in CLASS_NAMES[: spec.n_outputs]]
    return [*hidden, outputs if spec.n_outputs > 1 else ["The output"]]


def _sources(chosen: NeuronsState, layer: int) -> list[str]:
    if layer == 0:
        return [FEATURE_TEXT[name] for name in chosen.inputs]
    return [f"neuron {i + 1}" for i in range(chosen.layers[layer - 1].n_neurons)]


def _last_function(chosen: NeuronsState) -> str:
    if chosen.is_regression:
        return activation_text("Identity")
    return CATALOGUE["Sigmoid" if chosen.n_outputs == 1 else "Softmax"].title


def _meaning(chosen: NeuronsState, neuron: int) -> str:
    if chosen.is_regression:
        return "the number that the network predicts here"
    return f"the chance of class {CLASS_NAMES[1 if chosen.n_outputs == 1 else neuron]} here"


@lru_cache(maxsize=1)
def _data_buttons() -> list[dict[str, Any]]:
    """A little picture of each data set."""
    from lab.theory.neurons.plane_data import make_data

    buttons = []
    for name, text in DATA_TEXT.items():
        drawn = make_data(PlaneSpec(data=name, n_points=N_SMALL, noise=0.0, test_share=0.1)).train
        buttons.append(
            {"name": name, "text": text, "points": _points(drawn), "classes": PlaneSpec(data=name).n_classes}
        )
    return buttons
