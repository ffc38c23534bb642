"""Random settings of the numbers stage that have a result."""

from __future__ import annotations

import random

from pages.ui.convolution.layer import is_possible
from pages.ui.convolution.state import ConvolutionState

PAIRS = ("size", "kernel_size", "stride", "padding", "dilation", "output_padding")
RANGES = {"size": (1, 16), "kernel_size": (1, 7), "stride": (1, 5), "padding": (0, 8), "dilation": (1, 4)}


def random_states(n: int, *, seed: int = 3) -> list[ConvolutionState]:
    """Draw settings that have a result."""
    draw = random.Random(seed)
    found: list[ConvolutionState] = []
    while len(found) < n:
        values: dict[str, object] = {}
        for name in PAIRS:
            low, high = RANGES.get(name, (0, 2))
            values |= {name: draw.randint(low, min(high, 8)), f"{name}_width": draw.randint(low, min(high, 8))}
        groups = draw.choice((1, 1, 2))
        chosen = ConvolutionState.model_validate(
            values
            | {
                "square": draw.random() < 0.5,
                "transposed": draw.random() < 0.35,
                "padding_kind": draw.choice(("numbers", "numbers", "valid", "same", "full")),
                "padding_mode": draw.choice(("zeros", "reflect", "replicate", "circular")),
                "source": draw.choice(("guide", "pixel", "flat", "ramp", "noise")),
                "kernel": draw.choice(("guide", "blur", "noise", "count", "mean", "left_sobel")),
                "in_channels": groups * draw.randint(1, 2),
                "out_channels": groups * draw.randint(1, 2),
                "groups": groups,
                "bias": draw.random() < 0.7,
                "bias_values": (1.5, -2, 0, 3),
                "flipped": draw.random() < 0.3,
                "out_channel": draw.randint(0, 3),
            }
        )
        if is_possible(chosen):
            found.append(chosen)
    return found
