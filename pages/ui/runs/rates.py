"""Learning rates set by hand, in words: the one thing that a recipe does not tell about its run."""

from __future__ import annotations

from collections.abc import Sequence

from lab.training.history import LrChange

BY_HAND = "learning rate by hand"
NOT_REPEATABLE = (
    "The learning rate was changed by hand while it trained: the same settings alone do not give this curve again. "
    "The changes have to be made again at the same steps."
)


def by_hand(changes: Sequence[LrChange]) -> str:
    """Say from which step on which rate was used; empty when the schedule was left alone.

    Examples:
        >>> by_hand([LrChange(120, 0.001), LrChange(1300, None)])
        'after step 120: 0.001, after step 1,300: back to the schedule'
    """
    return ", ".join(
        f"after step {one.step:,}: {'back to the schedule' if one.lr is None else f'{one.lr:g}'}" for one in changes
    )
