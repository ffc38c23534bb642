"""What exactly differs between chosen runs: their specs field by field, as rows of text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

MISSING = "–"
# What a recipe's fields are called where the name in the file is none that a learner reads.
FIELD_TITLES = {
    "batch_size": "batch size",
    "optimizer": "optimizer",
    "lr": "learning rate",
    "momentum": "momentum",
    "weight_decay": "weight decay",
    "schedule": "schedule",
    "loss": "loss",
    "amp": "mixed precision",
    "early_stop_epochs": "early stop",
    "n_train": "training images",
    "network.name": "network",
    "network.input": "network input",
}
_ZERO = {"n_train": "all", "early_stop_epochs": "off"}
# Two unrelated networks differ in every layer; a table of a hundred lines says less than one that says so.
MAX_LAYER_ROWS = 14


def flat_spec(spec: Mapping[str, Any]) -> dict[str, str]:
    """Spread a recipe's JSON into named values; a layer's fields are named by the layer's id.

    Examples:
        >>> layers = [{"id": "conv1", "kind": "Conv2d", "stride": [1, 1]}]
        >>> flat_spec({"lr": 0.1, "network": {"name": "a", "layers": layers}})
        {'lr': '0.1', 'network.name': 'a', 'network.conv1': 'Conv2d', 'network.conv1.stride': '1 × 1'}
    """
    found: dict[str, str] = {}
    for name, value in spec.items():
        if name == "layers":
            for layer in value:
                found[layer["id"]] = str(layer["kind"])
                rest = {key: part for key, part in layer.items() if key not in {"id", "kind"}}
                found |= {f"{layer['id']}.{key}": text for key, text in flat_spec(rest).items()}
        elif isinstance(value, Mapping):
            found |= {f"{name}.{key}": text for key, text in flat_spec(value).items()}
        else:
            found[name] = as_text(value)
    return found


def as_text(value: object) -> str:
    """Write a value as a learner reads it.

    Examples:
        >>> as_text(None), as_text(True), as_text([3, 3]), as_text(0.05), as_text(())
        ('automatic', 'yes', '3 × 3', '0.05', '–')
    """
    if value is None:
        return "automatic"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return (" × " if all(isinstance(part, int) for part in value) else ", ").join(map(str, value)) or MISSING
    return f"{value:g}" if isinstance(value, float) else str(value)


def differences(specs: Sequence[Mapping[str, Any]]) -> list[tuple[str, tuple[str, ...]]]:
    """List the fields that are not the same in all runs, in the order in which they stand in the specs.

    Args:
        specs: the runs' recipes as JSON, networks included.

    Returns:
        Rows of (field, one text per run). Where the networks differ in more than :data:`MAX_LAYER_ROWS` rows, those
        rows become one that counts their layers.
    """
    flats = [flat_spec(spec) for spec in specs]
    names = list(dict.fromkeys(name for flat in flats for name in flat))
    rows = [
        (name, tuple(flat.get(name, MISSING) for flat in flats)) for name in names if name.split(".")[-1] != "version"
    ]
    rows = [row for row in rows if len(set(row[1])) > 1]
    layers = [row for row in rows if _is_layer(row[0])]
    if len(layers) <= MAX_LAYER_ROWS:
        return rows
    counts = tuple(str(len(spec["network"]["layers"])) for spec in specs)
    return [row for row in rows if not _is_layer(row[0])] + [("number of layers", counts)]


def in_words(row: tuple[str, tuple[str, ...]]) -> tuple[str, tuple[str, ...]]:
    """Name a row of :func:`differences` as the pages name the field, and say what its 0 means.

    Examples:
        >>> in_words(("n_train", ("6000", "0")))
        ('training images', ('6000', 'all'))
        >>> in_words(("augment.rotate_deg", ("0", "15")))[0], in_words(("network.conv1.stride", ("1", "2")))[0]
        ('augmentation: rotate deg', 'conv1.stride')
    """
    name, texts = row
    zero = _ZERO.get(name)
    title = FIELD_TITLES.get(name) or name.replace("augment.", "augmentation: ").removeprefix("network.")
    shown = tuple(zero if zero and text == "0" else text for text in texts)
    return title if _is_layer(name) else title.replace("_", " "), shown


def _is_layer(name: str) -> bool:
    return name.startswith("network.") and name not in {"network.name", "network.input", "network.version"}
