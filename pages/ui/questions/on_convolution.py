"""Questions on the Convolution page: its numbers stage set to the question's layer, or to its very numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from lab.questions.question import Question
from pages.ui.convolution.layer import is_possible
from pages.ui.convolution.state import ConvolutionState

_PAIRS = ("stride", "padding", "dilation", "output_padding")


def setting(values: Mapping[str, Any]) -> ConvolutionState | None:
    """The stage with this layer on an input of this size; ``None`` where the stage is too small for it."""
    words = values["padding"] if isinstance(values["padding"], str) else "numbers"
    pairs = {name: values[name] for name in _PAIRS if isinstance(values.get(name), tuple)}
    fields = {
        "source": "ramp",  # the guide's 5×5 is that of one size only
        "transposed": values["kind"] == "ConvTranspose2d",
        "padding_kind": words,
        "padding_mode": values.get("padding_mode", "zeros"),
        **{name: values[name] for name in ("in_channels", "out_channels", "groups", "bias")},
    }
    return _state({"size": values["input"][1:], "kernel_size": values["kernel_size"], **pairs}, fields)


def by_hand(question: Question) -> ConvolutionState | None:
    """The stage with the question's own numbers in every cell of input and kernel."""
    assert question.shows is not None  # noqa: S101 - asked for only where it is shown
    values = question.shows.values
    pairs: dict[str, Any] = {name: (values[name],) * 2 for name in _PAIRS if name in values}
    pairs |= {"size": values["input_size"], "kernel_size": values["kernel_size"]}
    cell = question.given.get("cell")
    fields = {
        "transposed": bool(values.get("transposed", False)),
        "in_channels": values["in_channels"],
        "out_channels": values["out_channels"],
        "out_channel": values["out_channels"] - 1,  # type: ignore[operator] # where there are two, the second is asked for
        "groups": values.get("groups", 1),
        "bias": values["bias"],
        "bias_values": _biases(question),
        "input_edits": _cells(values["input"]),
        "kernel_edits": _kernel_cells(values["kernel"]),
        **({"row": cell[0], "column": cell[1]} if isinstance(cell, tuple) else {}),
        **_way_back(question.given.get("upstream")),
    }
    return _state(pairs, fields)


def _way_back(upstream: Any) -> dict[str, Any]:
    """The gradient that the question gives, in the cells of the output."""
    return {} if upstream is None else {"view": "backward", "upstream": "map", "upstream_edits": _cells([upstream])}


def weighted_sum(given: Mapping[str, Any]) -> ConvolutionState:
    """A neuron's sum as a kernel that is as wide as its inputs: one output, with the bias."""
    inputs, weights = given["inputs"], given["weights"]
    fields = {
        "bias": True,
        "bias_values": (given["bias"], 0, 0, 0),
        "input_edits": _cells([[inputs]]),
        "kernel_edits": _kernel_cells([[[weights]]]),
    }
    found = _state({"size": (1, len(inputs)), "kernel_size": (1, len(weights))}, fields)
    assert found is not None  # noqa: S101 - three inputs fit
    return found


def _state(pairs: Mapping[str, tuple[int, int]], fields: Mapping[str, Any]) -> ConvolutionState | None:
    """Put a state together; padding is none unless it is given."""
    sizes = {"padding": (0, 0), **pairs}
    found = {name: pair[0] for name, pair in sizes.items()}
    found |= {f"{name}_width": pair[1] for name, pair in sizes.items()}
    is_square = all(height == width for height, width in sizes.values())
    try:
        chosen = ConvolutionState(**found, **fields, square=is_square)
    except ValidationError:
        return None
    return chosen if is_possible(chosen) else None


def _biases(question: Question) -> tuple[float, ...]:
    """One number per output map; the stage has room for four."""
    given = question.given.get("bias") or ()
    values = [float(part) for part in given] if isinstance(given, tuple | list) else []
    return (*values, 0.0, 0.0, 0.0, 0.0)[:4]


def _cells(maps: Any) -> tuple[tuple[Any, ...], ...]:
    """Every number with its place: channel, row, column."""
    return tuple(
        (channel, y, x, value)
        for channel, rows in enumerate(maps)
        for y, row in enumerate(rows)
        for x, value in enumerate(row)
    )


def _kernel_cells(kernels: Any) -> tuple[tuple[Any, ...], ...]:
    """Every weight with its place: output map, input of its group, row, column."""
    return tuple((out, *cell) for out, maps in enumerate(kernels) for cell in _cells(maps))
