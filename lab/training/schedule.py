"""The learning rate of every step, as a plain function: nothing to save, nothing to restore."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lab.training.history import LrChange

if TYPE_CHECKING:
    from lab.training.recipe import ScheduleName

# Share of a one-cycle run in which the rate rises; a fifth was best of those tried in shared/speed.md.
WARM_UP_SHARE = 0.2


def scheduled_lr(schedule: ScheduleName, peak_lr: float, step: int, n_steps: int) -> float:
    """Return the learning rate of one step.

    ``constant`` stays; ``step`` falls to a tenth after half of the run and again after three quarters; ``cosine`` falls
    along half a cosine; ``one-cycle`` rises in a straight line for a fifth of the run, then falls in one to zero.

    Args:
        schedule: its name.
        peak_lr: the highest rate, the one in the recipe.
        step: steps taken before this one, ``0..n_steps - 1``.
        n_steps: steps of the whole run, at least 1.

    Source:
        Cosine: Loshchilov & Hutter, arXiv:1608.03983, equation 5. One cycle: Smith & Topin, arXiv:1708.07120.

    Examples:
        >>> [scheduled_lr("one-cycle", 1.0, step, 10) for step in (0, 1, 2, 6, 9)]
        [0.5, 1.0, 0.875, 0.375, 0.0]
        >>> scheduled_lr("one-cycle", 1.0, 0, 1)  # a run of a single step has nothing to fall to
        1.0
    """
    done = step / n_steps
    if schedule == "step":
        return peak_lr * (1.0 if done < 0.5 else 0.1 if done < 0.75 else 0.01)
    if schedule == "cosine":
        return peak_lr * 0.5 * (1 + math.cos(math.pi * done))
    if schedule == "one-cycle":
        n_rising = max(1, round(WARM_UP_SHARE * n_steps))
        n_falling = n_steps - n_rising
        # The first step already moves, the last one stands still.
        return peak_lr * min((step + 1) / n_rising, (n_steps - 1 - step) / n_falling if n_falling else 1.0)
    return peak_lr


def lr_at(schedule: ScheduleName, peak_lr: float, step: int, n_steps: int, changes: Sequence[LrChange] = ()) -> float:
    """Return the learning rate of one step when somebody may have set it by hand.

    Of the changes made up to this step the one ordered last counts; ``None`` gives way to the schedule again.

    Args:
        schedule, peak_lr, step, n_steps: as in :func:`scheduled_lr`.
        changes: rates set by hand, in the order in which they were ordered.

    Examples:
        >>> [lr_at("constant", 1.0, step, 4, [LrChange(1, 0.5), LrChange(3, None)]) for step in range(4)]
        [1.0, 0.5, 0.5, 1.0]
    """
    made = [change.lr for change in changes if change.step <= step]
    if made and made[-1] is not None:
        return made[-1]
    return scheduled_lr(schedule, peak_lr, step, n_steps)
