from __future__ import annotations

from pathlib import Path

import pytest

from lab.data import fetching
from lab.data.catalogue import DATA_SETS
from lab.files import hold_alone
from pages.ui.train import download


def test_a_click_waits_no_longer_than_a_moment_for_a_download_of_another_process_that_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAB_HOME", str(tmp_path))
    monkeypatch.setattr(download, "FIRST_WORD_S", 0.01)
    monkeypatch.setattr(fetching, "_fetch", lambda *_: None)
    place = tmp_path / fetching.FOLDER / "mnist"
    place.mkdir(parents=True)
    begun = download.Downloads()
    with hold_alone(place / fetching.LOCK) as is_held:
        begun.start(DATA_SETS["mnist"])
        (thread,) = begun.threads.values()
        assert is_held
        assert thread.is_alive(), "it goes on waiting, not the click"
    thread.join(30)
    assert (thread.is_alive(), begun.error("mnist")) == (False, None)
