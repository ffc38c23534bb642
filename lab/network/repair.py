"""Find ways out of a misfit: propose edits, apply each to a copy of the network, offer only those that work.

Three sources propose: the layer itself (:meth:`LayerSpec.repairs`), the layers before it (another stride, padding or
number of channels there), and what holds for every kind (a layer that takes the other kind of input, a loose end).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from math import isqrt

from lab.errors import Code, Fix, InsertLayer, NetworkError, RemoveLayer, SetField
from lab.network.edit import apply_edits
from lab.network.layers.base import LayerSpec, Shape, shown
from lab.network.spec import INPUT, NetworkSpec, set_input
from lab.network.summary import Analysis, walk

MAX_FIXES = 5
MAX_TRIALS = 60
MAX_TRIED_LAYERS = 5_000  # a trial walks through the whole network, at about 30 microseconds a layer
MAX_ANCESTORS = 12
_ADVISED = frozenset({"padding", "output_padding", "dilation"})  # what lab.theory.geometry advises to change


@dataclass(frozen=True)
class _Case:
    """One misfit with what is known around it; ``layer`` has its inputs written out."""

    spec: NetworkSpec
    analysis: Analysis
    error: NetworkError
    layer: LayerSpec
    inputs: tuple[Shape, ...]

    def shape(self, name: str) -> Shape:
        return self.spec.input if name == INPUT else self.analysis.rows[name].output


def with_fixes(spec: NetworkSpec, analysis: Analysis, error: NetworkError) -> NetworkError:
    """Return the error with the ways out that were tried and work, and with its cause where one was found.

    Args:
        spec: the network.
        analysis: what :func:`lab.network.summary.walk` found.
        error: one of its errors.
    """
    case = _case(spec, analysis, error)
    own = _working(case, chain(error.fixes, _own_candidates(case)))
    upstream = _working(case, _ancestor_candidates(case))
    cause = _cause(case, upstream)
    trials = sorted(_merge(own, upstream), key=_rank)
    if len(analysis.errors) == 1 and trials and trials[0][1]:
        trials = [trial for trial in trials if trial[1]]  # a way out that is whole is better than one that moves on
    fixes = tuple(fix for fix, _ in trials[:MAX_FIXES])
    return NetworkError(error.code, error.what + cause, where=error.where, now=_advice(error, fixes), fixes=fixes)


def _advice(error: NetworkError, fixes: tuple[Fix, ...]) -> str:
    """Give the layer's own advice if a button carries it out; else say what the best button does.

    The arithmetic of one layer advises a padding that lets its window fit; the layers behind it may need more, or
    another way.
    """
    if error.code is not Code.NETWORK_SHAPE or not error.now or not fixes:
        return error.now
    advised = [fix for fix in fixes if _advised_value(fix, error.layer_id) is not None]
    words = error.now.split()  # "raise the padding to 2 or …" is a number, "set the padding to 8 or less" a limit
    if advised and ("less" in words or any(_advised_value(fix, error.layer_id) in words for fix in advised)):
        return error.now
    label = (advised or fixes)[0].label
    return label[0].lower() + label[1:]


def _advised_value(fix: Fix, layer_id: str) -> str | None:
    """What a fix sets this layer's padding or dilation to, as messages write it; ``None`` for another fix."""
    edit = fix.edits[0]
    if len(fix.edits) == 1 and isinstance(edit, SetField) and edit.layer_id == layer_id and edit.field in _ADVISED:
        return shown(edit.value)
    return None


Trial = tuple[Fix, bool]  # a fix that works, and whether the whole network is valid with it


def _case(spec: NetworkSpec, analysis: Analysis, error: NetworkError) -> _Case:
    layer = spec.layer(error.layer_id)
    sources = spec.sources()[layer.id]
    case = _Case(spec, analysis, error, layer.model_copy(update={"inputs": sources}), ())
    return _Case(spec, analysis, error, case.layer, tuple(map(case.shape, sources)))


def _rank(trial: Trial) -> tuple[bool, bool]:
    """Prefer what makes the whole network valid, and among those what takes nothing away."""
    fix, is_whole = trial
    return not is_whole, all(isinstance(edit, RemoveLayer) for edit in fix.edits)


def _merge(own: list[Trial], upstream: list[Trial]) -> list[Trial]:
    """Put the best of the layers before second: it is often the true cause."""
    return [*own[:1], *upstream[:1], *own[1:], *upstream[1:]]


def _working(case: _Case, candidates: Iterator[Fix]) -> list[Trial]:
    """Apply each candidate to a copy; keep those after which the layer fits and none that did fit does not."""
    working: list[Trial] = []
    seen: set[tuple[object, ...]] = set()
    loose = {name for name, readers in case.spec.readers().items() if not readers}  # told later, if they stay loose
    fitted = set(case.analysis.rows) - loose - {case.layer.id}
    input_found = False  # one other picture size is enough
    for fix in islice(candidates, min(MAX_TRIALS, MAX_TRIED_LAYERS // len(case.spec.layers))):
        if fix.edits in seen or (input_found and _sets_input(fix)):
            continue
        seen.add(fix.edits)
        after = _after(case.spec, fix)
        if after is None or case.layer.id in {*after.errors, *after.blocked}:
            continue
        if not any(name in fitted for name in after.errors):
            working.append((fix, not after.errors))
            input_found = input_found or _sets_input(fix)
    return working


def _sets_input(fix: Fix) -> bool:
    return isinstance(fix.edits[0], SetField) and fix.edits[0].layer_id == INPUT


def _after(spec: NetworkSpec, fix: Fix) -> Analysis | None:
    try:
        return walk(apply_edits(spec, fix.edits), with_receptive_field=False)
    except NetworkError:  # the edit itself is not possible, for instance a value beyond its bounds
        return None


def _cause(case: _Case, upstream: list[Trial]) -> str:
    """Name the layer before that is at fault, when a geometry field of one explains a mismatch of numbers."""
    if case.layer.kind != "Linear" or len(case.inputs[0]) != 1:
        return ""
    for fix, _ in upstream:
        edit = fix.edits[0]
        if len(fix.edits) == 1 and isinstance(edit, SetField) and edit.field in ("stride", "padding", "kernel_size"):
            value = getattr(case.spec.layer(edit.layer_id), edit.field)
            return f", because {edit.layer_id} has {edit.field} {shown(value)}"
    return ""


def _own_candidates(case: _Case) -> Iterator[Fix]:
    layer, inputs = case.layer, case.inputs
    fewest, most = layer.n_sources
    if case.error.code is Code.NETWORK_SIZE:
        yield from _smaller(case)
    elif not fewest <= len(inputs) <= most:
        yield from _other_inputs(case)
    elif layer.id in case.analysis.rows:
        yield from _tie_up(case)
    else:
        yield from _of_other_kind(case)
        yield from layer.repairs(inputs)
        yield layer.remove()


def _of_other_kind(case: _Case) -> Iterator[Fix]:
    """Help a layer that takes maps and gets a vector, or the other way round."""
    layer, inputs = case.layer, case.inputs
    wanted = {"maps": 3, "vector": 1, "either": len(inputs[0])}[layer.takes]
    if all(len(shape) == wanted for shape in inputs):
        return
    if layer.vector_twin:
        shared = {
            name: getattr(layer, name)
            for name in type(layer).model_fields
            if name not in ("id", "kind", "inputs", "num_features")
        }
        yield layer.replace_by(layer.vector_twin, **shared)
    if wanted == 3:
        flattens = [name for name in _ancestors(case) if case.spec.layer(name).kind == "Flatten"]
        for name in flattens:
            yield Fix(f"Move {layer.id} before {name}", (RemoveLayer(layer.id), _again(layer, name)))
            yield Fix(f"Remove {name}", (RemoveLayer(name),))


def _again(layer: LayerSpec, before: str) -> InsertLayer:
    """Insert the same layer, id included, at another place."""
    fields = {name: getattr(layer, name) for name in type(layer).model_fields if name not in ("kind", "inputs")}
    return InsertLayer(layer.kind, before, tuple(fields.items()))


def _other_inputs(case: _Case) -> Iterator[Fix]:
    """Give a merge that reads one layer a second one of the same shape, the nearest first."""
    layer = case.layer
    place = [other.id for other in case.spec.layers].index(layer.id)
    earlier = [other.id for other in reversed(case.spec.layers[:place])] + [INPUT]
    for name in earlier:
        if name not in layer.inputs and name not in case.analysis.errors and name not in case.analysis.blocked:
            yield layer.set_field("inputs", (*layer.inputs, name), f"Let {layer.id} read {name} as well")
    for name in layer.inputs:
        yield layer.set_field("inputs", (name,), f"Let {layer.id} read {name} only")
    yield layer.remove()


def _tie_up(case: _Case) -> Iterator[Fix]:
    """Help a loose end: a merge behind it may read it, or it goes."""
    place = [other.id for other in case.spec.layers].index(case.layer.id)
    for other in case.spec.layers[place + 1 :]:
        if other.n_sources[1] > 1:
            reads = (*case.spec.sources()[other.id], case.layer.id)
            yield Fix(f"Let {other.id} read {case.layer.id} as well", (SetField(other.id, "inputs", reads),))
    last = case.spec.layers[-1].id
    label = f"Join {case.layer.id} and {last} by Concat at the end"
    yield Fix(label, (InsertLayer("Concat", None, (("inputs", (last, case.layer.id)),)),))
    after = case.spec.layers[place + 1]
    if after.n_sources[1] == 1:
        yield Fix(f"Let {after.id} read {case.layer.id}", (SetField(after.id, "inputs", (case.layer.id,)),))
    yield case.layer.remove()
    unused = _only_for(case.spec, case.layer.id)
    label = f"Remove {case.layer.id} and the {len(unused) - 1} before it that nobody else reads"
    yield Fix(label, tuple(RemoveLayer(name) for name in unused))


def _only_for(spec: NetworkSpec, layer_id: str) -> list[str]:
    """List a layer and those before it that lead nowhere else, the last first."""
    readers = spec.readers()
    unused = [layer_id]
    for layer in reversed(spec.layers):
        if readers[layer.id] and set(readers[layer.id]) <= set(unused):
            unused.append(layer.id)
    return unused


def _smaller(case: _Case) -> Iterator[Fix]:
    """Propose fewer channels, here and before, and smaller pictures."""
    for name in [case.layer.id, *_ancestors(case)]:
        layer = case.spec.layer(name)
        for field in ("out_channels", "out_features", "scale_factor", "output_size"):
            value = getattr(layer, field, None)
            if isinstance(value, int):
                for divisor in (2, 8, 64, 1024):
                    yield Fix(f"Set {name}.{field} to {value // divisor}", (SetField(name, field, value // divisor),))
            elif isinstance(value, tuple):
                yield Fix(f"Set {name}.{field} to 1", (SetField(name, field, (1, 1)),))
    channels, height, width = case.spec.input
    for divisor in (2, 4, 8):
        yield set_input((channels, height // divisor, width // divisor))


def _ancestors(case: _Case) -> list[str]:
    """List the layers that lead to this one, the nearest first."""
    sources = case.spec.sources()
    order = [layer.id for layer in case.spec.layers]
    found = set(sources[case.layer.id])
    for name in reversed(order):
        if name in found:
            found.update(sources[name])
    return [name for name in reversed(order) if name in found][:MAX_ANCESTORS]


def _ancestor_candidates(case: _Case) -> Iterator[Fix]:
    if case.error.code is Code.NETWORK_SIZE or case.layer.id in case.analysis.rows:
        return
    ancestors = [case.spec.layer(name) for name in _ancestors(case)]
    for layer in ancestors:
        yield from _other_geometry(layer)
    for layer in ancestors:
        yield from _other_channels(case, layer)
    yield from _pool_before_flatten(case, ancestors)
    for layer in ancestors:
        if layer.group == "Pooling":
            yield layer.remove()
    yield from _larger_input(case)


def _other_geometry(layer: LayerSpec) -> Iterator[Fix]:
    """Propose the usual strides and paddings of a convolution or pooling before the misfit."""
    kernel: tuple[int, int] | None = getattr(layer, "kernel_size", None)
    if kernel is None:
        return
    if layer.group == "Pooling":
        yield layer.set_field("stride", kernel)
        yield layer.set_field("stride", (1, 1))
        yield layer.set_field("kernel_size", (2, 2))
    elif layer.kind == "Conv2d":
        yield layer.set_field("padding", (kernel[0] // 2, kernel[1] // 2))
        yield layer.set_field("padding", (0, 0))
        yield layer.set_field("stride", (1, 1))
        yield layer.set_field("stride", (2, 2))
        yield layer.set_field("dilation", (1, 1))


def _other_channels(case: _Case, layer: LayerSpec) -> Iterator[Fix]:
    """Propose the numbers of channels that the misfit expects, or that its other branches have."""
    field = {"Linear": "out_features"}.get(layer.kind, "out_channels")
    if field not in type(layer).model_fields:
        return
    expected = [getattr(case.layer, name, None) for name in ("in_channels", "in_features", "num_features")]
    branches = [shape[0] for shape in case.inputs] if len(case.inputs) > 1 else []
    groups = getattr(case.layer, "groups", getattr(case.layer, "num_groups", 1))
    current = getattr(layer, field)
    rounded = -(-current // groups) * groups
    for count in dict.fromkeys(n for n in (*expected, *branches, rounded, current + 1) if n and n != current):
        yield layer.set_field(field, count)


def _pool_before_flatten(case: _Case, ancestors: list[LayerSpec]) -> Iterator[Fix]:
    """Propose an adaptive pool in front of Flatten, so that the linear layer gets what it expects, or one per map."""
    expected = getattr(case.layer, "in_features", None)
    for flatten in ancestors:
        if flatten.kind != "Flatten" or expected is None:
            continue
        channels, *_ = arriving = case.shape(case.spec.sources()[flatten.id][0])
        side = isqrt(expected // channels)
        if len(arriving) == 3 and channels * side * side == expected:
            pool = InsertLayer("AdaptiveAvgPool2d", flatten.id, (("output_size", (side, side)),))
            yield Fix(f"Insert an average pool to {side}×{side} before {flatten.id}", (pool,))
        if len(arriving) == 3:
            edits = (InsertLayer("AdaptiveAvgPool2d", flatten.id), SetField(case.layer.id, "in_features", channels))
            label = (
                f"Insert a global average pool before {flatten.id} and set {case.layer.id}.in_features to {channels}"
            )
            yield Fix(label, edits)


def _larger_input(case: _Case) -> Iterator[Fix]:
    """Propose pictures of twice, four times, eight times the size."""
    channels, height, width = case.spec.input
    if max(height, width) * 2 <= 1024 and case.error.where == case.layer.id:
        for factor in (2, 4, 8):
            yield set_input((channels, height * factor, width * factor))
