"""A stored set is there whole: the one before it stays until the new one has taken its place."""

from __future__ import annotations

import errno
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from lab.data.catalogue import DATA_SETS, DataSetRow
from lab.data.storage import delete_set, is_stored, read_set, store_set
from lab.errors import LabError

ROW = replace(DATA_SETS["fashion-mnist"], name="mine", n_train=4, n_test=2, shape=(1, 3, 3), classes=("a", "b"))


def store(value: int, home: Path, row: DataSetRow = ROW) -> None:
    tensors = {}
    for part, n_images in (("train", row.n_train), ("test", row.n_test)):
        tensors[f"{part}_images"] = torch.full((n_images, *row.shape), value, dtype=torch.uint8)
        tensors[f"{part}_labels"] = torch.arange(n_images) % 2
    store_set(row, tensors, home)


def stored_value(home: Path) -> int:
    return int(read_set("mine", home)[1]["train_images"].unique())


def test_a_set_stored_again_takes_the_place_of_the_old_one_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    store(1, tmp_path)
    store(2, tmp_path)
    assert stored_value(tmp_path) == 2
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["mine"]


def test_a_set_that_cannot_take_its_place_leaves_the_old_one_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(1, tmp_path)

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(LabError, match="no space left on the disk"):
        store(2, tmp_path)
    assert stored_value(tmp_path) == 1
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["mine"]


def test_of_a_deleted_set_nothing_is_left_and_deleting_it_twice_is_no_mistake(tmp_path: Path) -> None:
    store(1, tmp_path)
    delete_set("mine", tmp_path)
    delete_set("mine", tmp_path)
    assert not is_stored("mine", tmp_path)
    assert list((tmp_path / "data").iterdir()) == []
