"""Write a network as an ONNX file, which other programs (onnxruntime, browsers, phones) can run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from lab.errors import Code, NetworkError
from lab.network.spec import NetworkSpec
from lab.network.summary import summarize

if TYPE_CHECKING:
    from torch import Tensor


def onnx_bytes(spec: NetworkSpec, state: Mapping[str, Tensor] | None = None) -> bytes:
    """Write the network with its weights as the bytes of an ONNX file.

    The input is called ``image``, ``(N, C, H, W)`` float32 with any N; the output ``output``. Batch normalisation
    uses its running statistics and dropout does nothing, as when predicting.

    Args:
        spec: the network.
        state: trained weights, as ``network.state_dict()`` gives them; ``None`` takes fresh ones (seed 0).

    Raises:
        NetworkError: the spec does not fit together (``NET-SHAPE``, ``NET-SIZE``), ONNX cannot express a layer, or
            the weights are not those of this network (``NET-CODE``).
    """
    import torch

    from lab.network.build import build_network

    for layer, row in zip(spec.layers, summarize(spec).rows, strict=True):
        if gap := layer.onnx_gap(row.inputs):
            raise layer.cannot_export(gap)
    network = build_network(spec).eval()
    if state is not None:
        try:
            network.load_state_dict(dict(state))
        except RuntimeError:
            raise NetworkError(
                Code.NETWORK_CODE, "the weights are not those of this network", where=spec.name
            ) from None
    # Two images, so that the exporter does not take the batch size for the constant 1.
    images = torch.zeros(2, *spec.input)
    program = torch.onnx.export(
        network,
        (images,),
        dynamo=True,
        input_names=["image"],
        output_names=["output"],
        dynamic_shapes={"image": {0: torch.export.Dim("batch")}},
        verbose=False,
    )
    assert program is not None  # noqa: S101 - narrows the type: without a path the exporter returns the program
    return bytes(program.model_proto.SerializeToString())
