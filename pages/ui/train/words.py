"""What a run's status says in words: the same words on the Train and the Runs page."""

from __future__ import annotations

from dataclasses import dataclass

from lab.errors import Code
from lab.training.run_status import RunStatus, Status
from pages.ui import units


@dataclass(frozen=True)
class StatusWords:
    """How a status is shown: one word, a sign for those who do not see colours, and its tone."""

    word: str
    sign: str
    tone: str
    icon: str


WORDS: dict[Status, StatusWords] = {
    "queued": StatusWords("waiting", "…", "busy", ":material/hourglass_empty:"),
    "running": StatusWords("training", "▶", "busy", ":material/play_arrow:"),
    "paused": StatusWords("paused", "‖", "busy", ":material/pause:"),
    "done": StatusWords("done", "✓", "good", ":material/check:"),
    "stopped": StatusWords("stopped", "■", "quiet", ":material/stop:"),
    "failed": StatusWords("failed", "✗", "bad", ":material/error:"),
    "interrupted": StatusWords("interrupted", "!", "bad", ":material/power_off:"),
    "damaged": StatusWords("damaged", "✗", "bad", ":material/broken_image:"),
}

STARTING = "Starting: the training process loads PyTorch and the images"
# What a learner can try, per code of the error that ended a run.
ADVICE: dict[str, str] = {
    Code.TRAINING_DIVERGED.value: (
        "Try a tenth of the learning rate. BatchNorm2d layers bear larger ones; layers of weights with no activation "
        "between them hardly any."
    ),
    Code.TRAINING_DEVICE.value: "Try a smaller batch size, a smaller network, or the CPU as the device.",
    Code.DISK_FULL.value: "Delete runs on the Runs page that you no longer need, then resume.",
    Code.DATA_DOWNLOAD.value: "Check the connection and resume, or choose one of the bundled data sets.",
}


def device_word(device: str) -> str:
    """Write a device as one reads it; what a worker has measured is in words already.

    Examples:
        >>> device_word("cpu"), device_word("CPU, 2 threads"), device_word("auto")
        ('CPU', 'CPU, 2 threads', 'auto')
    """
    return {"cpu": "CPU", "cuda": "GPU"}.get(device, device)


def progress_text(status: RunStatus) -> str:
    """Say where a run is.

    Examples:
        >>> progress_text(RunStatus("running", epoch=2, n_epochs=5, step=300, n_steps=940, time_left_s=12.0))
        'Epoch 2 of 5, step 300 of 940, about 12 s left'
    """
    if status.status == "queued":
        return queue_text(status.place_in_line)
    if not status.n_steps:
        return STARTING if status.is_active else "Not started"
    parts = [
        f"Epoch {status.epoch} of {status.n_epochs}",
        f"step {units.count(status.step)} of {units.count(status.n_steps)}",
    ]
    if status.time_left_s is not None and status.status == "running":
        parts.append(f"about {units.duration(status.time_left_s)} left")
    return ", ".join(parts)


def queue_text(place: int) -> str:
    """Say how long the line is.

    Examples:
        >>> queue_text(0)
        'Starting: the training process loads PyTorch and the images'
        >>> queue_text(1), queue_text(3)
        ('Next in line: it starts when the run that is training now ends', 'In line: 2 waiting runs are before it')
    """
    if place < 1:
        return STARTING
    if place == 1:
        return "Next in line: it starts when the run that is training now ends"
    before = "1 waiting run is" if place == 2 else f"{place - 1} waiting runs are"
    return f"In line: {before} before it"


def share_done(status: RunStatus) -> float:
    """How much of the run is behind it, 0 .. 1."""
    return min(1.0, status.step / status.n_steps) if status.n_steps else 0.0
