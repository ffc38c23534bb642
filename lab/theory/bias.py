"""One neuron with two inputs: where its line lies, what it answers everywhere, and what the bias moves.

The neuron computes ``f(w1 * x1 + w2 * x2 + b)``. The line is where the sum is zero. The weights say which way it
faces, the bias how far it lies from the origin; without a bias it goes through the origin, whatever the weights.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as F
from torch import Tensor

Activation = Literal["identity", "step", "relu", "sigmoid", "tanh"]
Point = tuple[float, float]

HALF = 4.0  # the plane that is drawn reaches from -4 to 4 on both axes: no cloud of the neuron's leaves it


def _step(sums: Tensor) -> Tensor:
    """1 above zero, else 0: the neuron of McCulloch and Pitts (1943)."""
    return torch.heaviside(sums, torch.zeros((), dtype=sums.dtype))


ACTIVATIONS: dict[Activation, Callable[[Tensor], Tensor]] = {
    "identity": torch.clone,
    "step": _step,
    "relu": F.relu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
}


@dataclass(frozen=True, eq=False)
class NeuronView:
    """A neuron's answers over the plane and for some points.

    Attributes:
        line: the two ends of the decision line inside the square; ``None`` where it does not cross the square, or both
            weights are zero and there is no line.
        foot: the point of the line that is nearest to the origin; ``None`` without a line.
        distance: how far the origin is from the line, at least 0; infinite without a line.
        response: ``(side, side)`` the answer at the middle of each small square; row 0 is the top, where x2 is largest.
        sums: ``(N,)`` the weighted sums of the points, bias included.
        outputs: ``(N,)`` the answers to the points.
        is_right: ``(N,)`` whether a point lies on the side of its class (class 1 where the sum is above zero).
    """

    line: tuple[Point, Point] | None
    foot: Point | None
    distance: float
    response: Tensor
    sums: Tensor
    outputs: Tensor
    is_right: Tensor

    @property
    def n_right(self) -> int:
        """How many points lie on the side of their class."""
        return int(self.is_right.sum())


def neuron_view(
    weight: Point, bias: float, points: Tensor, labels: Tensor, *, activation: Activation = "sigmoid", side: int = 60
) -> NeuronView:
    """Compute everything that is drawn of one neuron.

    Args:
        weight: ``(w1, w2)``.
        bias: b.
        points: ``(N, 2)`` double.
        labels: ``(N,)`` 0 or 1.
        activation: what is applied to the sum.
        side: small squares along each axis of the picture.
    """
    layer_weight = torch.tensor([weight], dtype=torch.float64)
    layer_bias = torch.tensor([bias], dtype=torch.float64)
    respond = ACTIVATIONS[activation]
    sums = F.linear(points, layer_weight, layer_bias)[:, 0]
    plane = F.linear(plane_points(side), layer_weight, layer_bias)[..., 0]
    return NeuronView(
        line=decision_line(weight, bias),
        foot=nearest_point(weight, bias),
        distance=line_distance(weight, bias),
        response=respond(plane),
        sums=sums,
        outputs=respond(sums),
        is_right=(sums > 0) == (labels > 0),
    )


def plane_points(side: int, half: float = HALF) -> Tensor:
    """The middles of ``side`` × ``side`` small squares of the plane.

    Returns:
        ``(side, side, 2)`` double; row 0 is the top (x2 near ``half``), column 0 the left (x1 near ``-half``).

    Examples:
        >>> plane_points(2, half=2.0)[0].tolist()
        [[-1.0, 1.0], [1.0, 1.0]]
    """
    axis = ((torch.arange(side, dtype=torch.float64) + 0.5) * (2 / side) - 1) * half
    return torch.stack([axis.expand(side, side), axis.flip(0)[:, None].expand(side, side)], dim=-1)


def line_distance(weight: Point, bias: float) -> float:
    """How far the line is from the origin: ``|b| / ‖w‖``; infinite where both weights are zero.

    Source:
        Bishop, "Pattern Recognition and Machine Learning" (2006), equation 4.5.

    Examples:
        >>> line_distance((3.0, 4.0), -10.0)
        2.0
    """
    size = math.hypot(*weight)
    return abs(bias) / size if size > 0 else math.inf


def nearest_point(weight: Point, bias: float) -> Point | None:
    """The point of the line nearest to the origin, ``-b w / ‖w‖²``; ``None`` where both weights are zero.

    Examples:
        >>> nearest_point((1.0, 1.0), -2.0)
        (1.0, 1.0)
    """
    square = weight[0] ** 2 + weight[1] ** 2
    if square == 0:
        return None
    return -bias * weight[0] / square + 0.0, -bias * weight[1] / square + 0.0


def decision_line(weight: Point, bias: float, half: float = HALF) -> tuple[Point, Point] | None:
    """Cut the line ``w · x + b = 0`` to the square from ``-half`` to ``half``.

    Returns:
        Its two ends; ``None`` where it misses the square or there is no line. See :func:`decision_lines`.

    Examples:
        >>> decision_line((1.0, 0.0), -2.0)
        ((2.0, -4.0), (2.0, 4.0))
        >>> decision_line((0.0, 0.0), 1.0) is None
        True
    """
    weights, biases = torch.tensor([weight], dtype=torch.float64), torch.tensor([bias], dtype=torch.float64)
    ((start, end),) = decision_lines(weights, biases, half).tolist()
    return None if math.isnan(start[0]) else ((start[0], start[1]), (end[0], end[1]))


def decision_lines(weights: Tensor, biases: Tensor, half: float = HALF) -> Tensor:
    """Cut many lines ``w · x + b = 0`` to the square from ``-half`` to ``half``.

    Args:
        weights: ``(N, 2)`` double.
        biases: ``(N,)`` double.
        half: of the side.

    Returns:
        ``(N, 2, 2)``: both ends, each ``(x1, x2)``; not a number where a line misses the square or there is none.

    Source:
        Liang & Barsky, "A New Concept and Method for Line Clipping" (1984).
    """
    squares = weights.square().sum(dim=1, keepdim=True)
    foot = -biases[:, None] * weights / squares
    along = torch.stack([-weights[:, 1], weights[:, 0]], dim=1) / squares.sqrt()
    # How far along the line each side of the square is: (N, axis, side).
    reach = (foot.new_tensor([-half, half]) - foot[..., None]) / along[..., None]
    is_parallel = (along == 0)[..., None] & (foot.abs() <= half)[..., None]
    reach = torch.where(is_parallel, reach.new_tensor([-math.inf, math.inf]), reach)
    first, last = reach.amin(dim=2).amax(dim=1), reach.amax(dim=2).amin(dim=1)
    ends = foot[:, None] + torch.stack([first, last], dim=1)[..., None] * along[:, None] + 0.0
    return torch.where((first <= last)[:, None, None], ends, math.nan)


def bias_through(weight: Point, point: Point) -> float:
    """The bias that moves the line onto a point: ``-w · x``.

    Examples:
        >>> bias_through((2.0, -1.0), (1.0, 0.5))
        -1.5
    """
    return -(weight[0] * point[0] + weight[1] * point[1]) + 0.0


def two_clouds(shift: float, *, n_points: int = 60, spread: float = 0.5, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Draw two clouds of points whose middle lies ``shift`` away from the origin on the diagonal.

    At shift 0 the clouds lie on opposite sides of the origin, and a line through the origin parts them. Far from it
    both lie on the same side, and only a line that misses the origin does.

    Args:
        shift: how far the middle is moved along the diagonal, at least 0.
        n_points: an even number, half of them in each cloud.
        spread: standard deviation of a cloud on each axis.
        seed: same seed, same points.

    Returns:
        Points ``(N, 2)`` double, and labels ``(N,)`` double: 0 for the first half, 1 for the second.

    Examples:
        >>> points, labels = two_clouds(1.5, n_points=4, spread=0.0)
        >>> points[:, 0].round(decimals=3).tolist(), labels.tolist()
        ([0.354, 0.354, 1.768, 1.768], [0.0, 0.0, 1.0, 1.0])
    """
    generator = torch.Generator().manual_seed(seed)
    half = n_points // 2
    labels = torch.cat([torch.zeros(half), torch.ones(half)]).double()
    places = (shift + torch.where(labels > 0, 1.0, -1.0)) / math.sqrt(2)
    noise = torch.randn(2 * half, 2, generator=generator, dtype=torch.float64)
    return places[:, None] + spread * noise, labels
