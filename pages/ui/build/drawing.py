"""Where every block of the architecture drawing goes: plain geometry, painted by a component.

A layer's output is a box in oblique projection: height and depth follow its picture size, width its channels, both
on a compressed scale so that 7×7 stays visible beside 224×224. A layer that only changes values (activation,
normalisation, dropout) is a thin slice on the block it belongs to. A connection that is not simply to the next layer
is an arc above the blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

# All lengths in CSS pixels of the drawing.
TALLEST_PX = 108.0
MARGIN_PX = 18.0
ARC_STEP_PX = 13.0
LABELS_PX = 40.0
SLICE_PX = 4.0
LABEL_CHAR_PX = 6.4
LABEL_GAP_PX = 6.0
# 0.5 would be the square root, 1 the true proportion: 0.6 keeps 7 px of 224 px visible and 14 of 28 clearly smaller.
SIZE_EXPONENT = 0.6
# Up to this many blocks each gets room for its label; deeper networks move together and label what fits.
ROOMY_BLOCKS = 22

Point = tuple[float, float]


@dataclass(frozen=True)
class Node:
    """One layer as the drawing needs it.

    Args:
        id: the layer's id, or ``"input"``.
        group: its group in the catalogue, which gives the colour.
        shape: its output ``(C, H, W)`` or ``(F,)``; ``None`` when it could not be computed.
        sources: ids of the layers that it reads.
        is_slice: whether it is drawn as a thin slice on the block before it.
    """

    id: str
    group: str
    shape: tuple[int, ...] | None
    sources: tuple[str, ...]
    is_slice: bool = False


@dataclass(frozen=True)
class Block:
    """One box: its three visible faces as polygons, and where its label stands."""

    id: str
    group: str
    front: tuple[Point, ...]
    top: tuple[Point, ...]
    side: tuple[Point, ...]
    label_x: float
    has_label: bool


@dataclass(frozen=True)
class Wire:
    """One connection as an SVG path; ``is_arc`` for a skip or a branch."""

    source: str
    target: str
    path: str
    is_arc: bool


@dataclass(frozen=True)
class Drawing:
    """The whole drawing in its own pixels."""

    width: float
    height: float
    label_y: float
    blocks: tuple[Block, ...]
    wires: tuple[Wire, ...]


@dataclass(frozen=True)
class _Box:
    x: float
    width: float
    height: float
    dx: float
    dy: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def centre(self) -> float:
        return self.x + (self.width + self.dx) / 2


def lay_out(nodes: Sequence[Node]) -> Drawing:
    """Place all layers from left to right in the order of the list.

    Args:
        nodes: the input first, then every layer; sources refer to earlier nodes.

    Returns:
        The drawing; its width grows with the network, its height with the depth of nested arcs.
    """
    boxes = _boxes(nodes)
    arcs = _arc_levels(nodes)
    n_levels = max(arcs.values(), default=-1) + 1
    highest = max(box.height + box.dy for box in boxes)
    middle = MARGIN_PX + n_levels * ARC_STEP_PX + highest - max(box.height for box in boxes) / 2
    label_y = middle + max(box.height for box in boxes) / 2 + 16
    placed = dict(zip((node.id for node in nodes), boxes, strict=True))
    ceiling = MARGIN_PX + n_levels * ARC_STEP_PX - 4
    return Drawing(
        width=max(box.right + box.dx for box in boxes) + MARGIN_PX + 14,
        height=label_y + LABELS_PX - 16,
        label_y=label_y,
        blocks=_blocks(nodes, boxes, middle),
        wires=_wires(nodes, placed, arcs, middle, ceiling),
    )


def _boxes(nodes: Sequence[Node]) -> list[_Box]:
    """Size and horizontal place of every box."""
    largest = max((max(node.shape[1:]) for node in nodes if node.shape and len(node.shape) == 3), default=1)
    roomy = sum(not node.is_slice for node in nodes) <= ROOMY_BLOCKS
    boxes: list[_Box] = []
    x, label_end = MARGIN_PX + 8, -1e9
    for node in nodes:
        size = _size(node, largest)
        if boxes:
            before = boxes[-1]
            x = before.right + (1.5 if node.is_slice else max(16.0, before.dx * 0.6 + (14 if roomy else 6)))
        if roomy and not node.is_slice:
            half = _label_width(node) / 2
            x = max(x, label_end + half - size.width / 2)
            label_end = x + size.width / 2 + half
        boxes.append(_Box(x, size.width, size.height, size.dx, size.dy))
    return boxes


def _size(node: Node, largest_px: int) -> _Box:
    if node.shape is None:  # unknown: a small cube that says "something is missing here"
        return _Box(0, 16, 40, 8, 6)
    if len(node.shape) == 1:
        height = min(TALLEST_PX, 16 + 9 * max(node.shape[0], 1).bit_length())
        return _Box(0, SLICE_PX if node.is_slice else 8.0, height, 4, 3)
    channels, height_px, width_px = node.shape
    height = max(5.0, TALLEST_PX * (height_px / largest_px) ** SIZE_EXPONENT)
    depth = max(5.0, TALLEST_PX * (width_px / largest_px) ** SIZE_EXPONENT)
    thick = SLICE_PX if node.is_slice else min(46.0, max(3.5, 2 + 1.6 * channels**0.5))
    return _Box(0, thick, height, 0.30 * depth, 0.20 * depth)


def _label_width(node: Node) -> float:
    shape = "×".join(map(str, node.shape or ()))
    return max(len(node.id), len(shape)) * LABEL_CHAR_PX + LABEL_GAP_PX


def _arc_levels(nodes: Sequence[Node]) -> dict[tuple[str, str], int]:
    """Give every connection that skips a layer the lowest level where it meets no other."""
    order = {node.id: place for place, node in enumerate(nodes)}
    spans = [
        (order[source], order[node.id], source, node.id)
        for node in nodes
        for source in dict.fromkeys(node.sources)
        if source in order and order[node.id] - order[source] > 1
    ]
    taken: list[list[tuple[int, int]]] = []
    levels: dict[tuple[str, str], int] = {}
    for start, end, source, target in sorted(spans, key=lambda span: (span[1] - span[0], span[0])):
        level = 0
        while level < len(taken) and any(
            start < other_end and other_start < end for other_start, other_end in taken[level]
        ):
            level += 1
        if level == len(taken):
            taken.append([])
        taken[level].append((start, end))
        levels[source, target] = level
    return levels


def _blocks(nodes: Sequence[Node], boxes: Sequence[_Box], middle: float) -> tuple[Block, ...]:
    """Faces of all boxes; a label only where it does not run into the one before."""
    blocks, label_end = [], -1e9
    for node, box in zip(nodes, boxes, strict=True):
        y0, y1 = middle - box.height / 2, middle + box.height / 2
        x0, x1, dx, dy = box.x, box.right, box.dx, box.dy
        half = _label_width(node) / 2
        centre = (x0 + x1) / 2
        fits = not node.is_slice and centre - half + 0.1 >= label_end
        if fits:
            label_end = centre + half
        blocks.append(
            Block(
                id=node.id,
                group=node.group,
                front=_round(((x0, y0), (x1, y0), (x1, y1), (x0, y1))),
                top=_round(((x0, y0), (x0 + dx, y0 - dy), (x1 + dx, y0 - dy), (x1, y0))),
                side=_round(((x1, y0), (x1 + dx, y0 - dy), (x1 + dx, y1 - dy), (x1, y1))),
                label_x=round(centre, 1),
                has_label=fits,
            )
        )
    return tuple(blocks)


def _wires(
    nodes: Sequence[Node], placed: dict[str, _Box], arcs: dict[tuple[str, str], int], middle: float, ceiling: float
) -> tuple[Wire, ...]:
    wires = []
    for (source, target), level in arcs.items():
        path = _arc_path(placed[source], placed[target], middle, ceiling - level * ARC_STEP_PX)
        wires.append(Wire(source, target, path, is_arc=True))
    for before, node in pairwise(nodes):
        if before.id in node.sources and not node.is_slice:
            start, end = placed[before.id], placed[node.id]
            y = middle - min(start.dy, start.height) / 2
            wires.append(
                Wire(before.id, node.id, f"M{start.right + start.dx / 2:.1f},{y:.1f}L{end.x:.1f},{y:.1f}", is_arc=False)
            )
    return tuple(wires)


def _arc_path(start: _Box, end: _Box, middle: float, y: float) -> str:
    """Up from the source's top edge, along at height ``y``, down to the target's, with round corners."""
    x1, x2 = start.centre, end.centre - min(4.0, end.width / 2)
    y1 = middle - start.height / 2 - start.dy / 2
    y2 = middle - end.height / 2 - end.dy / 2
    r = min(7.0, abs(x2 - x1) / 2)
    return (
        f"M{x1:.1f},{y1:.1f}V{y + r:.1f}Q{x1:.1f},{y:.1f} {x1 + r:.1f},{y:.1f}"
        f"H{x2 - r:.1f}Q{x2:.1f},{y:.1f} {x2:.1f},{y + r:.1f}V{y2:.1f}"
    )


def _round(points: tuple[Point, ...]) -> tuple[Point, ...]:
    return tuple((round(x, 1), round(y, 1)) for x, y in points)
