"""How far a layer sees, in words, is what a slow walk over the layers' own windows says."""

from __future__ import annotations

import pytest

from lab.network.presets import preset
from lab.network.spec import INPUT, NetworkSpec
from lab.network.summary import summarize
from pages.ui.build.reach import BEYOND, reach_of

SMALL = ("softmax_regression", "student_cnn", "lenet5", "tiny_vgg", "vgg_small", "mobilenet_small")


def _seen(network: NetworkSpec, layer_id: str, place: int, axis: int) -> set[int]:
    """The rows (or columns) of the picture that one position of a layer depends on, followed layer by layer."""
    sources = network.sources()
    wanted, name = {place}, layer_id
    while name != INPUT:
        layer, (source,) = network.layer(name), sources[name]
        arriving = summarize(network).row(source).output if source != INPUT else network.input
        if layer.kind == "Linear" or layer.kind == "AdaptiveAvgPool2d":
            wanted = set(range(arriving[1 + axis])) if len(arriving) == 3 else {0}
        elif layer.kind == "Flatten":
            wanted = set(range(arriving[1 + axis]))
        elif len(arriving) == 3:
            window = layer.window((arriving,))
            first = window.centre[axis] - window.dilation[axis] * (window.kernel_size[axis] - 1) / 2
            wanted = {
                int(first + at * window.stride[axis]) + step * window.dilation[axis]
                for at in wanted
                for step in range(window.kernel_size[axis])
            } & set(range(arriving[1 + axis]))
        name = source
    return wanted


def _last_before_vectors(network: NetworkSpec) -> list[str]:
    return [row.id for row in summarize(network).rows if len(row.output) == 3]


@pytest.mark.parametrize("name", SMALL)
def test_all_of_the_picture_is_said_just_where_some_value_sees_all_of_it(name: str) -> None:
    network = preset(name)
    table = summarize(network)
    for layer_id in _last_before_vectors(network):
        row = table.row(layer_id)
        sees_all = any(
            all(len(_seen(network, layer_id, place, axis)) == network.input[1 + axis] for axis in (0, 1))
            for place in range(row.output[1])
        )
        reach = reach_of(row, network.input)
        assert reach is not None
        assert ("sees all" in reach.sentence) == sees_all, layer_id


def test_a_receptive_field_larger_than_the_picture_is_said_to_hold_padding() -> None:
    network = preset("student_cnn")
    reach = reach_of(summarize(network).row("fc2"), network.input)
    assert reach is not None
    assert (reach.short, reach.beyond) == ("34×34", BEYOND)
    assert reach.sentence == "sees all 28×28 px and padding (34×34)"


def test_a_receptive_field_inside_the_picture_is_compared_with_it() -> None:
    network = preset("student_cnn")
    reach = reach_of(summarize(network).row("pool2"), network.input)
    assert reach is not None
    assert (reach.sentence, reach.beyond) == ("sees 10×10 of 28×28 px", "")


def test_nothing_is_said_of_a_layer_that_does_not_fit() -> None:
    assert reach_of(None, (1, 28, 28)) is None
