"""Every set on demand through torchvision's own code: a local server has a few images in the published format."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.data import download
from lab.data.catalogue import DATA_SETS
from lab.data.image_set import forget_loaded_sets, load_image_set
from lab.errors import DataError
from tests.lab.data.publisher import PUBLISHED, Publisher, left_behind, publish, publishing

# What a server refused, torchvision leaves to the garbage collector, which `publisher` has come before the next test.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    with publishing(monkeypatch) as publisher:
        yield publisher


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
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_file_that_was_altered_on_the_way_is_refused(
    name: str, publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(name, publisher, monkeypatch)
    for file, content in publisher.files.items():
        publisher.files[file] = content[:-1] + bytes([content[-1] ^ 1])
    with pytest.raises(DataError, match="what arrived is not what was published"):
        load_image_set(name, home=tmp_path)
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize("name", PUBLISHED)
def test_nobody_at_the_address_is_no_connection(
    name: str, publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = Publisher("http://127.0.0.1:9/", {})  # the port of "discard", where nobody listens
    publish(name, closed, monkeypatch)
    with pytest.raises(DataError, match=r"could not be fetched \(no connection to the server\)"):
        load_image_set(name, home=tmp_path)
