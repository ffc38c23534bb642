"""The reproducibility card of a run: what it takes to get the same curve again."""

from __future__ import annotations

from collections.abc import Mapping

from lab.training.history import History
from lab.training.recipe import TrainSpec
from lab.training.run_folder import Run
from pages.ui import units
from pages.ui.data_title import data_title
from pages.ui.runs.differences import FIELD_TITLES, as_text
from pages.ui.runs.rates import BY_HAND, NOT_REPEATABLE, by_hand
from pages.ui.runs.rows import date_text

Facts = dict[str, str]
REPEATABLE = "The same recipe, seed, data and device kind give the same curve; on a CPU, bit for bit."
# The recipe in reading order; what is not here (version, network, data, seed, augmentation) has its own line.
_RECIPE = ("batch_size", "optimizer", "lr", "momentum", "weight_decay", "schedule", "loss", "amp")
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
    """Write down identity, result, recipe, data and machine, in reading order."""
    facts = {"run": run_id, "network": spec.network.name, "data": data_title(spec.data)}
    facts |= _result(spec, history) | _recipe(spec)
    if history.lr_changes:
        facts[BY_HAND] = by_hand(history.lr_changes)
    facts |= {title: _measured(environment[name]) for name, title in _MACHINE.items() if name in environment}
    started_at = environment.get("started_at")
    if isinstance(started_at, int | float):
        facts["started"] = date_text(float(started_at))
    return facts


def _measured(value: object) -> str:
    """A value of the worker's; its whole numbers are counts."""
    return units.count(value) if isinstance(value, int) and not isinstance(value, bool) else as_text(value)


def _result(spec: TrainSpec, history: History) -> Facts:
    rows = history.epochs
    facts = {"epochs": f"{rows[-1].epoch if rows else 0} of {spec.epochs}"}
    if rows:
        facts["best test accuracy"] = units.percent(max(row.test_accuracy for row in rows), 2)
        facts["last test accuracy"] = units.percent(rows[-1].test_accuracy, 2)
        facts["last test loss"] = f"{rows[-1].test_loss:.6f}"
    return facts | {"wall time": units.duration(sum(row.time_s for row in rows))}


def _recipe(spec: TrainSpec) -> Facts:
    facts = {"seed": str(spec.seed)}
    facts |= {FIELD_TITLES[name]: as_text(getattr(spec, name)) for name in _RECIPE}
    facts["early stop"] = f"after {spec.early_stop_epochs} epochs without a gain" if spec.early_stop_epochs else "off"
    facts["training images"] = units.count(spec.n_train) if spec.n_train else "all"
    changed = {name: value for name, value in spec.augment.model_dump().items() if value}
    facts["augmentation"] = ", ".join(f"{name} {as_text(value)}" for name, value in changed.items()) or "off"
    return facts


def promise(facts: Facts) -> str:
    """Say whether the card is enough to get the same curve again."""
    return NOT_REPEATABLE if BY_HAND in facts else REPEATABLE


def card_text(facts: Facts) -> str:
    """The card as a Markdown file for the archive.

    Examples:
        >>> print(card_text({"seed": "0"}).splitlines()[-1])
        - seed: 0
    """
    head = f"# Reproducibility card\n\n{promise(facts)} The whole recipe is in spec.json.\n\n"
    return head + "\n".join(f"- {name}: {value}" for name, value in facts.items()) + "\n"
