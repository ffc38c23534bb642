"""One download for all who ask, told while it goes on, called off without a trace."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from lab.data import fetching, transfer
from lab.data.catalogue import DATA_SETS
from lab.data.fetching import FetchCancelledError, FetchProgress
from lab.data.image_set import ImageSet, load_image_set
from lab.errors import DataError, LabError
from lab.files import hold_alone
from tests.lab.data.publisher import Publisher, left_behind, publish_large, publishing

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    with publishing(monkeypatch) as publisher:
        publish_large(publisher, monkeypatch)
        yield publisher


@pytest.fixture
def slow(publisher: Publisher) -> Publisher:
    """The second half of every file only drips until ``is_open`` is set."""
    publisher.is_open.clear()
    return publisher


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def begin(pool: ThreadPoolExecutor, home: Path) -> Future[ImageSet]:
    """Have a thread load the set, and wait until some of it has arrived."""
    loading = pool.submit(load_image_set, "mnist", home=home)
    until(lambda: loading.done() or (fetching.progress_of("mnist", home) or FetchProgress(0, 1)).n_bytes)
    assert not loading.done()
    return loading


def begin_twice(pool: ThreadPoolExecutor, home: Path) -> tuple[Future[ImageSet], Future[ImageSet], list[FetchProgress]]:
    """Have a second thread ask for the set that is on its way; returns what it is told, too."""
    told: list[FetchProgress] = []
    first = begin(pool, home)
    second = pool.submit(load_image_set, "mnist", home=home, on_progress=told.append)
    until(lambda: told)
    return first, second, told


def test_the_progress_counts_every_byte_of_every_file(publisher: Publisher, tmp_path: Path) -> None:
    told: list[FetchProgress] = []
    load_image_set("mnist", home=tmp_path, on_progress=told.append)
    published = sum(map(len, publisher.files.values()))
    assert [one.n_bytes for one in told] == sorted(one.n_bytes for one in told)
    assert told[0] == FetchProgress(0, published)
    assert told[-1] == FetchProgress(published, published)
    assert told[-1].is_here
    assert fetching.progress_of("mnist", tmp_path) is None


def test_whoever_asks_meanwhile_waits_for_the_same_download(
    slow: Publisher, tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    first, second, told = begin_twice(pool, tmp_path)
    slow.is_open.set()
    assert first.result(30).sha256 == second.result(30).sha256
    assert told[0].n_bytes > 0
    assert set(slow.asked.values()) == {2}, "torchvision asks once where a file is and once for it"


def test_a_cancelled_download_leaves_nothing_and_can_be_begun_again(
    slow: Publisher, tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    loading = begin(pool, tmp_path)
    fetching.cancel("mnist", tmp_path)
    with pytest.raises(FetchCancelledError, match=r"mnist: the download was cancelled; .*DATA-DOWNLOAD"):
        loading.result(30)
    assert left_behind(tmp_path) == []
    assert fetching.progress_of("mnist", tmp_path) is None
    slow.is_open.set()
    assert len(load_image_set("mnist", home=tmp_path).train_images) == 2000


def test_a_download_is_cancelled_while_its_server_says_nothing(
    slow: Publisher, tmp_path: Path, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow.drips = False
    monkeypatch.setattr(transfer, "SILENCE_S", 3600.0)  # nobody else gives it up
    loading = pool.submit(load_image_set, "mnist", home=tmp_path)
    until(lambda: slow.asked["train-images-idx3-ubyte.gz"] == 2)
    fetching.cancel("mnist", tmp_path)
    with pytest.raises(FetchCancelledError):
        loading.result(60)
    assert left_behind(tmp_path) == []
    assert slow.asked["train-labels-idx1-ubyte.gz"] == 0


def test_a_download_that_breaks_off_after_it_was_cancelled_was_cancelled(
    publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.breaks_off = True
    monkeypatch.setattr(fetching, "TELL_INTERVAL_S", 1000.0)  # so that no piece notices it
    with pytest.raises(FetchCancelledError):
        load_image_set("mnist", home=tmp_path, on_progress=lambda _: fetching.cancel("mnist", tmp_path))
    assert left_behind(tmp_path) == []


def test_who_waits_for_a_download_that_is_cancelled_does_not_begin_another(
    slow: Publisher, tmp_path: Path, pool: ThreadPoolExecutor
) -> None:
    first, second, _told = begin_twice(pool, tmp_path)
    fetching.cancel("mnist", tmp_path)
    with pytest.raises(FetchCancelledError):
        first.result(30)
    with pytest.raises(DataError, match="the download that was under way has ended without the set; start it again"):
        second.result(30)
    assert slow.asked["train-images-idx3-ubyte.gz"] == 2


def test_a_connection_that_breaks_off_is_told_as_such_and_leaves_nothing(publisher: Publisher, tmp_path: Path) -> None:
    publisher.breaks_off = True
    with pytest.raises(DataError, match=r"could not be fetched \(the connection broke off\)"):
        load_image_set("mnist", home=tmp_path)
    assert left_behind(tmp_path) == []


def killed(home: Path, name: str) -> Path:
    """What a process that was killed while it fetched a set leaves: all but the lock, which the system took back."""
    place = home / fetching.FOLDER / name
    (place / fetching.RAW / "MNIST").mkdir(parents=True)
    (place / fetching.RAW / "MNIST" / "train-images").write_bytes(b"half")
    (place / fetching.PROGRESS).write_text('{"n_bytes": 4, "n_total": 8, "is_ending": false}')
    (place / fetching.LOCK).touch()
    return place


def test_what_a_killed_process_left_is_cleared_by_the_next_look(tmp_path: Path) -> None:
    killed(tmp_path, "mnist")
    assert fetching.progress_of("mnist", tmp_path) is None
    assert left_behind(tmp_path) == []


def test_what_a_killed_process_left_is_cleared_by_the_next_download_of_any_set(
    publisher: Publisher, tmp_path: Path
) -> None:
    killed(tmp_path, "pets")
    killed(tmp_path, "mnist")
    load_image_set("mnist", home=tmp_path)
    assert {path.parent.name for path in left_behind(tmp_path)} == {"mnist"}
    assert not (tmp_path / fetching.FOLDER / "pets" / fetching.RAW).exists()


def test_a_download_that_goes_on_elsewhere_is_left_alone_and_told(tmp_path: Path) -> None:
    place = killed(tmp_path, "pets")
    with hold_alone(place / fetching.LOCK) as is_held:
        assert is_held
        assert fetching.progress_of("pets", tmp_path) == FetchProgress(4, 8)
        fetching.cancel("pets", tmp_path)
        assert fetching.progress_of("pets", tmp_path) == FetchProgress(4, 8, is_ending=True)
    assert fetching.progress_of("pets", tmp_path) is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"n_bytes": "x", "n_total": 1}', b"\xff"])
def test_a_damaged_note_of_the_progress_is_no_progress(content: bytes, tmp_path: Path) -> None:
    place = killed(tmp_path, "pets")
    (place / fetching.PROGRESS).write_bytes(content)
    with hold_alone(place / fetching.LOCK):
        assert fetching.progress_of("pets", tmp_path) is None


def test_nothing_is_under_way_where_nothing_was_begun(tmp_path: Path) -> None:
    fetching.cancel("mnist", tmp_path)
    assert fetching.progress_of("mnist", tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(LabError, match="DISK-REFUSED"):
        fetching.fetch_once(DATA_SETS["mnist"], tmp_path)
