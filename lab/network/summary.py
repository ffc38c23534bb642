"""Shapes, parameters, multiply-accumulates, memory and receptive field of a whole network, without building a tensor.

:func:`analyse` never raises and goes as far as it can, for a page where the network is being assembled;
:func:`summarize` raises the first error, for everything that needs the whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import prod

from lab.errors import Code, GeometryError, NetworkError
from lab.network.layers.base import LayerSpec, Pair, Shape
from lab.network.spec import INPUT, NetworkSpec
from lab.theory.geometry import receptive_field_step

FLOAT_BYTES = 4

# What a learner's machine can hold and compute in seconds; VGG-16 needs 138 million, 29 million and 15.5 billion.
MAX_PARAMS = 200_000_000
MAX_ACTIVATIONS = 100_000_000
MAX_MACS = 200_000_000_000


@dataclass(frozen=True)
class Field:
    """The receptive field on its way through the network, as (height, width).

    Args:
        size: input pixels that one position can see, padding included.
        jump: input pixels between neighbouring positions.
        start: where the first position looks, in input pixels (0 is the centre of the first pixel).
        extent: positions of the map; a vector keeps those of the map that was flattened.
    """

    size: Pair
    jump: tuple[Fraction, Fraction]
    start: tuple[Fraction, Fraction]
    extent: Pair


@dataclass(frozen=True)
class LayerRow:
    """One layer's line in the table.

    Args:
        id: the layer.
        kind: its kind.
        inputs: the shapes that arrive, without the batch axis.
        output: the shape that leaves.
        n_params: learnable parameters.
        n_macs: multiply-accumulates for one image, biases not counted.
        activation_bytes: the output of one image in float32.
        receptive_field: input pixels (height, width) that one output value can see, padding included.
        jump: input pixels between neighbouring output positions.
        start: the input pixel that the first output position is centred on; negative or fractional with padding.
            Where a layer enlarges the map, single positions lie up to half a jump beside;
            :meth:`LayerSpec.reach` is exact for every position.
    """

    id: str
    kind: str
    inputs: tuple[Shape, ...]
    output: Shape
    n_params: int
    n_macs: int
    activation_bytes: int
    receptive_field: Pair | None
    jump: tuple[float, float]
    start: tuple[float, float]


@dataclass(frozen=True)
class NetworkSummary:
    """The whole table; the totals are the sums of the rows."""

    input: Shape
    rows: tuple[LayerRow, ...]
    n_params: int
    n_macs: int
    activation_bytes: int
    output: Shape

    def row(self, layer_id: str) -> LayerRow:
        """Find the row of one layer.

        Raises:
            NetworkError: there is no such layer (``NET-SPEC``).
        """
        for row in self.rows:
            if row.id == layer_id:
                return row
        raise NetworkError(Code.NETWORK_SPEC, f"there is no layer {layer_id[:40]}")


@dataclass(frozen=True)
class Analysis:
    """What is known about a network that may be broken.

    Args:
        rows: the layers that fit, by id, in order.
        errors: the layers that do not fit, by id, each with its error and the ways out that were tried and work.
        blocked: layers that cannot be judged because one before them does not fit.
        summary: the whole table when nothing is wrong, else ``None``.
    """

    rows: Mapping[str, LayerRow]
    errors: Mapping[str, NetworkError]
    blocked: tuple[str, ...]
    summary: NetworkSummary | None


def summarize(spec: NetworkSpec) -> NetworkSummary:
    """Compute the table of a network.

    Raises:
        NetworkError: the first layer that does not fit, with ways out (``NET-SHAPE``), or a network that is too large
            (``NET-SIZE``).

    Examples:
        >>> from lab.network.presets import preset
        >>> summarize(preset("lenet5")).n_params
        61706
    """
    analysis = analyse(spec)
    for error in analysis.errors.values():
        raise error
    assert analysis.summary is not None  # noqa: S101 - no errors means that there is a summary
    return analysis.summary


def analyse(spec: NetworkSpec) -> Analysis:
    """Compute the table as far as it goes; never raises.

    Every error carries only fixes that were applied to a copy of the spec and found to work.
    """
    from lab.network.repair import with_fixes

    analysis = walk(spec)
    if not analysis.errors:
        return analysis
    errors = {name: with_fixes(spec, analysis, error) for name, error in analysis.errors.items()}
    return Analysis(analysis.rows, errors, analysis.blocked, None)


def walk(spec: NetworkSpec, *, with_receptive_field: bool = True) -> Analysis:
    """Compute the table as far as it goes, with the errors as the layers raise them.

    Args:
        spec: the network.
        with_receptive_field: follow the receptive field too; half of the time goes there, and who only asks whether
            a network fits can do without.
    """
    shapes: dict[str, Shape] = {INPUT: spec.input}
    fields = {INPUT: _picture_field(spec.input)}
    rows: dict[str, LayerRow] = {}
    errors: dict[str, NetworkError] = {}
    blocked: list[str] = []
    sources = spec.sources()
    for layer in spec.layers:
        read = sources[layer.id]
        if not all(name in shapes for name in read):
            blocked.append(layer.id)
            continue
        inputs = tuple(shapes[name] for name in read)
        try:
            output = checked_output_shape(layer, inputs, read)
            before = [fields[name] for name in read]
            field = _field_after(layer, inputs, output, before) if with_receptive_field else before[0]
            rows[layer.id] = _row(layer, inputs, output, field)
        except NetworkError as error:
            errors[layer.id] = error
        else:
            shapes[layer.id], fields[layer.id] = output, field
    if not errors:
        errors.update(_whole_network_errors(spec, rows))
    summary = None if errors else _total(spec, rows)
    return Analysis(rows, errors, tuple(blocked), summary)


def checked_output_shape(layer: LayerSpec, inputs: tuple[Shape, ...], sources: tuple[str, ...]) -> Shape:
    """Compute one layer's output shape; an error names the layers that it reads.

    Raises:
        NetworkError: the layer cannot take what reaches it (``NET-SHAPE``) or would be too large (``NET-SIZE``).
    """
    named = layer if layer.inputs else layer.model_copy(update={"inputs": sources})
    try:
        output = named.output_shape(inputs)
    except GeometryError as error:
        raise NetworkError(Code.NETWORK_SHAPE, error.what, where=layer.id, now=error.now) from None
    for what, amount, most in (
        ("parameters", layer.n_params(inputs), MAX_PARAMS),
        ("activations", prod(output), MAX_ACTIVATIONS),
        ("multiply-accumulates", layer.n_macs(inputs), MAX_MACS),
    ):
        if amount > most:
            raise _too_large(f"{layer.kind} would have {amount:,} {what}, but this lab stops at {most:,}", layer.id)
    return output


def _picture_field(shape: Shape) -> Field:
    one, zero = Fraction(1), Fraction(0)
    return Field((1, 1), (one, one), (zero, zero), (shape[1], shape[2]))


def _field_after(layer: LayerSpec, inputs: tuple[Shape, ...], output: Shape, before: list[Field]) -> Field:
    """Carry the largest of the fields that arrive through one layer.

    Normalisation reads the statistics of whole maps; as everywhere in the literature, that is left out.
    """
    field = max(before, key=lambda arriving: arriving.size)
    if layer.kind == "Flatten":
        return field
    if len(output) == 1:
        return _field_of_vector(layer, field)
    window = layer.window(inputs)
    sizes, jumps, starts = [], [], []
    for axis in (0, 1):
        size, jump = receptive_field_step(
            field.size[axis], field.jump[axis], window.kernel_size[axis], window.stride[axis], window.dilation[axis]
        )
        sizes.append(size)
        jumps.append(jump)
        starts.append(field.start[axis] + window.centre[axis] * field.jump[axis])
    return Field((sizes[0], sizes[1]), (jumps[0], jumps[1]), (starts[0], starts[1]), (output[1], output[2]))


def _field_of_vector(layer: LayerSpec, field: Field) -> Field:
    """Let a layer that mixes a vector see every position that the flattened map had; others change nothing."""
    if not layer.mixes_vector:
        return field
    size, start = [], []
    for axis in (0, 1):
        spread = (field.extent[axis] - 1) * field.jump[axis]
        size.append(-(-(field.size[axis] + spread).numerator // (field.size[axis] + spread).denominator))
        start.append(field.start[axis] + spread / 2)
    return Field((size[0], size[1]), field.jump, (start[0], start[1]), (1, 1))


def _row(layer: LayerSpec, inputs: tuple[Shape, ...], output: Shape, field: Field) -> LayerRow:
    return LayerRow(
        id=layer.id,
        kind=layer.kind,
        inputs=inputs,
        output=output,
        n_params=layer.n_params(inputs),
        n_macs=layer.n_macs(inputs),
        activation_bytes=prod(output) * FLOAT_BYTES,
        receptive_field=field.size,
        jump=(float(field.jump[0]), float(field.jump[1])),
        start=(float(field.start[0]), float(field.start[1])),
    )


def _whole_network_errors(spec: NetworkSpec, rows: Mapping[str, LayerRow]) -> dict[str, NetworkError]:
    """Find what no single layer can see: loose ends, and a network that is too large as a whole."""
    for what, amount, most in (
        ("parameters", sum(row.n_params for row in rows.values()), MAX_PARAMS),
        ("activations", sum(row.activation_bytes for row in rows.values()) // FLOAT_BYTES, MAX_ACTIVATIONS),
        ("multiply-accumulates", sum(row.n_macs for row in rows.values()), MAX_MACS),
    ):
        if amount > most:
            last = spec.layers[-1].id
            told = f"the network would have {amount:,} {what} up to here, but this lab stops at {most:,}"
            return {last: _too_large(told, last)}
    readers = spec.readers()
    return {layer.id: _loose_end(layer.id) for layer in spec.layers[:-1] if not readers[layer.id]}


def _loose_end(layer_id: str) -> NetworkError:
    what = "no layer reads what it gives, and it is not the last layer"
    return NetworkError(Code.NETWORK_SHAPE, what, where=layer_id)


def _too_large(what: str, layer_id: str) -> NetworkError:
    return NetworkError(Code.NETWORK_SIZE, what, where=layer_id, now="use fewer channels or smaller maps")


def _total(spec: NetworkSpec, rows: Mapping[str, LayerRow]) -> NetworkSummary:
    table = tuple(rows.values())
    return NetworkSummary(
        input=spec.input,
        rows=table,
        n_params=sum(row.n_params for row in table),
        n_macs=sum(row.n_macs for row in table),
        activation_bytes=sum(row.activation_bytes for row in table),
        output=table[-1].output if table else spec.input,
    )
