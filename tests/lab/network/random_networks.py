"""Random valid networks, drawn from the whole catalogue: what the property tests run on.

Nothing here knows a layer kind by name except for the joints of the graph, so a new kind is tested as soon as it is a
row of the catalogue. Sizes are tiny; a draw that does not fit is thrown away and drawn again.
"""

from __future__ import annotations

import random
from math import prod

from lab.errors import LabError
from lab.network.catalogue import CATALOGUE, FieldRow, field_rows
from lab.network.layers.base import LayerSpec, Shape
from lab.network.spec import INPUT, NetworkSpec

MAX_VALUES = 6_000  # of one activation; keeps a thousand networks within seconds


def draw_network(seed: int, kinds: tuple[str, ...] = tuple(CATALOGUE), n_layers: int = 7) -> NetworkSpec:
    """Draw a network with skips and branches in which every layer's output is used."""
    rng = random.Random(seed)
    picture = (rng.randint(1, 4), rng.randint(4, 12), rng.randint(4, 12))
    shapes: dict[str, Shape] = {INPUT: picture}
    unread = [INPUT]
    layers: list[LayerSpec] = []

    def add(layer: LayerSpec, output: Shape) -> None:
        layers.append(layer)
        shapes[layer.id] = output
        unread[:] = [name for name in unread if name not in layer.inputs] + [layer.id]

    for number in range(rng.randint(1, n_layers)):
        drawn = _draw_layer(rng, f"layer{number}", kinds, shapes, unread)
        if drawn is not None:
            add(*drawn)
    while len(unread) > 1:  # tie the loose ends together
        name = next((name for name in unread if len(shapes[name]) == 3), None)
        joined = [name] if name else list(unread)
        kind = CATALOGUE["Flatten" if name else "Concat"]
        layer = kind(id=f"end{len(layers)}", inputs=joined)
        add(layer, layer.output_shape(tuple(shapes[name] for name in joined)))
    return NetworkSpec(name=f"random {seed}", input=picture, layers=tuple(layers))


def _draw_layer(
    rng: random.Random, name: str, kinds: tuple[str, ...], shapes: dict[str, Shape], unread: list[str]
) -> tuple[LayerSpec, Shape] | None:
    """Choose a group, a kind and what it reads, then draw its fields until it fits; give up after some tries."""
    for _ in range(20):
        group = rng.choice(sorted({CATALOGUE[kind].group for kind in kinds}))
        kind = CATALOGUE[rng.choice([kind for kind in kinds if CATALOGUE[kind].group == group])]
        inputs = _draw_inputs(rng, kind, shapes, unread)
        arriving = tuple(shapes[source] for source in inputs)
        for _ in range(12):
            try:
                params = {row.name: draw_value(rng, row, arriving[0]) for row in field_rows(kind.__name__)}
                layer = kind.model_validate({"id": name, "inputs": inputs, **params})
                output = layer.output_shape(arriving)
            except LabError:
                continue
            if prod(output) <= MAX_VALUES:
                return layer, output
    return None


def _draw_inputs(rng: random.Random, kind: type[LayerSpec], shapes: dict[str, Shape], unread: list[str]) -> list[str]:
    fewest, most = kind.n_sources
    inputs = [rng.choice(unread) if rng.random() < 0.8 else rng.choice(list(shapes))]
    if most > 1:
        partners = [other for other in shapes if shapes[other][1:] == shapes[inputs[0]][1:]]
        inputs += rng.choices(partners, k=rng.randint(fewest - 1, 2))
    return inputs


def draw_value(rng: random.Random, row: FieldRow, shape: Shape) -> object:
    """Draw within the field's bounds, mostly small; channels and groups so that they have a chance to fit."""
    if not row.required and rng.random() < 0.3:
        return row.default
    if row.optional and rng.random() < 0.7:
        return None
    if row.form == "switch":
        return rng.random() < 0.5
    if row.form == "choice" or (row.form == "padding" and rng.random() < 0.3):
        return rng.choice(row.choices)
    if row.form == "float":
        low, high = max(row.low, -3.0), min(row.high, 3.0)
        return round(rng.uniform(low, high), 2) or max(row.low, 0.5)
    if row.form in ("ints", "padding"):
        return [_small(rng, row) for _ in range(row.length)]
    return rng.choice([_small(rng, row), shape[0], shape[0], max(1, shape[0] // 2), shape[0] * 2])


def _small(rng: random.Random, row: FieldRow) -> int:
    low = int(row.low)
    return min(low + rng.choice((0, 0, 1, 1, 2, 2, 3)), int(row.high))
