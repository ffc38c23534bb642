"""The layer catalogue: one row for each kind, and what a form needs to know about a kind's fields."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from lab.errors import Code, NetworkError
from lab.network.layers import KINDS, LayerSpec
from lab.network.layers.explain import brief, did_you_mean
from lab.network.layers.fields import MAX_PADDING_PX

CATALOGUE: Mapping[str, type[LayerSpec]] = MappingProxyType({row.__name__: row for row in KINDS})
"""Every layer kind by name, in the order of the menu."""


_PADDING_FORM: dict[str, Any] = {
    "form": "padding",
    "length": 2,
    "low": 0,
    "high": MAX_PADDING_PX,
    "choices": ("same", "valid"),
}


@dataclass(frozen=True)
class FieldRow:
    """One field of a layer kind, as a form shows it.

    Args:
        name: the field's name, PyTorch's spelling.
        form: ``"int"``, ``"float"``, ``"switch"``, ``"choice"``; a list of ints is ``"ints"`` with ``length`` entries;
            ``"padding"`` is two ints or one of ``choices``.
        description: one sentence for the learner.
        default: the value when nothing is given; ``None`` with ``required`` means that there is no default.
        low: smallest value allowed; for floats it may be excluded (``low_open``).
        high: largest value allowed; for floats it may be excluded (``high_open``).
        optional: may be empty (``None``).
    """

    name: str
    form: Literal["int", "ints", "float", "switch", "choice", "padding"]
    description: str
    default: object
    required: bool
    optional: bool
    length: int = 1
    low: float | None = None
    high: float | None = None
    low_open: bool = False
    high_open: bool = False
    choices: tuple[str, ...] = ()


def kind_of(name: object) -> type[LayerSpec]:
    """Look up a layer kind.

    Raises:
        NetworkError: there is none of that name (``NET-SPEC``).
    """
    if isinstance(name, str) and name in CATALOGUE:
        return CATALOGUE[name]
    hint = did_you_mean(name, tuple(CATALOGUE)) if isinstance(name, str) else "give one of the catalogue"
    raise NetworkError(Code.NETWORK_SPEC, f"there is no layer kind {brief(name)}; {hint}", where="kind")


def groups() -> Mapping[str, tuple[type[LayerSpec], ...]]:
    """Sort the kinds by group, both in the order of the menu.

    Examples:
        >>> [kind.__name__ for kind in groups()["Merge"]]
        ['Add', 'Concat']
    """
    names = dict.fromkeys(row.group for row in KINDS)
    return {name: tuple(row for row in KINDS if row.group == name) for name in names}


@functools.cache
def field_rows(kind: str) -> tuple[FieldRow, ...]:
    """List a kind's own fields (without id, kind and inputs) with bounds, defaults and descriptions.

    Examples:
        >>> [(row.name, row.form, row.low) for row in field_rows("MaxPool2d")][:2]
        [('kernel_size', 'ints', 1), ('stride', 'ints', 1)]
    """
    schema = kind_of(kind).model_json_schema()
    required = schema.get("required", [])
    own = {name: entry for name, entry in schema["properties"].items() if name not in ("id", "kind", "inputs")}
    return tuple(_field_row(CATALOGUE[kind], name, entry, name in required) for name, entry in own.items())


def _field_row(kind: type[LayerSpec], name: str, entry: dict[str, Any], required: bool) -> FieldRow:
    branches = entry.get("anyOf", [entry])
    filled = [branch for branch in branches if branch.get("type") != "null"]
    default = None if required else kind.model_fields[name].default
    common = {"description": entry.get("description", ""), "default": default, "required": required}
    optional = len(filled) < len(branches)
    form = _form(filled[0]) if len(filled) == 1 else _PADDING_FORM  # a convolution's padding is the only union
    return FieldRow(name, **common, optional=optional, **form)


def _form(branch: dict[str, Any]) -> dict[str, Any]:
    if "enum" in branch:
        return {"form": "choice", "choices": tuple(branch["enum"])}
    if branch["type"] == "array":
        items = branch["prefixItems"]
        return {"form": "ints", "length": len(items), "low": items[0]["minimum"], "high": items[0]["maximum"]}
    if branch["type"] == "boolean":
        return {"form": "switch"}
    return {
        "form": {"integer": "int", "number": "float"}[branch["type"]],
        "low": branch.get("minimum", branch.get("exclusiveMinimum")),
        "high": branch.get("maximum", branch.get("exclusiveMaximum")),
        "low_open": "exclusiveMinimum" in branch,
        "high_open": "exclusiveMaximum" in branch,
    }
