"""Many walks down a loss at once: torch's optimizers, each with any number of starts and settings, step by step.

Autograd is asked for all their gradients together, which takes about as long as for one, and one instance of an
optimizer steps all of its walks: each set of options is a parameter group, and all that start with it are one
parameter, because the rules work number by number. So a hundred starts cost about as much as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import torch
from torch import Tensor

from lab.theory.surface_names import MAX_STEPS, SURFACES, DescentSettings, OptimizerName, SurfaceName
from lab.theory.surfaces import N_EXAMPLES, surface_loss

# So far outside every picture no path comes back, and the numbers soon overflow.
LOST_BEYOND = 1e4
BATCH_SEED = 0
# A walk is the beginning of every longer one, so it is walked this far: a drag at the number of steps walks but three
# times.
WALKED = (40, 120, MAX_STEPS)
# A walk of 300 steps is 10 KB; a drag of a start brings up to 964, one for each place and optimizer.
MAX_KEPT = 2048

_RULES: dict[OptimizerName, type[torch.optim.Optimizer]] = {
    "sgd": torch.optim.SGD,
    "momentum": torch.optim.SGD,
    "rmsprop": torch.optim.RMSprop,
    "adam": torch.optim.Adam,
}


class Walk(NamedTuple):
    """Who walks where; equal walks go the same way, so ``options`` has only what the optimizer looks at.

    ``options`` are ``torch.optim``'s own, by name; ``batch_size`` is 0 where each step sees all examples.
    """

    surface: SurfaceName
    optimizer: OptimizerName
    options: tuple[tuple[str, object], ...]
    start: tuple[float, float]
    n_steps: int
    batch_size: int


@dataclass(frozen=True, eq=False)
class Track:
    """One of the walks that were walked together.

    Attributes:
        points: (steps + 1, walks, 2), the starts first.
        losses: (steps + 1, walks), over all examples.
        gradients: (steps, walks), the size of the gradient that each step was taken with.
        place: which of the walks it is.
        lost_at: the first step that led too far away, or to what is no number; ``None`` if none did.
    """

    points: Tensor
    losses: Tensor
    gradients: Tensor
    place: int
    lost_at: int | None


def plan_walk(
    surface: SurfaceName, optimizer: OptimizerName, start: tuple[float, float], settings: DescentSettings
) -> Walk:
    """Say who walks: at least as far as ``settings.n_steps``.

    Examples:
        >>> plan_walk("bowl", "sgd", (2.0, 0.0), DescentSettings(lr=0.5)).options
        (('lr', 0.5),)
    """
    sees_few = SURFACES[surface].has_data and settings.batch_size < N_EXAMPLES
    n_steps, batch_size = next(n for n in WALKED if n >= settings.n_steps), settings.batch_size if sees_few else 0
    return Walk(surface, optimizer, _options(optimizer, settings), start, n_steps, batch_size)


def _options(optimizer: OptimizerName, settings: DescentSettings) -> tuple[tuple[str, object], ...]:
    momentum, nesterov = settings.momentum, settings.nesterov and settings.momentum > 0
    if optimizer == "sgd":
        return (("lr", settings.lr),)
    if optimizer == "momentum":
        return (("lr", settings.lr), ("momentum", momentum), ("nesterov", nesterov))
    if optimizer == "rmsprop":
        return (("lr", settings.adaptive_lr), ("alpha", settings.alpha))
    return (("lr", settings.adaptive_lr), ("betas", (settings.beta1, settings.beta2)))


def take_walks(walks: Sequence[Walk], beside: Iterable[Walk] = ()) -> list[Track]:
    """Give the tracks of some walks; what was walked before is not walked again.

    Args:
        walks: on one surface, with the same number of steps and of examples a step.
        beside: others of that kind that will be asked for next; where some of ``walks`` are still to be walked, so are
            these, at the same time. Looked at only then.
    """
    boxes = {walk: _box(walk) for walk in walks}
    if not all(boxes.values()):
        every = {walk: _box(walk) for walk in beside} | boxes
        waiting = {walk: box for walk, box in every.items() if not box}
        for box, track in zip(waiting.values(), _walk_together(list(waiting)), strict=True):
            box.append(track)
    return [boxes[walk][0] for walk in walks]


@lru_cache(maxsize=MAX_KEPT)
def _box(walk: Walk) -> list[Track]:
    """Where a walk's track is kept: empty until it is walked, and filled once."""
    return []


def _walk_together(walks: list[Walk]) -> list[Track]:
    """Walk them all, step by step; the tracks are in the order of the walks."""
    if not walks:  # another visitor's page has just walked them
        return []
    groups: dict[tuple[OptimizerName, tuple[tuple[str, object], ...]], list[Walk]] = {}
    for walk in walks:
        groups.setdefault((walk.optimizer, walk.options), []).append(walk)
    members = [walk for group in groups.values() for walk in group]
    now = torch.tensor([walk.start for walk in members], dtype=torch.float64)
    slopes = torch.empty_like(now)
    sizes = [len(group) for group in groups.values()]
    places = torch.split(now, sizes)
    for place, slope in zip(places, torch.split(slopes, sizes), strict=True):
        place.grad = slope
    movers = _movers(list(groups), places)
    points, gradients = _steps(walks[0], now, slopes, movers)
    losses = surface_loss(walks[0].surface, points)
    found = {
        walk: Track(points, losses, gradients, place, lost_at)
        for place, (walk, lost_at) in enumerate(zip(members, _lost_at(points), strict=True))
    }
    return [found[walk] for walk in walks]


def _movers(
    groups: Sequence[tuple[OptimizerName, tuple[tuple[str, object], ...]]], places: Sequence[Tensor]
) -> list[torch.optim.Optimizer]:
    """One instance of each optimizer, with a parameter group for each set of options."""
    rows: dict[OptimizerName, list[dict[str, object]]] = {}
    for (optimizer, options), place in zip(groups, places, strict=True):
        rows.setdefault(optimizer, []).append({"params": [place], **dict(options)})
    # Each group is one parameter: to gather them into lists, as ``foreach`` does, would only take time.
    return [_RULES[optimizer](own, lr=1.0, foreach=False) for optimizer, own in rows.items()]  # type: ignore[call-arg]


def _steps(walk: Walk, now: Tensor, slopes: Tensor, movers: Sequence[torch.optim.Optimizer]) -> tuple[Tensor, Tensor]:
    """Move ``now`` step by step; where it stood, and the sizes of the gradients."""
    points, sizes = now.new_empty(walk.n_steps + 1, *now.shape), now.new_empty(walk.n_steps, len(now))
    points[0] = now
    batches = _batches(walk)
    for step in range(walk.n_steps):
        here = now.detach().requires_grad_()
        loss = surface_loss(walk.surface, here, batches[step] if batches else None).sum()
        slopes.copy_(torch.autograd.grad(loss, here)[0])
        torch.hypot(slopes[:, 0], slopes[:, 1], out=sizes[step])
        for mover in movers:
            mover.step()
        points[step + 1] = now
    return points, sizes


def _lost_at(points: Tensor) -> list[int | None]:
    """For each walk the first step that led too far away, or to what is no number."""
    is_lost = ~(points[1:].abs() <= LOST_BEYOND).all(dim=-1)  # true for NaN, too
    firsts = is_lost.int().argmax(dim=0)
    return [
        first + 1 if lost else None for first, lost in zip(firsts.tolist(), is_lost.any(dim=0).tolist(), strict=True)
    ]


def _batches(walk: Walk) -> list[Tensor] | None:
    """The examples that each step sees, the same ones for every optimizer; ``None`` where it is all of them."""
    if not walk.batch_size:
        return None
    generator = torch.Generator().manual_seed(BATCH_SEED)
    return [torch.randperm(N_EXAMPLES, generator=generator)[: walk.batch_size] for _ in range(walk.n_steps)]
