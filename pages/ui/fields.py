"""What a pydantic field says about its widget: bounds, choices, help. The one place that reads pydantic's metadata."""

from __future__ import annotations

import types
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any, Literal, Union, get_args, get_origin

import annotated_types
from pydantic import BaseModel


@dataclass(frozen=True)
class FieldFacts:
    """One field as a widget needs it.

    Args:
        name: the field's name, PyTorch's spelling.
        label: what the widget is called: the field's title, or its name in words.
        help: the field's description; empty when it has none.
        base: the Python type without ``None`` and ``Annotated`` (``int``, ``float``, ``bool``, ``str``, ``tuple``).
        choices: the values of a ``Literal`` or enum, in order; empty for other types.
        least: smallest allowed value, ``None`` when unbounded.
        most: largest allowed value, ``None`` when unbounded.
        optional: whether ``None`` is allowed.
        above: ``least`` itself is too small already.
        below: ``most`` itself is too large already.
    """

    name: str
    label: str
    help: str
    base: type
    choices: tuple[Any, ...]
    least: float | None
    most: float | None
    optional: bool
    above: bool = False
    below: bool = False


@lru_cache(maxsize=1024)
def facts(model: type[BaseModel], field: str) -> FieldFacts:
    """Read one field of a model.

    Examples:
        >>> from pydantic import Field
        >>> class Recipe(BaseModel):
        ...     lr: float = Field(0.1, ge=0.0, le=1.0, description="How far one step goes.")
        >>> (facts(Recipe, "lr").least, facts(Recipe, "lr").most, facts(Recipe, "lr").help)
        (0.0, 1.0, 'How far one step goes.')
    """
    info = model.model_fields[field]
    metadata = [*info.metadata, *_inner_metadata(info.annotation)]
    base, choices, optional = _unwrap(info.annotation)
    return FieldFacts(
        name=field,
        label=info.title or field.replace("_", " ").capitalize(),
        help=info.description or "",
        base=base,
        choices=choices,
        least=_least(metadata, base),
        most=_most(metadata, base),
        optional=optional,
        above=base is not int and any(isinstance(extra, annotated_types.Gt) for extra in metadata),
        below=base is not int and any(isinstance(extra, annotated_types.Lt) for extra in metadata),
    )


def _inner_metadata(annotation: Any) -> list[Any]:
    """Metadata of ``Annotated[...]`` inside ``X | None`` or a tuple; ``Field`` objects opened."""
    found: list[Any] = []
    for part in (annotation, *get_args(annotation)):
        for extra in getattr(part, "__metadata__", ()):
            found.extend(getattr(extra, "metadata", [extra]))
    for part in get_args(annotation):
        if get_args(part):
            found.extend(_inner_metadata(part))
    return found


def _unwrap(annotation: Any) -> tuple[type, tuple[Any, ...], bool]:
    """Strip ``Annotated``, ``None`` and ``Literal`` off an annotation."""
    if hasattr(annotation, "__metadata__"):
        return _unwrap(annotation.__origin__)
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        parts = [part for part in get_args(annotation) if part is not type(None)]
        base, choices, _ = _unwrap(parts[0])
        for part in parts[1:]:
            choices = choices + _unwrap(part)[1]
        return base, choices, len(parts) < len(get_args(annotation))
    if origin is Literal:
        values = get_args(annotation)
        return type(values[0]), tuple(values), False
    base = origin or annotation
    if isinstance(base, type) and issubclass(base, Enum):
        return base, tuple(base), False
    return (base if isinstance(base, type) else object), (), False


def _least(metadata: list[Any], base: type) -> float | None:
    for extra in metadata:
        if isinstance(extra, annotated_types.Ge):
            return extra.ge  # type: ignore[return-value]
        if isinstance(extra, annotated_types.Gt):
            return extra.gt + 1 if base is int else extra.gt  # type: ignore[operator, return-value]
        if isinstance(extra, annotated_types.Interval) and extra.ge is not None:
            return extra.ge  # type: ignore[return-value]
    return None


def _most(metadata: list[Any], base: type) -> float | None:
    for extra in metadata:
        if isinstance(extra, annotated_types.Le):
            return extra.le  # type: ignore[return-value]
        if isinstance(extra, annotated_types.Lt):
            return extra.lt - 1 if base is int else extra.lt  # type: ignore[operator, return-value]
        if isinstance(extra, annotated_types.Interval) and extra.le is not None:
            return extra.le  # type: ignore[return-value]
    return None
