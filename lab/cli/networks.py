"""Commands about one layer and about whole networks: conv, summary, export."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab.cli.files import is_file, read_text, write_file
from lab.cli.rows import Row
from lab.errors import Code, LabError

if TYPE_CHECKING:
    from lab.network.spec import NetworkSpec


def conv(args: argparse.Namespace) -> Iterator[Row]:
    """Arithmetic of one convolution; the output size is a number if every size given is one, else ``[H, W]``."""
    from lab.network.catalogue import kind_of

    given = {"kernel_size": args.kernel_size, "stride": args.stride, "dilation": args.dilation, "padding": args.padding}
    if args.transposed:
        given["output_padding"] = args.output_padding
    elif args.output_padding != 0:
        raise LabError(Code.INPUT, "only a transposed convolution has output padding", where="--output-padding")
    layer = kind_of("ConvTranspose2d" if args.transposed else "Conv2d").model_validate(
        {"id": "conv", "out_channels": args.out_channels, "groups": args.groups, "bias": not args.no_bias, **given}
    )
    shape = (args.in_channels, *(args.size if isinstance(args.size, tuple) else (args.size, args.size)))
    if min(shape) < 1:
        raise LabError(Code.INPUT, f"sizes and channels start at 1, got {min(shape)}", where="--size, --in-channels")
    height, width = layer.output_shape((shape,))[1:]
    pairs = any(isinstance(value, tuple) for value in (args.size, *given.values()))
    yield {
        "output_size": [height, width] if pairs or height != width else height,
        "n_params": layer.n_params((shape,)),
        "n_macs": layer.n_macs((shape,)),
    }


def summary(args: argparse.Namespace) -> Iterator[Row]:
    """Shapes and costs of every layer; a receptive field may be larger than the picture, because it counts padding."""
    from lab.network.summary import summarize

    found = summarize(open_network(args.network, args.input))
    yield {
        "input": list(found.input),
        "layers": [
            {
                "id": row.id,
                "kind": row.kind,
                "output": list(row.output),
                "n_params": row.n_params,
                "n_macs": row.n_macs,
                "receptive_field": list(row.receptive_field) if row.receptive_field else None,
            }
            for row in found.rows
        ],
        "n_params": found.n_params,
        "n_macs": found.n_macs,
    }


def export(args: argparse.Namespace) -> Iterator[Row]:
    """Write a network or a run's network as PyTorch, Keras, ONNX or JSON."""
    from lab.network.code import keras_code, pytorch_code
    from lab.network.onnx_export import onnx_bytes

    spec, state = open_network_or_run(args.network, with_weights=args.to == "onnx")
    suffix = {"pytorch": ".py", "keras": "_keras.py", "onnx": ".onnx", "spec": ".json"}[args.to]
    path = args.out or Path(Path(args.network).stem + suffix)
    if args.to == "onnx":
        data = onnx_bytes(spec, state)
    else:
        data = {"pytorch": pytorch_code, "keras": keras_code, "spec": type(spec).to_json}[args.to](spec).encode()
    write_file(path, data)
    yield {"file": str(path)}


def open_network(name: str, input_shape: tuple[int, ...] | None = None) -> NetworkSpec:
    """Find a network: a preset's name, or a spec file."""
    from lab.network.edit import with_input
    from lab.network.presets import PRESETS, preset
    from lab.network.spec import MAX_SPEC_BYTES, NetworkSpec

    if name in PRESETS:
        spec = preset(name)
    elif is_file(name):
        spec = NetworkSpec.from_json(read_text(Path(name), max_bytes=MAX_SPEC_BYTES))
    else:
        raise LabError(
            Code.INPUT,
            f"{name!r} is neither a preset nor a file",
            where="NETWORK",
            now=f"presets: {', '.join(PRESETS)}",
        )
    return with_input(spec, input_shape) if input_shape else spec


def open_network_or_run(name: str, *, with_weights: bool) -> tuple[NetworkSpec, dict[str, Any] | None]:
    """Find a network by preset, file or run; a run brings its best weights if asked to."""
    from lab.network.presets import PRESETS
    from lab.training.run_folder import open_run

    if name in PRESETS or is_file(name):
        return open_network(name), None
    run = open_run(name)
    if not with_weights:
        return run.spec().network, None
    epoch = run.best_epoch()
    if epoch is None:
        raise LabError(Code.RUN_STATE, "this run has no weights yet", where=name, now="wait for its first epoch")
    return run.spec().network, run.load_state(epoch)
