"""The arguments of every command, and how their text is read."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NoReturn

from lab.cli.networks import conv, export, summary
from lab.cli.photos import classify, maps
from lab.cli.questions import question
from lab.cli.rows import Row
from lab.cli.training import data, runs, train

Command = Callable[[argparse.Namespace], Iterable[Row]]
Declare = Callable[[str, Command], argparse.ArgumentParser]


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


def count(text: str) -> int:
    """Read a number of at least 1."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def padding(text: str) -> int | tuple[int, int] | str:
    """Read a padding: a number, a pair, ``same`` or ``valid``."""
    return text if text in ("same", "valid") else number_or_pair(text)


def shape(text: str) -> tuple[int, ...]:
    """Read ``C,H,W``."""
    channels, height, width = (int(part) for part in text.split(","))
    return channels, height, width


def augmentation(text: str) -> Row:
    """Read ``crop_px=2,flip``: fields of an augmentation, a name alone meaning true.

    Examples:
        >>> augmentation("crop_px=2,flip,brightness=0.2")
        {'crop_px': 2, 'flip': True, 'brightness': 0.2}
    """
    pairs = (part.partition("=") for part in text.split(","))
    return {name: json.loads(value) if value else True for name, _, value in pairs}


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

    _declare_network_commands(add)
    _declare_training_commands(add)
    _declare_photo_commands(add)
    _declare_question_command(add)
    return parser


def _declare_network_commands(add: Declare) -> None:
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

    command = add("export", export)
    command.add_argument("network", metavar="RUN|NETWORK")
    command.add_argument("--to", required=True, choices=("pytorch", "keras", "onnx", "spec"))
    command.add_argument("--out", type=Path)


def _declare_training_commands(add: Declare) -> None:
    command = add("data", data)
    command.add_argument("name", nargs="?", metavar="NAME")

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
    command.add_argument(
        "--augment",
        nargs="?",
        const=augmentation("crop_px=2,flip"),
        type=augmentation,
        metavar="crop_px=2,flip",
        help="random changes of the training images; alone it means small shifts and mirroring",
    )
    command.add_argument("--resume", metavar="RUN")

    add("runs", runs)


def _declare_photo_commands(add: Declare) -> None:
    command = add("classify", classify)
    command.add_argument("photos", metavar="PHOTO", nargs="+", type=Path)
    command.add_argument("--model", default="imagenet", metavar="imagenet|RUN")
    command.add_argument("--top", type=count, default=5)

    command = add("maps", maps)
    command.add_argument("photo", metavar="PHOTO", type=Path)
    command.add_argument("--model", default="imagenet", metavar="imagenet|RUN")
    command.add_argument("--layer", required=True, metavar="ID")
    command.add_argument("--out", required=True, type=Path, metavar="FILE.png")


def _declare_question_command(add: Declare) -> None:
    command = add("question", question)
    command.add_argument("--topic", metavar="NAME", help="output-size, parameters, …; without it topics are drawn")
    command.add_argument("--level", type=int, help="1 to 3; without it the levels come in turn")
    command.add_argument("--seed", type=int, help="the same seed gives the same questions")
    command.add_argument("--count", type=count, default=1)
    command.add_argument("--answers", action="store_true", help="print answers and solutions too; JSON always has them")
