"""An exam that is kept: read back as it was, never a part of it, and nobody else's."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from lab.errors import LabError
from lab.questions.progress import erase_progress, learners
from lab.questions.sitting import Sitting, forget_sitting, keep_sitting, load_sitting, new_key, sittings

KEY = "0123456789abcdef" * 2
CHOICE = {"topics": ["macs"], "levels": [1, 2], "n": 3, "seed": 12}


def sitting(**changes: object) -> Sitting:
    fields = {"key": KEY, "choice": CHOICE, "started_s": 100.0, "at": 1, "replies": {0: "14", 2: [["1", ""]]}}
    return Sitting(**{**fields, **changes})  # type: ignore[arg-type]


def test_what_was_kept_is_found_again(tmp_path: Path) -> None:
    for kept in (sitting(), sitting(at=2, replies={}), sitting(time_s=61.5)):
        keep_sitting("Mia", kept, home=tmp_path)
        assert load_sitting("Mia", KEY, tmp_path) == (kept, "")
    assert len(sittings("Mia", tmp_path)) == 1


def test_two_people_of_the_same_name_do_not_meet(tmp_path: Path) -> None:
    other = new_key()
    keep_sitting("student", sitting(), home=tmp_path)
    keep_sitting("student", sitting(key=other, replies={}), home=tmp_path)
    assert load_sitting("student", KEY, tmp_path)[0] == sitting()
    assert load_sitting("student", new_key(), tmp_path) == (None, "")


@pytest.mark.parametrize("key", ["", "x", "../../../etc/passwd", KEY.upper(), KEY + "0", KEY + "\n"])
def test_a_made_up_key_touches_no_file(tmp_path: Path, key: str) -> None:
    with pytest.raises(LabError, match="no key of an exam"):
        load_sitting("Mia", key, tmp_path)
    with pytest.raises(LabError, match="no key of an exam"):
        forget_sitting("Mia", key, tmp_path)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[1]", b"null", b"\xff\xfe", b'{"version": 1}', b'{"version": 2, "key": "x"}'],
)
def test_a_damaged_file_is_kept_aside_and_said(tmp_path: Path, content: bytes) -> None:
    keep_sitting("Mia", sitting(), home=tmp_path)
    (path,) = sittings("Mia", tmp_path)
    path.write_bytes(content)
    found, notice = load_sitting("Mia", KEY, tmp_path)
    assert found is None
    assert "was damaged" in notice
    assert "begin the exam again" in notice
    (aside,) = path.parent.glob("*.damaged-1")
    assert aside.name in notice
    assert aside.read_bytes() == content
    assert load_sitting("Mia", KEY, tmp_path) == (None, "")


@pytest.mark.parametrize(
    ("field", "value"), [("key", "f" * 32), ("started_s", "soon"), ("at", "1"), ("time_s", -1), ("replies", {"a": 1}),
                         ("replies", []), ("choice", None), ("more", 1)]
)  # fmt: skip
def test_a_field_that_is_none_counts_as_damage(tmp_path: Path, field: str, value: object) -> None:
    keep_sitting("Mia", sitting(), home=tmp_path)
    (path,) = sittings("Mia", tmp_path)
    path.write_text(json.dumps({**json.loads(path.read_text()), field: value}))
    found, notice = load_sitting("Mia", KEY, tmp_path)
    assert found is None
    assert "was damaged" in notice


def test_it_is_erased_with_the_answers_and_only_for_this_learner(tmp_path: Path) -> None:
    keep_sitting("Mia", sitting(), home=tmp_path)
    keep_sitting("Ben", sitting(), home=tmp_path)
    assert erase_progress("Mia", tmp_path) == 1
    assert (sittings("Mia", tmp_path), len(sittings("Ben", tmp_path))) == ((), 1)


def test_an_exam_alone_makes_no_learner_with_answers(tmp_path: Path) -> None:
    keep_sitting("Mia", sitting(), home=tmp_path)
    assert learners(tmp_path) == ()


def test_a_new_exam_throws_away_what_nobody_came_back_to_and_nothing_else(tmp_path: Path) -> None:
    old, recent = new_key(), new_key()
    for key in (old, recent):
        keep_sitting("Mia", sitting(key=key), home=tmp_path)
    for path in sittings("Mia", tmp_path):
        age_s = 61 * 86_400 if old in path.name else 59 * 86_400
        os.utime(path, (1e9 - age_s, 1e9 - age_s))
    keep_sitting("Mia", sitting(), home=tmp_path, now_s=1e9)
    assert {path.name.split("exam-")[1][:32] for path in sittings("Mia", tmp_path)} == {recent, KEY}


def test_what_somebody_else_clears_up_at_the_same_time_keeps_nobody_from_beginning(tmp_path: Path) -> None:
    keep_sitting("Mia", sitting(), home=tmp_path)
    (path,) = sittings("Mia", tmp_path)
    gone = path.with_name(path.name.replace(KEY, new_key()))
    gone.symlink_to(tmp_path / "nothing")  # in the folder's list, and not there any more when it is looked at
    assert gone in sittings("Mia", tmp_path)
    other = sitting(key=new_key())
    keep_sitting("Mia", other, home=tmp_path)
    assert load_sitting("Mia", other.key, tmp_path) == (other, "")


@pytest.mark.parametrize("late", [{"at": 2}, {"replies": {}}, {"time_s": 90.0}])
def test_another_tab_cannot_take_away_the_result_of_an_exam_that_has_ended(
    tmp_path: Path, late: dict[str, object]
) -> None:
    ended = sitting(time_s=61.5)
    keep_sitting("Mia", ended, home=tmp_path)
    with pytest.raises(LabError, match="finished in another tab; load the page anew"):
        keep_sitting("Mia", sitting(**late), home=tmp_path)
    assert load_sitting("Mia", KEY, tmp_path) == (ended, "")


def test_what_is_left_by_a_failed_write_is_the_exam_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_sitting("Mia", sitting(), home=tmp_path)

    def broken(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", broken)
    with pytest.raises(LabError, match="no space left"):
        keep_sitting("Mia", sitting(at=2), home=tmp_path)
    assert load_sitting("Mia", KEY, tmp_path)[0] == sitting()
    assert len(list((tmp_path / "progress").iterdir())) == 1
