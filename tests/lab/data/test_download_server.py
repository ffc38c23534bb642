"""Every set on demand through torchvision's own code: a local server has a few images in the published format."""

from __future__ import annotations

import gc
import gzip
import hashlib
import io
import pickle  # the published format of CIFAR-10; written here, read by torchvision
import struct
import tarfile
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lab.data import download
from lab.data.catalogue import DATA_SETS, EUROSAT_CLASSES
from lab.data.image_set import forget_loaded_sets, load_image_set
from lab.errors import DataError

# What a server refused, torchvision leaves to the garbage collector, which `publisher` has come before the next test.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
datasets = pytest.importorskip("torchvision.datasets")


@dataclass
class Publisher:
    """A server on this machine: ``files`` are answered, all else is 404."""

    url: str
    files: dict[str, bytes]


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    files: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = files.get(self.path.lstrip("/"))
            self.send_response(404 if content is None else 200)
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            self.wfile.write(content or b"")

        def log_message(self, *_: object) -> None:
            pass

    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(download, "DEBIAN_FASHION_MNIST", Path("/nowhere"))
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield Publisher(f"http://127.0.0.1:{server.server_port}/", files)
        server.shutdown()
        thread.join()
    gc.collect()


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def idx(array: np.ndarray) -> bytes:
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    return gzip.compress(header + array.astype(np.uint8).tobytes())


def jpeg(colour: tuple[int, int, int], size: tuple[int, int]) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "JPEG")
    return file.getvalue()


def tar(entries: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as packed:
        for name, content in entries.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            packed.addfile(info, io.BytesIO(content))
    return file.getvalue()


Publish = Callable[[Publisher, pytest.MonkeyPatch], None]


def publish_idx(class_name: str) -> Publish:
    """Ten training images whose pixels are their labels, five test images."""

    def publish(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
        for prefix, n_images in (("train", 10), ("t10k", 5)):
            labels = np.arange(n_images)
            images = np.broadcast_to(labels[:, None, None], (n_images, 28, 28))
            publisher.files[f"{prefix}-images-idx3-ubyte.gz"] = idx(images)
            publisher.files[f"{prefix}-labels-idx1-ubyte.gz"] = idx(labels)
        kind = getattr(datasets, class_name)
        monkeypatch.setattr(kind, "mirrors", [publisher.url])
        monkeypatch.setattr(kind, "resources", [(name, md5(content)) for name, content in publisher.files.items()])

    return publish


def publish_cifar10(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five batches of two images and a test batch; the red channel is the label."""
    batches = {}
    for number, name in enumerate(["data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5"]):
        labels = [2 * number, 2 * number + 1]
        pixels = np.zeros((2, 3, 1024), np.uint8)
        pixels[:, 0] = np.array(labels)[:, None]
        batches[name] = pickle.dumps({"data": pixels.reshape(2, 3072), "labels": labels})
    batches["test_batch"] = pickle.dumps({"data": np.full((5, 3072), 3, np.uint8), "labels": [3] * 5})
    batches["batches.meta"] = pickle.dumps({"label_names": list(DATA_SETS["cifar10"].classes)})
    packed = tar({f"cifar-10-batches-py/{name}": content for name, content in batches.items()})
    publisher.files["cifar.tar.gz"] = packed
    sums = [[name, md5(content)] for name, content in batches.items()]
    for field, value in {
        "url": f"{publisher.url}cifar.tar.gz",
        "tgz_md5": md5(packed),
        "train_list": sums[:5],
        "test_list": sums[5:6],
        "meta": {"filename": "batches.meta", "key": "label_names", "md5": sums[6][1]},
    }.items():
        monkeypatch.setattr(datasets.CIFAR10, field, value)


def publish_pets(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten photos of two breeds to train on, five to test with; cats are red, dogs are green."""
    photos, lines = {}, {"trainval": [], "test": []}
    for part, n_images in (("trainval", 10), ("test", 5)):
        for number in range(n_images):
            breed, species = (("Abyssinian", 1), ("beagle", 2))[number % 2]
            name = f"{breed}_{part}_{number}"
            photos[f"images/{name}.jpg"] = jpeg((250, 0, 0) if species == 1 else (0, 250, 0), (90, 40 + number))
            lines[part].append(f"{name} {species} {species} 1")
    notes = {f"annotations/{part}.txt": "\n".join(rows).encode() for part, rows in lines.items()}
    publisher.files.update({"images.tar.gz": tar(photos), "annotations.tar.gz": tar(notes)})
    resources = tuple((publisher.url + name, md5(content)) for name, content in publisher.files.items())
    monkeypatch.setattr(datasets.OxfordIIITPet, "_RESOURCES", resources)


def publish_eurosat(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five tiles a class."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for label, name in enumerate(EUROSAT_CLASSES):
            for number in range(5):
                packed.writestr(f"2750/{name}/{name}_{number}.jpg", jpeg((10 * label, 0, 0), (64, 64)))
    publisher.files["EuroSAT.zip"] = content = file.getvalue()
    fetch = datasets.eurosat.download_and_extract_archive
    monkeypatch.setattr(
        datasets.eurosat,
        "download_and_extract_archive",
        lambda _, **options: fetch(f"{publisher.url}EuroSAT.zip", **options | {"md5": md5(content)}),
    )


PUBLISHED: dict[str, tuple[Publish, int, int]] = {
    "mnist": (publish_idx("MNIST"), 10, 5),
    "kmnist": (publish_idx("KMNIST"), 10, 5),
    "fashion-mnist-full": (publish_idx("FashionMNIST"), 10, 5),
    "cifar10": (publish_cifar10, 10, 5),
    "pets": (publish_pets, 10, 5),
    "eurosat": (publish_eurosat, 40, 10),
}


def publish(name: str, publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    make, n_train, n_test = PUBLISHED[name]
    make(publisher, monkeypatch)
    monkeypatch.setitem(DATA_SETS, name, replace(DATA_SETS[name], n_train=n_train, n_test=n_test))
    forget_loaded_sets()


def test_every_set_on_demand_is_published_here() -> None:
    assert set(PUBLISHED) == set(download.FETCHERS)


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_set_in_its_published_format_becomes_a_usable_set(
    name: str, publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(name, publisher, monkeypatch)
    fetched = load_image_set(name, home=tmp_path)
    row = DATA_SETS[name]
    assert tuple(fetched.train_images.shape) == (row.n_train, *row.shape)
    assert tuple(fetched.test_images.shape) == (row.n_test, *row.shape)
    first_channel = fetched.train_images[:, 0, 14, 14].long()
    expected = {"pets": 250 * (1 - fetched.train_labels), "eurosat": 10 * fetched.train_labels}
    assert (first_channel - expected.get(name, fetched.train_labels)).abs().max() <= 2  # JPEG
    assert [path.name for path in (tmp_path / "data").iterdir()] == [name], "nothing of the download is left"
    publisher.files.clear()
    forget_loaded_sets()
    assert load_image_set(name, home=tmp_path).sha256 == fetched.sha256


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_file_that_is_gone_is_told_with_the_servers_answer(
    name: str, publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(name, publisher, monkeypatch)
    publisher.files.clear()
    with pytest.raises(DataError, match=r"could not be fetched \(the server answered 404\)"):
        load_image_set(name, home=tmp_path)
    assert list((tmp_path / "data").iterdir()) == []


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_file_that_was_altered_on_the_way_is_refused(
    name: str, publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(name, publisher, monkeypatch)
    for file, content in publisher.files.items():
        publisher.files[file] = content[:-1] + bytes([content[-1] ^ 1])
    with pytest.raises(DataError, match="what arrived is not what was published"):
        load_image_set(name, home=tmp_path)
    assert list((tmp_path / "data").iterdir()) == []


@pytest.mark.parametrize("name", PUBLISHED)
def test_nobody_at_the_address_is_no_connection(
    name: str, publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = Publisher("http://127.0.0.1:9/", {})  # the port of "discard", where nobody listens
    publish(name, closed, monkeypatch)
    with pytest.raises(DataError, match=r"could not be fetched \(no connection to the server\)"):
        load_image_set(name, home=tmp_path)
