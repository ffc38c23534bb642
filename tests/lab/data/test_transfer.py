"""What urllib fetches, counted and given up in time."""

from __future__ import annotations

import socket
import urllib.request
from collections.abc import Iterator
from urllib.error import URLError

import pytest

from lab.data import transfer
from tests.lab.data.publisher import Publisher, publishing


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    with publishing(monkeypatch) as publisher:
        yield publisher


def read(url: str) -> bytes:
    with urllib.request.urlopen(url) as answer:  # noqa: S310 - our own server
        pieces = []
        while piece := answer.read(1000):
            pieces.append(piece)
    return b"".join(pieces)


def test_every_byte_of_every_file_is_counted_and_arrives_unchanged(publisher: Publisher) -> None:
    publisher.files.update({"a.gz": bytes(range(256)) * 20, "b.gz": b"x" * 777})
    told: list[int] = []
    with transfer.watched(lambda n_bytes, _: told.append(n_bytes)):
        assert read(f"{publisher.url}a.gz") == publisher.files["a.gz"]
        assert read(f"{publisher.url}b.gz") == publisher.files["b.gz"]
    assert told == sorted(told)
    assert told[-1] == 256 * 20 + 777


def test_a_file_that_is_begun_anew_is_counted_once(publisher: Publisher) -> None:
    publisher.files.update({"one/a.gz": b"x" * 3000, "two/a.gz": b"x" * 3000})
    with transfer.watched(lambda *_: None) as counted:
        with urllib.request.urlopen(f"{publisher.url}one/a.gz") as given_up:  # noqa: S310 - our own server
            given_up.read(1000)
        read(f"{publisher.url}two/a.gz")
    assert counted.n_bytes == 3000


def test_a_file_that_ends_too_early_broke_off(publisher: Publisher) -> None:
    publisher.files["a.gz"] = b"x" * 3000
    publisher.breaks_off = True
    with transfer.watched(lambda *_: None), pytest.raises(URLError, match="the connection broke off"):
        read(f"{publisher.url}a.gz")


def test_what_is_fetched_outside_is_not_counted(publisher: Publisher) -> None:
    publisher.files["a.gz"] = b"x" * 3000
    with transfer.watched(lambda *_: None) as counted:
        pass
    read(f"{publisher.url}a.gz")
    assert counted.n_bytes == 0


def test_what_the_listener_raises_ends_the_transfer(publisher: Publisher) -> None:
    publisher.files["a.gz"] = b"x" * 3000

    def enough(n_bytes: int, _: bool) -> None:
        if n_bytes >= 2000:
            raise KeyError(n_bytes)

    with transfer.watched(enough), pytest.raises(KeyError, match="2000"):
        read(f"{publisher.url}a.gz")


def test_a_server_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/a.gz"
        with transfer.watched(lambda *_: None, silence_s=0.05), pytest.raises(TimeoutError):
            urllib.request.urlopen(url)


def test_long_work_is_called_off_inside_its_transfer_and_nowhere_else() -> None:
    told: list[tuple[int, ...]] = []
    with transfer.watched(lambda *counts: told.append(counts)):
        transfer.heed()
    transfer.heed()
    assert len(told) == 1
