"""What the browser does with a difference (``patched`` in ``components/live/ahead.js``), for the tests of Python."""

from __future__ import annotations

from typing import Any


def patched(before: Any, change: dict[str, Any]) -> Any:
    """Put a value together from the one before and what is different."""
    if "value" in change:
        return change["value"]
    made = list(before) if isinstance(before, list | tuple) else dict(before)
    for name, part in change["parts"].items():
        made[name] = patched(before[name], part)
    return made
