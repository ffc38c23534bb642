"""What a whole network costs, also one that is broken somewhere: its layers up to there count."""

from __future__ import annotations

from dataclasses import dataclass

from lab.network.spec import NetworkSpec, Shape
from pages.ui import cached


@dataclass(frozen=True)
class Totals:
    """Parameters, multiply-accumulates per image, and the shape that comes out last."""

    n_params: int
    n_macs: int
    output: Shape


def totals(network: NetworkSpec) -> Totals:
    """Add up the layers that fit.

    Examples:
        >>> from lab.network.presets import preset
        >>> totals(preset("student_cnn")).n_params
        421642
    """
    rows = list(cached.analyse(network).rows.values())
    output = rows[-1].output if rows else network.input
    return Totals(sum(row.n_params for row in rows), sum(row.n_macs for row in rows), output)
