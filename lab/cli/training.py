"""Commands about images to learn from and runs: data, train, runs."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lab.cli.networks import open_network
from lab.cli.rows import Row, say
from lab.errors import Code, LabError

if TYPE_CHECKING:
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
    from lab.training.recipe import TrainSpec
    from lab.training.run_folder import create_run, open_run

    chosen = {name: getattr(args, name) for name in RECIPE_OPTIONS if getattr(args, name) is not None}
    if args.resume:
        if args.network or args.data or chosen:
            raise LabError(Code.INPUT, "a run goes on with its own network, data and recipe", where="--resume")
        return open_run(args.resume)
    if not (args.network and args.data):
        raise LabError(Code.INPUT, "train needs a NETWORK and --data NAME, or --resume RUN alone")
    network = json.loads(open_network(args.network).to_json())
    return create_run(TrainSpec.from_json(json.dumps({"network": network, "data": args.data, **chosen})))


def runs(args: argparse.Namespace) -> list[Row]:
    """List the runs, newest first."""
    from lab.training.run_folder import list_runs

    columns = ("status", "network", "data", "epoch", "test_accuracy")
    return [{"run": info.id} | {name: getattr(info, name) for name in columns} for info in list_runs()]


def show_progress(event: StepEvent) -> None:
    """Redraw the progress bar on a terminal; elsewhere stay silent."""
    if not sys.stderr.isatty():
        return
    bar = "#" * round(PROGRESS_CHARS * event.step / event.n_steps)
    left = "" if event.time_left_s is None else f", {event.time_left_s:.0f} s left"
    facts = f"step {event.step:,} of {event.n_steps:,}, loss {event.loss:.3f}, {event.images_per_s:,.0f} images/s{left}"
    print(f"\r[{bar:<{PROGRESS_CHARS}}] {facts}", end=CLEAR_LINE, file=sys.stderr, flush=True)


def clear_progress() -> None:
    """Take the progress bar away before something else is printed."""
    if sys.stderr.isatty():
        print("\r", end=CLEAR_LINE, file=sys.stderr, flush=True)
