"""The network on the plane: ``torch.nn``'s own layers, with a way to hear every neuron."""

from __future__ import annotations

import math
from itertools import pairwise

import torch
from torch import Generator, Tensor, nn

from lab.theory.neurons.plane_spec import PlaneSpec


class PlaneNetwork(nn.Module):
    """Hidden layers of Linear → (BatchNorm1d) → activation → (dropout), then a Linear output.

    The first weights are those of ``nn.Linear``, drawn from the spec's seed: ``torch.manual_seed(seed)`` and the same
    layers made in the same order give the same numbers.

    Args:
        spec: decides the sizes, the activations, bias, batch norm and the seed.
    """

    def __init__(self, spec: PlaneSpec) -> None:
        super().__init__()
        sizes = [len(spec.inputs), *(layer.n_neurons for layer in spec.layers), spec.n_outputs]
        generator = Generator().manual_seed(spec.seed)
        self.linears = nn.ModuleList(_linear(n_in, n_out, spec.bias, generator) for n_in, n_out in pairwise(sizes))
        self.norms = nn.ModuleList(nn.BatchNorm1d(size) if spec.batch_norm else nn.Identity() for size in sizes[1:-1])
        self.activations = nn.ModuleList(getattr(nn, layer.activation)() for layer in spec.layers)

    def linear(self, layer: int) -> nn.Linear:
        """The weights into a layer; the output is the last."""
        found = self.linears[layer]
        assert isinstance(found, nn.Linear)  # noqa: S101 - tells the type; the list is made above
        return found

    @property
    def weights(self) -> tuple[Tensor, ...]:
        """Every layer's weight, shape (neurons, inputs of the layer)."""
        return tuple(self.linear(layer).weight for layer in range(len(self.linears)))

    def forward(self, features: Tensor, dropout: float = 0.0, generator: Generator | None = None) -> Tensor:
        """Compute the output.

        Args:
            features: shape (N, inputs).
            dropout: chance of each hidden neuron to be left out; give 0 except in a training step.
            generator: draws which; the global one belongs to all visitors of a server.

        Returns:
            Shape (N, outputs): a number (regression) or logits, before sigmoid or softmax.
        """
        value = features
        for linear, norm, activation in zip(self.linears, self.norms, self.activations, strict=False):
            value = drop(activation(norm(linear(value))), dropout, generator)
        output: Tensor = self.linears[-1](value)
        return output

    def layer_outputs(self, features: Tensor) -> list[Tensor]:
        """Every layer's values, hidden layers first: shapes (N, neurons); the last is what ``forward`` gives."""
        values = [features]
        for linear, norm, activation in zip(self.linears, self.norms, self.activations, strict=False):
            values.append(activation(norm(linear(values[-1]))))
        return [*values[1:], self.linears[-1](values[-1])]


def drop(value: Tensor, chance: float, generator: Generator | None) -> Tensor:
    """Dropout as ``nn.Dropout`` does it, from a generator of one's own: 0 with this chance, else scaled.

    Source:
        Srivastava et al., "Dropout", JMLR 15 (2014), section 4, in the inverted form of ``torch.nn.Dropout``.
    """
    if chance == 0:
        return value
    kept = torch.empty_like(value).bernoulli_(1 - chance, generator=generator)
    return value * kept.div_(1 - chance)


def _linear(n_in: int, n_out: int, bias: bool, generator: Generator) -> nn.Linear:
    """An ``nn.Linear`` with its own first weights, from a generator of ours: both uniform within ±1/√inputs."""
    # Made on "meta" it draws nothing from the generator that all visitors share.
    layer = nn.Linear(n_in, n_out, bias=bias, device="meta").to_empty(device="cpu")
    nn.init.kaiming_uniform_(layer.weight, a=math.sqrt(5), generator=generator)
    if bias:
        nn.init.uniform_(layer.bias, -1 / math.sqrt(n_in), 1 / math.sqrt(n_in), generator=generator)
    return layer
