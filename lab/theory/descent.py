"""The ways that torch's own optimizers take down a loss of two numbers, and what is to be said of them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from lab.errors import Code, LabError
from lab.theory.surface_names import OPTIMIZERS, SURFACES, DescentSettings, OptimizerName, SurfaceName
from lab.theory.walks import Track, Walk, plan_walk, take_walks

# As good as arrived: this share of the way down from the start is all that is left.
ARRIVED_SHARE = 1e-3
# Stuck is who has more than this share of the way left and hardly a gradient.
STUCK_ABOVE, FLAT_GRADIENT = 0.1, 5e-2
# With other settings each walk is stepped on its own, which takes 3 to 16 µs a step: so many steps, all in all, are
# taken at once that nobody waits for them.
STEPS_AT_ONCE = 1200


@dataclass(frozen=True)
class Path:
    """One optimizer's way.

    Attributes:
        name: which optimizer.
        points: where it stood, the start first; ends early where the numbers ran away.
        losses: the loss at each, over all examples.
        gradients: the size of the gradient that each step was taken with; one fewer than points.
        lost_at: the step at which it ran away, or ``None``.
        arrived_at: the first step from which the loss stayed nearly as low as it gets, or ``None``.
        n_rises: how many steps went uphill.
    """

    name: OptimizerName
    points: tuple[tuple[float, float], ...]
    losses: tuple[float, ...]
    gradients: tuple[float, ...]
    lost_at: int | None
    arrived_at: int | None
    n_rises: int


@dataclass(frozen=True)
class Beside:
    """Walks that will be asked for next: from other starts, or with other values of one setting.

    Attributes:
        starts: of which the one asked for is one; else they are left alone.
        field: a field of :class:`DescentSettings`; empty for none.
        values: of that field, in order, of which the one asked for is one; else they are left alone.
    """

    starts: tuple[tuple[float, float], ...] = ()
    field: str = ""
    values: tuple[float, ...] = ()


def descend(
    surface: SurfaceName, optimizer: OptimizerName, start: tuple[float, float], settings: DescentSettings
) -> Path:
    """Let one of ``torch.optim``'s optimizers walk from a start; as :func:`descend_together`.

    Examples:
        >>> descend("bowl", "sgd", (2.0, 0.0), DescentSettings(lr=0.5, n_steps=2)).points
        ((2.0, 0.0), (1.0, 0.0), (0.5, 0.0))
    """
    return descend_together(surface, (optimizer,), start, settings)[0]


def descend_together(
    surface: SurfaceName,
    optimizers: tuple[OptimizerName, ...],
    start: tuple[float, float],
    settings: DescentSettings,
    beside: Beside | None = None,
) -> tuple[Path, ...]:
    """Let several of ``torch.optim``'s optimizers walk from one start, each on its own.

    With ``settings.batch_size`` above 0 each step sees that many examples, the same ones for every optimizer.

    Args:
        surface: the loss.
        optimizers: who walks.
        start: two finite numbers.
        settings: rates, momenta, number of steps.
        beside: what will be asked for next. It is walked at the same time and kept, which takes about as long as to
            walk from one start.

    Raises:
        LabError: INPUT, a start that is not a finite number.
    """
    if not all(math.isfinite(value) for value in start):
        raise LabError(Code.INPUT, "the start is not a place", where="start", now="click on the picture")
    walks = [plan_walk(surface, name, start, settings) for name in optimizers]
    tracks = take_walks(walks, _walks_beside(walks, settings, beside or Beside()))
    return tuple(_path(walk, track, settings.n_steps) for walk, track in zip(walks, tracks, strict=True))


def _walks_beside(walks: list[Walk], settings: DescentSettings, beside: Beside) -> Iterator[Walk]:
    for walk in walks:
        if walk.start in beside.starts:
            yield from (walk._replace(start=start) for start in beside.starts)
        for value in _neighbours(beside.values, getattr(settings, beside.field, None), walk.n_steps):
            other = settings.model_copy(update={beside.field: value})
            yield plan_walk(walk.surface, walk.optimizer, walk.start, other)


def _neighbours(values: tuple[float, ...], value: float | None, n_steps: int) -> tuple[float, ...]:
    """The run of values that ``value`` is in; the same run for each of them, so that none is walked twice."""
    if value not in values:
        return ()
    length = max(1, STEPS_AT_ONCE // n_steps)
    first = values.index(value) // length * length
    return values[first : first + length]


def verdict(surface: SurfaceName, path: Path) -> str:
    """Say in one sentence how the way went."""
    title, n_steps = OPTIMIZERS[path.name], len(path.points) - 1
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


def _path(walk: Walk, track: Track, n_steps: int) -> Path:
    lost_at = track.lost_at if track.lost_at is not None and track.lost_at <= n_steps else None
    n_walked = n_steps if lost_at is None else lost_at
    points = track.points[: n_walked + 1, track.place].tolist()
    losses: list[float] = track.losses[: n_walked + 1, track.place].tolist()
    lowest = SURFACES[walk.surface].lowest
    near = lowest + ARRIVED_SHARE * max(losses[0] - lowest, 1e-9)
    return Path(
        name=walk.optimizer,
        points=tuple((x, y) for x, y in points),
        losses=tuple(losses),
        gradients=tuple(track.gradients[:n_walked, track.place].tolist()),
        lost_at=lost_at,
        arrived_at=_settled(losses, near),
        n_rises=sum(after > before for before, after in pairwise(losses)),
    )


def _settled(losses: list[float], near: float) -> int | None:
    """Find the first step from which on the loss stays this low."""
    above = [step for step, loss in enumerate(losses) if not loss <= near]
    first = above[-1] + 1 if above else 0
    return first if first < len(losses) else None


def _steps(count: int) -> str:
    return f"{count} step" if count == 1 else f"{count} steps"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
