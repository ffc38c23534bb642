"""What a whole network costs, also one that is broken somewhere: its layers up to there count."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from lab.network.spec import NetworkSpec, Shape
from lab.network.summary import LayerRow
from pages.ui import cached


@dataclass(frozen=True)
class Totals:
    """What the layers that fit have together.

    Args:
        n_params: learnable parameters.
        n_macs: multiply-accumulates for one image, biases not counted.
        activation_bytes: all layers' outputs for one image, in 32-bit floats.
        output: the shape that comes out last, of a broken network as far as it is right.
        last: the last layer that fits; ``None`` where there is none.
        is_whole: whether all layers fit.
    """

    n_params: int
    n_macs: int
    activation_bytes: int
    output: Shape
    last: LayerRow | None
    is_whole: bool


@lru_cache(maxsize=256)
def totals(network: NetworkSpec) -> Totals:
    """Add up the layers that fit.

    Examples:
        >>> from lab.network.presets import preset
        >>> totals(preset("student_cnn")).n_params
        421642
    """
    analysis = cached.analyse(network)
    rows = tuple(analysis.rows.values())
    return Totals(
        n_params=sum(row.n_params for row in rows),
        n_macs=sum(row.n_macs for row in rows),
        activation_bytes=sum(row.activation_bytes for row in rows),
        output=rows[-1].output if rows else network.input,
        last=rows[-1] if rows else None,
        is_whole=not analysis.errors,
    )
