"""A server on this machine that publishes a few images of every set on demand, in the published format.

Nothing of torchvision is replaced but addresses and checksums.
"""

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
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lab.data import download
from lab.data.catalogue import DATA_SETS, EUROSAT_CLASSES
from lab.data.image_set import forget_loaded_sets

datasets = pytest.importorskip("torchvision.datasets")
DRIP_BYTES, DRIP_S = 4096, 0.01


@dataclass
class Publisher:
    """The server: ``files`` are answered, all else is 404; while ``is_open`` is not set, second halves drip or wait."""

    url: str
    files: dict[str, bytes] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    is_open: threading.Event = field(default_factory=threading.Event)
    breaks_off: bool = False
    drips: bool = True

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Send the file that is asked for."""
        name = handler.path.lstrip("/")
        self.asked[name] += 1
        content = self.files.get(name)
        handler.send_response(404 if content is None else 200)
        handler.send_header("Content-Length", str(len(content or b"")))
        handler.end_headers()
        half = len(content or b"") // 2
        with suppress(OSError):  # whoever asked may have gone
            handler.wfile.write((content or b"")[:half])
            if not self.breaks_off:
                self._send_rest(handler, (content or b"")[half:])

    def _send_rest(self, handler: BaseHTTPRequestHandler, rest: bytes) -> None:
        while self.drips and len(rest) > DRIP_BYTES and not self.is_open.wait(DRIP_S):
            handler.wfile.write(rest[:DRIP_BYTES])
            rest = rest[DRIP_BYTES:]
        self.is_open.wait()
        handler.wfile.write(rest)


@contextmanager
def publishing(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    """Run the server for one block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            publisher.answer(self)

        def log_message(self, *_: object) -> None:
            pass

    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(download, "DEBIAN_FASHION_MNIST", Path("/nowhere"))
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        publisher = Publisher(f"http://127.0.0.1:{server.server_port}/")
        publisher.is_open.set()
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield publisher
        publisher.is_open.set()
        server.shutdown()
        thread.join()
    gc.collect()  # what a server refused, torchvision leaves to the garbage collector


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


def publish_idx(class_name: str, *, n_train: int = 10, n_test: int = 5, noise: bool = False) -> Publish:
    """Training and test images whose pixels are their labels, or noise, which does not get smaller when packed."""

    def publish(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
        for prefix, n_images in (("train", n_train), ("t10k", n_test)):
            labels = np.arange(n_images) % 10
            images = np.broadcast_to(labels[:, None, None], (n_images, 28, 28))
            if noise:
                images = np.random.default_rng(0).integers(0, 256, images.shape)
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
    for attribute, value in {
        "url": f"{publisher.url}cifar.tar.gz",
        "tgz_md5": md5(packed),
        "train_list": sums[:5],
        "test_list": sums[5:6],
        "meta": {"filename": "batches.meta", "key": "label_names", "md5": sums[6][1]},
    }.items():
        monkeypatch.setattr(datasets.CIFAR10, attribute, value)


def publish_pets(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten photos of two breeds to train on, five to test with; cats are red, dogs are green."""
    photos: dict[str, bytes] = {}
    lines: dict[str, list[str]] = {"trainval": [], "test": []}
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
    """Publish one set."""
    make, n_train, n_test = PUBLISHED[name]
    make(publisher, monkeypatch)
    fit_row(name, publisher, monkeypatch, n_train, n_test)


def publish_large(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    """MNIST with enough noise that it arrives in many pieces."""
    publish_idx("MNIST", n_train=2000, n_test=100, noise=True)(publisher, monkeypatch)
    fit_row("mnist", publisher, monkeypatch, 2000, 100)


def fit_row(name: str, publisher: Publisher, monkeypatch: pytest.MonkeyPatch, n_train: int, n_test: int) -> None:
    """Have the catalogue say what is published here."""
    n_bytes = sum(map(len, publisher.files.values()))
    row = replace(DATA_SETS[name], n_train=n_train, n_test=n_test, download_bytes=n_bytes)
    monkeypatch.setitem(DATA_SETS, name, row)
    forget_loaded_sets()


def left_behind(home: Path) -> list[Path]:
    """Whatever lies in the lab's folder besides empty locks."""
    return [
        path for path in home.rglob("*") if path.is_file() and not (path.name == "lock" and not path.stat().st_size)
    ]
