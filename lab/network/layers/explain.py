"""Turn pydantic's report about a spec into one plain sentence that names the field, the value and the limit."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from lab.errors import Code, NetworkError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_WORDS = {
    "greater_than_equal": "must be at least {ge}",
    "greater_than": "must be greater than {gt}",
    "less_than_equal": "must be at most {le}",
    "less_than": "must be less than {lt}",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "string_type": "must be text",
    "string_too_long": "must be at most {max_length} characters long",
    "string_too_short": "must not be empty",
    "string_pattern_mismatch": "must start with a small letter and go on with up to 31 small letters, digits or _",
    "literal_error": "must be {expected}",
    "tuple_type": "must be a list",
    "too_long": "must have at most {max_length} entries",
    "too_short": "must have at least {min_length} entries",
    "model_type": "must be an object with named fields",
    "value_error": "{error}",
}


def spec_error(model: type[BaseModel], data: object, error: ValidationError) -> NetworkError:
    """Say in plain words the first thing that is wrong with ``data`` as a ``model``.

    Args:
        model: the class that refused it.
        data: what was given, of any shape.
        error: pydantic's report.
    """
    first = error.errors(include_url=False)[0]
    name = data.get("id") if isinstance(data, Mapping) else None
    holder = brief(name) if isinstance(name, str) else model.__name__
    field = str(first["loc"][0]) if first["loc"] else ""
    return NetworkError(
        Code.NETWORK_SPEC, plain_sentence(model, field, first), where=f"{holder}.{field}" if field else holder
    )


def brief(value: object, limit: int = 40) -> str:
    """Show a foreign value on one short printable line.

    Examples:
        >>> brief("a" * 50)
        'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…'
    """
    # Slicing first keeps a hostile megabyte from being written out; the depth of nested lists is bounded by JSON.
    text = value[: limit + 1] if isinstance(value, str) else _bounded_repr(value, limit + 1)
    line = "".join(char if char.isprintable() else "�" for char in text)
    return line if len(line) <= limit else line[: limit - 1] + "…"


def did_you_mean(name: str, known: tuple[str, ...]) -> str:
    """Name the known names, nearest first when one is near."""
    near = get_close_matches(name[:64], known, n=1)
    rest = ", …" if len(known) > 16 else ""
    return f"did you mean {near[0]}" if near else f"there are {', '.join(known[:16])}{rest}"


def plain_sentence(model: type[BaseModel], field: str, first: ErrorDetails) -> str:
    """Say what pydantic found wrong with one field of a ``model``; without a field it speaks of "it"."""
    if first["type"] == "missing" and len(first["loc"]) > 1:
        return f"{field} has only {first['loc'][1]} entries, which is too few"
    if first["type"] == "missing":
        return f"the field {field} is missing"
    if first["type"] == "extra_forbidden":
        known = tuple(name for name in model.model_fields if name != "kind")
        return f"{model.__name__} has no field {brief(field)}; {did_you_mean(field, known)}"
    context: dict[str, Any] = first.get("ctx", {})
    # `{expected}` and the like come from our own field declarations, never from the data.
    words = _WORDS.get(first["type"], "is not valid").format_map(context)
    return f"{field or 'it'} {words}, but it is {brief(first['input'])}"


def _bounded_repr(value: object, limit: int) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "empty"}[value]
    if isinstance(value, int) and value.bit_length() > 128:
        return f"a number of about {value.bit_length() * 3 // 10} digits"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, Mapping):
        return f"an object with {len(value)} fields"
    if isinstance(value, list | tuple):
        parts = ", ".join(
            _bounded_repr(part, 12) if not isinstance(part, list | tuple) else "[…]" for part in value[:8]
        )
        return f"[{parts}{', …' if len(value) > 8 else ''}]"[:limit]
    if isinstance(value, str):
        return value[:limit]
    return type(value).__name__
