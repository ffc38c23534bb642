"""The reproducibility card of a run: what it takes to get the same curve again."""

from __future__ import annotations

from collections.abc import Mapping

from lab.training.history import History
from lab.training.recipe import TrainSpec
from lab.training.run_folder import Run
from pages.ui import units
from pages.ui.runs.differences import as_text
from pages.ui.runs.rows import date_text

Facts = dict[str, str]
# What of the worker's environment.json decides a curve, in reading order.
_MACHINE = {
    "data_sha256": "data SHA-256",
    "n_train": "training images",
    "n_test": "test images",
    "device": "device",
    "precision": "precision",
    "n_threads": "threads",
    "torch": "PyTorch",
    "python": "Python",
    "system": "system",
}


def card_facts(run: Run) -> Facts:
    """Gather the card of a readable run.

    Raises:
        RunError: its recipe cannot be read.
    """
    return facts_of(run.id, run.spec(), run.environment(), run.history(max_points=1))


def facts_of(run_id: str, spec: TrainSpec, environment: Mapping[str, object], history: History) -> Facts:
    """Write down identity, seed, data, machine and result, in reading order."""
    rows = history.epochs
    facts = {
        "run": run_id,
        "network": spec.network.name,
        "data": spec.data,
        "seed": str(spec.seed),
        "epochs": f"{rows[-1].epoch if rows else 0} of {spec.epochs}",
        "wall time": units.duration(sum(row.time_s for row in rows)),
    }
    if rows:
        facts["test accuracy"] = units.percent(rows[-1].test_accuracy, 2)
        facts["test loss"] = f"{rows[-1].test_loss:.6f}"
    facts |= {title: as_text(environment[name]) for name, title in _MACHINE.items() if name in environment}
    started_at = environment.get("started_at")
    if isinstance(started_at, int | float):
        facts["started"] = date_text(float(started_at))
    if history.lr_changes:
        changes = (f"step {one.step}: {'schedule' if one.lr is None else f'{one.lr:g}'}" for one in history.lr_changes)
        facts["learning rate by hand"] = ", ".join(changes)
    return facts


def card_text(facts: Facts) -> str:
    """The card as a Markdown file for the archive.

    Examples:
        >>> print(card_text({"seed": "0"}).splitlines()[-1])
        - seed: 0
    """
    head = (
        "# Reproducibility card\n\n"
        "The same recipe (spec.json), seed, data and device kind give the same curve; on a CPU, bit for bit.\n\n"
    )
    return head + "\n".join(f"- {name}: {value}" for name, value in facts.items()) + "\n"
