"""What a live stage sends, as text: JSON without spaces, and null for a number that JSON has not."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any


def encoded(value: Any) -> str:
    """Write a value as JSON.

    Examples:
        >>> encoded({"a": [1.5, float("nan")]})
        '{"a":[1.5,null]}'
    """
    try:
        return json.dumps(value, separators=(",", ":"), allow_nan=False)
    except ValueError:
        return json.dumps(_finite(value), separators=(",", ":"), allow_nan=False)


def with_part(text: str, name: str, part: str) -> str:
    """Put a part that is text already into the text of an object.

    Examples:
        >>> with_part('{"a":1}', "b", "[2]")
        '{"a":1,"b":[2]}'
    """
    return f"{text[:-1]},{encoded(name)}:{part}}}"


def _finite(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {name: _finite(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(part) for part in value]
    return value
