"""Training speed: the usual tutorial loop, this lab's engine and the bare step, taking turns.

``python -m bench.training`` prints a table per number of threads. All train ``student_cnn`` on the bundled part of
Fashion-MNIST with Adam, batch 128. One round is one epoch of each; ratios are medians over the rounds of pairs measured
one after the other, so that a machine that is busy for a while does not decide.

* tutorial: torchvision's data set, PIL transforms, a DataLoader, plain layers, ``loss.item()`` at every step;
* lab: ``lab.training.loop.train`` as a run does it, with its history written live, orders looked for and metrics read;
* bare step: the lab's step on one batch that already lies there as floats, nothing read, nothing written. Its learning
  rate is 0, so that the gradients stay those of training: a batch that is learned by heart (the row of that name) has
  gradients of almost nothing but zeros, and the same backward pass takes 4 to 6 % less time.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

BATCH_SIZE = 128
LR = 1e-3
N_ROUNDS = 5
GOALS = (("lab bf16", "tutorial", 3.5), ("lab fp32", "tutorial", 1.8), ("lab bf16", "bare bf16", 0.93))

Epoch = Callable[[], float]
"""Trains one epoch and returns images per second."""


def main() -> int:
    """Measure with one thread and with two; ``--serve NAME`` is the process of one competitor."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, nargs="*", default=sorted({1, min(2, os.cpu_count() or 1)}))
    parser.add_argument("--rounds", type=int, default=N_ROUNDS)
    parser.add_argument("--serve", choices=COMPETITORS)
    options = parser.parse_args()
    if options.serve:
        _serve(options.serve, options.threads[0])
        return 0
    for n_threads in options.threads:
        _report(_measure(n_threads, options.rounds), n_threads)
    return 0


def _measure(n_threads: int, n_rounds: int) -> list[dict[str, float]]:
    """Let every competitor train an epoch in turn, each in a process of its own: memory settings stay its own too."""
    with contextlib.ExitStack() as stack:
        processes = {name: stack.enter_context(_competitor(name, n_threads)) for name in COMPETITORS}
        for process in processes.values():  # a first epoch that does not count: libraries prepare themselves
            _epoch_of(process)
        return [{name: _epoch_of(process) for name, process in processes.items()} for _ in range(n_rounds)]


@contextlib.contextmanager
def _competitor(name: str, n_threads: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "bench.training", "--serve", name, "--threads", str(n_threads)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.communicate()  # end of input ends it


def _epoch_of(process: subprocess.Popen[str]) -> float:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("epoch\n")
    process.stdin.flush()
    return float(process.stdout.readline())


def _serve(name: str, n_threads: int) -> None:
    """Train an epoch for every line that comes in, and print its images per second."""
    import torch

    torch.set_num_threads(n_threads)
    with tempfile.TemporaryDirectory() as folder, COMPETITORS[name](Path(folder)) as epoch:
        for _ in sys.stdin:
            print(epoch(), flush=True)


def _report(rounds: list[dict[str, float]], n_threads: int) -> None:
    print(f"\n{n_threads} thread(s), student_cnn, batch {BATCH_SIZE}, {len(rounds)} rounds of 12,000 images each")
    print(f"{'':20} {'images/s':>9} {'x tutorial':>11} {'x bare step':>12}")
    for name in rounds[0]:
        bare = "bare fp32" if "fp32" in name else "bare bf16"
        cells = f"{_ratio(rounds, name, 'tutorial'):11.2f} {_ratio(rounds, name, bare):12.3f}"
        print(f"{name:20} {statistics.median(r[name] for r in rounds):9,.0f} {cells}")
    for name, against, goal in GOALS:
        ratio = _ratio(rounds, name, against)
        print(f"{'reached' if ratio >= goal else 'MISSED ':8} {name} / {against}: {ratio:.2f}, goal {goal}")


def _ratio(rounds: list[dict[str, float]], name: str, against: str) -> float:
    return statistics.median(one[name] / one[against] for one in rounds)


@contextlib.contextmanager
def _tutorial(folder: Path) -> Iterator[Epoch]:
    """The loop of PyTorch's own beginner tutorial, with the usual normalisation."""
    from torch import nn, optim
    from torch.utils.data import DataLoader
    from torchvision import datasets, transforms

    from lab.network.presets import preset

    _write_as_torchvision_expects(folder)
    to_tensor = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.286,), (0.353,))])
    images = datasets.FashionMNIST(str(folder), train=True, transform=to_tensor)
    loader = DataLoader(images, batch_size=BATCH_SIZE, shuffle=True)
    spec = preset("student_cnn")
    shapes = _input_shapes()
    model = nn.Sequential(*(layer.module(shapes[layer.id]) for layer in spec.layers))
    optimizer = optim.Adam(model.parameters(), lr=LR)
    criterion = nn.CrossEntropyLoss()

    def epoch() -> float:
        began_at, running_loss, correct = time.perf_counter(), 0.0, 0
        model.train()
        for inputs, labels in loader:
            optimizer.zero_grad()
            outputs = model(inputs)
            loss = criterion(outputs, labels)
            loss.backward()
            optimizer.step()
            running_loss += loss.item()
            correct += (outputs.argmax(1) == labels).sum().item()
        return len(images) / (time.perf_counter() - began_at)

    yield epoch


def _input_shapes() -> dict[str, tuple[tuple[int, ...], ...]]:
    from lab.network.presets import preset
    from lab.network.summary import summarize

    return {row.id: row.inputs for row in summarize(preset("student_cnn")).rows}


def _write_as_torchvision_expects(folder: Path) -> None:
    """Write the bundled images as the four files that torchvision would download."""
    import struct

    from lab.data.image_set import load_image_set

    bundled = load_image_set("fashion-mnist")
    raw = folder / "FashionMNIST" / "raw"
    raw.mkdir(parents=True)
    for part, images, labels in (
        ("train", bundled.train_images, bundled.train_labels),
        ("t10k", bundled.test_images, bundled.test_labels),
    ):
        header = struct.pack(">4I", 0x803, len(images), 28, 28)
        (raw / f"{part}-images-idx3-ubyte").write_bytes(header + images.numpy().tobytes())
        header = struct.pack(">2I", 0x801, len(labels))
        (raw / f"{part}-labels-idx1-ubyte").write_bytes(header + labels.byte().numpy().tobytes())


@contextlib.contextmanager
def _lab(folder: Path, amp: str, augment: dict[str, object] | None = None) -> Iterator[Epoch]:
    """A run as a worker trains it; one epoch of its events a round."""
    from lab.network.presets import preset
    from lab.training.loop import EpochEvent, train
    from lab.training.recipe import TrainSpec
    from lab.training.run_folder import create_run

    spec = TrainSpec.model_validate(_fields(amp) | {"network": preset("student_cnn"), "augment": augment or {}})
    run = create_run(spec, folder)
    events = train(spec, run=run)
    next(events)  # the untrained network's evaluation

    def epoch() -> float:
        for event in events:
            if isinstance(event, EpochEvent) and event.row.images_per_s:
                return event.row.images_per_s
        raise RuntimeError("the run ended too early")

    with contextlib.closing(events):
        yield epoch


@contextlib.contextmanager
def _bare_step(_folder: Path, amp: str, lr: float = 0.0) -> Iterator[Epoch]:
    """The same step on one resident batch: what the arithmetic alone costs."""
    import torch

    from lab.data.image_set import load_image_set
    from lab.network.presets import preset
    from lab.training.device import keep_large_blocks
    from lab.training.engine import Engine
    from lab.training.optimizers import take_step
    from lab.training.recipe import TrainSpec

    keep_large_blocks()
    spec = TrainSpec.model_validate(_fields(amp) | {"network": preset("student_cnn")})
    engine = Engine(spec, load_image_set("fashion-mnist"), torch.device("cpu"))
    for group in engine.optimizer.param_groups:
        group["lr"] = lr
    images, labels = engine.train_images.batch(torch.arange(BATCH_SIZE), spec.augment, engine.generator)
    n_steps = 12_000 // BATCH_SIZE

    def epoch() -> float:
        began_at = time.perf_counter()
        for _ in range(n_steps):
            engine.optimizer.zero_grad(set_to_none=True)
            with torch.autocast("cpu", torch.bfloat16, enabled=engine.amp_dtype is not None):
                logits = engine.network(images)
            engine.loss(logits.float(), labels).backward()
            take_step(engine.optimizer)
        return n_steps * BATCH_SIZE / (time.perf_counter() - began_at)

    yield epoch


def _fields(amp: str) -> dict[str, object]:
    schedule = {"schedule": "constant", "epochs": 100, "seed": 0, "device": "cpu"}
    return {"optimizer": "Adam", "lr": LR, "weight_decay": 0.0, "batch_size": BATCH_SIZE, "amp": amp} | schedule


COMPETITORS: dict[str, Callable[[Path], contextlib.AbstractContextManager[Epoch]]] = {
    "tutorial": _tutorial,
    "lab fp32": partial(_lab, amp="off"),
    "bare fp32": partial(_bare_step, amp="off"),
    "lab bf16": partial(_lab, amp="auto"),
    "bare bf16": partial(_bare_step, amp="auto"),
    "bare bf16 by heart": partial(_bare_step, amp="auto", lr=LR),
    "lab bf16 crop+flip": partial(_lab, amp="auto", augment={"crop_px": 2, "flip": True}),
}

if __name__ == "__main__":
    sys.exit(main())
