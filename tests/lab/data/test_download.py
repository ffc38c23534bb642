"""Fetched sets, with small local stand-ins for torchvision: what arrives is stored, what fails costs one sentence."""

import email.message
import errno
import pickle
import tarfile
import urllib.error
import zipfile
import zlib
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image

from lab.data import catalogue, download, storage
from lab.data.catalogue import DATA_SETS
from lab.data.image_set import forget_loaded_sets, load_image_set
from lab.errors import DataError, LabError
from tests.lab.data.publisher import left_behind

RANDOM = np.random.default_rng(0)


def small(name, monkeypatch, **changes):
    """Shrink a catalogue row, so that a stand-in of a few images fits it."""
    from dataclasses import replace

    row = replace(DATA_SETS[name], **changes)
    monkeypatch.setitem(DATA_SETS, name, row)
    forget_loaded_sets()
    return row


def stand_in(monkeypatch, make):
    monkeypatch.setattr(download, "_torchvision_set", make)
    monkeypatch.setattr(download, "DEBIAN_FASHION_MNIST", storage.Path("/nowhere"))


def mnist_like(class_name, raw, *, train):
    n_images = 20 if train else 10
    return SimpleNamespace(
        data=torch.full((n_images, 28, 28), 7 if train else 9, dtype=torch.uint8),
        targets=torch.arange(n_images) % 10,
    )


@pytest.mark.parametrize("name", ["mnist", "kmnist", "fashion-mnist-full"])
def test_a_grey_set_is_fetched_once_and_then_read_from_disk(name, tmp_path, monkeypatch):
    small(name, monkeypatch, n_train=20, n_test=10)
    stand_in(monkeypatch, mnist_like)
    fetched = load_image_set(name, home=tmp_path)
    assert fetched.train_images.shape == (20, 1, 28, 28)
    assert (fetched.test_images == 9).all()
    assert fetched.test_labels.tolist() == list(range(10))

    def no_network(*_, **__):
        raise AssertionError("fetched twice")

    stand_in(monkeypatch, no_network)
    forget_loaded_sets()
    assert torch.equal(load_image_set(name, home=tmp_path).train_images, fetched.train_images)


def test_cifar10_keeps_its_colours(tmp_path, monkeypatch):
    small("cifar10", monkeypatch, n_train=4, n_test=4)
    pixels = RANDOM.integers(0, 256, (4, 32, 32, 3), np.uint8)
    stand_in(monkeypatch, lambda *_, train: SimpleNamespace(data=pixels, targets=[3, 1, 0, 9]))
    fetched = load_image_set("cifar10", home=tmp_path)
    assert np.array_equal(fetched.train_images.permute(0, 2, 3, 1).numpy(), pixels)
    assert fetched.test_labels.tolist() == [3, 1, 0, 9]


def test_pets_become_squares(tmp_path, monkeypatch):
    small("pets", monkeypatch, n_train=2, n_test=2)
    cat, dog = Image.new("RGB", (50, 80), (200, 10, 30)), Image.new("L", (90, 40), 60)

    def make(class_name, raw, *, split, target_types):
        assert (class_name, target_types) == ("OxfordIIITPet", "binary-category")
        return [(cat, 0), (dog, 1)]

    stand_in(monkeypatch, make)
    fetched = load_image_set("pets", home=tmp_path)
    assert fetched.shape == (3, 64, 64)
    middles = dict(zip(fetched.test_labels.tolist(), fetched.test_images[:, :, 32, 32].tolist(), strict=True))
    assert middles == {0: [200, 10, 30], 1: [60, 60, 60]}


def test_of_pets_that_come_breed_by_breed_the_first_pictures_are_of_every_kind(tmp_path, monkeypatch):
    small("pets", monkeypatch, n_train=60, n_test=60)
    pictures = [(Image.new("RGB", (64, 64), (number, 0, 0)), number // 30) for number in range(60)]
    stand_in(monkeypatch, lambda *_, **__: pictures)
    fetched = load_image_set("pets", home=tmp_path)
    numbers = fetched.train_images[:, 0, 0, 0].long()
    assert sorted(numbers.tolist()) == list(range(60))
    assert torch.equal(numbers // 30, fetched.train_labels)
    assert set(fetched.train_labels[:12].tolist()) == {0, 1}


def test_eurosat_is_split_by_class(tmp_path, monkeypatch):
    small("eurosat", monkeypatch, n_train=80, n_test=20)
    pictures = [(Image.new("RGB", (64, 64), (index, 0, 0)), index % 10) for index in range(100)]
    stand_in(monkeypatch, lambda class_name, raw: pictures)
    fetched = load_image_set("eurosat", home=tmp_path)
    assert fetched.train_labels.bincount().tolist() == [8] * 10
    assert (fetched.test_images[:, 0, 0, 0].long() % 10 == fetched.test_labels).all()


FAILURES = {
    "no connection to the server": urllib.error.URLError("Name or service not known"),
    "the server did not answer within 20 s": TimeoutError(),
    "the server answered 404": urllib.error.HTTPError("http://a", 404, "Not Found", email.message.Message(), None),
    "the connection broke off": ConnectionResetError(),
    "what arrived is not what was published": RuntimeError("File not found or corrupted."),
    "torchvision is not installed": ImportError("torchvision"),
}
FORMAT_ERRORS = (
    tarfile.ReadError("not a gzip file"),
    zipfile.BadZipFile(),
    zlib.error(),
    pickle.UnpicklingError(),
    KeyError("data"),
    EOFError(),
)


def failing(monkeypatch, error):
    def fail(*_, **__):
        raise error

    stand_in(monkeypatch, fail)


@pytest.mark.parametrize("name", download.FETCHERS)
@pytest.mark.parametrize("reason", FAILURES)
def test_a_failed_download_is_one_sentence_and_leaves_nothing(name, reason, tmp_path, monkeypatch):
    failing(monkeypatch, FAILURES[reason])
    with pytest.raises(DataError) as caught:
        load_image_set(name, home=tmp_path)
    assert str(caught.value) == (
        f"{name}: the set could not be fetched ({reason}); check the network connection and try again, or take a "
        "bundled set: fashion-mnist, shapes (DATA-DOWNLOAD)"
    )
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("error", FORMAT_ERRORS, ids=lambda error: type(error).__name__)
def test_files_of_another_kind_are_one_sentence(error, tmp_path, monkeypatch):
    failing(monkeypatch, error)
    with pytest.raises(DataError, match="what arrived is not what was published"):
        load_image_set("cifar10", home=tmp_path)


def test_a_disk_that_fills_up_while_fetching_is_told_as_such(tmp_path, monkeypatch):
    failing(monkeypatch, OSError(errno.ENOSPC, "No space left on device"))
    with pytest.raises(LabError, match=r"pets: there is no space left on the disk.*DISK-FULL"):
        load_image_set("pets", home=tmp_path)
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("changes", [{"n_train": 21}, {"n_test": 9}, {"shape": (1, 32, 32)}, {"classes": ("0", "1")}])
def test_a_set_that_is_not_the_catalogues_is_not_stored(changes, tmp_path, monkeypatch):
    small("mnist", monkeypatch, **{"n_train": 20, "n_test": 10} | changes)
    stand_in(monkeypatch, mnist_like)
    with pytest.raises(DataError, match="what arrived is not what was published"):
        load_image_set("mnist", home=tmp_path)
    assert left_behind(tmp_path) == []


def test_a_flipped_bit_in_a_stored_set_is_noticed(tmp_path, monkeypatch):
    small("mnist", monkeypatch, n_train=20, n_test=10)
    stand_in(monkeypatch, mnist_like)
    load_image_set("mnist", home=tmp_path)
    file = tmp_path / "data" / "mnist" / storage.IMAGES
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    forget_loaded_sets()
    with pytest.raises(DataError, match=r"mnist: the stored files are damaged or incomplete; delete.*DATA-DAMAGED"):
        load_image_set("mnist", home=tmp_path)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"name": "mnist"}', b"\xff" * 100])
def test_a_half_written_description_is_noticed(content, tmp_path, monkeypatch):
    small("mnist", monkeypatch, n_train=20, n_test=10)
    stand_in(monkeypatch, mnist_like)
    load_image_set("mnist", home=tmp_path)
    (tmp_path / "data" / "mnist" / storage.DESCRIPTION).write_bytes(content)
    forget_loaded_sets()
    with pytest.raises(DataError, match="DATA-DAMAGED"):
        load_image_set("mnist", home=tmp_path)


def test_every_set_that_is_not_bundled_can_be_fetched():
    assert set(download.FETCHERS) == {name for name, row in catalogue.DATA_SETS.items() if not row.bundled}


@pytest.mark.skipif(not download.DEBIAN_FASHION_MNIST.is_dir(), reason="Debian's dataset-fashion-mnist is not here")
def test_debians_package_spares_the_download(tmp_path):
    full = load_image_set("fashion-mnist-full", home=tmp_path)
    assert full.train_images.shape == (60_000, 1, 28, 28)
    # Published for all 60,000 training images: 0.2860 and 0.3530.
    assert (round(full.mean[0], 4), round(full.std[0], 4)) == (0.286, 0.353)
    assert full.train_labels.bincount().tolist() == [6_000] * 10
