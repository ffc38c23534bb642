"""The drawing keeps its promises: proportion, order, and connections that end where they belong."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from lab.network.presets import PRESETS, preset
from lab.network.spec import INPUT
from pages.ui.build.drawing import Block, Drawing, Node, lay_out
from pages.ui.build.rows import SLICES, drawing


def _extent(block: Block) -> tuple[float, float, float]:
    """Width and height of the front, and depth of the side."""
    (x0, y0), (x1, _), (_, y1), _ = block.front
    return x1 - x0, y1 - y0, block.side[1][0] - block.side[0][0]


def _by_id(picture: Drawing) -> dict[str, Block]:
    return {block.id: block for block in picture.blocks}


@pytest.mark.parametrize("name", PRESETS)
def test_blocks_stand_in_order_inside_the_picture(name: str) -> None:
    picture = drawing(preset(name))
    assert [block.id for block in picture.blocks] == [INPUT, *(layer.id for layer in preset(name).layers)]
    lefts = [block.front[0][0] for block in picture.blocks]
    assert all(left < right for left, right in pairwise(lefts))
    corners = [corner for block in picture.blocks for corner in (*block.front, *block.top, *block.side)]
    assert all(0 <= x <= picture.width and 0 <= y <= picture.height for x, y in corners)


@pytest.mark.parametrize("name", PRESETS)
def test_every_connection_is_drawn_once(name: str) -> None:
    spec = preset(name)
    slices = [block.id for block in drawing(spec).blocks]
    wires = {(wire.source, wire.target) for wire in drawing(spec).wires}
    order = {layer_id: place for place, layer_id in enumerate(slices)}
    for target, sources in spec.sources().items():
        for source in sources:
            if order[target] - order[source] > 1:
                assert (source, target) in wires
    assert len(wires) == len(drawing(spec).wires)


def test_a_larger_tensor_is_a_larger_block() -> None:
    blocks = _by_id(drawing(preset("vgg_small")))
    picture, first, last = blocks[INPUT], blocks["conv1_1"], blocks["conv3_1"]
    assert _extent(picture)[1] == pytest.approx(_extent(first)[1], abs=0.2)
    assert _extent(last)[1] < _extent(first)[1]
    assert _extent(last)[0] > _extent(first)[0]


def test_a_wide_picture_is_deeper_than_high() -> None:
    wide, high = (lay_out([Node(INPUT, "Input", shape, ())]).blocks[0] for shape in ((1, 8, 32), (1, 32, 8)))
    assert _extent(wide)[2] > _extent(high)[2]
    assert _extent(wide)[1] < _extent(high)[1]


def test_an_activation_is_a_slice_on_its_block() -> None:
    blocks = _by_id(drawing(preset("student_cnn")))
    assert _extent(blocks["relu1"])[0] == 4
    assert blocks["relu1"].front[0][0] - blocks["conv1"].front[1][0] == pytest.approx(1.5, abs=0.1)


def test_labels_do_not_run_into_each_other() -> None:
    for name in PRESETS:
        labelled = [block for block in drawing(preset(name)).blocks if block.has_label]
        for left, right in pairwise(labelled):
            assert right.label_x - left.label_x > 6 * (len(left.id) + len(right.id)) / 2 - 8, (name, left.id, right.id)


@pytest.mark.parametrize("name", ["mlp", "student_cnn", "lenet5", "tiny_vgg", "vgg_small", "alexnet"])
def test_every_block_of_a_small_network_has_its_label(name: str) -> None:
    slices = {layer.id for layer in preset(name).layers if layer.group in SLICES}
    assert [block.id for block in drawing(preset(name)).blocks if not block.has_label] == [
        layer.id for layer in preset(name).layers if layer.id in slices
    ]


def test_nested_skips_get_heights_of_their_own() -> None:
    nodes = [
        Node(INPUT, "Input", (4, 8, 8), ()),
        *(Node(f"a{n}", "Activation", (4, 8, 8), (INPUT,)) for n in range(1, 4)),
    ]
    nodes.append(Node("add", "Merge", (4, 8, 8), ("a1", "a2", "a3")))
    arcs = [wire for wire in lay_out(nodes).wires if wire.is_arc]
    heights = [float(re.findall(r"Q[\d.]+,([\d.]+)", wire.path)[0]) for wire in arcs]
    assert len(arcs) == 4
    assert len(set(heights)) == 3


def test_a_layer_of_unknown_shape_is_still_there() -> None:
    picture = lay_out([Node(INPUT, "Input", (1, 8, 8), ()), Node("fc1", "Dense", None, (INPUT,))])
    assert _extent(picture.blocks[1]) == (16, 40, 8)


def test_an_empty_network_is_its_input() -> None:
    assert [block.id for block in lay_out([Node(INPUT, "Input", (3, 32, 32), ())]).blocks] == [INPUT]
