"""What is different: an answer sent ahead travels as its changes to the one that is shown.

``patched`` in ``components/live/ahead.js`` puts it together again; what did not change is then the very same object,
and a drawing that has it already is left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def difference(before: Any, after: Any) -> dict[str, Any] | None:
    """Say how one JSON value differs from another.

    Args:
        before: what the browser has.
        after: what it is to have.

    Returns:
        ``None`` if they are equal; ``{"parts": {name or index: difference}}`` where some parts of a mapping, or of a
        list of mappings and lists, are others; else ``{"value": after}``.

    Examples:
        >>> difference({"x": 1, "rows": [[1, 2], [3, 4]]}, {"x": 1, "rows": [[1, 2], [3, 5]]})
        {'parts': {'rows': {'parts': {1: {'value': [3, 5]}}}}}
    """
    if before == after:
        return None
    if isinstance(before, Mapping) and isinstance(after, Mapping) and before.keys() == after.keys():
        return _parts((name, before[name], after[name]) for name in after)
    # A list of plain numbers goes as a whole: named one by one they would take more room.
    is_list = isinstance(after, list | tuple) and all(isinstance(part, Mapping | list | tuple) for part in after)
    if is_list and type(before) is type(after) and len(before) == len(after):
        return _parts((i, before[i], part) for i, part in enumerate(after))
    return {"value": after}


def _parts(pairs: Any) -> dict[str, Any]:
    differences = ((name, difference(before, after)) for name, before, after in pairs)
    return {"parts": {name: part for name, part in differences if part is not None}}
