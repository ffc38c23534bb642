"""From spec to model: a ``torch.nn.Module`` whose children are the layers, named by their ids."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import torch
from torch import nn
from torch.nn import init

from lab.network.layers.base import LayerSpec
from lab.network.spec import INPUT, NetworkSpec
from lab.network.summary import NetworkSummary, summarize


@dataclass(frozen=True)
class Step:
    """One module call: which values it reads, under which name its output goes, and what nobody needs afterwards."""

    module: str
    reads: tuple[str, ...]
    writes: str
    frees: tuple[str, ...] = ()


class Network(nn.Module):
    """A network built from its spec.

    ``forward`` computes the output as fast as it exactly can; ``trace`` computes every layer in the learner's order.
    The two agree bit for bit.

    Attributes:
        spec: what it was built from.
        summary: its table of shapes and costs.
    """

    def __init__(self, spec: NetworkSpec) -> None:
        super().__init__()
        self.spec = spec
        self.summary: NetworkSummary = summarize(spec)
        for layer, row in zip(spec.layers, self.summary.rows, strict=True):
            self.add_module(layer.id, layer.module(row.inputs))
        self._steps = forward_steps(spec)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """Compute the output of the last layer.

        Args:
            image: ``(N, C, H, W)`` with the spec's channels, height and width.

        Returns:
            ``(N, *spec's output)``; for a classifier logits ``(N, K)``.
        """
        values = {INPUT: image}
        last = INPUT
        for step in self._steps:
            values[step.writes] = self._modules[step.module](*(values[name] for name in step.reads))  # type: ignore[misc]
            last = step.writes
            for name in step.frees:
                del values[name]
        return values[last]

    def trace(self, image: torch.Tensor) -> dict[str, torch.Tensor]:
        """Compute and keep the output of every layer, in the learner's order.

        Args:
            image: ``(N, C, H, W)``.

        Returns:
            One tensor for ``"input"`` and for each layer id, in the order of the spec.
        """
        values = {INPUT: image}
        for name, reads in self.spec.sources().items():
            values[name] = self._modules[name](*(values[source] for source in reads))  # type: ignore[misc]
        return values


def build_network(spec: NetworkSpec, *, seed: int = 0) -> Network:
    """Build a network with PyTorch's default initialisation.

    The weights are those that ``torch.manual_seed(seed)`` and the plain constructors would give, but the global
    generator, which all sessions of a server share, is neither read nor moved.

    Raises:
        NetworkError: the spec does not fit together (``NET-SHAPE``) or is too large (``NET-SIZE``).
    """
    with torch.device("meta"):  # constructors on the meta device allocate nothing and draw nothing
        network = Network(spec)
    _allocate(network)
    initialise(network, seed=seed)
    return network


def _allocate(network: nn.Module) -> None:
    """Give parameters and buffers their memory, as ``Module.to_empty`` does.

    ``to_empty`` asks meta tensors for empty ones like them, which imports sympy: half a second before anything shows.
    """
    for module in network.modules():
        for name, parameter in module.named_parameters(recurse=False):
            setattr(module, name, nn.Parameter(torch.empty(parameter.shape, dtype=parameter.dtype)))
        for name, buffer in module.named_buffers(recurse=False):
            setattr(module, name, torch.empty(buffer.shape, dtype=buffer.dtype))


@torch.no_grad()
def initialise(network: nn.Module, *, seed: int) -> None:
    """Give every layer its default starting weights, drawn in order from a generator of its own."""
    generator = torch.Generator().manual_seed(seed)
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
            _draw(module.weight, module.bias, generator)
        elif isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d | nn.GroupNorm | nn.PReLU):
            module.reset_parameters()


def _draw(weight: torch.Tensor, bias: torch.Tensor | None, generator: torch.Generator) -> None:
    """Draw as ``reset_parameters`` of convolution and linear layers does: uniform, bounded by 1 / sqrt(fan_in)."""
    init.kaiming_uniform_(weight, a=sqrt(5), generator=generator)
    if bias is not None:
        fan_in, _ = init._calculate_fan_in_and_fan_out(weight)
        bound = 1 / sqrt(fan_in)
        init.uniform_(bias, -bound, bound, generator=generator)


def forward_steps(spec: NetworkSpec) -> tuple[Step, ...]:
    """Order the module calls of the forward pass.

    A monotone activation that only a max pool reads comes after the pool: ``max(f(x)) = f(max(x))``, to the last bit
    and with the same gradient, for a quarter of the work.
    """
    sources, readers = spec.sources(), spec.readers()
    swapped = {sources[layer.id][0]: layer.id for layer in spec.layers if _can_go_first(layer, spec, sources, readers)}
    steps: list[Step] = []
    for layer in spec.layers:
        if layer.id in swapped:
            steps.append(Step(swapped[layer.id], sources[layer.id], layer.id))
        elif layer.id in swapped.values():
            activation = sources[layer.id][0]
            steps.append(Step(activation, (activation,), layer.id))
        else:
            steps.append(Step(layer.id, sources[layer.id], layer.id))
    return _with_frees(steps)


def _can_go_first(
    pool: LayerSpec, spec: NetworkSpec, sources: dict[str, tuple[str, ...]], readers: dict[str, tuple[str, ...]]
) -> bool:
    if pool.kind not in ("MaxPool2d", "AdaptiveMaxPool2d") or sources[pool.id][0] == INPUT:
        return False
    # A dilated window can lie in the padding alone; its minus infinity must not pass through the activation.
    if getattr(pool, "dilation", (1, 1)) != (1, 1) and getattr(pool, "padding", (0, 0)) != (0, 0):
        return False
    before = spec.layer(sources[pool.id][0])
    return before.commutes_with_max and readers[before.id] == (pool.id,)


def _with_frees(steps: list[Step]) -> tuple[Step, ...]:
    """Let go of each value after its last reader, so that a deep network needs no more memory than a shallow one."""
    last_use = {name: number for number, step in enumerate(steps) for name in step.reads}
    freed: list[Step] = []
    for number, step in enumerate(steps):
        done = tuple(
            dict.fromkeys(name for name in step.reads if last_use[name] == number and name not in (INPUT, step.writes))
        )
        freed.append(Step(step.module, step.reads, step.writes, done))
    return tuple(freed)
