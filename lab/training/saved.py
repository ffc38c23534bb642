"""Reading back what a run's files hold, checked against the dataclass that was written into them.

A file may have been cut short or altered. Then it is damaged here, at once, and no page meets a text where a number
should be.
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from pydantic import ConfigDict, TypeAdapter, with_config

T = TypeVar("T")

saved = with_config(ConfigDict(allow_inf_nan=False, extra="forbid"))
"""Marks a dataclass that is kept in a file: no unknown fields, no NaN, no infinity."""


def read_saved(kind: type[T], data: bytes) -> T:
    """Read a dataclass from its JSON.

    Raises:
        ValueError: it is not JSON, nested too deeply, or a field is missing, unknown or of another type.

    Examples:
        >>> from lab.training.history import LrChange
        >>> read_saved(LrChange, b'{"step": 3, "lr": 0.1}')
        LrChange(step=3, lr=0.1)
    """
    hashable: Any = kind  # mypy takes a class for as unhashable as its objects
    value: T = _adapter(hashable).validate_json(data, strict=True)
    return value


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
