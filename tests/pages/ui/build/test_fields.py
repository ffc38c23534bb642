"""Every field of every kind has a control with the catalogue's bounds, and what it says changes that field alone."""

from __future__ import annotations

from typing import Any

import pytest

from lab.network.catalogue import CATALOGUE, field_rows
from lab.network.edit import apply_edits, new_layer
from lab.network.presets import PRESETS, preset
from lab.network.spec import NetworkSpec
from pages.ui.build.fields import (
    IN_PIXELS,
    can_split,
    edit_of,
    input_controls,
    layer_controls,
    slots,
)
from pages.ui.build.stops import slider_stops

EMPTY = NetworkSpec(name="one", input=(4, 32, 32))


def alone(kind: str) -> NetworkSpec:
    """A network of one layer of this kind."""
    return NetworkSpec(name="one", input=(4, 32, 32), layers=(new_layer(EMPTY, kind),))


def changed(network: NetworkSpec, name: str, value: Any) -> Any:
    """The layer after a control has said something."""
    return apply_edits(network, (edit_of(network, name, value),)).layers[0]


@pytest.mark.parametrize("split", [False, True])
@pytest.mark.parametrize("kind", CATALOGUE)
def test_every_field_has_a_control_with_its_bounds_and_its_help(kind: str, split: bool) -> None:
    (layer,) = alone(kind).layers
    controls = layer_controls(layer, (4, 32, 32), split=split)
    assert {control.field.split(".")[1] for control in controls} == {row.name for row in field_rows(kind)}
    for control, slot in zip(controls, slots(layer, split=split), strict=True):
        value = slot.value_in(layer)
        assert control.help == slot.row.description
        assert value is None or not control.refusal(value)
        assert sorted(control.stops or ()) == list(control.stops or ())
        assert not [stop for stop in control.stops or () if control.refusal(stop)]


@pytest.mark.parametrize("split", [False, True])
@pytest.mark.parametrize("kind", CATALOGUE)
def test_saying_what_is_there_already_changes_nothing(kind: str, split: bool) -> None:
    network = alone(kind)
    for slot in slots(network.layers[0], split=split):
        name = f"{network.layers[0].id}.{slot.name}"
        assert changed(network, name, slot.value_in(network.layers[0])) == network.layers[0]


def test_a_pair_is_one_number_until_height_and_width_are_apart() -> None:
    network = alone("Conv2d")
    assert changed(network, "conv1.kernel_size", 5).kernel_size == (5, 5)
    assert changed(network, "conv1.kernel_size.width", 5).kernel_size == (3, 5)
    tall = apply_edits(network, (edit_of(network, "conv1.stride.height", 2),))
    names = [slot.name for slot in slots(tall.layers[0], split=False)]
    assert ("stride.height" in names, "stride" in names, "kernel_size" in names) == (True, False, True)


def test_padding_is_a_name_or_pixels() -> None:
    network = alone("Conv2d")
    assert changed(network, "conv1.padding.mode", "same").padding == "same"
    named = apply_edits(network, (edit_of(network, "conv1.padding.mode", "same"),))
    assert [slot.name for slot in slots(named.layers[0], split=True) if slot.row.name == "padding"] == ["padding.mode"]
    assert changed(named, "conv1.padding.mode", IN_PIXELS).padding == (0, 0)
    assert changed(network, "conv1.padding", 2).padding == (2, 2)


def test_the_four_sides_of_a_padding_have_a_number_each() -> None:
    network = alone("ZeroPad2d")
    assert changed(network, "pad1.padding", 3).padding == (3, 3, 3, 3)
    assert changed(network, "pad1.padding.top", 3).padding == (1, 1, 3, 1)
    assert not can_split(alone("ReLU").layers[0])


def test_an_empty_box_means_automatic() -> None:
    network = alone("MaxPool2d")
    one = apply_edits(network, (edit_of(network, "pool1.stride", 1),))
    assert one.layers[0].stride == (1, 1)  # type: ignore[attr-defined]
    assert changed(one, "pool1.stride", None).stride is None


def test_a_typed_whole_number_is_a_decimal_number_where_the_field_is_one() -> None:
    network = alone("LeakyReLU")
    assert repr(changed(network, f"{network.layers[0].id}.negative_slope", 1).negative_slope) == "1.0"


@pytest.mark.parametrize("name", PRESETS)
def test_every_control_of_a_known_network_takes_what_stands_in_it(name: str) -> None:
    network = preset(name)
    for layer in network.layers:
        for control, slot in zip(layer_controls(layer, (), split=False), slots(layer, split=False), strict=True):
            value = slot.value_in(layer)
            assert value is None or not control.refusal(value)


def test_groups_stop_where_they_divide_the_channels_on_both_sides() -> None:
    row = next(row for row in field_rows("Conv2d") if row.name == "groups")
    assert slider_stops(row, (12, 8, 8), 18) == (1, 2, 3, 6)


def test_the_input_is_three_numbers() -> None:
    assert [control.field for control in input_controls()] == ["input.channels", "input.height", "input.width"]
    assert edit_of(EMPTY, "input.width", 48).value == (4, 32, 48)
    assert edit_of(EMPTY, "input.shape", [1, 28, 28]).value == [1, 28, 28]
    assert input_controls()[0].refusal(65) == "channels is at most 64 here."


def test_two_numbers_have_the_same_controls_at_every_value() -> None:
    for first in (None, 1, 2):
        network = apply_edits(alone("MaxPool2d"), (edit_of(alone("MaxPool2d"), "pool1.stride", first),))
        names = [slot.name for slot in slots(network.layers[0], split=False, apart="pool1.stride")]
        assert ("stride.height" in names, "stride.width" in names, "stride" in names) == (True, True, False)
        assert "kernel_size" in names
    assert changed(network, "pool1.stride.height", None).stride is None
    automatic = apply_edits(network, (edit_of(network, "pool1.stride", None),))
    assert changed(automatic, "pool1.stride.height", 3).stride == (3, 2)  # the window is 2 wide


def test_a_slope_for_all_channels_or_one_for_each_is_all_that_a_prelu_can_have() -> None:
    row = next(row for row in field_rows("PReLU") if row.name == "num_parameters")
    assert slider_stops(row, (4, 8, 8)) == (1, 4)
    assert slider_stops(row, (1, 8, 8)) == (1,)


@pytest.mark.parametrize(
    ("kind", "field", "value", "sentence"),
    [
        ("Dropout", "p", 1, "p is below 1 here."),
        ("Dropout", "p", 0.9999999, ""),
        ("Dropout", "p", -0.1, "p is at least 0 here."),
        ("ELU", "alpha", 0, "alpha is above 0 here."),
        ("ELU", "alpha", 1e-9, ""),
        ("ELU", "alpha", 11, "alpha is at most 10 here."),
    ],
)
def test_an_open_bound_is_told_as_one(kind: str, field: str, value: float, sentence: str) -> None:
    controls = layer_controls(alone(kind).layers[0], (4, 32, 32), split=False)
    control = next(control for control in controls if control.label == field)
    assert control.refusal(value) == sentence
