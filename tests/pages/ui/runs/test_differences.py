from __future__ import annotations

from typing import Any

from pages.ui.runs.differences import MAX_LAYER_ROWS, differences


def recipe(layers: list[dict[str, Any]], **fields: Any) -> dict[str, Any]:
    return {"version": 1, "lr": 0.1, "network": {"name": "net", "layers": layers}, **fields}


CONV = {"id": "conv1", "kind": "Conv2d", "out_channels": 8}


def test_only_what_differs_is_listed() -> None:
    rows = differences([recipe([CONV], seed=0), recipe([CONV], seed=1)])
    assert rows == [("seed", ("0", "1"))]


def test_a_layer_field_is_named_by_its_layer() -> None:
    rows = differences([recipe([CONV]), recipe([CONV | {"out_channels": 16}])])
    assert rows == [("network.conv1.out_channels", ("8", "16"))]


def test_a_layer_that_only_one_run_has_is_a_dash_in_the_other() -> None:
    rows = differences([recipe([CONV]), recipe([CONV, {"id": "relu1", "kind": "ReLU"}])])
    assert rows == [("network.relu1", ("–", "ReLU"))]


def test_three_equal_runs_differ_in_nothing() -> None:
    assert differences([recipe([CONV])] * 3) == []


def test_unrelated_networks_are_one_row_that_counts_their_layers() -> None:
    many = [{"id": f"layer{k}", "kind": "ReLU"} for k in range(MAX_LAYER_ROWS + 1)]
    rows = differences([recipe([CONV]), recipe(many)])
    assert rows == [("number of layers", ("1", str(len(many))))]


def test_an_augmentation_is_a_field_of_its_own() -> None:
    rows = differences([recipe([CONV], augment={"flip": False}), recipe([CONV], augment={"flip": True})])
    assert rows == [("augment.flip", ("no", "yes"))]
