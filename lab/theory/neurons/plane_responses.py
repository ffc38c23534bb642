"""What every neuron answers everywhere: one picture a neuron, over the square of the plane, as one byte a pixel."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from lab.theory.neurons.plane_features import make_features
from lab.theory.neurons.plane_network import PlaneNetwork
from lab.theory.neurons.plane_spec import FEATURES, HALF_WIDTH, PlaneSpec

OUTPUT_SIDE = 72
NEURON_SIDE = 36
ZERO_BYTE = 128


@dataclass(frozen=True)
class Picture:
    """One neuron's answer over the plane, first row at the top (x2 = 6).

    Args:
        values: side · side bytes; 128 is 0, 1 is −limit and 255 is +limit.
        limit: the size of the answer that the ends of the scale stand for, at least 1 (a weak neuron looks weak).
    """

    values: bytes
    limit: float


@dataclass(frozen=True)
class Responses:
    """All pictures of a network.

    Args:
        hidden: one tuple a hidden layer, one picture a neuron, ``NEURON_SIDE`` pixels wide.
        outputs: one picture an output, ``NEURON_SIDE`` wide: the number itself, or 2p − 1 of the chance p.
        answer: ``OUTPUT_SIDE`` wide. The single output's picture, or for three classes the winning class as bytes.
        sureness: for three classes the winner's chance as bytes 0-255, else empty.
    """

    hidden: tuple[tuple[Picture, ...], ...]
    outputs: tuple[Picture, ...]
    answer: Picture
    sureness: bytes


def grid(side: int) -> Tensor:
    """The middles of side × side squares that fill the plane, row by row from the top left; shape (side², 2).

    Examples:
        >>> grid(2).tolist()
        [[-3.0, 3.0], [3.0, 3.0], [-3.0, -3.0], [3.0, -3.0]]
    """
    middles = (torch.arange(side) + 0.5) * (2 * HALF_WIDTH / side) - HALF_WIDTH
    x2, x1 = torch.meshgrid(middles.flip(0), middles, indexing="ij")
    return torch.stack([x1.flatten(), x2.flatten()], dim=1)


@lru_cache(maxsize=2)
def feature_pictures(side: int = NEURON_SIDE) -> tuple[Picture, ...]:
    """What each possible input looks like over the plane, in the order of ``FEATURES``."""
    return _pictures(make_features(grid(side), FEATURES))


def answers(spec: PlaneSpec, output: Tensor) -> Tensor:
    """Read the output as an answer: the number itself, the chance of class 1, or the chance of each class.

    Args:
        spec: decides which.
        output: shape (N, outputs), as the network gives it.

    Returns:
        Shape (N, outputs); chances are within 0 and 1.
    """
    if spec.is_regression:
        return output
    return output.sigmoid() if spec.n_outputs == 1 else output.softmax(dim=1)


@torch.no_grad()
def responses(spec: PlaneSpec, network: PlaneNetwork, *, hard: bool = False) -> Responses:
    """Ask every neuron about every place, with nothing dropped and batch norm's running statistics.

    Args:
        spec: the network's spec.
        network: in whatever mode; it is put in ``eval()``.
        hard: show only the decision (the sign of the answer), not how sure it is.
    """
    network.eval()
    fine = network(make_features(grid(OUTPUT_SIDE), spec.inputs))
    *hidden, output = network.layer_outputs(make_features(grid(NEURON_SIDE), spec.inputs))
    shown = _as_shown(spec, output)
    answer, sureness = _answer(spec, fine, hard)
    return Responses(tuple(_pictures(layer) for layer in hidden), _pictures(shown), answer, sureness)


def _as_shown(spec: PlaneSpec, output: Tensor) -> Tensor:
    answer = answers(spec, output)
    return answer if spec.is_regression else 2 * answer - 1


def _answer(spec: PlaneSpec, output: Tensor, hard: bool) -> tuple[Picture, bytes]:
    if spec.n_outputs > 1:
        chance, winner = answers(spec, output).max(dim=1)
        sure = torch.full_like(chance, 255) if hard else chance * 255
        return Picture(_bytes(winner), 1.0), _bytes(sure)
    shown = _as_shown(spec, output)
    (picture,) = _pictures(shown.sign() if hard else shown)
    return picture, b""


def _pictures(values: Tensor) -> tuple[Picture, ...]:
    """One picture a column of values, shape (pixels, neurons); numbers that are none are drawn as 0."""
    finite = torch.nan_to_num(values, nan=0.0, posinf=1e30, neginf=-1e30)
    limits = finite.abs().amax(dim=0).clamp(min=1.0)
    scaled = (finite / limits * 127).round() + ZERO_BYTE
    return tuple(Picture(_bytes(column), float(limit)) for column, limit in zip(scaled.unbind(1), limits, strict=True))


def _bytes(values: Tensor) -> bytes:
    return values.round().clamp(0, 255).to(torch.uint8).numpy().tobytes()
