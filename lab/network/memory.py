"""Keep what was computed: several results of small networks, but only one of a network that fills the memory."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

from lab.network.summary import FLOAT_BYTES, NetworkSummary

P = ParamSpec("P")
R = TypeVar("R")

# The pretrained network with its maps of one picture takes 102 MiB, VGG-16 640, and a learner may edit it many times in
# an hour. So six small results are at most 0.8 GB, for all sessions together.
LARGE_BYTES = 128 * 2**20


def memory_bytes(network: NetworkSummary) -> int:
    """What a network takes with its maps of one picture, all in float32."""
    return FLOAT_BYTES * network.n_params + network.activation_bytes


def kept(n_bytes: Callable[..., int], *, n_small: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Cache a function for all sessions, by how large the network in its arguments is.

    Args:
        n_bytes: the network's :func:`memory_bytes`, from the same arguments.
        n_small: how many results to keep of networks below :data:`LARGE_BYTES`.

    Examples:
        >>> @kept(lambda size: size, n_small=4)
        ... def build(size: int) -> object:
        ...     return object()
        >>> build(10) is build(10)
        True
        >>> first = build(200_000_000)
        >>> _ = build(300_000_000)
        >>> build(200_000_000) is first
        False
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        one, several = lru_cache(maxsize=1)(function), lru_cache(maxsize=n_small)(function)

        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            cache = one if n_bytes(*args, **kwargs) >= LARGE_BYTES else several
            return cache(*args, **kwargs)  # type: ignore[arg-type]

        return call

    return decorate
