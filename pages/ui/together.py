"""What is computed for several settings at once, and kept for all sessions.

A training for one setting is hundreds of tiny operations, and for eight settings side by side hardly more. A live stage
whose picture is such a result gives ``prepare`` to ``show`` as ``together``: then positions that are sent ahead are
computed a few at a time.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Together(Generic[K, V]):
    """Results by their setting; the longest unused go first.

    Args:
        compute: gives the results of several different settings, in their order.
        most: how many are kept, at least as many as are ever prepared at once.

    Examples:
        >>> squares = Together(lambda numbers: [n * n for n in numbers], most=2)
        >>> squares.prepare([1, 2])
        >>> squares(2), squares(3)
        (4, 9)
    """

    def __init__(self, compute: Callable[[Sequence[K]], Iterable[V]], most: int) -> None:
        self._compute = compute
        self._most = most
        self._kept: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()

    def __call__(self, key: K) -> V:
        """The result of one setting; whoever gets it does not change it."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        (value,) = self._compute([key])
        self._keep([(key, value)])
        return value

    def prepare(self, keys: Iterable[K]) -> None:
        """Compute what is not kept yet, all at once."""
        with self._lock:
            new = [key for key in dict.fromkeys(keys) if key not in self._kept]
        if new:
            self._keep(zip(new, self._compute(new), strict=True))

    def _keep(self, rows: Iterable[tuple[K, V]]) -> None:
        found = list(rows)
        with self._lock:
            self._kept.update(found)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
