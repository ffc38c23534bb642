"""The network in one line: what goes in, what comes out, what it costs."""

from __future__ import annotations

import pytest

from lab.network.spec import NetworkSpec
from pages.ui.train.network_line import cost_line

LINEAR = {"id": "fc", "kind": "Linear", "out_features": 10}  # takes no maps, so it fits nowhere here
POOL = {"id": "pool1", "kind": "MaxPool2d", "kernel_size": 2}


def network(*layers: dict[str, object]) -> NetworkSpec:
    return NetworkSpec.model_validate({"name": "own", "input": (1, 28, 28), "layers": layers})


@pytest.mark.parametrize(
    ("layers", "line"),
    [
        ((POOL,), "1×28×28 in, 1×14×14 out, 1 layer,"),
        ((POOL, LINEAR), "1×28×28 in, no output (pool1 is the last layer that fits), 2 layers"),
        ((LINEAR,), "1×28×28 in, no output (no layer fits), 1 layer,"),
    ],
)
def test_a_layers_output_is_the_networks_only_where_all_layers_fit(
    layers: tuple[dict[str, object], ...], line: str
) -> None:
    assert cost_line(network(*layers)).startswith(line)
