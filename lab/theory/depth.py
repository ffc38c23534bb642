"""How large signal and gradient are after one, two, … fifty layers: what an initialisation is for.

A stack of equal linear layers, each followed by one activation, is fed random inputs of size 1; a random gradient of
size 1 is sent back from the top. Nothing is trained. All sizes are root mean squares, computed in float64, which holds
numbers that training's float32 would lose; ``FLOAT32`` says where that would be.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock

import torch
from torch import Tensor, nn

from lab.theory.init_names import InitName

MAX_DEPTH = 50
MAX_WIDTH = 256
N_INPUTS = 32
# Smallest normal and largest number of float32: beyond, training would compute with 0 or infinity.
FLOAT32 = (torch.finfo(torch.float32).tiny, torch.finfo(torch.float32).max)


@dataclass(frozen=True)
class Initialisation:
    """A way to draw a layer's first weights.

    Attributes:
        title: what the menu says.
        sentence: the rule, with the variance it gives n inputs and n outputs.
        fill: draws a weight ``(out, in)`` in place, by ``torch.nn.init``.
    """

    title: str
    sentence: str
    fill: Callable[[Tensor, torch.Generator], object]


INITIALISATIONS: Mapping[InitName, Initialisation] = {
    "he_normal": Initialisation(
        "He, normal",
        "Variance 2/n: made for ReLU, which loses half (He et al. 2015, equation 10).",
        lambda weight, generator: nn.init.kaiming_normal_(weight, nonlinearity="relu", generator=generator),
    ),
    "he_uniform": Initialisation(
        "He, uniform",
        "Variance 2/n, all values in a range equally likely.",
        lambda weight, generator: nn.init.kaiming_uniform_(weight, nonlinearity="relu", generator=generator),
    ),
    "xavier_normal": Initialisation(
        "Xavier, normal",
        "Variance 2/(n_in + n_out): made for tanh (Glorot & Bengio 2010, equation 12).",
        lambda weight, generator: nn.init.xavier_normal_(weight, generator=generator),
    ),
    "xavier_uniform": Initialisation(
        "Xavier, uniform",
        "The same variance, all values in a range equally likely (Glorot & Bengio 2010, equation 16).",
        lambda weight, generator: nn.init.xavier_uniform_(weight, generator=generator),
    ),
    "lecun_normal": Initialisation(
        "LeCun, normal",
        "Variance 1/n: what SELU was made with.",
        lambda weight, generator: nn.init.kaiming_normal_(weight, nonlinearity="linear", generator=generator),
    ),
    "default": Initialisation(
        "PyTorch's own",
        "What nn.Linear does unasked: values between −1/√n and 1/√n, variance 1/(3n).",
        lambda weight, generator: nn.init.kaiming_uniform_(weight, a=math.sqrt(5), generator=generator),
    ),
    "normal": Initialisation(
        "Normal, your own width",
        "Normal numbers with the standard deviation that you set.",
        lambda weight, generator: nn.init.normal_(weight, generator=generator),
    ),
    "orthogonal": Initialisation(
        "Orthogonal",
        "A rotation: no direction is stretched or shrunk (Saxe et al. 2014).",
        lambda weight, generator: nn.init.orthogonal_(weight, generator=generator),
    ),
    "lsuv": Initialisation(
        "LSUV",
        "Orthogonal, then each layer divided by the spread measured at its output (Mishkin & Matas 2016).",
        lambda weight, generator: nn.init.orthogonal_(weight, generator=generator),
    ),
}
"""By name, in the order of the menu."""


@dataclass(frozen=True)
class Stack:
    """The network of the experiment.

    Args:
        depth: layers, 1 to ``MAX_DEPTH``.
        width: numbers in each layer, 2 to ``MAX_WIDTH``.
        init: how weights are drawn.
        scale: what they are multiplied with afterwards; for ``"normal"`` this is their standard deviation.
        bias: every bias, a constant.
        seed: of weights, inputs and the gradient at the top.
    """

    depth: int = 20
    width: int = 64
    init: InitName = "he_normal"
    scale: float = 1.0
    bias: float = 0.0
    seed: int = 0


@dataclass(frozen=True)
class DepthResult:
    """Sizes by layer; entry 0 is the input, the last entry the last layer's output, so there are depth + 1.

    Attributes:
        signal: root mean square of the activations.
        spread: how far the activations of different inputs lie apart: the standard deviation over the inputs, as a
            root mean square over the units.
        gradient: root mean square of the gradient for the activations; the last entry is about 1.
        factors: what each layer's drawn weights were multiplied with; differs by layer for LSUV alone.
        n_variance: n times the variance of the weights of all layers together.
    """

    stack: Stack
    signal: tuple[float, ...]
    spread: tuple[float, ...]
    gradient: tuple[float, ...]
    factors: tuple[float, ...] = field(repr=False)
    n_variance: float


class _Drawn:
    """The drawn weights of a stack of any depth, layer by layer, as many as were ever asked for."""

    def __init__(self, init: InitName, width: int, seed: int, n_out: int) -> None:
        self._fill = INITIALISATIONS[init].fill
        self._shape = (n_out, width)
        self._generator = torch.Generator().manual_seed(seed)
        self._layers: list[Tensor] = []
        self._moments: list[tuple[float, float]] = []
        self._lock = Lock()

    def first(self, depth: int) -> tuple[list[Tensor], list[tuple[float, float]]]:
        """The first layers, and mean and mean square of each: millions of numbers that no slider shall wait for."""
        with self._lock:
            while len(self._layers) < depth:
                weight = torch.empty(self._shape, dtype=torch.float64)
                self._fill(weight, self._generator)
                self._layers.append(weight)
                self._moments.append((weight.mean().item(), weight.square().mean().item()))
            return self._layers[:depth], self._moments[:depth]


# Kept for all sessions: read what it gives, never write to it.
_drawn = lru_cache(maxsize=3)(_Drawn)


def drawn_weights(init: InitName, width: int, depth: int, seed: int, n_out: int) -> list[Tensor]:
    """Draw the weights of all layers, each ``(n_out, width)``, float64; the first are those of a deeper stack too."""
    return _drawn(init, width, seed, n_out).first(depth)[0]


def experiment_inputs(stack: Stack) -> tuple[Tensor, Tensor]:
    """Draw the inputs and the gradient at the top, each ``(N_INPUTS, width)``, normal with variance 1."""
    generator = torch.Generator().manual_seed(stack.seed + 1)
    both = torch.randn(2, N_INPUTS, stack.width, generator=generator, dtype=torch.float64)
    return both[0], both[1]


def measure_depth(stack: Stack, module: nn.Module) -> DepthResult:
    """Send inputs up and a gradient down a stack of layers, and measure both at every layer.

    Args:
        stack: the network.
        module: its activation, in evaluation mode and float64; GLU gets layers twice as wide, of which it takes half.

    Source:
        Glorot & Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010,
        section 4.2; He et al., "Delving deep into rectifiers", arXiv:1502.01852, section 2.2.
    """
    n_out = stack.width * (2 if isinstance(module, nn.GLU) else 1)
    weights, moments = _drawn(stack.init, stack.width, stack.seed, n_out).first(stack.depth)
    inputs, top = experiment_inputs(stack)
    activations, factors = _send_up(stack, module, weights, inputs)
    gradients = torch.autograd.grad(activations[-1], activations, grad_outputs=top)
    means, squares = torch.tensor(moments, dtype=torch.float64).T
    scale = torch.tensor(factors, dtype=torch.float64)
    return DepthResult(
        stack,
        signal=tuple(map(_size, activations)),
        spread=tuple(_size(activation.detach().std(dim=0, correction=0)) for activation in activations),
        gradient=tuple(map(_size, gradients)),
        factors=tuple(factors),
        n_variance=stack.width * ((scale**2 * squares).mean() - (scale * means).mean() ** 2).item(),
    )


def _send_up(
    stack: Stack, module: nn.Module, weights: Sequence[Tensor], inputs: Tensor
) -> tuple[list[Tensor], list[float]]:
    activations, factors = [inputs.clone().requires_grad_()], []
    with torch.enable_grad():
        for weight in weights:
            linear = activations[-1] @ weight.T
            factor = stack.scale / (_unit(linear) if stack.init == "lsuv" else 1.0)
            factors.append(factor)
            activations.append(module(factor * linear + stack.bias))
    return activations, factors


def _unit(linear: Tensor) -> float:
    """The spread that LSUV divides by; 1 where there is none left to measure."""
    return linear.detach().std(correction=0).item() or 1.0


def _size(values: Tensor) -> float:
    return values.detach().square().mean().sqrt().item()


# --- in words ---------------------------------------------------------------------------------------------------------

VANISHED = 1e-3
EXPLODED = 1e3


def describe_depth(result: DepthResult) -> tuple[str, ...]:
    """Say what happened, in three or four sentences with their numbers.

    Examples:
        >>> sizes = {"signal": (1.0, 0.5, 0.25), "spread": (1.0, 1e-3, 1e-6), "gradient": (1e-2, 0.1, 1.0)}
        >>> describe_depth(DepthResult(Stack(depth=2), **sizes, factors=(1.0, 1.0), n_variance=2.0))[0]
        'Signal: size 1 at the input, 0.25 after layer 2 (× 0.5 a layer): it keeps its size.'
    """
    depth = result.stack.depth
    first, last = result.signal[0], result.signal[-1]
    sentences = [
        f"Signal: size {size_text(first)} at the input, {size_text(last)} after layer {depth} "
        f"({_by_layer(first, last, depth)}): it {_verdict(first, last)}.",
        _spread_sentence(result),
        _gradient_sentence(result),
    ]
    return (*sentences, *_float32_sentence(result))


def _spread_sentence(result: DepthResult) -> str:
    first, last, depth = result.spread[0], result.spread[-1], result.stack.depth
    end = "the network answers nearly the same to every input" if last < VANISHED * first else "inputs stay apart"
    end = "small differences become huge ones" if last > EXPLODED * first else end
    return (
        f"Difference between inputs: {size_text(first)} at the input, {size_text(last)} after layer {depth} "
        f"({_by_layer(first, last, depth)}): {end}."
    )


def _gradient_sentence(result: DepthResult) -> str:
    top, bottom, depth = result.gradient[-1], result.gradient[0], result.stack.depth
    meaning = {
        "vanishes": ", the first layers hardly learn",
        "explodes": ", the first layers take steps far too long",
        "is gone": ", the first layers learn nothing",
    }
    verdict = _verdict(top, bottom)
    return (
        f"Gradient: of {size_text(top)} at the top, {size_text(bottom)} is left at the input "
        f"({_by_layer(top, bottom, depth)}): it {verdict}{meaning.get(verdict, '')}."
    )


def _float32_sentence(result: DepthResult) -> tuple[str, ...]:
    small = (size for sizes in (result.signal, result.gradient) for size in sizes if 0 < size < FLOAT32[0])
    large = (size for sizes in (result.signal, result.gradient) for size in sizes if size > FLOAT32[1])
    if next(large, None) is not None:
        return ("Some sizes are above 3.4 × 10³⁸: in training's float32 they would be infinite, and the loss NaN.",)
    if next(small, None) is not None:
        return ("Some sizes are below 1.2 × 10⁻³⁸: in training's float32 they would soon be exactly 0.",)
    return ()


def _verdict(start: float, end: float) -> str:
    if end == 0:
        return "is gone"
    ratio = end / start
    if ratio < VANISHED:
        return "vanishes"
    if ratio > EXPLODED:
        return "explodes"
    return "shrinks" if ratio < 0.1 else "grows" if ratio > 10 else "keeps its size"


def _by_layer(start: float, end: float, depth: int) -> str:
    return f"× {size_text((end / start) ** (1 / depth))} a layer"


def size_text(size: float) -> str:
    """Write a size with two digits, small and large ones by powers of ten.

    Examples:
        >>> size_text(0.25), size_text(3.14159e-9), size_text(12345.0), size_text(0.0)
        ('0.25', '3.1 × 10⁻⁹', '1.2 × 10⁴', '0')
    """
    if size == 0 or 1e-4 <= size < 1e4:
        return f"{size:.2g}" if size < 100 else f"{size:.0f}"
    if not math.isfinite(size):
        return "more than 10³⁰⁸"
    mantissa, power = f"{size:.1e}".split("e")
    return f"{mantissa} × 10{str(int(power)).translate(_RAISED)}"


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
