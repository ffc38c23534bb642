"""Write a network as source code that runs: a PyTorch module, a Keras 3 functional model.

Both are written from the same spec, row by row of the catalogue, as the model itself is; names are the layers' ids.
"""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass
from pathlib import Path

from lab.errors import Code, NetworkError
from lab.network.layers.base import Shape
from lab.network.spec import INPUT, NetworkSpec
from lab.network.summary import summarize

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class _Line:
    """One line of code about one layer."""

    id: str
    variable: str
    code: str
    shape: str


def pytorch_code(spec: NetworkSpec) -> str:
    """Write the network as a PyTorch module, one attribute a layer.

    Its ``state_dict`` has the names and shapes of the one of :class:`lab.network.build.Network`, so weights load as
    they are.

    Raises:
        NetworkError: the spec does not fit together (``NET-SHAPE``, ``NET-SIZE``).
    """
    summary, variables, sources = summarize(spec), _variables(spec), spec.sources()
    modules, calls = [], []
    for layer, row in zip(spec.layers, summary.rows, strict=True):
        names = tuple(variables[name] for name in sources[layer.id])
        if constructor := layer.pytorch(row.inputs):
            modules.append(_Line(layer.id, "", constructor, _written(row.output)))
        calls.append(_Line(layer.id, variables[layer.id], layer.pytorch_call(row.inputs, names), ""))
    return _render(
        "pytorch.py.jinja",
        spec,
        class_name=_class_name(spec.name),
        modules=modules,
        calls=calls,
        argument=variables[INPUT],
        result=calls[-1].variable if calls else variables[INPUT],
        input=", ".join(map(str, spec.input)),
    )


def keras_code(spec: NetworkSpec) -> str:
    """Write the network as a Keras 3 functional model with channels last.

    Padding is written out and the vector of Flatten is brought into PyTorch's order, so that the outputs are equal
    once the weights are copied (kernels transposed to Keras's axes).

    Raises:
        NetworkError: the spec does not fit together (``NET-SHAPE``, ``NET-SIZE``), or Keras has no way to say a layer
            (``NET-CODE``).
    """
    summary, variables, sources = summarize(spec), _variables(spec), spec.sources()
    if not spec.layers:
        raise NetworkError(Code.NETWORK_CODE, "a Keras model needs at least one layer", where=spec.name)
    calls = []
    for layer, row in zip(spec.layers, summary.rows, strict=True):
        names = ["inputs" if name == INPUT else variables[name] for name in sources[layer.id]]
        value = names[0] if len(names) == 1 else f"[{', '.join(names)}]"
        expressions = layer.keras(row.inputs)
        for number, expression in enumerate(expressions, start=1):
            shape = _written((*row.output[1:], row.output[0])) if number == len(expressions) else ""
            calls.append(_Line(layer.id, variables[layer.id], expression.replace("{x}", value), shape))
            value = variables[layer.id]
    return _render(
        "keras.py.jinja",
        spec,
        calls=calls,
        result=calls[-1].variable,
        model_name=_snake_name(spec.name),
        input=", ".join(map(str, (*spec.input[1:], spec.input[0]))),
    )


def _variables(spec: NetworkSpec) -> dict[str, str]:
    """Name each value: ``x`` while it flows from one layer to the next, the layer's id when it is needed later."""
    readers = spec.readers()
    following = dict(
        zip((INPUT, *(layer.id for layer in spec.layers)), (*(layer.id for layer in spec.layers), ""), strict=True)
    )
    kept = {INPUT: "inputs"}
    return {
        name: "x" if set(readers[name]) <= {following[name]} else kept.get(name, name)
        for name in (INPUT, *spec.sources())
    }


def _render(template: str, spec: NetworkSpec, **values: object) -> str:
    import jinja2

    # The code is Python, not HTML: nothing is escaped, because nothing but the checked name is free text,
    # and the name is one printable line inside a comment.
    environment = jinja2.Environment(  # noqa: S701
        loader=jinja2.FileSystemLoader(_TEMPLATES), undefined=jinja2.StrictUndefined, keep_trailing_newline=True
    )
    summary = summarize(spec)
    totals = {"n_params": f"{summary.n_params:,}", "n_macs": f"{summary.n_macs:,}"}
    return environment.get_template(template).render(name=spec.name, **totals, **values)


def _written(shape: Shape) -> str:
    return repr(shape)


def _words(name: str) -> list[str]:
    return re.findall(r"[A-Za-z0-9]+", name)


def _class_name(name: str) -> str:
    """Make a class name: ``student_cnn`` becomes ``StudentCnn``."""
    joined = "".join(word[0].upper() + word[1:] for word in _words(name))
    return f"Network{joined}" if not joined.isidentifier() or keyword.iskeyword(joined) else joined


def _snake_name(name: str) -> str:
    return "_".join(_words(name)).lower() or "network"
