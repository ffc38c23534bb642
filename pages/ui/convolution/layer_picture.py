"""A window into a layer of the learner's network: a few cells of one map, with the input that they read."""

from __future__ import annotations

from typing import Any

from lab.network.layers.convolution import Conv2d, ConvTranspose2d
from pages.ui.convolution import facts
from pages.ui.convolution.layer import setting_from
from pages.ui.convolution.layer_part import part_of
from pages.ui.convolution.picture import describe, plain
from pages.ui.convolution.state import LayerStageState
from pages.ui.maths.your_network import YourLayer


def draw(found: YourLayer, layer: Conv2d | ConvTranspose2d, chosen: LayerStageState) -> dict[str, Any]:
    """Put the chosen cells into plain data, as :func:`pages.ui.convolution.picture.draw` does."""
    from torch import tensor

    weight = found.weight
    if weight is None:
        raise ValueError("a convolution without weights")
    part = part_of(layer, found.input, weight, found.bias, chosen)
    shown = min(chosen.output_map, layer.out_channels) - 1
    bias = None if found.bias is None else tensor([float(found.bias[shown])])
    described = describe(part.setting, part.image, part.weight, bias, 0, chosen.view, (chosen.row, chosen.column))
    channels, height, width = map(int, found.input.shape)
    shape = (channels, height, width)
    return {
        **described,
        "output": [plain(part.output)],
        "names": [channel + 1 for channel in part.channels],
        "map": shown + 1,
        "place": list(part.place),
        "others": plain(part.others),
        "n_others": channels // layer.groups - len(part.channels),
        "is_grey": False,
        "is_editable": False,
        "facts": facts.facts_of(layer, setting_from(layer, shape), shape),
        "patch": None,
        "note": "",
    }
