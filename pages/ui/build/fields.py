"""A layer's fields as controls: names, values and edits of each; the catalogue says which, with bounds and help.

A control is named ``conv1.stride``; where height and width have a number each, ``conv1.stride.height``. The network's
input is the layer ``input`` with the fields ``channels``, ``height`` and ``width``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lab.errors import SetField
from lab.network.catalogue import FieldRow, field_rows
from lab.network.spec import INPUT, LayerSpec, NetworkSpec
from pages.ui.build.stops import slider_stops
from pages.ui.live_controls import Control, as_buttons

# A padding may be 'same', 'valid' or numbers; the menu calls the numbers by this name.
IN_PIXELS = "in pixels"
AXES = ("channels", "height", "width")
_INPUT_BOUNDS = NetworkSpec.model_json_schema()["properties"]["input"]["prefixItems"]
_SIDES = {2: ("height", "width"), 4: ("left", "right", "top", "bottom")}
_MODE = "mode"
# What arrives is what they expect, unless somebody says otherwise: a box that is empty as a rule, without a slider.
_EXPECTED = ("in_channels", "in_features", "num_features")
_INPUT_HELP = (
    "Grey pictures have 1 channel, colour has 3.",
    "Pixels from top to bottom.",
    "Pixels from left to right.",
)


@dataclass(frozen=True)
class Slot:
    """One control of a layer: a field of the catalogue, all of it or one of its numbers.

    Args:
        row: the field.
        side: which of its numbers; ``"mode"`` for the choice between named paddings and pixels; empty for the whole.
    """

    row: FieldRow
    side: str = ""

    @property
    def name(self) -> str:
        """What follows the layer's id in the control's name."""
        return f"{self.row.name}.{self.side}" if self.side else self.row.name

    @property
    def label(self) -> str:
        """PyTorch's name, and which part of it."""
        if self.side and self.side != _MODE:
            return f"{self.row.name}, {self.side}"
        return f"{self.row.name}, pixels" if self.row.form == "padding" and not self.side else self.row.name

    def value_in(self, layer: LayerSpec) -> Any:
        """What the control shows."""
        value = getattr(layer, self.row.name)
        if self.side == _MODE:
            return value if isinstance(value, str) else IN_PIXELS
        if self.side and value is not None:
            return value[_SIDES[self.row.length].index(self.side)]
        return value[0] if isinstance(value, tuple) else value

    def changed(self, layer: LayerSpec, new: Any) -> Any:
        """What the field becomes when the control says ``new``."""
        value = getattr(layer, self.row.name)
        if self.side == _MODE and new == IN_PIXELS:
            return (0, 0) if isinstance(value, str) else value
        if self.side == _MODE:
            return new
        if value is None:
            value = self._standing_for(layer)
        if self.side and isinstance(value, tuple) and new is not None:
            place = _SIDES[self.row.length].index(self.side)
            return (*value[:place], new, *value[place + 1 :])
        if self.row.form in ("ints", "padding"):
            return None if new is None else (new,) * self.row.length
        return float(new) if self.row.form == "float" and isinstance(new, int) else new

    def _standing_for(self, layer: LayerSpec) -> Any:
        """What is in force where nothing is said: only the stride of a pooling window can be automatic."""
        return getattr(layer, "step", None)


def slots(layer: LayerSpec, *, split: bool, apart: str = "") -> tuple[Slot, ...]:
    """The controls of a layer in PyTorch's order, switches last.

    Args:
        layer: the layer.
        split: whether height and width have a number each, in all fields.
        apart: the one field of which they have, ``"conv1.stride"``.
    """
    rows = sorted(field_rows(layer.kind), key=lambda row: row.form == "switch")
    apart_here = apart.removeprefix(f"{layer.id}.")
    return tuple(
        slot for row in rows for slot in _slots_of(row, getattr(layer, row.name), split or row.name == apart_here)
    )


def _slots_of(row: FieldRow, value: Any, split: bool) -> tuple[Slot, ...]:
    first = (Slot(row, _MODE),) if row.form == "padding" else ()
    if isinstance(value, str) and first:
        return first
    # The form is the same for every value that a hand can drag it to: no control may vanish under it.
    if row.length in _SIDES and (split or (isinstance(value, tuple) and len(set(value)) > 1)):
        return (*first, *(Slot(row, side) for side in _SIDES[row.length]))
    return (*first, Slot(row))


def can_split(layer: LayerSpec) -> bool:
    """Whether it has fields in which height and width, or four sides, can differ."""
    return any(row.length in _SIDES for row in field_rows(layer.kind))


def whole_field(name: str) -> str:
    """The field of which a control changes one number; nothing for a control that changes all of its field.

    Examples:
        >>> whole_field("conv1.stride.height"), whole_field("conv1.stride"), whole_field("conv1.padding.mode")
        ('conv1.stride', '', '')
    """
    field, _, side = name.rpartition(".")
    return field if "." in field and side != _MODE else ""


def layer_controls(layer: LayerSpec, arriving: Sequence[int], *, split: bool, apart: str = "") -> tuple[Control, ...]:
    """The fields as controls; see :func:`slots`.

    Args:
        layer: the layer.
        arriving: the shape that reaches it; empty if that is not known.
        split: whether height and width have a number each.
        apart: the one field of which they have.
    """
    return tuple(_control(layer, slot, arriving) for slot in slots(layer, split=split, apart=apart))


def _control(layer: LayerSpec, slot: Slot, arriving: Sequence[int]) -> Control:
    row, field = slot.row, f"{layer.id}.{slot.name}"
    if row.form == "switch":
        return Control("switch", field, slot.label, row.description)
    if row.form == "choice" or slot.side == _MODE:
        words = ((IN_PIXELS,) if slot.side else ()) + row.choices
        choices = tuple((word, word) for word in words)
        return as_buttons(Control("choice", field, slot.label, row.description, choices=choices))
    whole = row.form != "float"
    is_expected = row.name in _EXPECTED
    stops = () if is_expected else slider_stops(row, arriving, getattr(layer, "out_channels", 0))
    return Control(
        "slider" if len(stops) > 1 else "number",
        field,
        slot.label,
        row.description,
        least=row.low,
        most=row.high,
        above=row.low_open,
        below=row.high_open,
        step=1 if whole else None,
        whole=whole,
        optional=row.optional,
        stops=stops or None,
        placeholder="auto" if row.optional else "",
    )


def input_controls() -> tuple[Control, ...]:
    """The shape of the pictures as three controls."""
    rows = (
        FieldRow(name, "int", text, None, required=True, optional=False, low=bound["minimum"], high=bound["maximum"])
        for name, text, bound in zip(AXES, _INPUT_HELP, _INPUT_BOUNDS, strict=True)
    )
    return tuple(
        Control(
            "slider",
            f"{INPUT}.{row.name}",
            row.name,
            row.description,
            least=row.low,
            most=row.high,
            step=1,
            whole=True,
            stops=slider_stops(row),
        )
        for row in rows
    )


def edit_of(network: NetworkSpec, name: str, value: Any) -> SetField:
    """The edit that a control's new value stands for.

    Raises:
        NetworkError: there is no such layer.

    Examples:
        >>> from lab.network.presets import preset
        >>> edit_of(preset("student_cnn"), "conv1.kernel_size", 5)
        SetField(layer_id='conv1', field='kernel_size', value=(5, 5))
        >>> edit_of(preset("student_cnn"), "input.height", 32).value
        (1, 32, 28)
    """
    layer_id, _, rest = name.partition(".")
    if layer_id == INPUT:
        return SetField(INPUT, "shape", _shape(network.input, rest, value))
    layer = network.layer(layer_id)
    field, _, side = rest.partition(".")
    row = next((row for row in field_rows(layer.kind) if row.name == field), None)
    if row is None or (side and side not in (_MODE, *_SIDES.get(row.length, ()))):
        return SetField(layer_id, rest, value)
    return SetField(layer_id, field, Slot(row, side).changed(layer, value))


def _shape(now: tuple[int, int, int], axis: str, value: Any) -> Any:
    if axis not in AXES:
        return value
    place = AXES.index(axis)
    return (*now[:place], value, *now[place + 1 :])
