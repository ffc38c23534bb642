"""Maps that summarise windows of one map: max, average, LP and adaptive pooling, upsampling."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

from lab.inspection.channel import ChannelDetail, Operation, Term, input_windows, output_map
from lab.inspection.maps import FeatureMaps

_FORMULAS: dict[str, tuple[Operation, str]] = {
    "MaxPool2d": (Operation.MAXIMUM, "y = max(window)"),
    "AdaptiveMaxPool2d": (Operation.MAXIMUM, "y = max(window)"),
    "AvgPool2d": (Operation.MEAN, "y = mean(window)"),
    "AdaptiveAvgPool2d": (Operation.MEAN, "y = mean(window)"),
    "LPPool2d": (Operation.NORM, "y = (Σ window^p)^(1/p)"),
}


def take_apart(module: nn.Module, maps: FeatureMaps, layer_id: str, channel: int) -> ChannelDetail | None:
    """The detail of a pooling or upsampling layer, or ``None`` if the layer is of another family."""
    layer = maps.layer(layer_id)
    if layer.kind == "Upsample":
        nearest = getattr(maps.spec.layer(layer_id), "mode", "nearest") == "nearest"
        rule = (
            (Operation.COPY, "y = the nearest pixel")
            if nearest
            else (Operation.BLEND, "y = a mean of the nearest pixels, weighted by nearness")
        )
    elif layer.kind in _FORMULAS:
        rule = _FORMULAS[layer.kind]
    else:
        return None
    source = layer.inputs[0]
    values = output_map(maps, source, channel)
    return ChannelDetail(
        layer_id,
        layer.kind,
        channel,
        rule[0],
        output_map(maps, layer_id, channel),
        (Term(source, (channel,), values),),
        formula=rule[1],
        windows=input_windows(maps, layer_id, source),
        winners=_winners(module, values),
        constants={"p": float(module.norm_type)} if isinstance(module, nn.LPPool2d) else None,
    )


def _winners(module: nn.Module, values: Tensor) -> Tensor | None:
    """Which pixel of the input each output took: its flat position; PyTorch's own answer, ties included."""
    batch = values[None, None]
    if isinstance(module, nn.MaxPool2d):
        answer = F.max_pool2d(
            batch,
            module.kernel_size,
            module.stride,
            module.padding,
            module.dilation,
            module.ceil_mode,
            return_indices=True,
        )
        return answer[1][0, 0]
    if isinstance(module, nn.AdaptiveMaxPool2d):
        pooled: tuple[Tensor, Tensor] = nn.AdaptiveMaxPool2d(module.output_size, return_indices=True)(batch)
        return pooled[1][0, 0]
    return None
