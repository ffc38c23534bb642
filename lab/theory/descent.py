"""The ways that torch's own optimisers take down a loss of two numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import torch
from torch import Tensor

from lab.errors import Code, LabError
from lab.theory.surface_names import (
    MAX_STEPS,
    OPTIMISERS,
    SURFACES,
    DescentSettings,
    OptimiserName,
    SurfaceName,
)
from lab.theory.surfaces import N_EXAMPLES, surface_loss

# So far outside every picture no path comes back, and the numbers soon overflow.
LOST_BEYOND = 1e4
# As good as arrived: this share of the way down from the start is all that is left.
ARRIVED_SHARE = 1e-3
# Stuck is who has more than this share of the way left and hardly a gradient.
STUCK_ABOVE, FLAT_GRADIENT = 0.1, 5e-2
BATCH_SEED = 0
# A walk is the beginning of every longer one, so it is walked this far and kept: a drag at the number of steps walks
# but three times.
WALKED = (40, 120, MAX_STEPS)


@dataclass(frozen=True)
class Path:
    """One optimiser's way.

    Attributes:
        name: which optimiser.
        points: where it stood, the start first; ends early where the numbers ran away.
        losses: the loss at each, over all examples.
        gradients: the size of the gradient that each step was taken with; one fewer than points.
        lost_at: the step at which it ran away, or ``None``.
        arrived_at: the first step from which the loss stayed nearly as low as it gets, or ``None``.
        n_rises: how many steps went uphill.
    """

    name: OptimiserName
    points: tuple[tuple[float, float], ...]
    losses: tuple[float, ...]
    gradients: tuple[float, ...]
    lost_at: int | None
    arrived_at: int | None
    n_rises: int


def descend(
    surface: SurfaceName, optimiser: OptimiserName, start: tuple[float, float], settings: DescentSettings
) -> Path:
    """Let one of ``torch.optim``'s optimisers walk from a start; as :func:`descend_together`.

    Examples:
        >>> descend("bowl", "sgd", (2.0, 0.0), DescentSettings(lr=0.5, n_steps=2)).points
        ((2.0, 0.0), (1.0, 0.0), (0.5, 0.0))
    """
    return descend_together(surface, (optimiser,), start, settings)[0]


def descend_together(
    surface: SurfaceName,
    optimisers: tuple[OptimiserName, ...],
    start: tuple[float, float],
    settings: DescentSettings,
    beside: tuple[tuple[float, float], ...] = (),
) -> tuple[Path, ...]:
    """Let several of ``torch.optim``'s optimisers walk from one start, each on its own.

    Autograd is asked for all their gradients at once, which takes no longer than for one. With
    ``settings.batch_size`` above 0 each step sees that many examples, the same ones for every optimiser.

    Args:
        surface: the loss.
        optimisers: who walks.
        start: two finite numbers.
        settings: rates, momenta, number of steps.
        beside: other starts, this one among them, whose walks will be asked for, too: they are walked at the same time
            and kept. To walk from a hundred starts takes about as long as from one.

    Raises:
        LabError: INPUT, a start that is not a finite number.
    """
    if not all(math.isfinite(value) for value in start):
        raise LabError(Code.INPUT, "the start is not a place", where="start", now="click on the picture")
    starts = beside if start in beside else (start,)
    n_walked = next(n for n in WALKED if n >= settings.n_steps)
    tracks = _tracks(surface, optimisers, starts, settings.model_copy(update={"n_steps": n_walked}))
    place = starts.index(start)
    return tuple(_path(surface, name, tracks, (k, place), settings.n_steps) for k, name in enumerate(optimisers))


@dataclass(frozen=True, eq=False)
class _Tracks:
    """Where the walkers stood, shape (steps + 1, optimisers, starts, 2), and the size of each step's gradient."""

    points: Tensor
    sizes: Tensor


@lru_cache(maxsize=12)
def _tracks(
    surface: SurfaceName,
    optimisers: tuple[OptimiserName, ...],
    starts: tuple[tuple[float, float], ...],
    settings: DescentSettings,
) -> _Tracks:
    """Walk from all starts at once: the optimisers work number by number, so each goes its own way."""
    now = torch.tensor(starts, dtype=torch.float64).repeat(len(optimisers), 1, 1)
    places = now.unbind()  # each optimiser's own part of it
    movers = [make_optimiser(name, place, settings) for name, place in zip(optimisers, places, strict=True)]
    batches = _batches(surface, settings)
    points, slopes = now.new_empty(settings.n_steps + 1, *now.shape), now.new_empty(settings.n_steps, *now.shape)
    points[0] = now
    for step in range(settings.n_steps):
        here = now.clone().requires_grad_()
        loss = surface_loss(surface, here, batches[step] if batches else None).sum()
        (slopes[step],) = torch.autograd.grad(loss, here)
        for place, mover, slope in zip(places, movers, slopes[step], strict=True):
            place.grad = slope
            mover.step()
        points[step + 1] = now
    return _Tracks(points, torch.hypot(slopes[..., 0], slopes[..., 1]))


def make_optimiser(name: OptimiserName, place: Tensor, settings: DescentSettings) -> torch.optim.Optimizer:
    """Make torch's own optimiser for one parameter."""
    momentum, nesterov = settings.momentum, settings.nesterov and settings.momentum > 0
    if name == "sgd":
        return torch.optim.SGD([place], lr=settings.lr, foreach=False)
    if name == "momentum":
        return torch.optim.SGD([place], lr=settings.lr, momentum=momentum, nesterov=nesterov, foreach=False)
    if name == "rmsprop":
        return torch.optim.RMSprop([place], lr=settings.adaptive_lr, alpha=settings.alpha, foreach=False)
    betas = (settings.beta1, settings.beta2)
    return torch.optim.Adam([place], lr=settings.adaptive_lr, betas=betas, foreach=False)


def verdict(surface: SurfaceName, path: Path) -> str:
    """Say in one sentence how the way went."""
    title, n_steps = OPTIMISERS[path.name], len(path.points) - 1
    uphill = f" It went uphill {_times(path.n_rises)}." if path.n_rises else ""
    if path.lost_at is not None:
        return (
            f"{title} diverged: each step overshot further, and after {_steps(path.lost_at)} it was lost. "
            "Lower its learning rate."
        )
    left = share_left(surface, path)
    if left > 1:
        return f"{title} is higher than at its start after {_steps(n_steps)}: lower its learning rate."
    if path.arrived_at is not None:
        return f"{title} arrived after {_steps(path.arrived_at)}.{uphill}"
    if left > STUCK_ABOVE and path.gradients[-1] < FLAT_GRADIENT:
        return f"{title} is stuck on flat ground: the gradient is only {path.gradients[-1]:.1g}.{uphill}"
    return f"{title} has {100 * left:.2g} % of the way down still to go after {_steps(n_steps)}.{uphill}"


def share_left(surface: SurfaceName, path: Path) -> float:
    """Say how much of the way down from the start's loss to the lowest is left; above 1 is higher than the start."""
    lowest = SURFACES[surface].lowest
    return (path.losses[-1] - lowest) / max(path.losses[0] - lowest, 1e-12)


def _path(surface: SurfaceName, name: OptimiserName, tracks: _Tracks, place: tuple[int, int], n_steps: int) -> Path:
    points, sizes = tracks.points[: n_steps + 1, place[0], place[1]], tracks.sizes[:n_steps, place[0], place[1]]
    lost_at = _lost_at(points)
    if lost_at is not None:
        points, sizes = points[: lost_at + 1], sizes[:lost_at]
    losses: list[float] = surface_loss(surface, points).tolist()
    lowest = SURFACES[surface].lowest
    near = lowest + ARRIVED_SHARE * max(losses[0] - lowest, 1e-9)
    return Path(
        name=name,
        points=tuple((x, y) for x, y in points.tolist()),
        losses=tuple(losses),
        gradients=tuple(sizes.tolist()),
        lost_at=lost_at,
        arrived_at=_settled(losses, near),
        n_rises=sum(after > before for before, after in pairwise(losses)),
    )


def _lost_at(points: Tensor) -> int | None:
    """The first step that led too far away, or to what is no number."""
    is_near = (points.abs() <= LOST_BEYOND).all(dim=-1)  # false for NaN, too
    far = torch.nonzero(~is_near[1:])
    return int(far[0]) + 1 if len(far) else None


def _batches(surface: SurfaceName, settings: DescentSettings) -> list[Tensor] | None:
    if not SURFACES[surface].has_data or not 0 < settings.batch_size < N_EXAMPLES:
        return None
    generator = torch.Generator().manual_seed(BATCH_SEED)
    return [torch.randperm(N_EXAMPLES, generator=generator)[: settings.batch_size] for _ in range(settings.n_steps)]


def _settled(losses: list[float], near: float) -> int | None:
    """Find the first step from which on the loss stays this low."""
    above = [step for step, loss in enumerate(losses) if not loss <= near]
    first = above[-1] + 1 if above else 0
    return first if first < len(losses) else None


def _steps(count: int) -> str:
    return f"{count} step" if count == 1 else f"{count} steps"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
