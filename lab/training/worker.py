"""The process that trains one run: ``python -m lab.training.worker <run folder> [--beside-page]``.

It outlives the page and the server that started it, and writes nothing but the run's folder.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lab.errors import LabError, RunError
from lab.training.device import n_cores, n_threads_beside_a_page
from lab.training.run_folder import Run, open_run
from lab.training.run_status import read_marker, write_marker

_LOWEST_PRIORITY = 19
# How long a paused worker keeps its run in memory, so that resuming is instant, while nobody else waits.
_PAUSE_PATIENCE_S = 600.0
_LINE_POLL_S = 2.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Train the run named on the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description="Train one run from its folder, or go on with it.")
    parser.add_argument("run_folder", type=Path, nargs="?")
    parser.add_argument("--wait", action="store_true", help="get ready and read the run folder from standard input")
    parser.add_argument("--save-interval-s", type=float, default=30.0, help="most seconds that a kill can cost")
    parser.add_argument("--beside-page", action="store_true", help="lowest priority, and a core left to the pages")
    parser.add_argument("--threads", type=int, help="for a run that begins; default all cores, or one fewer")
    options = parser.parse_args(arguments)
    if options.beside_page and hasattr(os, "nice"):
        os.nice(_LOWEST_PRIORITY)
    folder = _wait_for_run() if options.wait else options.run_folder
    if folder is None:
        return 0 if options.wait else parser.error("a run folder is needed")
    try:
        run = open_run(folder.name, folder.absolute().parent.parent)
    except RunError as error:
        print(error.sentence, file=sys.stderr)
        return 2
    n_threads = options.threads or (n_threads_beside_a_page() if options.beside_page else n_cores())
    return work_on(run, n_threads=n_threads, save_interval_s=options.save_interval_s)


def work_on(run: Run, *, n_threads: int, save_interval_s: float) -> int:
    """Train ``run`` to its end, free its place in line and start the next; returns the exit status."""
    from lab.training import queue

    queue.begin(run)
    try:
        return _train(run, n_threads, save_interval_s)
    finally:
        queue.finish(run)


def _train(run: Run, n_threads: int, save_interval_s: float) -> int:
    _say(f"worker {os.getpid()} takes {run.id}")
    try:
        import torch

        from lab.training.loop import ending_politely, train

        torch.set_num_threads(_n_threads(run, n_threads))
        with ending_politely(run, signal.SIGTERM, signal.SIGINT):
            for event in train(run.spec(), run=run, give_way=_GiveWay(run), save_interval_s=save_interval_s):
                if type(event).__name__ != "StepEvent":
                    _say(str(event))
    except LabError as error:
        _say(error.sentence)
        _mark_unbegun(run, error.sentence, error.code.value)
        return 1
    except Exception:
        _say(traceback.format_exc())
        _mark_unbegun(run, "The training process could not begin; the log says more.", "")
        return 1
    return 0


def _mark_unbegun(run: Run, message: str, code: str) -> None:
    """Say what went wrong where training itself had no chance to."""
    marker = read_marker(run.path)
    if marker is not None and marker.status == "queued":
        write_marker(run.path, replace(marker, status="failed", message=message, code=code))


def _wait_for_run() -> Path | None:
    """Import what training needs, then wait for a run; ``None`` when the server has ended or nobody needed us."""
    from lab.data.image_set import load_image_set
    from lab.training import loop  # noqa: F401 (with torch and all that is slow to import)
    from lab.training.launch import SPARE_LIFETIME_S
    from lab.training.recipe import TrainSpec

    load_image_set(TrainSpec.model_fields["data"].default)
    end = threading.Timer(SPARE_LIFETIME_S, os._exit, (0,))
    end.start()
    line = sys.stdin.readline().strip()
    end.cancel()
    if not line:
        return None
    with (Path(line) / "log.txt").open("ab") as log:
        for stream in (1, 2):
            os.dup2(log.fileno(), stream)
    return Path(line)


def _n_threads(run: Run, wanted: int) -> int:
    """Count the threads: as many as the run began with, because another number changes the last bits of the sums."""
    before = run.environment().get("n_threads")
    if isinstance(before, int) and 1 <= before <= n_cores():
        return before
    return wanted


class _GiveWay:
    """Tells a paused worker when to leave: somebody else waits for the device, or nobody came back for long."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._asked_at = 0.0
        self._pause_began_at = 0.0

    def __call__(self) -> bool:
        from lab.training.queue import somebody_waits

        now = time.monotonic()
        if now - self._asked_at < _LINE_POLL_S:
            return False
        if now - self._asked_at > 2 * _LINE_POLL_S:  # not asked for a while: a new pause
            self._pause_began_at = now
        self._asked_at = now
        return now - self._pause_began_at > _PAUSE_PATIENCE_S or somebody_waits(self._run)


def _say(text: str) -> None:
    print(f"{time.strftime('%Y-%m-%d %H:%M:%S')} {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
