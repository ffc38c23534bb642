"""The command line: the same engine without a browser.

A command is one function from its arguments to the rows that it found; :func:`main` prints the rows, as text or (with
``--json``) as one JSON object per line. Messages go to stderr. Exit status: 0 on success, 2 on bad input with one
sentence, 130 when interrupted.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from lab.errors import Code, LabError
from lab.row_text import RowText

if TYPE_CHECKING:
    from lab.network.spec import NetworkSpec
    from lab.prediction.classifier import Classifier

Row = dict[str, Any]
Command = Callable[[argparse.Namespace], Iterable[Row]]


class FailedRow(dict[str, Any]):
    """A row that says what went wrong with one item; the rest goes on, and the exit status becomes 2."""


# one layer, one network


def conv(args: argparse.Namespace) -> Iterator[Row]:
    """Arithmetic of one convolution; the output size is a number if every size given is one, else ``[H, W]``."""
    from lab.network.spec import NetworkSpec
    from lab.network.summary import summarize

    given = {"kernel_size": args.kernel_size, "stride": args.stride, "dilation": args.dilation, "padding": args.padding}
    layer: Row = {"id": "conv", "kind": "ConvTranspose2d" if args.transposed else "Conv2d", **given}
    layer |= {"out_channels": args.out_channels, "groups": args.groups, "bias": not args.no_bias}
    if args.transposed:
        layer["output_padding"] = given["output_padding"] = args.output_padding
    elif args.output_padding != 0:
        raise LabError(Code.INPUT, "only a transposed convolution has output padding", where="--output-padding")
    size = args.size if isinstance(args.size, tuple) else (args.size, args.size)
    spec = NetworkSpec.parse({"name": "conv", "input": (args.in_channels, *size), "layers": [layer]})
    row = summarize(spec).rows[0]
    height, width = row.output[1:]
    pairs = any(isinstance(value, tuple) for value in (args.size, *given.values()))
    yield {
        "output_size": [height, width] if pairs or height != width else height,
        "n_params": row.n_params,
        "n_macs": row.n_macs,
    }


def summary(args: argparse.Namespace) -> Iterator[Row]:
    """Shapes and costs of every layer of a network."""
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
    from lab.network.onnx_export import export_onnx
    from lab.training.files import write_atomically

    spec, state = open_network_or_run(args.network, with_weights=args.to == "onnx")
    suffix = {"pytorch": ".py", "keras": "_keras.py", "onnx": ".onnx", "spec": ".json"}[args.to]
    path = args.out or Path(Path(args.network).stem + suffix)
    if args.to == "onnx":
        export_onnx(spec, path, state)
    else:
        text = {"pytorch": pytorch_code, "keras": keras_code, "spec": type(spec).to_json}[args.to](spec)
        write_atomically(path, text.encode())
    yield {"file": str(path)}


# data and training


def data(args: argparse.Namespace) -> Iterator[Row]:
    """List the data sets, or describe one."""
    from lab.data.catalogue import data_set, data_sets

    for row in [data_set(args.name)] if args.name else data_sets().values():
        yield {
            "name": row.name,
            "train": row.n_train,
            "test": row.n_test,
            "classes": list(row.classes),
            "licence": row.licence,
            "bundled": row.bundled,
        }


def train(args: argparse.Namespace) -> Iterator[Row]:
    """Train in the foreground; an interrupted run goes on with ``--resume``."""
    from lab.training.foreground import train_in_foreground
    from lab.training.recipe import TrainSpec
    from lab.training.run_folder import create_run, open_run

    if args.resume:
        run = open_run(args.resume)
    else:
        if not (args.network and args.data):
            raise LabError(Code.INPUT, "train needs a NETWORK and --data NAME, or --resume RUN alone")
        chosen = {name: getattr(args, name) for name in RECIPE_OPTIONS if getattr(args, name) is not None}
        run = create_run(TrainSpec.parse({"network": open_network(args.network), "data": args.data, **chosen}))
    say(f"run {run.id}")
    yield from train_in_foreground(run, say_progress=say if sys.stderr.isatty() else None)


RECIPE_OPTIONS = ("epochs", "batch_size", "lr", "optimizer", "loss", "seed", "device", "augment")


def runs(args: argparse.Namespace) -> Iterator[Row]:
    """List the runs, newest first."""
    from lab.training.run_folder import list_runs

    for info in list_runs():
        yield {
            "run": info.id,
            "status": info.status,
            "network": info.network,
            "data": info.data,
            "epoch": info.epoch,
            "test_accuracy": info.test_accuracy,
        }


# photos


def classify(args: argparse.Namespace) -> Iterator[Row]:
    """Classify photos; a bad file costs its own line and the exit status, not the others."""
    from lab.data.photo import open_photo
    from lab.prediction.classifier import classify as classify_photo

    classifier = open_classifier(args.model)
    for photo in args.photos:
        try:
            prediction = classify_photo(classifier, open_photo(photo), top=args.top)
        except LabError as error:
            yield FailedRow(photo=str(photo), error=error.sentence)
        else:
            if prediction.warning:
                say(f"{photo}: {prediction.warning}")
            yield {
                "photo": str(photo),
                "classes": [{"label": label, "probability": p} for label, p in prediction.classes],
            }


def maps(args: argparse.Namespace) -> Iterator[Row]:
    """Draw the feature maps of one layer as a picture."""
    from lab.data.photo import open_photo
    from lab.inspection.maps import feature_maps
    from lab.inspection.mosaic import mosaic_png
    from lab.training.files import write_atomically

    classifier = open_classifier(args.model)
    found = feature_maps(classifier.network, classifier.preprocessing.tensor(open_photo(args.photo)))
    if args.layer not in found.activations:
        known = ", ".join(found.activations)
        raise LabError(
            Code.INPUT, f"no layer {args.layer!r} in {classifier.name}", where="--layer", now=f"known: {known}"
        )
    activation = found.activations[args.layer]
    write_atomically(args.out, mosaic_png(activation))
    yield {"layer": args.layer, "shape": list(activation.shape), "file": str(args.out)}


# what a name on the command line stands for


def open_network(name: str, input_shape: tuple[int, ...] | None = None) -> NetworkSpec:
    """Find a network: a preset's name, or a spec file."""
    from lab.network.edit import with_input
    from lab.network.presets import PRESETS, preset
    from lab.network.spec import NetworkSpec

    if name in PRESETS:
        spec = preset(name)
    elif Path(name).is_file():
        spec = NetworkSpec.from_json(read_text(Path(name)))
    else:
        raise LabError(
            Code.INPUT,
            f"{name!r} is neither a preset nor a file",
            where="NETWORK",
            now=f"presets: {', '.join(PRESETS)}",
        )
    return with_input(spec, input_shape) if input_shape else spec


def open_network_or_run(name: str, *, with_weights: bool) -> tuple[NetworkSpec, dict[str, Any] | None]:
    """Find a network by preset, file or run; a run brings its trained weights if asked to."""
    from lab.training.run_folder import is_run_id, open_run

    if not is_run_id(name):
        return open_network(name), None
    run = open_run(name)
    return run.spec().network, run.load_state(run.checkpoints()[-1]) if with_weights else None


def open_classifier(name: str) -> Classifier:
    """Find a trained network: ``imagenet``, or a run."""
    from lab.prediction.classifier import imagenet_classifier, run_classifier

    return imagenet_classifier() if name == "imagenet" else run_classifier(name)


def read_text(path: Path) -> str:
    """Read a file as UTF-8 text."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LabError(Code.INPUT, "the file cannot be read as UTF-8 text", where=str(path)) from error


# arguments


def number_or_pair(text: str) -> int | tuple[int, int]:
    """Read ``3`` or ``3,5`` (height, width).

    Examples:
        >>> number_or_pair("3"), number_or_pair("3,5")
        (3, (3, 5))
    """
    numbers = tuple(int(part) for part in text.split(","))
    if len(numbers) == 1:
        return numbers[0]
    if len(numbers) == 2:
        return numbers
    raise ValueError(text)


def padding(text: str) -> int | tuple[int, int] | str:
    """Read a padding: a number, a pair, ``same`` or ``valid``."""
    return text if text in ("same", "valid") else number_or_pair(text)


def shape(text: str) -> tuple[int, ...]:
    """Read ``C,H,W``."""
    channels, height, width = (int(part) for part in text.split(","))
    return channels, height, width


class Parser(argparse.ArgumentParser):
    """argparse, with its complaint in one sentence and exit status 2."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and where help is."""
        self.exit(2, f"{message}; see `{self.prog} --help`\n")


def make_parser() -> Parser:
    """Declare every command with its arguments."""
    parser = Parser(prog="python -m lab", description="The Visual CNN Lab without a browser.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, run: Command) -> argparse.ArgumentParser:
        line = (run.__doc__ or "").splitlines()[0]
        command = commands.add_parser(name, help=line, description=line)
        command.add_argument("--json", action="store_true", help="print one JSON object per line")
        command.set_defaults(run=run)
        return command

    command = add("conv", conv)
    command.add_argument("--size", type=number_or_pair, required=True, help="input size in pixels: 32, or H,W")
    command.add_argument("--kernel-size", type=number_or_pair, required=True)
    command.add_argument("--stride", type=number_or_pair, default=1)
    command.add_argument("--padding", type=padding, default=0, help="a number, H,W, same or valid")
    command.add_argument("--dilation", type=number_or_pair, default=1)
    command.add_argument("--output-padding", type=number_or_pair, default=0)
    command.add_argument("--transposed", action="store_true")
    command.add_argument("--in-channels", type=int, default=1)
    command.add_argument("--out-channels", type=int, default=1)
    command.add_argument("--groups", type=int, default=1)
    command.add_argument("--no-bias", action="store_true")

    command = add("summary", summary)
    command.add_argument("network", metavar="NETWORK", help="a preset's name or a spec file")
    command.add_argument("--input", type=shape, metavar="C,H,W")

    command = add("train", train)
    command.add_argument("network", metavar="NETWORK", nargs="?")
    command.add_argument("--data", metavar="NAME", help="see `python -m lab data`")
    command.add_argument("--epochs", type=int)
    command.add_argument("--batch-size", type=int)
    command.add_argument("--lr", type=float)
    command.add_argument("--optimizer")
    command.add_argument("--loss")
    command.add_argument("--seed", type=int)
    command.add_argument("--device", help="auto, cpu or cuda")
    command.add_argument("--augment", action=argparse.BooleanOptionalAction, help="random crops and flips")
    command.add_argument("--resume", metavar="RUN")

    add("runs", runs)

    command = add("classify", classify)
    command.add_argument("photos", metavar="PHOTO", nargs="+", type=Path)
    command.add_argument("--model", default="imagenet", metavar="imagenet|RUN")
    command.add_argument("--top", type=int, default=5)

    command = add("maps", maps)
    command.add_argument("photo", metavar="PHOTO", type=Path)
    command.add_argument("--model", default="imagenet", metavar="imagenet|RUN")
    command.add_argument("--layer", required=True, metavar="ID")
    command.add_argument("--out", required=True, type=Path, metavar="FILE.png")

    command = add("export", export)
    command.add_argument("network", metavar="RUN|NETWORK")
    command.add_argument("--to", required=True, choices=("pytorch", "keras", "onnx", "spec"))
    command.add_argument("--out", type=Path)

    command = add("data", data)
    command.add_argument("name", nargs="?", metavar="NAME")
    return parser


# printing


def say(message: str) -> None:
    """Tell the person, not the program that reads stdout."""
    print(message, file=sys.stderr, flush=True)


def main(arguments: Sequence[str]) -> int:
    """Run one command; return its exit status."""
    args = make_parser().parse_args(arguments)
    status, text = 0, RowText()
    try:
        for row in args.run(args):
            status = 2 if isinstance(row, FailedRow) else status
            print(json.dumps(row) if args.json else text.add(row), flush=True)
    except LabError as error:
        say(error.sentence)
        return 2
    except KeyboardInterrupt:
        say("interrupted")
        return 130
    return status
