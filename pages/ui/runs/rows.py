"""The runs as rows of the table: numbers for sorting, texts for reading."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from lab.training.history import EpochRow
from lab.training.run_folder import RunInfo
from pages.ui import messages, units
from pages.ui.data_title import data_title
from pages.ui.network_totals import totals
from pages.ui.train.words import WORDS

MAX_SPARK_POINTS = 30


def table_row(info: RunInfo, epochs: Sequence[EpochRow]) -> dict[str, Any]:
    """One run as the table's component takes it.

    Args:
        info: the run.
        epochs: its finished epochs, the one before training first.
    """
    word = WORDS[info.status]
    time_s = sum(row.time_s for row in epochs)
    n_params = totals(info.spec.network).n_params if info.spec else 0
    return {
        "id": info.id,
        "title": info.network or "Damaged run",
        "damaged": info.status == "damaged",
        "sentence": sentence(info),
        "status": word.word,
        "sign": word.sign,
        "tone": word.tone,
        "network": n_params,
        "network_text": units.short_count(n_params) if n_params else "–",
        "data": data_title(info.data) or "–",
        "epoch": info.epoch,
        "epochs_text": f"{info.epoch} of {info.n_epochs}" if info.n_epochs else "–",
        "accuracy": info.best_test_accuracy,
        "accuracy_text": percent_text(info.best_test_accuracy),
        "last_text": percent_text(info.test_accuracy),
        "spark": spark(epochs),
        "time_s": time_s,
        "time_text": units.duration(time_s) if time_s else "–",
        "created": info.created_at,
        "created_text": date_text(info.created_at),
    }


def percent_text(share: float | None) -> str:
    """A share as a percentage, or a dash before the first epoch.

    Examples:
        >>> percent_text(0.871), percent_text(None)
        ('87.1 %', '–')
    """
    return "–" if share is None else units.percent(share)


def sentence(info: RunInfo) -> str:
    """What a learner must know about a run that did not end well; its id stands beside it already."""
    if info.status not in ("damaged", "failed", "interrupted"):
        return ""
    return messages.without_code(info.message.removeprefix(f"{info.id}: "))


def spark(epochs: Sequence[EpochRow]) -> list[float]:
    """Test accuracy by epoch for a tiny curve, thinned out."""
    values = [round(row.test_accuracy, 4) for row in epochs]
    step = -(-len(values) // MAX_SPARK_POINTS) or 1
    return values[::-step][::-1]


def date_text(at: float) -> str:
    """A date and time as the server's clock has it.

    Examples:
        >>> date_text(0.0)
        '–'
    """
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(at)) if at else "–"
