"""Change a network: every function takes a spec and gives a new one, with everything reconnected.

Editing works on the graph with all inputs written out, and writes the result back as a list in which "reads the layer
before it" is left out again. A new spec always has a valid graph; whether its layers fit is for
:func:`lab.network.summary.analyse` to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lab.errors import Code, Edit, InsertLayer, NetworkError, SetField
from lab.network.catalogue import kind_of
from lab.network.layers.base import LayerSpec, Shape
from lab.network.spec import INPUT, NetworkSpec

_PINNED = ("in_channels", "in_features", "num_features")  # fields that may hold what is expected to arrive


@dataclass(frozen=True)
class _Node:
    """A layer with its inputs written out."""

    layer: LayerSpec
    reads: tuple[str, ...]

    def rewired(self, old: str, new: tuple[str, ...]) -> _Node:
        """Read ``new`` instead of ``old``; a layer of one input takes the first of several."""
        if old not in self.reads:
            return self
        most = self.layer.n_sources[1]
        spliced = [name for read in self.reads for name in (new if read == old else (read,))]
        return _Node(self.layer, tuple(spliced[:most]))


def apply_edits(spec: NetworkSpec, edits: Iterable[Edit]) -> NetworkSpec:
    """Apply edits one after the other, as a click on a fix does.

    Raises:
        NetworkError: an edit names a layer, kind or field that does not exist, or a value out of bounds (``NET-SPEC``).

    Examples:
        >>> from lab.network.presets import preset
        >>> shallow = apply_edits(preset("lenet5"), [SetField("conv1", "out_channels", 12)])
        >>> shallow.layer("conv1").n_params(((1, 32, 32),))
        312
    """
    for edit in edits:
        if isinstance(edit, SetField):
            spec = set_field(spec, edit.layer_id, edit.field, edit.value)
        elif isinstance(edit, InsertLayer):
            spec = insert_layer(spec, edit.kind, before=edit.before, params=dict(edit.params))
        else:
            spec = remove_layer(spec, edit.layer_id)
    return spec


def fresh_id(spec: NetworkSpec, stem: str) -> str:
    """Find the next free id of a stem.

    Examples:
        >>> from lab.network.presets import preset
        >>> fresh_id(preset("lenet5"), "conv")
        'conv4'
    """
    taken = {layer.id for layer in spec.layers}
    numbers = [int(name[len(stem) :]) for name in taken if name.startswith(stem) and name[len(stem) :].isdecimal()]
    return f"{stem}{max(numbers, default=0) + 1}"


def new_layer(spec: NetworkSpec, kind: str, params: Mapping[str, object] | None = None) -> LayerSpec:
    """Make a layer with a fresh id; fields that are not given start at the kind's usual values.

    Raises:
        NetworkError: there is no such kind or field, or a value is out of bounds (``NET-SPEC``).
    """
    row = kind_of(kind)
    return row.model_validate({"id": fresh_id(spec, row.stem), **row.starter, **(params or {})})


def insert_layer(
    spec: NetworkSpec, kind: str, *, before: str | None = None, params: Mapping[str, object] | None = None
) -> NetworkSpec:
    """Put a new layer in front of another one, or at the end.

    The new layer reads what ``before`` read first, and ``before`` reads the new layer instead. With ``inputs`` among
    the params it reads those, and takes the place of the first of them among what ``before`` reads.

    Raises:
        NetworkError: there is no such kind, layer or field, or a value is out of bounds (``NET-SPEC``).
    """
    layer = new_layer(spec, kind, params)
    nodes = _nodes(spec)
    if before is None:
        reads = layer.inputs or (nodes[-1].layer.id if nodes else INPUT,)
        return _spec(spec, [*nodes, _Node(layer, reads)])
    place = _index(spec, before)
    reads = layer.inputs or nodes[place].reads[:1]
    nodes[place] = nodes[place].rewired(reads[0], (layer.id,))
    return _spec(spec, [*nodes[:place], _Node(layer, reads), *nodes[place:]])


def remove_layer(spec: NetworkSpec, layer_id: str) -> NetworkSpec:
    """Take a layer out; whoever read it reads what it read.

    Raises:
        NetworkError: there is no such layer (``NET-SPEC``).
    """
    nodes = _nodes(spec)
    gone = nodes.pop(_index(spec, layer_id))
    return _spec(spec, [node.rewired(layer_id, gone.reads) for node in nodes])


def duplicate_layer(spec: NetworkSpec, layer_id: str) -> NetworkSpec:
    """Put a copy right behind a layer; the copy reads it, and whoever read it reads the copy.

    Raises:
        NetworkError: there is no such layer (``NET-SPEC``).
    """
    place = _index(spec, layer_id)
    nodes = _nodes(spec)
    original = nodes[place]
    loose = {name: None for name in _PINNED if name in type(original.layer).model_fields}
    copy = original.layer.model_copy(update={"id": fresh_id(spec, original.layer.stem), **loose})
    reads = (layer_id, *original.reads[1:])
    after = [node.rewired(layer_id, (copy.id,)) for node in nodes[place + 1 :]]
    return _spec(spec, [*nodes[: place + 1], _Node(copy, reads), *after])


def move_layer(spec: NetworkSpec, layer_id: str, position: int) -> NetworkSpec:
    """Move a layer to a position in the list (0 is the first; beyond the ends means the end).

    A layer of one input is taken out of its place and put between the layers at its new one. A merge keeps its inputs.

    Raises:
        NetworkError: there is no such layer, or a merge would come before a layer that it reads (``NET-SPEC``).
    """
    nodes = _nodes(spec)
    place = _index(spec, layer_id)
    position = max(0, min(position, len(nodes) - 1))
    if position == place:
        return spec
    moved = nodes.pop(place)
    if moved.layer.n_sources[1] > 1:
        return _spec(spec, [*nodes[:position], moved, *nodes[position:]])
    nodes = [node.rewired(layer_id, moved.reads) for node in nodes]
    if position == len(nodes):
        return _spec(spec, [*nodes, _Node(moved.layer, (nodes[-1].layer.id,))])
    reads = nodes[position].reads[:1]
    nodes[position] = nodes[position].rewired(reads[0], (layer_id,))
    return _spec(spec, [*nodes[:position], _Node(moved.layer, reads), *nodes[position:]])


def replace_layer(spec: NetworkSpec, layer_id: str, layer: LayerSpec) -> NetworkSpec:
    """Put another layer in a layer's place, of any kind; a new id is followed by its readers.

    An empty ``layer.inputs`` keeps what was read.

    Raises:
        NetworkError: there is no such layer, or the new id is taken (``NET-SPEC``).
    """
    nodes = _nodes(spec)
    place = _index(spec, layer_id)
    reads = layer.inputs or nodes[place].reads[: layer.n_sources[1]]
    nodes[place] = _Node(layer, reads)
    after = [node.rewired(layer_id, (layer.id,)) for node in nodes[place + 1 :]]
    return _spec(spec, [*nodes[: place + 1], *after])


def set_field(spec: NetworkSpec, layer_id: str, field: str, value: object) -> NetworkSpec:
    """Set one field of one layer; ``("input", "shape")`` sets the network's input; readers follow a new ``id``.

    Raises:
        NetworkError: there is no such layer or field, or the value is out of bounds (``NET-SPEC``).
    """
    if (layer_id, field) == (INPUT, "shape"):
        return NetworkSpec.model_validate({**_fields(spec), "input": value})
    layer = spec.layer(layer_id)
    if field == "kind":
        raise NetworkError(Code.NETWORK_SPEC, "the kind cannot be changed; replace the layer", where=layer_id)
    changed = type(layer).model_validate({**_fields(layer), field: value})
    return replace_layer(spec, layer_id, changed)


def with_classes(spec: NetworkSpec, n_classes: int) -> NetworkSpec:
    """Give the network another number of outputs: the last linear layer, or the last convolution where there is none.

    Raises:
        NetworkError: it has neither (``NET-SPEC``).

    Examples:
        >>> from lab.network.presets import preset
        >>> with_classes(preset("student_cnn"), 6).layers[-1].out_features
        6
    """
    for kind, field in (("Linear", "out_features"), ("Conv2d", "out_channels")):
        found = [layer.id for layer in spec.layers if layer.kind == kind]
        if found:
            return set_field(spec, found[-1], field, n_classes)
    raise NetworkError(Code.NETWORK_SPEC, "it has no linear layer that could give the classes", where=spec.name)


def with_input(spec: NetworkSpec, shape: Shape) -> NetworkSpec:
    """Give the network another input; layers that expected certain channels or features take what arrives.

    Whether every window still fits is for :func:`lab.network.summary.summarize` to say.

    Raises:
        NetworkError: a size out of bounds (``NET-SPEC``).
    """
    loose = [
        layer.model_copy(update={name: None for name in _PINNED if name in type(layer).model_fields})
        for layer in spec.layers
    ]
    return NetworkSpec.model_validate({**_fields(spec), "input": shape, "layers": tuple(loose)})


def _fields(model: NetworkSpec | LayerSpec) -> dict[str, object]:
    return {name: getattr(model, name) for name in type(model).model_fields}


def _nodes(spec: NetworkSpec) -> list[_Node]:
    sources = spec.sources()
    return [_Node(layer, sources[layer.id]) for layer in spec.layers]


def _index(spec: NetworkSpec, layer_id: str) -> int:
    return spec.layers.index(spec.layer(layer_id))


def _spec(old: NetworkSpec, nodes: list[_Node]) -> NetworkSpec:
    """Write nodes back as a list, leaving out inputs that are the layer before."""
    layers = []
    before = INPUT
    for node in nodes:
        inputs = () if node.reads == (before,) else node.reads
        same = node.layer.inputs == inputs
        layers.append(node.layer if same else node.layer.model_copy(update={"inputs": inputs}))
        before = node.layer.id
    return NetworkSpec.model_validate({**_fields(old), "layers": tuple(layers)})
