"""Questions on the Neurons page: a network with exactly the question's weights, looked at in the question's point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pages.ui.neurons.state import NeuronsState

Row = tuple[Sequence[float], float]  # the weights of one neuron, and its bias


def single_neuron(given: Mapping[str, Any]) -> NeuronsState:
    """One neuron with two inputs; the output passes its value on (weight 1, bias 0)."""
    layer = [(given["weights"], given["bias"])]
    return _network([layer, [([1.0], 0.0)]], given["inputs"], activation=given["kind"])


def hidden_layer(given: Mapping[str, Any]) -> NeuronsState:
    """Two hidden neurons with ReLU, and an output that reads them."""
    hidden = list(zip(given["hidden"], given["biases"], strict=True))
    return _network([hidden, [(given["last"], given["bias"])]], given["inputs"], activation="ReLU", neuron=(1, 0))


def single_weight(given: Mapping[str, Any]) -> NeuronsState:
    """``y = w x``: one input, one weight, no bias."""
    fields = {"features": ("x1",), "bias": False, "lr": given["lr"]}
    return _network([[([given["weight"]], 0.0)]], (given["x"], 0.0), activation="Identity", **fields)


def _network(
    layers: Sequence[Sequence[Row]], inputs: Sequence[float], *, activation: str, **fields: Any
) -> NeuronsState:
    """Write the weights into the trained state. The data are a regression's, so that the output is the sum itself."""
    from lab.theory.neurons.plane_state import written_state
    from lab.theory.neurons.plane_training import PlaneTrainer
    from pages.ui.neurons.state import NeuronsState, spec_of

    hidden = tuple({"n_neurons": len(layer), "activation": activation} for layer in layers[:-1])
    chosen = NeuronsState.model_validate({"data": "plane", "layers": hidden, "probe": tuple(inputs), **fields})
    trainer = PlaneTrainer(spec_of(chosen))
    for n, layer in enumerate(layers):
        for neuron, (weights, bias) in enumerate(layer):
            for source, weight in enumerate(weights):
                trainer.set_weight(n, neuron, source, weight)
            if chosen.bias:
                trainer.set_bias(n, neuron, bias)
    return chosen.model_copy(update={"trained": written_state(trainer)})
