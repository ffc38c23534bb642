"""What the README says is so: its pages, its numbers, its paths, its commands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from lab.cli.arguments import make_parser
from lab.data.catalogue import DATA_SETS
from lab.network.presets import PRESETS, preset
from lab.questions.topics import TOPICS
from lab.theory.depth import INITIALISATIONS
from lab.theory.loss_names import LOSS_TITLES
from lab.theory.surface_names import OPTIMIZERS
from pages.ui.activation.state import KINDS
from pages.ui.places import PLACES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^python -m lab (.+?)(?:\s+#.*)?$", README, re.MULTILINE)
WORDS = {4: "four", 9: "nine", 11: "eleven"}


def test_the_tour_goes_through_every_page_in_the_order_of_the_menu() -> None:
    assert re.findall(r"^\| \*\*(.+?)\*\* \|", README, re.MULTILINE) == [row.title for row in PLACES]


@pytest.mark.parametrize(
    ("n", "what"),
    [
        (len(KINDS), "activations"),
        (len(INITIALISATIONS), "initialisations"),
        (len(LOSS_TITLES), "losses"),
        (len(OPTIMIZERS), "optimizers"),
        (len(TOPICS), "topics"),
    ],
)
def test_what_is_counted_is_as_many(n: int, what: str) -> None:
    assert f"{WORDS.get(n, n)} {what}" in README.lower()


def test_every_file_it_names_is_there() -> None:
    named = {*re.findall(r"`((?:lab|pages|bench|tests)/[\w./]*)`", README), *re.findall(r"\]\(([^)#:]+)\)", README)}
    assert len(named) > 20
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_one_that_the_lab_takes(command: str) -> None:
    args = make_parser().parse_args(shlex.split(command))
    assert getattr(args, "network", "lenet5") in PRESETS
    assert (getattr(args, "data", None) or "shapes") in DATA_SETS


def test_the_layer_whose_maps_it_draws_is_one_of_the_network_that_is_taken() -> None:
    (command,) = (command for command in COMMANDS if command.startswith("maps "))
    args = make_parser().parse_args(shlex.split(command))
    assert args.model == "imagenet"
    assert args.layer in {layer.id for layer in preset("efficientnet_lite0").layers}
