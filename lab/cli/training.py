"""Commands about images to learn from and runs: data, train, runs."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, TextIO

from lab.cli.networks import open_network
from lab.cli.rows import Row, say
from lab.errors import Code, LabError

if TYPE_CHECKING:
    from lab.data.fetching import FetchProgress
    from lab.training.events import StepEvent
    from lab.training.run_folder import Run

RECIPE_OPTIONS = ("epochs", "batch_size", "lr", "optimizer", "loss", "seed", "device", "augment")
PROGRESS_CHARS = 24
CLEAR_LINE = "\x1b[K"  # from the cursor to the end of the line


def data(args: argparse.Namespace) -> list[Row]:
    """List the data sets, or describe one."""
    from lab.data.catalogue import data_set, data_sets

    return [
        {
            "name": row.name,
            "train": row.n_train,
            "test": row.n_test,
            "classes": list(row.classes),
            "licence": row.licence,
            "bundled": row.bundled,
        }
        for row in ([data_set(args.name)] if args.name else data_sets().values())
    ]


def train(args: argparse.Namespace) -> Iterator[Row]:
    """Train in the foreground; an interrupted run goes on with --resume RUN."""
    import signal

    from lab.training.loop import EndEvent, EpochEvent, StepEvent, ending_politely
    from lab.training.loop import train as train_run

    run = open_or_create_run(args)
    clear_progress()
    say(f"run {run.id}")
    with ending_politely(run, signal.SIGINT, signal.SIGTERM):
        for event in train_run(run.spec(), run=run):
            match event:
                case StepEvent():
                    show_progress(event)
                case EpochEvent(row) if row.epoch > 0:
                    columns = ("epoch", "train_loss", "test_loss", "test_accuracy", "images_per_s")
                    clear_progress()
                    yield {"event": "epoch"} | {name: getattr(row, name) for name in columns}
                case EndEvent(run_id, "done", message):
                    clear_progress()
                    if message:
                        say(message)
                    yield {"event": "done", "run": run_id}
                case EndEvent(run_id, _, message):
                    clear_progress()
                    say(f"{message} To go on: python -m lab train --resume {run_id}")
                    raise KeyboardInterrupt


def open_or_create_run(args: argparse.Namespace) -> Run:
    """Find the run to go on with, or make a new one from the recipe's options."""
    from lab.training.recipe import TrainSpec, check_recipe
    from lab.training.run_folder import create_run, open_run

    chosen = {name: getattr(args, name) for name in RECIPE_OPTIONS if getattr(args, name) is not None}
    if args.resume:
        if args.network or args.data or chosen:
            raise LabError(Code.INPUT, "a run goes on with its own network, data and recipe", where="--resume")
        run = open_run(args.resume)
        get_images(run.spec().data)
        return run
    if not (args.network and args.data):
        raise LabError(Code.INPUT, "train needs a NETWORK and --data NAME, or --resume RUN alone")
    network = json.loads(open_network(args.network).to_json())
    spec = TrainSpec.from_json(json.dumps({"network": network, "data": args.data, **chosen}))
    check_recipe(spec)
    get_images(spec.data)  # before there is a run: without its images there would be nothing to go on with
    return create_run(spec)


def get_images(name: str) -> None:
    """Have the images in memory; where they must be fetched first, say on what terms, and how far it is."""
    from lab.data.catalogue import data_set
    from lab.data.image_set import load_image_set
    from lab.data.storage import is_stored

    row = data_set(name)
    if not row.bundled and not is_stored(name):
        terms = f"licence: {row.licence}" + (f", {row.licence_url}" if row.licence_url else "")
        say(f"fetching {row.title}, {in_mib(row.download_bytes)} MiB; {terms}")
    person = sys.stderr
    with contextlib.redirect_stderr(io.StringIO()):  # torchvision draws a bar of its own for every file
        load_image_set(name, on_progress=lambda progress: show_fetch(progress, person))


def runs(args: argparse.Namespace) -> list[Row]:
    """List the runs, newest first."""
    from lab.training.run_folder import list_runs

    columns = ("status", "network", "data", "epoch", "test_accuracy")
    return [{"run": info.id} | {name: getattr(info, name) for name in columns} for info in list_runs()]


def show_progress(event: StepEvent) -> None:
    """Say how far the training is."""
    left = "" if event.time_left_s is None else f", {event.time_left_s:.0f} s left"
    facts = f"step {event.step:,} of {event.n_steps:,}, loss {event.loss:.3f}, {event.images_per_s:,.0f} images/s{left}"
    draw_bar(event.step / event.n_steps, facts, sys.stderr)


def show_fetch(progress: FetchProgress, person: TextIO) -> None:
    """Say how far a download is."""
    if progress.is_here:
        draw_bar(1.0, "unpacking and checking the images", person)
        return
    facts = f"{in_mib(progress.n_bytes)} of {in_mib(progress.n_total)} MiB, {100 * progress.share:.0f} %"
    draw_bar(progress.share, facts, person)


def in_mib(n_bytes: int) -> str:
    """Write bytes in units of 2²⁰.

    Examples:
        >>> in_mib(11_594_722)
        '11.1'
    """
    return f"{n_bytes / 2**20:,.1f}"


def draw_bar(share: float, facts: str, person: TextIO) -> None:
    """Redraw the progress bar on a terminal; elsewhere stay silent."""
    if person.isatty():
        bar = "#" * round(PROGRESS_CHARS * share)
        print(f"\r[{bar:<{PROGRESS_CHARS}}] {facts}", end=CLEAR_LINE, file=person, flush=True)


def clear_progress() -> None:
    """Take the progress bar away before something else is printed."""
    if sys.stderr.isatty():
        print("\r", end=CLEAR_LINE, file=sys.stderr, flush=True)
