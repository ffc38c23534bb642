"""Keep what was computed: several results of small networks, but only one of a network that fills the memory."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

# VGG-16 has 138 million parameters, 0.55 GB; a learner may edit it many times in an hour.
LARGE_N_PARAMS = 20_000_000


def kept(n_params: Callable[..., int], *, n_small: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Cache a function for all sessions, by how large the network in its arguments is.

    Args:
        n_params: counts the network's parameters, from the same arguments.
        n_small: how many results to keep of networks below :data:`LARGE_N_PARAMS`.

    Examples:
        >>> @kept(lambda size: size, n_small=4)
        ... def build(size: int) -> object:
        ...     return object()
        >>> build(10) is build(10)
        True
        >>> first = build(30_000_000)
        >>> _ = build(40_000_000)
        >>> build(30_000_000) is first
        False
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        one, several = lru_cache(maxsize=1)(function), lru_cache(maxsize=n_small)(function)

        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            cache = one if n_params(*args, **kwargs) >= LARGE_N_PARAMS else several
            return cache(*args, **kwargs)  # type: ignore[arg-type]

        return call

    return decorate
